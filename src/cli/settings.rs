//! From arguments and the environment to the configuration.

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::args::RunArgs;
use super::state_dir::StateDir;
use crate::config::{
    ConfigError, ConfigProblem, Configuration, DEFAULT_PROFILE, Located, Profile, Reading, Target,
};
use crate::suite::TagExpression;

/// Which configuration.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// The configuration [default: reverify.toml or .config/reverify.toml, from this folder upwards].
    #[arg(long, value_name = "FILE", env = "REVERIFY_CONFIG", global = true)]
    pub(crate) config: Option<PathBuf>,
}

/// Which of its targets.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// A target of the configuration, for what no other argument says.
    #[arg(
        short = 'T',
        long,
        value_name = "NAME",
        env = "REVERIFY_TARGET",
        global = true
    )]
    pub(crate) target: Option<String>,
}

/// The folder of records, the history and the ledger: that of the runs.
#[derive(Debug, Args)]
pub(crate) struct StateArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The profile whose `state-dir` is meant [default: default].
    #[arg(
        short = 'P',
        long,
        value_name = "NAME",
        env = "REVERIFY_PROFILE",
        global = true
    )]
    pub(crate) profile: Option<String>,
    /// The folder of records, the history and the ledger [default: the profile's `state-dir`].
    #[arg(long, value_name = "DIR", env = "REVERIFY_STATE_DIR", global = true)]
    pub(crate) state_dir: Option<PathBuf>,
}

/// Which of its profiles and targets.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The profile of the configuration [default: default].
    #[arg(short = 'P', long, value_name = "NAME", env = "REVERIFY_PROFILE")]
    pub(crate) profile: Option<String>,
    /// The target; given several times, one after another [default: the profile's].
    #[arg(short = 'T', long = "target", value_name = "NAME")]
    pub(crate) targets: Vec<String>,
}

impl ConfigArgs {
    /// Reads it.
    pub(crate) fn load(&self) -> Result<Configuration, ConfigError> {
        let folder = std::env::current_dir().map_err(|error| ConfigError::Unreadable {
            path: PathBuf::from("."),
            reason: error.to_string(),
        })?;
        let configuration = Configuration::load(&Reading {
            folder: &folder,
            file: self.config.as_deref(),
            variable: &|name| std::env::var(name).ok(),
        })?;
        let mut problems = Vec::new();
        for written in configuration.profiles().flat_map(tag_expressions) {
            // A profile has those of the one that it inherits from, too.
            let problem = not_one(written).filter(|found| !problems.contains(found));
            problems.extend(problem);
        }
        if problems.is_empty() {
            Ok(configuration)
        } else {
            Err(ConfigError::Problems(problems))
        }
    }
}

impl TargetArgs {
    /// The target that is named; none where none is.
    pub(crate) fn load(&self) -> Result<Option<Target>, ConfigError> {
        let Some(name) = &self.target else {
            return Ok(None);
        };
        Ok(Some(self.config.load()?.target(name)?.clone()))
    }
}

impl StateArgs {
    /// The folder; nothing says that it is there.
    pub(in crate::cli) fn folder(&self) -> Result<StateDir, ConfigError> {
        if let Some(folder) = &self.state_dir {
            return Ok(StateDir::new(folder));
        }
        let configuration = self.config.load()?;
        let name = self.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
        let profile = configuration.profile(name)?;
        Ok(StateDir::new(&shortened(&profile.state_dir)))
    }
}

/// A profile and its targets.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) configuration: Configuration,
    pub(crate) profile: Profile,
    /// One at least.
    pub(crate) targets: Vec<Target>,
}

impl ChoiceArgs {
    /// What is chosen.
    pub(crate) fn load(&self) -> Result<Choice, ConfigError> {
        let configuration = self.config.load()?;
        let name = self.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
        let profile = configuration.profile(name)?.clone();
        let names = if self.targets.is_empty() {
            std::slice::from_ref(&profile.target)
        } else {
            &self.targets
        };
        let targets = names.iter().map(|name| configuration.target(name).cloned());
        let targets = targets.collect::<Result<_, _>>()?;
        Ok(Choice {
            configuration,
            profile,
            targets,
        })
    }
}

/// The tag expressions of a profile, which the configuration keeps as they are written.
fn tag_expressions(profile: &Profile) -> impl Iterator<Item = &Located<String>> {
    let of_some = profile.overrides.iter().map(|one| &one.tags);
    profile.tags.iter().chain(of_some)
}

fn not_one(written: &Located<String>) -> Option<ConfigProblem> {
    let parsed: Result<TagExpression, _> = written.value.parse();
    parsed.is_err().then(|| {
        ConfigProblem::at(&written.origin, "this is not a tag expression")
            .label("here")
            .help("write one such as `@mails:1 and not @slow`")
    })
}

/// Which arguments were given: they go before what an override says of some scenarios.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    pub(super) step_timeout: bool,
    pub(super) scenario_timeout: bool,
}

impl RunArgs {
    /// Puts the profile's settings where an argument has its default only.
    pub(super) fn fill(&mut self, given: Option<&ArgMatches>, profile: &Profile) {
        let open = |id: &str| {
            let source = given.and_then(|given| given.value_source(id));
            source.is_none_or(|source| source == ValueSource::DefaultValue)
        };
        if open("jobs") {
            self.jobs = profile.jobs;
        }
        self.said = Said {
            step_timeout: !open("step_timeout"),
            scenario_timeout: !open("scenario_timeout"),
        };
        if open("step_timeout") {
            self.step_timeout = profile.step_timeout;
        }
        if open("scenario_timeout") {
            self.scenario_timeout = profile.scenario_timeout;
        }
        if open("run_timeout") {
            self.run_timeout = profile.run_timeout;
        }
        if open("diagnosis_timeout") {
            self.diagnosis_timeout = profile.diagnosis_timeout;
        }
        self.reports.fill(&profile.report);
        // A run that is not kept is compared with none.
        if self.compare.compare_to.is_none() && !self.no_record {
            let said = profile.compare_to.as_deref();
            self.compare.compare_to = said.and_then(|run| run.parse().ok());
        }
        if open("state_dir") {
            self.state_dir = shortened(&profile.state_dir);
        }
    }
}

/// A path as a person in the working directory would write it.
fn shortened(path: &Path) -> PathBuf {
    let folder = std::env::current_dir().ok();
    let below = folder.and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    below.unwrap_or_else(|| path.to_owned())
}
