//! What the files and the environment say, put together and checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::environment;
use super::files;
use super::inbox::Inbox;
use super::node::{Node, Table};
use super::origin::{Located, Origin};
use super::problem::{ConfigError, ConfigProblem, nearest};
use super::profile::{Group, Profile, ProfileTable};
use super::resolve;
use super::section::{Section as _, over};
use super::tables::{Named, Tables};
use super::target::Target;

/// The profile on which all others stand, and which holds where none is chosen.
pub const DEFAULT_PROFILE: &str = "default";

/// From where settings are read.
pub struct Reading<'a> {
    /// The working directory, from which the file is looked for upwards.
    pub folder: &'a Path,
    /// The file, if one is named.
    pub file: Option<&'a Path>,
    /// The environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

/// Profiles and targets, with who says what.
///
/// ```
/// use std::path::Path;
/// use reverify::config::{Configuration, Reading, TargetKind};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(
///     folder.path().join("reverify.toml"),
///     "[profile.nightly]\njobs = 4\nretries = 2\n",
/// )?;
/// let configuration = Configuration::load(&Reading {
///     folder: folder.path(),
///     file: None,
///     variable: &|_| None,
/// })?;
/// let nightly = configuration.profile("nightly")?;
/// assert_eq!((nightly.jobs, nightly.retries.count), (4, 2));
/// let target = configuration.target(&nightly.target)?;
/// assert_eq!(target.kind, TargetKind::Embedded { seed: None });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Configuration {
    pub(super) tables: Tables,
    /// Each profile with what it inherits and what the environment says.
    pub(super) merged: Named,
    /// The folder that relative paths count from.
    base: PathBuf,
    /// The names of the files, the strongest first.
    files: Vec<String>,
    profiles: BTreeMap<String, Profile>,
    targets: BTreeMap<String, Target>,
}

impl Configuration {
    /// Reads the files and the environment and checks everything that they say, chosen or not.
    ///
    /// No secret is looked up, and nothing is asked over a network.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or with all that is wrong at once.
    pub fn load(reading: &Reading<'_>) -> Result<Self, ConfigError> {
        let layers = files::read(reading.folder, reading.file)?;
        let mut problems = Vec::new();
        let tables = Tables::of(&layers, &mut problems);
        let environment = environment::layer(reading.variable);
        let targets = targets(&tables, &mut problems);
        let (merged, profiles) = profiles(&tables, &environment, &mut problems);
        check_references(&tables, &merged, &mut problems);
        check_control_mails(&tables, &profiles, &targets, &mut problems);
        if !problems.is_empty() {
            return Err(ConfigError::Problems(in_order(problems)));
        }
        let own = layers.layers.iter().filter(|layer| !layer.file.built_in);
        let files = own.map(|layer| layer.file.name.clone()).collect();
        Ok(Self {
            tables,
            merged,
            base: layers.base,
            files,
            profiles,
            targets,
        })
    }

    /// The profile of a name.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn profile(&self, name: &str) -> Result<&Profile, ConfigError> {
        let found = self.profiles.get(name);
        found.ok_or_else(|| unknown("profile", name, self.profiles.keys()))
    }

    /// The target of a name.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn target(&self, name: &str) -> Result<&Target, ConfigError> {
        let found = self.targets.get(name);
        found.ok_or_else(|| unknown("target", name, self.targets.keys()))
    }

    /// All profiles, in the order of their names.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }

    /// All targets, in the order of their names.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.values()
    }

    /// The folder that relative paths count from: the file's, or the working directory.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The files that were read, as they are shown, the strongest first.
    pub fn files(&self) -> &[String] {
        &self.files
    }
}

fn unknown<'a>(
    what: &'static str,
    name: &str,
    known: impl Iterator<Item = &'a String>,
) -> ConfigError {
    let known: Vec<_> = known.cloned().collect();
    let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    ConfigError::Unknown {
        what,
        name: name.to_owned(),
        nearest: near,
        known,
    }
}

/// Each problem once, in the order of the places.
fn in_order(problems: Vec<ConfigProblem>) -> Vec<ConfigProblem> {
    let mut all: Vec<ConfigProblem> = Vec::new();
    for problem in problems {
        // Profiles that inherit a mistake have it too.
        if !all.contains(&problem) {
            all.push(problem);
        }
    }
    all.sort_by_key(|problem| match &problem.origin {
        Origin::File { file, span } => (file.name.clone(), span.start),
        other => (other.to_string(), 0),
    });
    all
}

fn targets(tables: &Tables, problems: &mut Vec<ConfigProblem>) -> BTreeMap<String, Target> {
    let inboxes = tables.inboxes.iter();
    let inboxes =
        inboxes.map(|(name, table)| (name.clone(), resolve::inbox(name, table, problems)));
    let inboxes: BTreeMap<String, Option<Inbox>> = inboxes.collect();
    let targets = tables.targets.iter();
    let targets = targets.filter_map(|(name, table)| {
        let target = resolve::target(name, table, &inboxes, problems)?;
        Some((name.clone(), target))
    });
    targets.collect()
}

type Profiles = (Named, BTreeMap<String, Profile>);

fn profiles(tables: &Tables, environment: &Table, problems: &mut Vec<ConfigProblem>) -> Profiles {
    let groups = tables.groups.iter();
    let groups = groups.filter_map(|(name, table)| resolve::group(name, table, problems));
    let groups: Vec<Group> = groups.collect();
    let mut merged = Named::new();
    let mut profiles = BTreeMap::new();
    for name in tables.profiles.keys() {
        let table = inherited(name, tables, problems);
        let mut table = over(environment.clone(), &table, ProfileTable::KEYS);
        if let Some(own) = tables.profiles.get(name) {
            table.origin = own.origin.clone();
        }
        let profile = resolve::profile(name, &table, environment, groups.clone(), problems);
        if let Some(profile) = profile {
            profiles.insert(name.clone(), profile);
        }
        merged.insert(name.clone(), table);
    }
    (merged, profiles)
}

/// A profile's table over those that it inherits, and the default one below them all.
fn inherited(name: &str, tables: &Tables, problems: &mut Vec<ConfigProblem>) -> Table {
    let mut chain = vec![name.to_owned()];
    let mut table = tables.profiles.get(name).cloned();
    let mut next = table.as_ref().and_then(parent);
    loop {
        let above = match next.take() {
            Some(parent) if chain.contains(&parent.value) => {
                let what = format!("profile `{name}` inherits itself");
                let problem = ConfigProblem::at(&parent.origin, what);
                problems.push(problem.label(format!("by way of {}", chain.join(", "))));
                None
            }
            Some(parent) if tables.profiles.contains_key(&parent.value) => Some(parent.value),
            Some(parent) => {
                let known = tables.profiles.keys().map(String::as_str);
                let wanted = &parent.value;
                problems.push(resolve::unknown_name(
                    "profile",
                    &parent.origin,
                    wanted,
                    known,
                ));
                None
            }
            None => None,
        };
        let last = DEFAULT_PROFILE.to_owned();
        let Some(above) = above.or_else(|| (!chain.contains(&last)).then_some(last)) else {
            break;
        };
        if let Some(lower) = tables.profiles.get(&above) {
            next = parent(lower);
            table = table.map(|upper| over(upper, lower, ProfileTable::KEYS));
        }
        chain.push(above);
    }
    table.unwrap_or_else(|| Table {
        origin: Origin::Flag("--profile"),
        entries: BTreeMap::new(),
    })
}

/// The name that a profile's own table inherits.
fn parent(table: &Table) -> Option<Located<String>> {
    text_at(table, "inherits")
}

fn text_at(table: &Table, key: &str) -> Option<Located<String>> {
    let found = &table.entries.get(key)?.value;
    match &found.value {
        Node::Text(text) => Some(Located {
            value: text.clone(),
            origin: found.origin.clone(),
        }),
        _ => None,
    }
}

/// Targets and groups that profiles name have to be there.
fn check_references(tables: &Tables, merged: &Named, problems: &mut Vec<ConfigProblem>) {
    let targets = tables.targets.keys().map(String::as_str);
    let groups = tables.groups.keys().map(String::as_str);
    for table in merged.values() {
        if let Some(name) = text_at(table, "target")
            && !tables.targets.contains_key(&name.value)
        {
            let problem =
                resolve::unknown_name("target", &name.origin, &name.value, targets.clone());
            problems.push(problem);
        }
        for one in overrides(table) {
            if let Some(name) = text_at(one, "group")
                && !tables.groups.contains_key(&name.value)
            {
                let problem =
                    resolve::unknown_name("group", &name.origin, &name.value, groups.clone());
                problems.push(problem);
            }
            super::section::refuse_incomplete::<super::profile::OverrideTable>(
                one,
                "this override",
                problems,
            );
        }
    }
}

/// A diagnosis has to have time for the mail of its control experiment, and for what comes before it.
fn check_control_mails(
    tables: &Tables,
    profiles: &BTreeMap<String, Profile>,
    targets: &BTreeMap<String, Target>,
    problems: &mut Vec<ConfigProblem>,
) {
    for profile in profiles.values() {
        let target = targets.get(&profile.target);
        let wait = target.and_then(|target| target.control_mail);
        let written = tables.targets.get(&profile.target);
        let written = written.and_then(|table| table.entries.get("control-mail"));
        let (Some(wait), Some(written)) = (wait, written) else {
            continue;
        };
        if wait < profile.diagnosis_timeout {
            continue;
        }
        let what = "a diagnosis ends before this wait could";
        let limit = profile.diagnosis_timeout.as_secs_f64();
        let label = format!(
            "profile `{}` has diagnosis-timeout = \"{limit}s\"",
            profile.name
        );
        let problem = ConfigProblem::at(&written.value.origin, what).label(label);
        problems.push(problem.help("wait shorter, or raise diagnosis-timeout well above it"));
    }
}

fn overrides(table: &Table) -> impl Iterator<Item = &Table> {
    let list = table
        .entries
        .get("override")
        .map(|entry| &entry.value.value);
    let items = match list {
        Some(Node::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| match &item.value {
        Node::Table(table) => Some(table),
        _ => None,
    })
}
