//! Whether a run is worse than earlier ones.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Duration;

use super::{Deliveries, PastOutcome, PastResult, PastRun};
use crate::model::ScenarioId;

/// How many earlier results count. One pass may be luck; more than a few nights ago, the target was
/// another one.
const RESULTS_BEFORE: NonZeroUsize = NonZeroUsize::new(3).unwrap();
/// How many times as slow a mail must be. Cognito's own delivery varies by less from night to night.
const SLOWER_FACTOR: f64 = 2.0;
/// How much longer a mail must take: below that, nobody who waits for a code notices, and twice as
/// long as a few milliseconds means nothing.
const SLOWER_SECONDS: u64 = 5;

/// What a run is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// The newest earlier run of the same target and partition that ran to its end.
    Last,
    /// The newest of these in which everything passed.
    LastPass,
    /// The run with this id, or whose id alone begins so.
    Run(String),
}

impl FromStr for Baseline {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "last" => Self::Last,
            "last-pass" => Self::LastPass,
            run => Self::Run(run.to_owned()),
        })
    }
}

/// From when on a difference is a regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// A scenario regressed if it fails and had passed in that many results up to the baseline, or in
    /// all that there are. Delivery times are compared with the mails of these.
    pub results: NonZeroUsize,
    /// Delivery regressed if its p95 is that many times as long,
    pub factor: f64,
    /// and longer by that much.
    pub margin: Duration,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            results: RESULTS_BEFORE,
            factor: SLOWER_FACTOR,
            margin: Duration::from_secs(SLOWER_SECONDS),
        }
    }
}

impl Thresholds {
    fn slower(&self, was: &Deliveries, now: &Deliveries) -> Option<(Duration, Duration)> {
        let (was, now) = (was.p95()?, now.p95()?);
        let far = now.as_secs_f64() > was.as_secs_f64() * self.factor;
        (far && now.saturating_sub(was) > self.margin).then_some((was, now))
    }
}

/// What is different.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It fails, and passed each of the last times. A regression.
    NowFailing {
        /// Why it fails.
        failure: Option<String>,
        /// How many times in a row it had passed.
        passed: usize,
    },
    /// Its mails take longer. A regression.
    Slower {
        /// The p95 before.
        was: Duration,
        /// The p95 now.
        now: Duration,
    },
    /// It fails, but not for the first time.
    FailingAgain {
        /// How many of the last times it failed.
        failed: usize,
        /// How many times that were.
        of: usize,
    },
    /// It passes, and failed the last time.
    NowPassing,
    /// It passed or failed before, and now could not be carried out or was not run.
    NotTested(PastOutcome),
    /// Nothing is known of it from before.
    New,
    /// It was in the baseline and is not in this run.
    Gone,
}

impl Change {
    /// Whether the target got worse.
    pub fn is_regression(&self) -> bool {
        matches!(self, Self::NowFailing { .. } | Self::Slower { .. })
    }
}

/// A scenario that is not as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What it is known by.
    pub key: String,
    /// Where it stands, or stood.
    pub place: ScenarioId,
    /// What is different.
    pub change: Change,
}

/// What is different between a run and its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// By scenario.
    pub differences: Vec<Difference>,
    /// The p95 of all mails of the scenarios that are in both, before and now, if it regressed.
    pub slower: Option<(Duration, Duration)>,
}

impl Comparison {
    /// The scenarios that regressed.
    pub fn regressions(&self) -> impl Iterator<Item = &Difference> {
        self.differences
            .iter()
            .filter(|one| one.change.is_regression())
    }

    /// Whether the target got worse.
    pub fn has_regressions(&self) -> bool {
        self.slower.is_some() || self.regressions().next().is_some()
    }
}

/// The newest run before `now` that serves as its baseline; none if there is no such run, or if a
/// run is named.
pub fn baseline<'a>(
    earlier: &'a [PastRun],
    now: &PastRun,
    which: &Baseline,
) -> Option<&'a PastRun> {
    let fits = |run: &&PastRun| {
        run.id != now.id
            && run.started <= now.started
            && run.is_like(now)
            && match which {
                Baseline::Last => !run.cut,
                Baseline::LastPass => run.all_passed(),
                Baseline::Run(_) => false,
            }
    };
    earlier.iter().filter(fits).max_by_key(|run| run.started)
}

/// Compares a run with a baseline and the runs of its target before it.
///
/// `earlier` may hold other runs, too, in any order.
pub fn compare(
    now: &PastRun,
    baseline: &PastRun,
    earlier: &[PastRun],
    thresholds: &Thresholds,
) -> Comparison {
    let before = Before::of(now, baseline, earlier);
    let results = by_key([now]);
    let planned_then = by_key([baseline]);
    let mut differences = Vec::new();
    let (mut all_was, mut all_now) = (Vec::new(), Vec::new());
    for (key, group) in &results {
        let mut note = |change| {
            differences.push(Difference {
                key: (*key).to_owned(),
                place: group[0].place.clone(),
                change,
            });
        };
        let Some(last) = before.last(key, thresholds.results) else {
            note(Change::New);
            continue;
        };
        if let Some(change) = last.change(group) {
            note(change);
        }
        let times: Vec<_> = mails(group).collect();
        let was: Deliveries = last.mails.iter().copied().collect();
        if let Some((was, now)) = thresholds.slower(&was, &times.iter().copied().collect()) {
            note(Change::Slower { was, now });
        }
        if !times.is_empty() && !last.mails.is_empty() {
            all_now.extend(times);
            all_was.extend(last.mails);
        }
    }
    let gone = planned_then
        .iter()
        .filter(|(key, _)| !results.contains_key(*key));
    differences.extend(gone.map(|(key, group)| Difference {
        key: (*key).to_owned(),
        place: group[0].place.clone(),
        change: Change::Gone,
    }));
    Comparison {
        differences,
        slower: thresholds.slower(
            &all_was.into_iter().collect(),
            &all_now.into_iter().collect(),
        ),
    }
}

/// The results of one scenario in one run: several if two scenarios share a name.
type Group<'a> = Vec<&'a PastResult>;

fn by_key<'a>(runs: impl IntoIterator<Item = &'a PastRun>) -> BTreeMap<&'a str, Group<'a>> {
    let mut groups: BTreeMap<_, Group<'_>> = BTreeMap::new();
    for result in runs.into_iter().flat_map(|run| &run.results) {
        groups.entry(result.key.as_str()).or_default().push(result);
    }
    groups
}

/// The worst outcome stands for scenarios that share a name.
fn outcome(group: &Group<'_>) -> PastOutcome {
    let severity = [
        PastOutcome::Failed,
        PastOutcome::Broken,
        PastOutcome::Interrupted,
        PastOutcome::NotRun,
        PastOutcome::Passed,
    ];
    let found = severity
        .into_iter()
        .find(|one| group.iter().any(|result| result.outcome == *one));
    found.unwrap_or(PastOutcome::NotApplicable)
}

fn mails<'a>(group: &'a Group<'_>) -> impl Iterator<Item = Duration> + 'a {
    group
        .iter()
        .flat_map(|result| result.deliveries.iter().copied())
}

/// What is known from the baseline and the runs before it, the newest run first.
struct Before<'a>(Vec<BTreeMap<&'a str, Group<'a>>>);

impl<'a> Before<'a> {
    fn of(now: &PastRun, baseline: &'a PastRun, earlier: &'a [PastRun]) -> Self {
        let older = earlier.iter().filter(|run| {
            run.id != now.id
                && run.id != baseline.id
                && run.target.name == baseline.target.name
                && run.started <= baseline.started
        });
        let mut runs: Vec<_> = older.collect();
        runs.sort_by_key(|run| std::cmp::Reverse(run.started));
        let runs = std::iter::once(baseline).chain(runs);
        Self(runs.map(|run| by_key([run])).collect())
    }

    /// The last times that a scenario was planned; those that passed or failed up to `count`.
    fn last(&self, key: &str, count: NonZeroUsize) -> Option<Last> {
        let groups: Vec<_> = self.0.iter().filter_map(|run| run.get(key)).collect();
        if groups.is_empty() {
            return None;
        }
        let judged = groups.into_iter().filter(|group| outcome(group).counts());
        let mut last = Last::default();
        for group in judged.take(count.get()) {
            last.outcomes.push(outcome(group));
            last.mails.extend(mails(group));
        }
        Some(last)
    }
}

/// The last times that a scenario passed or failed, the newest first, and their mails.
#[derive(Default)]
struct Last {
    outcomes: Vec<PastOutcome>,
    mails: Vec<Duration>,
}

impl Last {
    fn change(&self, group: &Group<'_>) -> Option<Change> {
        let of = self.outcomes.len();
        let failed = |outcome: &&PastOutcome| **outcome == PastOutcome::Failed;
        let before = self.outcomes.iter().filter(failed).count();
        match outcome(group) {
            PastOutcome::Failed if of == 0 => None,
            PastOutcome::Failed if before > 0 => Some(Change::FailingAgain { failed: before, of }),
            PastOutcome::Failed => Some(Change::NowFailing {
                failure: group.iter().find_map(|result| result.failure.clone()),
                passed: of,
            }),
            PastOutcome::Passed if self.outcomes.first().is_some_and(|one| failed(&one)) => {
                Some(Change::NowPassing)
            }
            PastOutcome::Passed | PastOutcome::NotApplicable => None,
            other => (of > 0).then_some(Change::NotTested(other)),
        }
    }
}

#[cfg(test)]
mod tests;
