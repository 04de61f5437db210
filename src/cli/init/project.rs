//! What is there, and what is to be added to it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::changes::Change;
use super::manifest::{self, Manifest, ManifestError};
use crate::config::FILE_NAME;

const FEATURE: &str = include_str!("template/verification.feature");
const TEST: &str = include_str!("template/verification.rs.in");
const WORKFLOW_OF_RUST: &str = include_str!("template/rust.yml");
const WORKFLOW: &str = include_str!("template/plain.yml");
const CONFIGURATION: &str = include_str!("template/reverify.toml");
/// Where runs leave their records, and what is one person's own.
const IGNORED: [&str; 2] = ["/.reverify", "/reverify.local.toml"];

/// What is to be done, and what is left to the person.
#[derive(Debug)]
pub(super) struct Plan {
    /// Whether the folder holds a Rust package.
    pub(super) rust: bool,
    /// In the order in which they are done and shown.
    pub(super) changes: Vec<Change>,
    /// Lines for a manifest that lines could not be added to.
    pub(super) by_hand: Option<String>,
}

/// Why nothing can be done.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProjectError {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: io::Error,
    },
    /// The manifest is of no use.
    #[error("`{}` {reason}", .path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: ManifestError,
    },
}

/// Looks at a folder and decides what to add; `dependency` is the value of the dev-dependency.
///
/// # Errors
///
/// When what is there cannot be read or understood.
pub(super) fn plan(folder: &Path, dependency: &str) -> Result<Plan, ProjectError> {
    let mut plan = Plan {
        rust: false,
        changes: Vec::new(),
        by_hand: None,
    };
    let path = folder.join("Cargo.toml");
    if let Some(text) = read(&path)? {
        plan.rust = true;
        plan.extend_manifest(path, &text, dependency)?;
        plan.create(folder.join("tests/verification.rs"), TEST);
    }
    plan.create(folder.join("features/verification.feature"), FEATURE);
    plan.create(folder.join(FILE_NAME), CONFIGURATION);
    plan.add_workflow(folder);
    plan.ignore_records(folder.join(".gitignore"))?;
    Ok(plan)
}

impl Plan {
    fn create(&mut self, path: PathBuf, text: &str) {
        let text = text.to_owned();
        self.changes.push(Change::Create { path, text });
    }

    fn extend_manifest(
        &mut self,
        path: PathBuf,
        text: &str,
        dependency: &str,
    ) -> Result<(), ProjectError> {
        let extended = manifest::extend(text, dependency);
        let extended = extended.map_err(|reason| {
            let path = path.clone();
            ProjectError::Manifest { path, reason }
        })?;
        let keep = |path, why: &str| Change::Keep {
            path,
            why: why.to_owned(),
        };
        self.changes.push(match extended {
            Manifest::Complete => keep(path, "it has the lines already"),
            Manifest::ByHand { lines } => {
                self.by_hand = Some(lines);
                keep(path, "lines cannot be added to it; see below")
            }
            Manifest::Changed { text, added } => Change::Extend {
                path,
                text,
                what: added.join(", "),
            },
        });
        Ok(())
    }

    /// GitHub reads workflows at the root of the repository only.
    fn add_workflow(&mut self, folder: &Path) {
        let root = folder.ancestors().find(|one| one.join(".git").exists());
        let root = root.unwrap_or(folder);
        let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
        let below = below.to_string_lossy().replace('\\', "/");
        let below = if below.is_empty() { "." } else { &below };
        // A basic string of TOML is one of YAML too.
        let below = toml::Value::from(below).to_string();
        let text = if self.rust {
            WORKFLOW_OF_RUST
        } else {
            WORKFLOW
        };
        let text = text
            .replace("FOLDER", &below)
            .replace("VERSION", env!("CARGO_PKG_VERSION"));
        self.create(root.join(".github/workflows/verification.yml"), &text);
    }

    fn ignore_records(&mut self, path: PathBuf) -> Result<(), ProjectError> {
        let Some(mut text) = read(&path)? else {
            let text = IGNORED.map(|line| format!("{line}\n")).concat();
            self.changes.push(Change::Create { path, text });
            return Ok(());
        };
        let is_there = |line: &&str| text.lines().any(|one| one.trim() == *line);
        let missing: Vec<_> = IGNORED.into_iter().filter(|line| !is_there(line)).collect();
        self.changes.push(if missing.is_empty() {
            let why = "it has the lines already".to_owned();
            Change::Keep { path, why }
        } else {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            for line in &missing {
                text.push_str(line);
                text.push('\n');
            }
            let what = missing.join(", ");
            Change::Extend { path, text, what }
        });
        Ok(())
    }
}

fn read(path: &Path) -> Result<Option<String>, ProjectError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(ProjectError::Unreadable {
            path: path.to_owned(),
            reason,
        }),
    }
}
