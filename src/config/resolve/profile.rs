//! A profile's table as a profile.

use crate::config::node::{Node, Table};
use crate::config::origin::Origin;
use crate::config::problem::ConfigProblem;
use crate::config::profile::{
    Group, GroupTable, Override, OverrideTable, Profile, ProfileTable, ReportTable, Reports,
    Retries, RetriesTable,
};
use crate::config::section::Section as _;

/// A setting that the built-in file always has.
fn held<T>(value: Option<T>, key: &str, origin: &Origin) -> Result<T, ConfigProblem> {
    value.ok_or_else(|| ConfigProblem::at(origin, format!("the profile has no `{key}`")))
}

/// The profile of a table into which all that it inherits was put; `environment` is the layer above
/// the overrides, which is in the table too.
pub(in crate::config) fn profile(
    name: &str,
    table: &Table,
    environment: &Table,
    groups: Vec<Group>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Profile> {
    let before = problems.len();
    let read = ProfileTable::of_table(table, problems);
    if problems.len() > before {
        return None;
    }
    match of(name, read, &table.origin, environment, groups) {
        Ok(profile) => Some(profile),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

fn of(
    name: &str,
    read: ProfileTable,
    origin: &Origin,
    environment: &Table,
    groups: Vec<Group>,
) -> Result<Profile, ConfigProblem> {
    let target = held(read.target, "target", origin)?;
    let retries = held(read.retries, "retries", origin)?.0;
    let retries = Retries {
        count: held(retries.count, "retries.count", origin)?.0,
        backoff: held(retries.backoff, "retries.backoff", origin)?,
        delay: held(retries.delay, "retries.delay", origin)?,
        max_delay: held(retries.max_delay, "retries.max-delay", origin)?,
        jitter: held(retries.jitter, "retries.jitter", origin)?,
    };
    let overrides = read.overrides.unwrap_or_default().into_iter();
    let overrides = overrides.filter_map(|one| self::overrides(one, retries, environment));
    Ok(Profile {
        name: name.to_owned(),
        target: target.value.0,
        tags: read.tags,
        jobs: small(held(read.jobs, "jobs", origin)?.0),
        retries,
        flaky_result: held(read.flaky_result, "flaky-result", origin)?,
        fail_fast: held(read.fail_fast, "fail-fast", origin)?,
        step_timeout: held(read.step_timeout, "step-timeout", origin)?,
        scenario_timeout: held(read.scenario_timeout, "scenario-timeout", origin)?,
        run_timeout: held(read.run_timeout, "run-timeout", origin)?,
        diagnosis_timeout: held(read.diagnosis_timeout, "diagnosis-timeout", origin)?,
        slow_after: held(read.slow_after, "slow-after", origin)?,
        report: read.report.map(reports).unwrap_or_default(),
        compare_to: read.compare_to,
        state_dir: held(read.state_dir, "state-dir", origin)?,
        overrides: overrides.collect(),
        groups,
    })
}

/// Bounded by the types of the tables already.
fn small(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn reports(table: ReportTable) -> Reports {
    Reports {
        junit: table.junit,
        html: table.html,
        json: table.json,
        github: table.github.unwrap_or_default(),
    }
}

/// What an override says where the environment does not go before it.
fn overrides(table: OverrideTable, retries: Retries, environment: &Table) -> Option<Override> {
    let open = |key: &str| !environment.entries.contains_key(key);
    Some(Override {
        tags: table.tags?,
        group: table.group.map(|group| group.value.0),
        retries: table
            .retries
            .map(|own| filled(&own.0, retries, environment)),
        step_timeout: table.step_timeout.filter(|_| open("step-timeout")),
        scenario_timeout: table.scenario_timeout.filter(|_| open("scenario-timeout")),
    })
}

/// What an override does not say of its retries, or the environment says, is as in the profile.
fn filled(own: &RetriesTable, profile: Retries, environment: &Table) -> Retries {
    let retries = environment.entries.get("retries");
    let said = retries.and_then(|entry| match &entry.value.value {
        Node::Table(table) => Some(table),
        _ => None,
    });
    let is_open = |key: &str| !said.is_some_and(|table| table.entries.contains_key(key));
    Retries {
        count: unless_said(own.count, is_open("count")).map_or(profile.count, |count| count.0),
        backoff: unless_said(own.backoff, is_open("backoff")).unwrap_or(profile.backoff),
        delay: unless_said(own.delay, is_open("delay")).unwrap_or(profile.delay),
        max_delay: unless_said(own.max_delay, is_open("max-delay")).unwrap_or(profile.max_delay),
        jitter: unless_said(own.jitter, is_open("jitter")).unwrap_or(profile.jitter),
    }
}

/// A member that the override says, where nothing goes before it.
fn unless_said<T>(own: Option<T>, is_open: bool) -> Option<T> {
    own.filter(|_| is_open)
}

/// A group.
pub(in crate::config) fn group(
    name: &str,
    table: &Table,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Group> {
    let read = GroupTable::of_table(table, problems);
    crate::config::section::refuse_incomplete::<GroupTable>(table, "this group", problems);
    Some(Group {
        name: name.to_owned(),
        max_jobs: small(read.max_jobs?.0),
    })
}
