//! How scenarios are run: what a profile says.

use std::path::PathBuf;
use std::time::Duration;

use super::origin::Located;
use super::problem::ConfigProblem;
use super::section::section;
use super::setting::{Count, Kind, Setting, one_of, parsed_from_text};

/// How scenarios are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The name of the target that scenarios run on.
    pub target: String,
    /// Which scenarios, as a tag expression.
    pub tags: Option<Located<String>>,
    /// How many scenarios at once.
    pub jobs: u16,
    /// How often a failed scenario is tried again.
    pub retries: Retries,
    /// What a scenario counts as that passed after a retry.
    pub flaky_result: FlakyResult,
    /// Whether no further scenario starts after one failed.
    pub fail_fast: bool,
    /// Longest time for one step.
    pub step_timeout: Duration,
    /// Longest time for one attempt of a scenario.
    pub scenario_timeout: Duration,
    /// Longest time for the whole run.
    pub run_timeout: Duration,
    /// Longest time for finding out why a mail did not come.
    pub diagnosis_timeout: Duration,
    /// When a scenario that still runs is announced as slow.
    pub slow_after: Duration,
    /// Which reports are written.
    pub report: Reports,
    /// The run that this one is compared to: `last`, `last-pass` or a run's name.
    pub compare_to: Option<String>,
    /// The folder for records, the ledger and the history.
    pub state_dir: PathBuf,
    /// What differs for some scenarios; of several that fit, the first that says something counts.
    pub overrides: Vec<Override>,
    /// The groups that overrides put scenarios into.
    pub groups: Vec<Group>,
}

/// How often, and after which pause, a failed scenario is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// How often at most.
    pub count: u32,
    /// How the pause grows.
    pub backoff: Backoff,
    /// The first pause.
    pub delay: Duration,
    /// The longest pause.
    pub max_delay: Duration,
    /// Whether each pause is shortened by a random part, so that not all try again at once.
    pub jitter: bool,
}

/// How the pause between attempts grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// It does not.
    Fixed,
    /// It doubles.
    Exponential,
}

/// What a scenario counts as that passed after a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlakyResult {
    /// As passed.
    Pass,
    /// As failed.
    Fail,
}

/// Which reports are written after a run, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reports {
    /// JUnit's XML.
    pub junit: Option<PathBuf>,
    /// One page of HTML.
    pub html: Option<PathBuf>,
    /// One document of JSON.
    pub json: Option<PathBuf>,
    /// Annotations and a summary for GitHub.
    pub github: bool,
}

/// What differs for the scenarios with some tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The tag expression.
    pub tags: Located<String>,
    /// The group that the scenarios run in.
    pub group: Option<String>,
    /// How often they are tried again.
    pub retries: Option<Retries>,
    /// Longest time for one of their steps.
    pub step_timeout: Option<Duration>,
    /// Longest time for one attempt.
    pub scenario_timeout: Option<Duration>,
}

/// Scenarios that share something of which there is only so much, such as a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How many of its scenarios run at once.
    pub max_jobs: u16,
}

one_of!(Backoff { "fixed" => Fixed, "exponential" => Exponential });
one_of!(FlakyResult { "pass" => Pass, "fail" => Fail });

section! {
    /// How often a failed scenario is tried again. A number alone is the `count`.
    RetriesTable {
        /// How often at most.
        count: Count<0, 10> = "count";
        /// How the pause between two attempts grows.
        backoff: Backoff = "backoff";
        /// The first pause.
        delay: Duration = "delay";
        /// The longest pause.
        max_delay: Duration = "max-delay";
        /// Whether each pause is shortened by a random part, so that not all try again at once.
        jitter: bool = "jitter";
    }
}

section! {
    /// Reports, which are written after the run.
    ReportTable {
        /// JUnit's XML, as CI servers read it.
        junit: PathBuf = "junit";
        /// One page of HTML.
        html: PathBuf = "html";
        /// One document of JSON.
        json: PathBuf = "json";
        /// Annotations and a step summary for GitHub Actions.
        github: bool = "github";
    }
}

section! {
    /// What differs for the scenarios with some tags.
    OverrideTable {
        /// Which scenarios, as a tag expression.
        tags: Located<String> = "tags" required;
        /// The group that they run in.
        group: Located<GroupName> = "group";
        /// How often they are tried again.
        retries: ShortRetries = "retries";
        /// Longest time for one of their steps.
        step_timeout: Duration = "step-timeout";
        /// Longest time for one attempt.
        scenario_timeout: Duration = "scenario-timeout";
    }
}

section! {
    /// How scenarios are run.
    ProfileTable {
        /// The profile whose settings hold where this one says nothing.
        _inherits: Located<ProfileName> = "inherits";
        /// The target that scenarios run on.
        target: Located<TargetName> = "target";
        /// Which scenarios, as a tag expression such as `@mails:1 and not @slow`.
        tags: Located<String> = "tags";
        /// How many scenarios run at once.
        jobs: Count<1, 256> = "jobs";
        /// How often a failed scenario is tried again, with a fresh address.
        retries: ShortRetries = "retries";
        /// Whether a scenario that passed after a retry counts as passed.
        flaky_result: FlakyResult = "flaky-result";
        /// Whether no further scenario starts after one failed.
        fail_fast: bool = "fail-fast";
        /// Longest time for one step.
        step_timeout: Duration = "step-timeout";
        /// Longest time for one attempt of a scenario.
        scenario_timeout: Duration = "scenario-timeout";
        /// Longest time for the whole run.
        run_timeout: Duration = "run-timeout";
        /// Longest time for finding out why a mail did not come, within the scenario's.
        diagnosis_timeout: Duration = "diagnosis-timeout";
        /// When a scenario that still runs is announced as slow.
        slow_after: Duration = "slow-after";
        /// Reports, which are written after the run.
        report: ReportTable = "report";
        /// The run that this one is compared to: `last`, `last-pass`, or a run's name.
        compare_to: String = "compare-to";
        /// The folder for records, the ledger and the history.
        state_dir: PathBuf = "state-dir";
        /// What differs for the scenarios with some tags.
        overrides: Vec<OverrideTable> = "override";
    }
}

section! {
    /// Scenarios that share something of which there is only so much, such as a mailbox.
    GroupTable {
        /// How many of its scenarios run at once.
        max_jobs: Count<1, 256> = "max-jobs" required;
    }
}

/// Retries, for which a number alone may stand.
#[derive(Debug, Clone)]
pub(super) struct ShortRetries(pub(super) RetriesTable);

impl Setting for ShortRetries {
    const KIND: Kind = Kind::Table {
        keys: <RetriesTable as super::section::Section>::KEYS,
        short: true,
    };

    fn read(value: &Located<super::node::Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        super::section::nested(value, problems).map(Self)
    }
}

/// Names of tables that others refer to.
macro_rules! names {
    ($($name:ident: $what:literal),*) => {
        $(
            #[doc = concat!("A ", $what, ".")]
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub(super) struct $name(pub(super) String);

            impl std::str::FromStr for $name {
                type Err = std::convert::Infallible;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Ok(Self(text.to_owned()))
                }
            }

            parsed_from_text!($name: $what);
        )*
    };
}
pub(super) use names;

names!(ProfileName: "name of a profile", TargetName: "name of a target", GroupName: "name of a group");
