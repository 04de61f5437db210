//! How a run goes, by its arguments and, for what they do not say, by the profile.

use std::io::{self, IsTerminal as _};
use std::num::NonZeroUsize;

use super::args::{Color, RunArgs};
use super::commit::commit;
use super::problem;
use crate::config::{self, Profile, Retries};
use crate::record::RunSetting;
use crate::report::TerminalOptions;
use crate::steps::Limits;
use crate::suite::{Backoff, Groups, InvalidSelection, Override, RetryPolicy, RunOptions};

/// How the plan is run.
///
/// # Errors
///
/// When a tag expression of an override cannot be parsed.
pub(super) fn options(args: &RunArgs, profile: &Profile) -> Result<RunOptions, InvalidSelection> {
    let one = profile.fail_fast.then_some(1);
    Ok(RunOptions {
        jobs: usize::from(args.jobs),
        limits: Limits {
            step: args.step_timeout,
            scenario: args.scenario_timeout,
            run: args.run_timeout,
            diagnosis: args.diagnosis_timeout,
        },
        failures_max: args.running.failures_max().or(one),
        retry: args.running.retry(policy(&profile.retries)),
        groups: groups(profile)?,
        overrides: overrides(args, profile)?,
    })
}

fn policy(retries: &Retries) -> RetryPolicy {
    RetryPolicy {
        count: retries.count,
        backoff: match retries.backoff {
            config::Backoff::Fixed => Backoff::Fixed,
            config::Backoff::Exponential => Backoff::Exponential,
        },
        delay: retries.delay,
        max_delay: retries.max_delay,
        jitter: retries.jitter,
    }
}

fn groups(profile: &Profile) -> Result<Groups, InvalidSelection> {
    let mut groups = Groups::default();
    for group in &profile.groups {
        if let Some(max) = NonZeroUsize::new(usize::from(group.max_jobs)) {
            groups = groups.with(&group.name, max);
        }
    }
    // Of several overrides that name a group the first one counts.
    let mut before = String::new();
    for one in &profile.overrides {
        if let Some(group) = &one.group {
            let tags = &one.tags.value;
            groups = groups.with_members(group, &format!("({tags}){before}"))?;
            before = format!("{before} and not ({tags})");
        }
    }
    Ok(groups)
}

/// What an argument says of all scenarios goes before what the profile says of some.
fn overrides(args: &RunArgs, profile: &Profile) -> Result<Vec<Override>, InvalidSelection> {
    let one = |from: &config::Override| {
        let retry = from.retries.as_ref().map(policy);
        Ok(Override {
            tags: from.tags.value.parse()?,
            retry: retry.map(|policy| args.running.retry(policy)),
            step: from.step_timeout.filter(|_| !args.said.step_timeout),
            scenario: from
                .scenario_timeout
                .filter(|_| !args.said.scenario_timeout),
        })
    };
    profile.overrides.iter().map(one).collect()
}

/// What the terminal shows.
pub(super) fn terminal(args: &RunArgs, profile: &Profile, color: Color) -> TerminalOptions {
    let usual = TerminalOptions::new(problem::style(color), io::stderr().is_terminal());
    TerminalOptions {
        heartbeat: args.running.heartbeat.unwrap_or(usual.heartbeat),
        slow_after: args.running.slow_after.unwrap_or(profile.slow_after),
        ..usual
    }
}

/// What the record says of how the run was asked for.
pub(super) fn setting(args: &RunArgs, profile: &Profile) -> RunSetting {
    let folder = std::env::current_dir().ok();
    RunSetting {
        profile: Some(profile.name.clone()),
        commit: folder.and_then(|folder| commit(&folder)),
        partition: args.running.partition.map(|part| part.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::args::{Cli, Command};

    const CONFIGURATION: &str = r#"
[profile.default]
retries = 2
fail-fast = true
[[profile.default.override]]
tags = "@slow"
group = "mailbox"
retries = 5
step-timeout = "7s"
[[profile.default.override]]
tags = "@mails:1"
group = "other"
[group.mailbox]
max-jobs = 1
[group.other]
max-jobs = 3
"#;

    /// How a run of these arguments goes.
    fn asked(arguments: &[&str]) -> RunOptions {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("reverify.toml"), CONFIGURATION).unwrap();
        let reading = config::Reading {
            folder: folder.path(),
            file: None,
            variable: &|_| None,
        };
        let configuration = config::Configuration::load(&reading).unwrap();
        let profile = configuration.profile(config::DEFAULT_PROFILE).unwrap();
        let all = ["reverify", "run"].iter().chain(arguments);
        let Command::Run(mut args) = Cli::try_parse_from(all).unwrap().command else {
            panic!("{arguments:?}")
        };
        args.said.step_timeout = arguments.contains(&"--step-timeout");
        options(&args, profile).unwrap()
    }

    fn retries_and_step(options: &RunOptions, tag: &str) -> (u32, u64) {
        let tags = [tag.to_owned()];
        let first = options.overrides.iter().find(|one| one.tags.matches(&tags));
        let retry = first.and_then(|one| one.retry).unwrap_or(options.retry);
        let step = first
            .and_then(|one| one.step)
            .unwrap_or(options.limits.step);
        (retry.count, step.as_secs())
    }

    #[test]
    fn arguments_go_before_overrides_and_these_before_the_profile() {
        let usual = asked(&[]);
        assert_eq!(usual.failures_max, Some(1));
        assert_eq!(retries_and_step(&usual, "slow"), (5, 7));
        assert_eq!(retries_and_step(&usual, "fast"), (2, 120));
        let told = asked(&["--retries", "1", "--max-fail", "4", "--step-timeout", "9s"]);
        assert_eq!(told.failures_max, Some(4));
        assert_eq!(retries_and_step(&told, "slow"), (1, 9));
        assert_eq!(retries_and_step(&told, "fast"), (1, 9));
    }
}
