//! Two faults that AWS could have together, in whole runs.

use reverify::record::Outcome;
use reverify::suite::{Selection, Source};

use super::run;

const PAIRS_MIN: usize = 40;

/// Each scenario demands what the verdict is certain of, in the order of time, and nothing else.
#[test]
fn of_two_faults_nothing_false_is_certain() {
    let source = Source {
        path: "two_faults.feature".to_owned(),
        text: include_str!("two_faults.feature").into(),
    };
    let runs = run(vec![source], Selection::all(), &[]);
    assert!(runs.len() >= PAIRS_MIN, "only {} pairs", runs.len());
    let failed = runs.values().filter_map(|ended| match &ended.outcome {
        Outcome::Passed => None,
        other => Some(format!("{}: {other:?}", ended.name)),
    });
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
