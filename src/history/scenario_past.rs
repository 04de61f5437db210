//! One scenario over the runs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deliveries, PastOutcome, PastResult, PastRun};

/// A scenario in one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point<'a> {
    /// The run.
    pub run: &'a PastRun,
    /// What became of the scenario in it.
    pub result: &'a PastResult,
}

/// One scenario on one target, over the runs.
///
/// Rates are about what passed or failed: a scenario that could not be carried out says nothing of
/// the target.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioPast<'a> {
    /// The target's name.
    pub target: &'a str,
    /// What the scenario is known by.
    pub key: &'a str,
    /// The runs that it was planned in, the oldest first; never empty.
    pub points: Vec<Point<'a>>,
}

impl<'a> ScenarioPast<'a> {
    /// Every scenario of these runs, by target, file and name.
    pub fn of(runs: &'a [PastRun]) -> Vec<Self> {
        let mut order: Vec<&PastRun> = runs.iter().collect();
        order.sort_by_key(|run| run.started);
        let mut points: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for run in order {
            for result in &run.results {
                let key = (run.target.name.as_str(), result.key.as_str());
                points.entry(key).or_default().push(Point { run, result });
            }
        }
        let past = |((target, key), points)| Self {
            target,
            key,
            points,
        };
        points.into_iter().map(past).collect()
    }

    /// The newest `count` points, the oldest first.
    pub fn last(&self, count: usize) -> &[Point<'a>] {
        &self.points[self.points.len().saturating_sub(count)..]
    }

    /// How many of the runs passed or failed.
    pub fn counted(&self) -> usize {
        self.judged().count()
    }

    /// How many passed.
    pub fn passed(&self) -> usize {
        let passed = |point: &&Point<'_>| point.result.outcome == PastOutcome::Passed;
        self.judged().filter(passed).count()
    }

    /// The share that passed, from 0 to 1.
    pub fn pass_rate(&self) -> Option<f64> {
        rate(self.passed(), self.counted())
    }

    /// How often it was flaky: it passed at a later attempt only, or it failed and a later run of the
    /// same commit passed. A failure that follows a pass may be one of the target that stays.
    pub fn flaky(&self) -> usize {
        let mut passed_later = BTreeSet::new();
        let mut count = 0;
        for point in self.judged().rev() {
            let commit = point.run.setting.commit.as_deref();
            let is_flaky = match point.result.outcome {
                PastOutcome::Passed => {
                    passed_later.extend(commit);
                    point.result.passed_late()
                }
                _ => commit.is_some_and(|commit| passed_later.contains(commit)),
            };
            count += usize::from(is_flaky);
        }
        count
    }

    /// The share that was flaky, from 0 to 1.
    pub fn flake_rate(&self) -> Option<f64> {
        rate(self.flaky(), self.counted())
    }

    /// The run in which it began to fail and has not passed since, if it fails now.
    pub fn failing_since(&self) -> Option<Point<'a>> {
        let failed = |point: &&Point<'_>| point.result.outcome == PastOutcome::Failed;
        self.judged().rev().take_while(failed).last().copied()
    }

    /// The newest run in which it passed.
    pub fn last_passed(&self) -> Option<Point<'a>> {
        let passed = |point: &&Point<'_>| point.result.outcome == PastOutcome::Passed;
        self.judged().rev().find(passed).copied()
    }

    /// The delivery times of all its mails.
    pub fn deliveries(&self) -> Deliveries {
        let results = self.points.iter().map(|point| point.result);
        results
            .flat_map(|result| result.deliveries.iter().copied())
            .collect()
    }

    fn judged(&self) -> impl DoubleEndedIterator<Item = &Point<'a>> {
        self.points
            .iter()
            .filter(|point| point.result.outcome.counts())
    }
}

fn rate(part: usize, whole: usize) -> Option<f64> {
    // Far fewer runs are kept than a u32 counts.
    let number = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    (whole > 0).then(|| number(part) / number(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::past_run::samples::runs;

    /// One letter a run: `p`assed, passed `l`ate, `f`ailed, `b`roken, `n`ot run, `-` not planned.
    #[test]
    fn rates_and_the_first_failing_run() {
        let rows = [
            // outcomes, passed, counted, flaky, failing since (index), last passed (index)
            ("ppp", 3, 3, 0, None, Some(2)),
            ("ppff", 2, 4, 0, Some(2), Some(1)),
            ("pfpf", 2, 4, 0, Some(3), Some(2)),
            ("ff", 0, 2, 0, Some(0), None),
            ("plf", 2, 3, 1, Some(2), Some(1)),
            ("pfbn", 1, 2, 0, Some(1), Some(0)),
            ("pf-b", 1, 2, 0, Some(1), Some(0)),
            ("bbn", 0, 0, 0, None, None),
            ("fp", 1, 2, 0, None, Some(1)),
        ];
        for (outcomes, passed, counted, flaky, since, last) in rows {
            let runs = runs(outcomes);
            let all = ScenarioPast::of(&runs);
            let past = &all[0];
            assert_eq!(
                (past.passed(), past.counted()),
                (passed, counted),
                "{outcomes}"
            );
            assert_eq!(past.flaky(), flaky, "{outcomes}");
            let id = |index: usize| &runs[index].id;
            let found = past.failing_since().map(|point| &point.run.id);
            assert_eq!(found, since.map(id), "{outcomes}");
            let found = past.last_passed().map(|point| &point.run.id);
            assert_eq!(found, last.map(id), "{outcomes}");
        }
    }

    #[test]
    fn a_failure_is_flaky_if_its_commit_passed_later() {
        // A failure after which the commit did not pass again is a hard one, so far.
        for (outcomes, commits, flaky) in [
            ("fppf", ["a", "a", "b", "c"], 1),
            ("pfff", ["a", "a", "a", "a"], 0),
            ("pffp", ["a", "a", "a", "a"], 2),
            ("fpfp", ["a", "b", "a", "b"], 0),
        ] {
            let mut runs = runs(outcomes);
            for (run, commit) in runs.iter_mut().zip(commits) {
                run.setting.commit = Some(commit.into());
            }
            let all = ScenarioPast::of(&runs);
            assert_eq!(all[0].flaky(), flaky, "{outcomes}");
            assert_eq!(all[0].flake_rate(), rate(flaky, 4), "{outcomes}");
        }
    }

    #[test]
    fn each_target_has_a_past_of_its_own() {
        let mut runs = runs("pf");
        runs[1].target.name = "staging".into();
        let all = ScenarioPast::of(&runs);
        let rates: Vec<_> = all
            .iter()
            .map(|one| (one.target, one.pass_rate()))
            .collect();
        assert_eq!(rates, [("embedded", Some(1.0)), ("staging", Some(0.0))]);
    }
}
