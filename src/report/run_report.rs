//! A run as every report tells it.

use jiff::Timestamp;
use serde::Serialize;

use super::counts::{Counts, Delivery, Status};
use super::folding::Folding;
use crate::model::{RunId, ScenarioId};
use crate::record::{
    Diagnosed, Entry, Event, Failure, MailFacts, RunSetting, Slowness, TargetInfo,
};

/// Why a record cannot be reported on.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReportError {
    /// Not even the start of a run was written.
    #[error("the record does not begin with the start of a run")]
    NoRun,
}

/// A run: what was tested, how it ended, and what happened in each attempt of each scenario.
///
/// It is a fold of the record's entries, and the one thing that JUnit, HTML, JSON and annotations
/// are made from. Times are in milliseconds, as in the record.
///
/// ```
/// use reverify::record::read_entries;
/// use reverify::report::{RunReport, Status};
///
/// let record = include_str!("../../fixtures/runs/passed.jsonl");
/// let entries = read_entries(record.as_bytes())?;
/// let report = RunReport::of(&entries)?;
/// assert_eq!(report.counts.passed, report.scenarios.len());
/// assert!(report.scenarios.iter().all(|one| one.status == Status::Passed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// The version of the tool that ran it.
    pub version: String,
    /// What was tested.
    pub target: TargetInfo,
    /// How it was asked for.
    #[serde(flatten)]
    pub setting: RunSetting,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took; nothing where the record ends before the run did.
    pub took_ms: Option<f64>,
    /// How many scenarios ended how.
    pub counts: Counts,
    /// How long mails took to arrive; nothing where none came.
    pub delivery: Option<Delivery>,
    /// The scenarios by file and line.
    pub scenarios: Vec<ScenarioReport>,
    /// What could not be cleaned up.
    pub left_behind: Vec<String>,
    /// How much its calls were slowed; nothing where none was.
    pub slowness: Option<Slowness>,
}

impl RunReport {
    /// Folds a whole record.
    ///
    /// # Errors
    ///
    /// When the record does not begin with the start of a run.
    pub fn of(entries: &[Entry]) -> Result<Self, ReportError> {
        let mut folding = Folding::default();
        for entry in entries {
            folding.apply(entry);
        }
        folding.end().ok_or(ReportError::NoRun)
    }

    /// Whether the record tells the end of the run; a run that was killed leaves one that does not.
    pub fn is_whole(&self) -> bool {
        self.took_ms.is_some()
    }
}

/// A scenario with all that happened in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioReport {
    /// Where it stands.
    pub id: ScenarioId,
    /// What it is known by from run to run.
    pub key: String,
    /// The feature's name.
    pub feature: String,
    /// Its own name.
    pub name: String,
    /// The cells of its row of examples; none where it is no outline.
    pub row: Vec<String>,
    /// Its tags, without the `@`.
    pub tags: Vec<String>,
    /// How it ended.
    pub status: Status,
    /// How long its last attempt took.
    pub took_ms: f64,
    /// Its attempts, the first one first.
    pub attempts: Vec<AttemptReport>,
}

impl ScenarioReport {
    /// Its name, and of its row of examples what the name does not tell: unique within its file,
    /// mostly.
    pub fn title(&self) -> String {
        let cells = self.row.iter().map(String::as_str);
        let untold: Vec<_> = cells.filter(|cell| !self.name.contains(cell)).collect();
        if untold.is_empty() {
            self.name.clone()
        } else {
            format!("{} [{}]", self.name, untold.join(" | "))
        }
    }

    /// The attempt that decided.
    pub fn last(&self) -> Option<&AttemptReport> {
        self.attempts.last()
    }

    /// Why its last attempt did not pass, if it did not.
    pub fn failure(&self) -> Option<&Failure> {
        self.last()?.failure.as_ref()
    }

    /// Milliseconds that each of its mails took to arrive, over all attempts.
    pub fn deliveries_ms(&self) -> impl Iterator<Item = f64> {
        let mails = self.attempts.iter().flat_map(AttemptReport::mails);
        mails.map(|mail| mail.delivery_ms)
    }

    /// The stable names of the causes that its verdicts act on, each once.
    pub fn cause_ids(&self) -> Vec<&str> {
        let verdicts = self.attempts.iter().flat_map(AttemptReport::verdicts);
        let mut ids: Vec<_> = verdicts
            .filter_map(Diagnosed::headline)
            .map(|cause| cause.id.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// One try of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttemptReport {
    /// From 1.
    pub number: u32,
    /// Milliseconds from the start of the run to its own.
    pub began_ms: f64,
    /// How long it took, clean-up excluded; nothing where it never ended.
    pub took_ms: Option<f64>,
    /// Why it did not pass, if it did not.
    pub failure: Option<Failure>,
    /// Its steps as far as it came.
    pub steps: Vec<StepReport>,
    /// What happened beside the beginning and the end of steps, in order.
    pub events: Vec<Moment>,
}

impl AttemptReport {
    /// How it ended; an attempt that never did was interrupted.
    pub fn status(&self) -> Status {
        match (&self.failure, self.took_ms) {
            (Some(failure), _) => Status::of_failure(failure.kind),
            (None, Some(_)) => Status::Passed,
            (None, None) => Status::Interrupted,
        }
    }

    /// The step that it ended at, if it did not pass.
    pub fn failed_step(&self) -> Option<&StepReport> {
        self.steps.iter().find(|step| step.outcome != Ended::Passed)
    }

    /// The verdicts on mails that did not come, or did not serve.
    pub fn verdicts(&self) -> impl Iterator<Item = &Diagnosed> {
        self.events.iter().filter_map(|moment| match &moment.event {
            Event::Diagnosed { verdict } => Some(verdict.as_ref()),
            _ => None,
        })
    }

    /// The mails that it waited for and that came.
    pub fn mails(&self) -> impl Iterator<Item = Mail<'_>> {
        self.events.iter().filter_map(Moment::mail)
    }

    /// Milliseconds from the start of the run to the last that is known of it.
    pub fn ended_ms(&self) -> f64 {
        let last_event = self.events.iter().map(|moment| moment.elapsed_ms);
        let steps = self.steps.iter();
        let last_step = steps.map(|step| step.began_ms + step.took_ms.unwrap_or_default());
        let told = self.began_ms + self.took_ms.unwrap_or_default();
        last_event.chain(last_step).fold(told, f64::max)
    }
}

/// A step of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepReport {
    /// Its line in the feature file, from 1.
    pub line: usize,
    /// Keyword and text as written.
    pub text: String,
    /// Milliseconds from the start of the run to its own.
    pub began_ms: f64,
    /// How long it took; nothing where it never ended.
    pub took_ms: Option<f64>,
    /// How it ended.
    pub outcome: Ended,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It did what it says.
    Passed,
    /// It did not.
    Failed,
    /// The record does not tell.
    Unknown,
}

/// Something that happened in an attempt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moment {
    /// Milliseconds since the run began.
    pub elapsed_ms: f64,
    /// The line of the step that ran; nothing between steps and after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What, as the record has it.
    #[serde(flatten)]
    pub event: Event,
}

impl Moment {
    /// The mail that came, if that is what happened.
    pub fn mail(&self) -> Option<Mail<'_>> {
        let Event::MailArrived {
            to,
            from,
            subject,
            message_id,
            bytes,
            delivery_ms,
            found,
            facts,
        } = &self.event
        else {
            return None;
        };
        Some(Mail {
            arrived_ms: self.elapsed_ms,
            to,
            from,
            subject,
            message_id: message_id.as_deref(),
            bytes: *bytes,
            delivery_ms: *delivery_ms,
            found,
            facts,
        })
    }
}

/// A mail that came, as the record has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mail<'a> {
    /// Milliseconds from the start of the run to the moment when it was seen.
    pub arrived_ms: f64,
    /// The envelope's recipient.
    pub to: &'a str,
    /// The `From` header.
    pub from: &'a str,
    /// The decoded subject.
    pub subject: &'a str,
    /// The `Message-ID` header.
    pub message_id: Option<&'a str>,
    /// Its size.
    pub bytes: usize,
    /// Milliseconds from the request that caused it to its arrival.
    pub delivery_ms: f64,
    /// What was found in it, the code masked.
    pub found: &'a str,
    /// What it tells about its delivery.
    pub facts: &'a MailFacts,
}
