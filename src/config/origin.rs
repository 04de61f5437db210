//! Where a value stands.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a file of settings says, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As it is shown.
    pub name: String,
    /// Its text, with what may be a secret replaced by asterisks of the same length.
    pub text: Arc<str>,
    /// What relative paths in it count from.
    pub base: PathBuf,
    /// Whether it is the one that is built into the program.
    pub built_in: bool,
}

/// Who says a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file, at these bytes of its text.
    File {
        /// The file.
        file: Arc<File>,
        /// From the first byte to the one after the last.
        span: Range<usize>,
    },
    /// An environment variable.
    Variable(String),
    /// An argument of the command.
    Flag(&'static str),
    /// Nobody: so it is where nothing is said.
    Default,
}

impl Origin {
    /// The folder from which a relative path counts: the file's, or the working directory.
    pub(super) fn base(&self) -> &Path {
        match self {
            Self::File { file, .. } => &file.base,
            Self::Variable(_) | Self::Flag(_) | Self::Default => Path::new(""),
        }
    }

    /// Line and column from 1, the column in characters; none outside of files.
    pub fn position(&self) -> Option<(usize, usize)> {
        let Self::File { file, span } = self else {
            return None;
        };
        let before = file.text.get(..span.start)?;
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((line, before[start..].chars().count() + 1))
    }
}

/// `reverify.toml:12`, `REVERIFY_JOBS`, `--target` or `default`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { file, .. } if file.built_in => f.write_str("default"),
            Self::File { file, .. } => {
                let (line, _) = self.position().unwrap_or((1, 1));
                write!(f, "{}:{line}", file.name)
            }
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value and who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Who says it.
    pub origin: Origin,
}
