//! What happened in a run, as events: the one thing that every report is made from.
//!
//! - [`Event`] is a fact: a call and its answer, a mail that came, a step that failed.
//! - [`Recorder`] takes events as they happen, removes every known secret, stamps them and hands
//!   the [`Entry`] to `run.jsonl` and to whoever listens. Nothing leaves it unredacted, so no
//!   report has to think of secrets again.
//! - [`RunSummary`] is a fold of entries; [`read_entries`] gets them back from a file, also from
//!   one that was cut in the middle of a line.
//! - [`merge()`] makes one record of those of several machines that shared a run.
//!
//! # Format
//!
//! `run.jsonl` has one JSON object a line. The first is [`Event::RunStarted`] and carries
//! [`FORMAT`]; a reader refuses a newer one.

mod diagnosed;
mod event;
mod failure;
mod mail_facts;
mod merge;
mod reader;
mod recorder;
mod redact;
mod slowness;
mod summary;

pub use diagnosed::{BlindSpot, Conclusion, Diagnosed, DiagnosedCause, LookedAt, Proof, RuledOut};
pub use event::{
    Answer, Entry, Event, FORMAT, PlannedScenario, RunSetting, StepOutcome, TargetInfo, millis,
};
pub use failure::{Failure, FailureKind};
pub use mail_facts::{
    AuthenticationFact, EarlierMail, HopFact, MailFacts, MomentFact, SpamFact, TemplateFact,
};
pub use merge::{MergeError, Merged, Remark, merge};
pub(crate) use reader::first_entry;
pub use reader::{RecordError, read_entries};
pub use recorder::{Recorder, ScenarioRecorder};
pub use redact::Redactor;
pub use slowness::Slowness;
pub use summary::{Outcome, RunSummary, ScenarioSummary};
