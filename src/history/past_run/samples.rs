//! Runs for the tables of tests.

use std::time::Duration;

use crate::history::{PastOutcome, PastResult, PastRun};
use crate::model::{RunId, ScenarioId};
use crate::record::{RunSetting, TargetInfo};

/// A run a day, each with one scenario that ended as its letter says: `p`assed, passed `l`ate,
/// `f`ailed, `b`roken, `n`ot run, `-` not planned.
pub(crate) fn runs(outcomes: &str) -> Vec<PastRun> {
    let days = (1..).zip(outcomes.chars());
    days.map(|(day, letter)| run(day, letter)).collect()
}

/// The key of their scenario.
pub(crate) const KEY: &str = "a.feature: One";

fn run(day: i8, letter: char) -> PastRun {
    let started = jiff::civil::date(2026, 11, day).at(3, 0, 0, 0);
    PastRun {
        id: RunId::new(format!("run{day}")),
        started: started.in_tz("UTC").unwrap().timestamp(),
        took: Duration::from_secs(9),
        cut: false,
        entries: 9,
        version: "0.1.0".into(),
        target: TargetInfo {
            name: "embedded".into(),
            place: "http://127.0.0.1:1".into(),
            inbox: "sink".into(),
        },
        setting: RunSetting::default(),
        results: result(letter).into_iter().collect(),
    }
}

fn result(letter: char) -> Option<PastResult> {
    let outcome = match letter {
        'p' | 'l' => PastOutcome::Passed,
        'f' => PastOutcome::Failed,
        'b' => PastOutcome::Broken,
        'n' => PastOutcome::NotRun,
        _ => return None,
    };
    Some(PastResult {
        key: KEY.into(),
        place: ScenarioId::new("a.feature", 3),
        outcome,
        attempts: if letter == 'l' { 2 } else { 1 },
        took: Duration::from_secs(8),
        failure: "lfb".contains(letter).then(|| "no mail".into()),
        cause: None,
        deliveries: Vec::new(),
    })
}
