//! What is wrong with a configuration.

use std::fmt;
use std::path::PathBuf;

use super::origin::Origin;

/// Something that is not right, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong, as a phrase.
    pub what: String,
    /// What stands at that place, as a phrase.
    pub label: String,
    /// What to do.
    pub help: String,
}

impl ConfigProblem {
    /// A problem at a place, of which nothing more is said yet.
    pub fn at(origin: &Origin, what: impl Into<String>) -> Self {
        Self {
            origin: origin.clone(),
            what: what.into(),
            label: String::new(),
            help: String::new(),
        }
    }

    /// Says what stands there.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// `reverify.toml:3:5: unknown key: did you mean ...`, for where no line can be shown.
impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin)?;
        if let Some((_, column)) = self.origin.position() {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}", self.what)?;
        if !self.label.is_empty() {
            write!(f, ": {}", self.label)?;
        }
        Ok(())
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// What the files say is not right.
    #[error("{} in the configuration", count(.0.len()))]
    Problems(Vec<ConfigProblem>),
    /// Nothing has that name.
    #[error("there is no {what} `{name}`{}", guess(.nearest.as_deref()))]
    Unknown {
        /// A target or a profile.
        what: &'static str,
        /// As it was asked for.
        name: String,
        /// The name that looks most like it.
        nearest: Option<String>,
        /// Those that there are.
        known: Vec<String>,
    },
}

fn count(problems: usize) -> String {
    match problems {
        1 => "1 problem".to_owned(),
        problems => format!("{problems} problems"),
    }
}

fn guess(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Likeness from which on a word may have been meant for another.
const LIKENESS_MIN: f64 = 0.78;

/// The word that another was meant to be, if one is like it.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |known: &str| strsim::jaro_winkler(&word.to_lowercase(), known);
    let likely = known.into_iter().map(|known| (likeness(known), known));
    let best = likely.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|best| best.0 >= LIKENESS_MIN)
        .map(|best| best.1)
}
