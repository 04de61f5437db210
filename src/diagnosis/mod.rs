//! Why a mail did not come: evidence, one rule for each known cause, and a verdict.
//!
//! [`Evidence`] is what was collected about one missing mail, source by source, with what became of
//! each. Each [`Cause`] of the catalogue has one pure rule that reads the evidence and answers an
//! [`Opinion`]: how sure it is, with its proof and what speaks against it, or what it would have to
//! see. [`Verdict::of`] weighs them all.
//!
//! Two rules hold everywhere. What is absent from a log proves nothing: logs are late or lost, so
//! absence makes a cause possible at most. And a place that could not be looked at makes a cause
//! unknown, not unlikely; the finding says what would open it.
//!
//! "Caching" is not in the catalogue. Cognito is often said to cache deleted addresses; no
//! documentation, log or measurement shows it, and everything that looks like it has a documented
//! cause here.

mod cause;
mod causes;
mod checkup;
mod evidence;
mod finding;
mod recorded;
mod sources;
mod verdict;

pub use cause::{Cause, Role, Stage};
pub use causes::{all, by_id};
pub use checkup::{Check, CheckState, checkup};
pub use evidence::{
    Call, Case, ClientSettings, ClockSkew, Content, ControlExperiment, Delivery, EmailSettings,
    Evidence, FoundMail, FunctionLog, Gap, InboxEvidence, Invocation, InvocationEnd, LogDelivery,
    MAY_SEND, MailFrom, Notification, Place, PoolSettings, PoolSnapshot, Recipient, Refusal,
    RejectedMail, Remark, Reply, SesAccount, SesConfigurationSet, SesEvent, SesEventKind,
    SesEvidence, SesIdentity, Source, SourceName, Suppressed, TrailEvent, Trouble, User, mask_fits,
};
pub use finding::{Confidence, Fact, Finding, Opinion};
pub use sources::{LogPlaces, PERMISSIONS, Sources};
pub use verdict::{Conclusion, Verdict};
