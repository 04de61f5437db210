//! The arguments about how scenarios are run: how many, how often, until when.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::args::duration;
use crate::config;
use crate::model::Partition;
use crate::record::PlannedScenario;
use crate::suite::{Backoff, Plan, RetryPolicy};

/// Most attempts that may follow the first, as in a profile: a scenario that needs more is broken.
const RETRIES_MAX: i64 = 10;

/// How a pause grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum BackoffChoice {
    /// It does not.
    Fixed,
    /// It doubles with every attempt.
    Exponential,
}

/// What a scenario counts as that passed, but not at its first attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FlakyResult {
    /// As passed.
    #[default]
    Pass,
    /// As failed.
    Fail,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Running")]
pub(super) struct RunningArgs {
    /// Tries a scenario that did not pass so many times again, with addresses of its own.
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u32).range(0..=RETRIES_MAX))]
    retries: Option<u32>,
    /// The pause before the second attempt [default: 5s].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    retry_delay: Option<Duration>,
    /// How the pause grows from attempt to attempt, up to 1m [default: exponential].
    #[arg(long, value_enum, value_name = "HOW")]
    retry_backoff: Option<BackoffChoice>,
    /// What a scenario counts as that passed, but not at its first attempt [default: pass].
    #[arg(long, value_enum, value_name = "RESULT")]
    flaky_result: Option<FlakyResult>,
    /// Starts no further scenario after one that did not pass.
    #[arg(long, conflicts_with = "max_fail")]
    fail_fast: bool,
    /// Starts no further scenario after so many that did not pass.
    #[arg(long, value_name = "N")]
    max_fail: Option<NonZeroUsize>,
    /// Only scenarios that did not pass in the last run of this folder on this target.
    #[arg(long)]
    pub(super) last_failed: bool,
    /// Runs each scenario so many times; all of them must pass.
    #[arg(long, value_name = "N")]
    repeat: Option<NonZeroU32>,
    /// Only one of several parts, for several machines: `hash:1/4` keeps a scenario in its part
    /// whatever is added, `slice:1/4` makes parts of the same size.
    #[arg(long, value_name = "PART", env = "REVERIFY_PARTITION")]
    pub(super) partition: Option<Partition>,
    /// Marks a scenario that takes longer as slow [default: 30s].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) slow_after: Option<Duration>,
    /// Where there is no terminal, writes a line at least this often [default: 1m].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) heartbeat: Option<Duration>,
}

impl RunningArgs {
    /// The policy, where the arguments say something else than `preset`.
    pub(super) fn retry(&self, preset: RetryPolicy) -> RetryPolicy {
        let delay = self.retry_delay.unwrap_or(preset.delay);
        RetryPolicy {
            count: self.retries.unwrap_or(preset.count),
            backoff: match self.retry_backoff {
                Some(BackoffChoice::Fixed) => Backoff::Fixed,
                Some(BackoffChoice::Exponential) => Backoff::Exponential,
                None => preset.backoff,
            },
            delay,
            // Who asks for a longer pause means it.
            max_delay: preset.max_delay.max(delay),
            jitter: preset.jitter,
        }
    }

    /// After how many scenarios that did not pass no further one starts.
    pub(super) fn failures_max(&self) -> Option<usize> {
        let one = self.fail_fast.then_some(1);
        self.max_fail.map(NonZeroUsize::get).or(one)
    }

    /// Whether a scenario that passed, but not at its first attempt, counts as failed.
    pub(super) fn flaky_fails(&self, preset: config::FlakyResult) -> bool {
        let preset = preset == config::FlakyResult::Fail;
        self.flaky_result
            .map_or(preset, |result| result == FlakyResult::Fail)
    }

    /// The scenarios that are left of a plan, and how often each: first those that `wanted` takes,
    /// then the part of them, then their repetitions.
    pub(super) fn narrow(&self, plan: Plan, wanted: impl Fn(&PlannedScenario) -> bool) -> Plan {
        let plan = plan.only(wanted);
        let plan = match self.partition {
            Some(partition) => plan.part(partition),
            None => plan,
        };
        match self.repeat {
            Some(times) => plan.repeated(times),
            None => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        running: RunningArgs,
    }

    fn parse(arguments: &[&str]) -> RunningArgs {
        let all = ["reverify"].iter().chain(arguments);
        Only::try_parse_from(all).unwrap().running
    }

    #[test]
    fn what_is_not_said_stays_as_it_was_set() {
        let preset = RetryPolicy {
            count: 2,
            backoff: Backoff::Fixed,
            ..RetryPolicy::default()
        };
        assert_eq!(parse(&[]).retry(preset), preset);
        let asked = parse(&["--retries", "0", "--retry-delay", "2m"]).retry(preset);
        assert_eq!((asked.count, asked.backoff), (0, Backoff::Fixed));
        assert_eq!(asked.max_delay, Duration::from_mins(2));
        let growing = parse(&["--retry-backoff", "exponential"]).retry(preset);
        assert_eq!(growing.backoff, Backoff::Exponential);
    }

    #[test]
    fn fail_fast_is_max_fail_of_one() {
        let cases: [(&[&str], Option<usize>); 3] = [
            (&[], None),
            (&["--fail-fast"], Some(1)),
            (&["--max-fail", "3"], Some(3)),
        ];
        for (arguments, max) in cases {
            assert_eq!(parse(arguments).failures_max(), max, "{arguments:?}");
        }
        let both = ["reverify", "--fail-fast", "--max-fail", "3"];
        assert!(Only::try_parse_from(both).is_err());
        for bad in [
            "--max-fail=0",
            "--repeat=0",
            "--partition=hash:0/2",
            "--retries=11",
        ] {
            assert!(Only::try_parse_from(["reverify", bad]).is_err(), "{bad}");
        }
    }
}
