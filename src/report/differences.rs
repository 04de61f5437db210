//! Where two runs of the same scenarios on different targets part.

use std::collections::BTreeMap;

use super::counts::Status;
use super::run_report::{RunReport, ScenarioReport};
use crate::model::ScenarioId;
use crate::record::TargetInfo;

/// A scenario that did not end alike on two targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands.
    pub id: ScenarioId,
    /// Its name.
    pub title: String,
    /// How it ended on the first target, in words.
    pub first: String,
    /// How it ended on the second.
    pub second: String,
    /// What that may mean.
    pub meaning: &'static str,
}

/// The scenarios that did not end alike, by file and line; those that only one of the runs had do not
/// count. A mail that took longer is none: the history has delivery times.
pub fn differences(first: &RunReport, second: &RunReport) -> Vec<Difference> {
    let known = |report| -> BTreeMap<&str, &ScenarioReport> { by_key(report) };
    let seconds = known(second);
    let pairs = first.scenarios.iter().filter_map(|one| {
        let other = seconds.get(one.key.as_str())?;
        let (said, says) = (ending(one), ending(other));
        (said != says).then(|| Difference {
            id: one.id.clone(),
            title: one.title(),
            first: said,
            second: says,
            meaning: meaning(
                (one.status, is_emulated(&first.target)),
                (other.status, is_emulated(&second.target)),
            ),
        })
    });
    pairs.collect()
}

fn by_key(report: &RunReport) -> BTreeMap<&str, &ScenarioReport> {
    let scenarios = report.scenarios.iter();
    scenarios.map(|one| (one.key.as_str(), one)).collect()
}

/// Flaky is passed here: another attempt would have hidden it.
fn ending(scenario: &ScenarioReport) -> String {
    match scenario.status {
        Status::Passed | Status::Flaky => "passed".to_owned(),
        status => {
            let causes = scenario.cause_ids().join(", ");
            if causes.is_empty() {
                status.words().to_owned()
            } else {
                format!("{}: {causes}", status.words())
            }
        }
    }
}

/// An emulator is reached by a URL, AWS by a region or a pool.
fn is_emulated(target: &TargetInfo) -> bool {
    target.place.starts_with("http://") || target.place.starts_with("https://")
}

const fn passed(status: Status) -> bool {
    matches!(status, Status::Passed | Status::Flaky)
}

fn meaning(first: (Status, bool), second: (Status, bool)) -> &'static str {
    let ((one, one_emulated), (other, other_emulated)) = (first, second);
    if one == Status::NotApplicable || other == Status::NotApplicable {
        return "the pools are not set alike: see what the scenario says that it presumes";
    }
    let on_aws_only = match (one_emulated, other_emulated) {
        (false, true) => Some(!passed(one) && passed(other)),
        (true, false) => Some(passed(one) && !passed(other)),
        _ => None,
    };
    match on_aws_only {
        Some(true) => {
            "the settings alone do not explain it: look at what surrounds the pool, which a mirror \
             does not have: functions, reputation, quotas, the mail's way"
        }
        Some(false) if passed(one) || passed(other) => {
            "the emulator differs from AWS, or lacks what the mirror left out, such as a function"
        }
        None if passed(one) != passed(other) => {
            "both targets are of the same kind: if they are set alike, look at what surrounds the pools: \
             functions, reputation, quotas, the mail's way"
        }
        _ => "the scenario fails in different ways: compare what it says on the two targets",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_difference_may_mean_depends_on_where_it_fails() {
        let cases = [
            (
                (Status::Failed, false),
                (Status::Passed, true),
                "surrounds the pool",
            ),
            (
                (Status::Passed, true),
                (Status::Failed, false),
                "surrounds the pool",
            ),
            (
                (Status::Passed, false),
                (Status::Failed, true),
                "the emulator differs",
            ),
            (
                (Status::Flaky, false),
                (Status::Broken, true),
                "the emulator differs",
            ),
            (
                (Status::Failed, false),
                (Status::Broken, true),
                "in different ways",
            ),
            (
                (Status::Failed, true),
                (Status::Broken, true),
                "in different ways",
            ),
            (
                (Status::Passed, true),
                (Status::Failed, true),
                "both targets",
            ),
            (
                (Status::NotApplicable, false),
                (Status::Passed, true),
                "not set alike",
            ),
        ];
        for (first, second, expected) in cases {
            let found = meaning(first, second);
            assert!(found.contains(expected), "{first:?} {second:?}: {found}");
        }
    }
}
