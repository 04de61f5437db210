//! A run as the history keeps it.

use std::time::Duration;

use jiff::Timestamp;

use super::{Deliveries, NotARun};
use crate::model::{RunId, ScenarioId};
use crate::record::{
    Entry, Event, Failure, FailureKind, Outcome, RunSetting, RunSummary, ScenarioSummary,
    TargetInfo,
};

/// Ids name folders; ours have six digits, other people's are no longer than this.
const RUN_ID_CHARS_MAX: usize = 64;

/// How a scenario of a past run ended, all attempts considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PastOutcome {
    /// Its last attempt passed.
    Passed,
    /// The target did something else than the scenario demands.
    Failed,
    /// It could not be carried out.
    Broken,
    /// The run was ended before it was.
    Interrupted,
    /// It does not hold for that target.
    NotApplicable,
    /// It was planned and never ended.
    NotRun,
}

impl PastOutcome {
    /// Each of them, the good first.
    pub const ALL: [Self; 6] = [
        Self::Passed,
        Self::Failed,
        Self::Broken,
        Self::Interrupted,
        Self::NotApplicable,
        Self::NotRun,
    ];

    /// Its name in the file and in exports: `passed`, `failed`, `broken`, `interrupted`,
    /// `not-applicable`, `not-run`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Interrupted => "interrupted",
            Self::NotApplicable => "not-applicable",
            Self::NotRun => "not-run",
        }
    }

    /// Whether it says anything about the target: only what passed or failed does.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Passed | Self::Failed)
    }

    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::NotRun => Self::NotRun,
            Outcome::Failed(Failure { kind, .. }) => match kind {
                FailureKind::Failed => Self::Failed,
                FailureKind::Broken => Self::Broken,
                FailureKind::Interrupted => Self::Interrupted,
                FailureKind::NotApplicable => Self::NotApplicable,
            },
        }
    }
}

/// What became of one scenario in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct PastResult {
    /// What the scenario is known by from run to run.
    pub key: String,
    /// Where it stood in that run.
    pub place: ScenarioId,
    /// How it ended.
    pub outcome: PastOutcome,
    /// How many attempts ended.
    pub attempts: u32,
    /// How long the last attempt took.
    pub took: Duration,
    /// Why its first attempt that did not pass did not, in one sentence.
    pub failure: Option<String>,
    /// The cause that the diagnosis found proven or likely, such as `auto-verify-off`.
    pub cause: Option<String>,
    /// How long each of its mails took to arrive.
    pub deliveries: Vec<Duration>,
}

impl PastResult {
    /// Whether it passed, but not at its first attempt.
    pub fn passed_late(&self) -> bool {
        self.outcome == PastOutcome::Passed && self.failure.is_some()
    }

    fn of(summary: &ScenarioSummary, cause: Option<&str>) -> Self {
        let last = match &summary.outcome {
            Outcome::Failed(failure) => Some(failure),
            Outcome::Passed | Outcome::NotRun => None,
        };
        let first = summary.earlier.first().or(last);
        Self {
            key: summary.planned.key(),
            place: summary.planned.id.clone(),
            outcome: PastOutcome::of(&summary.outcome),
            attempts: summary.attempts,
            took: summary.took,
            failure: first.map(|failure| failure.message.clone()),
            cause: cause.map(str::to_owned),
            deliveries: summary.deliveries.clone(),
        }
    }
}

/// How many scenarios ended in each way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([usize; PastOutcome::ALL.len()]);

impl Counts {
    /// How many ended so.
    pub fn of(&self, outcome: PastOutcome) -> usize {
        self.0[outcome as usize]
    }

    /// The ways in which any ended, with how many.
    pub fn present(&self) -> impl Iterator<Item = (PastOutcome, usize)> {
        let all = PastOutcome::ALL.into_iter().zip(self.0);
        all.filter(|(_, count)| *count > 0)
    }
}

/// A run as the history keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRun {
    /// The run.
    pub id: RunId,
    /// When it began.
    pub started: Timestamp,
    /// How long it took; of a cut one, until its last entry.
    pub took: Duration,
    /// Whether its record has no end: it was killed, or is not over.
    pub cut: bool,
    /// How many entries its record has.
    pub entries: usize,
    /// The version of the tool.
    pub version: String,
    /// What was tested.
    pub target: TargetInfo,
    /// How it was asked for.
    pub setting: RunSetting,
    /// Its scenarios, by file and line.
    pub results: Vec<PastResult>,
}

impl PastRun {
    /// Folds the entries of a record, also of one that was cut.
    ///
    /// # Errors
    ///
    /// When the first entry is missing, or names the run in a way that no folder can have.
    pub fn of(entries: &[Entry]) -> Result<Self, NotARun> {
        let first = entries.first().ok_or(NotARun::NoBeginning)?;
        let Event::RunStarted {
            run,
            version,
            target,
            setting,
            ..
        } = &first.event
        else {
            return Err(NotARun::NoBeginning);
        };
        let named = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let id = run.as_str();
        if id.is_empty() || id.len() > RUN_ID_CHARS_MAX || !id.chars().all(named) {
            return Err(NotARun::Id(id.to_owned()));
        }
        let summary = RunSummary::of(entries);
        Ok(Self {
            id: run.clone(),
            started: to_micros(first.at),
            took: summary.so_far(),
            cut: summary.took().is_none(),
            entries: entries.len(),
            version: version.clone(),
            target: target.clone(),
            setting: setting.clone(),
            results: summary
                .scenarios()
                .map(|one| PastResult::of(one, cause(entries, &one.planned.id)))
                .collect(),
        })
    }

    /// How many of its scenarios ended in each way.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for result in &self.results {
            counts.0[result.outcome as usize] += 1;
        }
        counts
    }

    /// Whether it ran to its end and nothing stood in the way of any scenario that holds here.
    pub fn all_passed(&self) -> bool {
        let fine = |one: &PastResult| {
            matches!(
                one.outcome,
                PastOutcome::Passed | PastOutcome::NotApplicable
            )
        };
        !self.cut && self.results.iter().all(fine) && self.counts().of(PastOutcome::Passed) > 0
    }

    /// The delivery times of all its mails.
    pub fn deliveries(&self) -> Deliveries {
        self.results
            .iter()
            .flat_map(|one| one.deliveries.iter().copied())
            .collect()
    }

    /// Whether the other did the same part of the scenarios on the same target.
    pub fn is_like(&self, other: &Self) -> bool {
        self.target.name == other.target.name && self.setting.partition == other.setting.partition
    }
}

/// The file keeps microseconds; a run must equal itself after it was kept.
fn to_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// The first verdict of a scenario that names a cause.
fn cause<'a>(entries: &'a [Entry], scenario: &ScenarioId) -> Option<&'a str> {
    let mut own = entries
        .iter()
        .filter(|entry| entry.scenario.as_ref() == Some(scenario));
    own.find_map(|entry| match &entry.event {
        Event::Diagnosed { verdict } => verdict.headline().map(|cause| cause.id.as_str()),
        _ => None,
    })
}

#[cfg(test)]
pub(super) mod samples;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::read_entries;

    const STARTED: &str = r#"{"seq":1,"at":"2026-11-21T03:00:00.1234567Z","elapsed_ms":0,"event":{"type":"run-started","format":1,"run":"7f3c","version":"0.1.0","target":{"name":"staging","place":"eu-west-1","inbox":"imap"},"planned":[{"id":"a.feature:3","feature":"A","name":"One","tags":[],"mails":1},{"id":"a.feature:9","feature":"A","name":"Two","tags":[],"mails":1}],"profile":"nightly","commit":"c0ffee"}}"#;

    fn past(events: &[&str]) -> Result<PastRun, NotARun> {
        let mut text = STARTED.to_owned();
        for event in events {
            text = format!(
                "{text}\n{{\"seq\":2,\"at\":\"2026-11-21T03:00:09Z\",\"elapsed_ms\":9000,\"scenario\":\"a.feature:3\",\"attempt\":1,\"event\":{event}}}"
            );
        }
        PastRun::of(&read_entries(text.as_bytes()).unwrap())
    }

    const FAILED: &str = r#"{"type":"scenario-finished","failure":{"kind":"failed","message":"no mail"},"took_ms":8000}"#;
    const PASSED: &str = r#"{"type":"scenario-finished","took_ms":7000}"#;
    const MAIL: &str = r#"{"type":"mail-arrived","to":"a@b","from":"c@d","subject":"s","bytes":9,"delivery_ms":1200.5,"found":"code"}"#;
    const VERDICT: &str = r#"{"type":"diagnosed","address":"a@b","conclusion":"proven","causes":[{"id":"auto-verify-off","title":"t","confidence":"certain","stage":"s","proof":[],"fix":"f"}],"ruled_out":[],"gaps":[],"looked_at":[],"took_ms":3}"#;

    #[test]
    fn a_record_tells_how_each_scenario_ended_and_why() {
        let run = past(&[
            VERDICT,
            FAILED,
            MAIL,
            PASSED,
            r#"{"type":"run-finished","took_ms":9500}"#,
        ])
        .unwrap();
        assert_eq!((run.id.as_str(), run.cut), ("7f3c", false));
        assert_eq!(run.started.to_string(), "2026-11-21T03:00:00.123456Z");
        assert_eq!(run.took, Duration::from_millis(9500));
        assert_eq!(run.setting.commit.as_deref(), Some("c0ffee"));
        let [one, two] = &run.results[..] else {
            panic!("{run:?}")
        };
        assert_eq!(one.key, "a.feature: One");
        assert_eq!((one.outcome, one.attempts), (PastOutcome::Passed, 2));
        assert!(one.passed_late());
        assert_eq!(one.failure.as_deref(), Some("no mail"));
        assert_eq!(one.cause.as_deref(), Some("auto-verify-off"));
        assert_eq!(one.deliveries, [Duration::from_micros(1_200_500)]);
        assert_eq!(two.outcome, PastOutcome::NotRun);
        assert!(!run.all_passed());
    }

    #[test]
    fn a_record_without_an_end_is_marked_as_cut() {
        let run = past(&[PASSED]).unwrap();
        assert_eq!((run.cut, run.took), (true, Duration::from_secs(9)));
        assert_eq!(run.counts().of(PastOutcome::NotRun), 1);
    }

    #[test]
    fn a_record_without_a_beginning_or_with_a_hostile_id_is_refused() {
        assert_eq!(PastRun::of(&[]), Err(NotARun::NoBeginning));
        for id in ["../../etc", "", ".", "a/b", "a b"] {
            let text = STARTED.replace("7f3c", id);
            let entries = read_entries(text.as_bytes()).unwrap();
            assert_eq!(PastRun::of(&entries), Err(NotARun::Id(id.into())));
        }
    }
}
