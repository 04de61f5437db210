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
    for one in &profile.overrides {
        if let Some(group) = &one.group {
            groups = groups.with_members(group, &one.tags.value)?;
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
