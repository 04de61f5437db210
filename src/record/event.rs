//! The facts that a run consists of, and the line in which each is kept.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Diagnosed, Failure, MailFacts};
use crate::model::{RunId, ScenarioId, UserSub};

/// The version of `run.jsonl` that this tool writes.
pub const FORMAT: u32 = 1;

/// One line of `run.jsonl`: an event with its place in the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts entries from 1, without gaps.
    pub seq: u64,
    /// The moment by this machine's clock.
    pub at: Timestamp,
    /// Milliseconds since the run began, by a clock that never goes back.
    pub elapsed_ms: f64,
    /// The scenario that it belongs to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<ScenarioId>,
    /// Which try of the scenario, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// What happened.
    pub event: Event,
}

/// A duration as records keep it: in milliseconds, to the microsecond.
///
/// ```
/// use std::time::Duration;
///
/// let time = Duration::from_nanos(1_234_567);
/// assert!((reverify::record::millis(time) - 1.234_f64).abs() < f64::EPSILON);
/// ```
pub fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).trunc() / 1e3
}

/// What was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetInfo {
    /// The target's name.
    pub name: String,
    /// Where it is: an endpoint or a region, without credentials.
    pub place: String,
    /// How its mail is read.
    pub inbox: String,
}

/// What a run was told, beside what it tests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSetting {
    /// The profile of the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The commit of the sources in whose folder it ran, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Which part of the scenarios it did, as `hash:2/4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
}

/// A scenario that the run set out to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedScenario {
    /// Where it stands.
    pub id: ScenarioId,
    /// The feature's name.
    pub feature: String,
    /// The scenario's name; rows of an outline share it.
    pub name: String,
    /// Its tags, the feature's among them, without the `@`.
    pub tags: Vec<String>,
    /// How many mails it makes the target send, by its `@mails:N` tag.
    pub mails: u32,
    /// The cells of its row of examples; none where it is no outline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row: Vec<String>,
}

impl PlannedScenario {
    /// What it is known by from run to run: lines move when a feature file is edited, so its file,
    /// its name and its row of examples count. All repetitions within a run share it.
    ///
    /// ```
    /// use reverify::model::ScenarioId;
    /// use reverify::record::PlannedScenario;
    ///
    /// let planned = PlannedScenario {
    ///     id: ScenarioId::new("features/sign_up.feature", 12),
    ///     feature: "Sign-up".into(),
    ///     name: "A code for <name>".into(),
    ///     tags: vec![],
    ///     mails: 1,
    ///     row: vec!["Ada".into(), "de".into()],
    /// };
    /// assert_eq!(planned.key(), "features/sign_up.feature: A code for <name> [Ada | de]");
    /// ```
    pub fn key(&self) -> String {
        let (file, name) = (self.id.feature(), &self.name);
        if self.row.is_empty() {
            format!("{file}: {name}")
        } else {
            format!("{file}: {name} [{}]", self.row.join(" | "))
        }
    }
}

/// How a call to the target was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// With success; the text names what matters of it.
    Ok {
        /// What came back, in a few words.
        detail: String,
    },
    /// With an exception of the service.
    Refused {
        /// The exception's name.
        code: String,
        /// Its message.
        message: String,
    },
    /// Not at all.
    None {
        /// What went wrong on the way.
        reason: String,
    },
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum StepOutcome {
    /// It did what it says.
    Passed,
    /// It did not.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// A fact of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The run begins.
    RunStarted {
        /// [`FORMAT`].
        format: u32,
        /// The run.
        run: RunId,
        /// The tool's version.
        version: String,
        /// What is tested.
        target: TargetInfo,
        /// The scenarios, in the order of their files.
        planned: Vec<PlannedScenario>,
        /// How it was asked for.
        #[serde(default, flatten)]
        setting: RunSetting,
    },
    /// An attempt of a scenario begins.
    ScenarioStarted,
    /// A step begins.
    StepStarted {
        /// Its line in the feature file, from 1.
        line: usize,
        /// Keyword and text as written.
        text: String,
    },
    /// A step ended.
    StepFinished {
        /// Its line in the feature file, from 1.
        line: usize,
        /// Keyword and text as written.
        text: String,
        /// How.
        #[serde(flatten)]
        outcome: StepOutcome,
        /// Milliseconds that it took.
        took_ms: f64,
    },
    /// The target was called.
    Call {
        /// The operation's name at AWS.
        operation: String,
        /// Whom it was about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        username: Option<String>,
        /// `x-amzn-requestid` of the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        /// How it was answered.
        #[serde(flatten)]
        answer: Answer,
        /// Milliseconds until the answer.
        took_ms: f64,
    },
    /// A call to the target took longer, because it was sent again.
    Slowed {
        /// The operation's name at AWS.
        operation: String,
        /// How often it was throttled.
        throttled: u32,
        /// How often its answer was lost, or was an error of the service's own.
        unanswered: u32,
        /// Milliseconds of the pauses between.
        paused_ms: f64,
    },
    /// The scenario waits.
    Waiting {
        /// For what, as a phrase that completes "waiting for".
        what: String,
        /// For how long at most, in milliseconds.
        at_most_ms: f64,
    },
    /// A mail came that the scenario waited for.
    MailArrived {
        /// The envelope's recipient.
        to: String,
        /// The `From` header.
        from: String,
        /// The decoded subject.
        subject: String,
        /// The `Message-ID` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<String>,
        /// Size of the message in bytes.
        bytes: usize,
        /// Milliseconds from the request that caused it to its arrival.
        delivery_ms: f64,
        /// What was found in it, the code masked.
        found: String,
        /// What it tells about its delivery.
        #[serde(default)]
        facts: Box<MailFacts>,
    },
    /// A mail did not come.
    MailMissing {
        /// The recipient.
        to: String,
        /// Milliseconds waited.
        waited_ms: f64,
        /// How many other messages came meanwhile.
        others: usize,
    },
    /// A mail came after its scenario had ended without it.
    MailLate {
        /// The recipient.
        to: String,
        /// Milliseconds from the request that caused it to its arrival.
        delivery_ms: f64,
    },
    /// Why a mail did not come, or did not serve: the verdict of the diagnosis.
    Diagnosed {
        /// The verdict.
        #[serde(flatten)]
        verdict: Box<Diagnosed>,
    },
    /// A mail came once more, the same to the byte but for the hosts that passed it on. It is not
    /// used.
    MailDuplicated {
        /// The recipient.
        to: String,
        /// Where it lies.
        folder: String,
        /// Milliseconds from the first one's arrival to its own.
        after_ms: f64,
    },
    /// A mail came for an address whose attempt had ended with all that it waited for. It is not
    /// used.
    MailUnawaited {
        /// The recipient.
        to: String,
        /// The decoded subject.
        subject: String,
        /// Milliseconds from the end of the attempt to its arrival.
        after_ms: f64,
    },
    /// A user came into being.
    UserCreated {
        /// The name that was signed up.
        username: String,
        /// Cognito's identifier.
        sub: UserSub,
    },
    /// A user of ours was deleted.
    UserDeleted {
        /// The name that was signed up.
        username: String,
        /// Cognito's identifier.
        sub: UserSub,
    },
    /// Something could not be cleaned up and is left behind.
    LeftBehind {
        /// What, and why.
        what: String,
    },
    /// The attempt did not pass, and another one follows it; its end is the next to be told of it.
    RetryFollows {
        /// Milliseconds from its end to the next one's beginning, at least.
        after_ms: f64,
    },
    /// An attempt of a scenario ended.
    ScenarioFinished {
        /// Why it did not pass, if it did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
        /// Milliseconds that it took, clean-up excluded.
        took_ms: f64,
    },
    /// The run ended.
    RunFinished {
        /// Milliseconds that it took.
        took_ms: f64,
    },
}
