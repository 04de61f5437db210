//! The arguments about how scenarios are run: how many, how often, until when.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::args::duration;
use crate::config::{self, Profile, Retries};
use crate::model::Partition;
use crate::record::PlannedScenario;
use crate::suite::{Backoff, InvalidSelection, Override, Plan, RetryPolicy, RunOptions};

/// Most attempts that may follow the first: a scenario that needs more is broken.
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
    /// Takes from the profile what no argument says.
    pub(super) fn fill(&mut self, profile: &Profile) {
        let fails = profile.flaky_result == config::FlakyResult::Fail;
        self.flaky_result = self.flaky_result.or(fails.then_some(FlakyResult::Fail));
        self.fail_fast |= profile.fail_fast && self.max_fail.is_none();
        self.slow_after = self.slow_after.or(Some(profile.slow_after));
    }

    /// How a plan is run, but for what other arguments say.
    ///
    /// # Errors
    ///
    /// When the tags of an override are no expression.
    pub(super) fn options(&self, profile: &Profile) -> Result<RunOptions, InvalidSelection> {
        let mut options = RunOptions {
            failures_max: self.failures_max(),
            retry: self.retry(policy(profile.retries)),
            ..RunOptions::default()
        };
        for group in &profile.groups {
            let jobs_max = NonZeroUsize::new(usize::from(group.max_jobs));
            options.groups = options
                .groups
                .with(&group.name, jobs_max.unwrap_or(NonZeroUsize::MIN));
        }
        // Of several overrides that name a group the first one counts.
        let mut before = String::new();
        for one in &profile.overrides {
            let tags = &one.tags.value;
            options.overrides.push(Override {
                tags: tags.parse()?,
                // An argument counts for all scenarios.
                retry: one.retries.map(|retries| self.retry(policy(retries))),
                step: one.step_timeout,
                scenario: one.scenario_timeout,
            });
            if let Some(group) = &one.group {
                let members = format!("({tags}){before}");
                options.groups = options.groups.with_members(group, &members)?;
                before = format!("{before} and not ({tags})");
            }
        }
        Ok(options)
    }

    /// The policy, where the arguments say something else than `preset`.
    fn retry(&self, preset: RetryPolicy) -> RetryPolicy {
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
    fn failures_max(&self) -> Option<usize> {
        let one = self.fail_fast.then_some(1);
        self.max_fail.map(NonZeroUsize::get).or(one)
    }

    /// Whether a scenario that passed, but not at its first attempt, counts as failed.
    pub(super) fn flaky_fails(&self) -> bool {
        self.flaky_result == Some(FlakyResult::Fail)
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

fn policy(retries: Retries) -> RetryPolicy {
    let Retries {
        count,
        backoff,
        delay,
        max_delay,
        jitter,
    } = retries;
    RetryPolicy {
        count,
        backoff: match backoff {
            config::Backoff::Fixed => Backoff::Fixed,
            config::Backoff::Exponential => Backoff::Exponential,
        },
        delay,
        max_delay,
        jitter,
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

    /// The default profile of a configuration with these lines.
    fn profile(lines: &str) -> Profile {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("reverify.toml"), lines).unwrap();
        let reading = config::Reading {
            folder: folder.path(),
            file: None,
            variable: &|_| None,
        };
        let configuration = config::Configuration::load(&reading).unwrap();
        configuration
            .profile(config::DEFAULT_PROFILE)
            .unwrap()
            .clone()
    }

    #[test]
    fn a_profile_fills_what_no_argument_says() {
        let profile = profile(
            "[profile.default]
             retries = 2
             flaky-result = \"fail\"
             fail-fast = true
             [[profile.default.override]]
             tags = \"@slow\"
             group = \"mailbox\"
             retries = 5
             [[profile.default.override]]
             tags = \"@mails:1\"
             group = \"other\"
             [group.mailbox]
             max-jobs = 1
             [group.other]
             max-jobs = 3
            ",
        );
        let options = |arguments: &[&str]| {
            let mut running = parse(arguments);
            running.fill(&profile);
            (running.flaky_fails(), running.options(&profile).unwrap())
        };
        let (flaky_fails, usual) = options(&[]);
        assert!(flaky_fails);
        assert_eq!((usual.retry.count, usual.failures_max), (2, Some(1)));
        let counts = |options: &RunOptions| {
            let retries = options.overrides.iter().map(|one| one.retry);
            retries
                .map(|retry| retry.map(|retry| retry.count))
                .collect::<Vec<_>>()
        };
        assert_eq!(counts(&usual), [Some(5), None]);
        let (flaky_fails, asked) = options(&[
            "--retries",
            "1",
            "--max-fail",
            "4",
            "--flaky-result",
            "pass",
        ]);
        assert!(!flaky_fails);
        assert_eq!((asked.retry.count, asked.failures_max), (1, Some(4)));
        assert_eq!(counts(&asked), [Some(1), None]);
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
