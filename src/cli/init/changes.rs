//! What a command does to the files of a project, without ever overwriting one.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Something to do to one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Make a file, unless it is there.
    Create { path: PathBuf, text: String },
    /// Put a text in the place of one to which lines were added.
    Extend {
        path: PathBuf,
        text: String,
        what: String,
    },
    /// Leave a file as it is, for this reason.
    Keep { path: PathBuf, why: String },
}

/// What became of a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// The file is new.
    Created,
    /// Lines were added: which.
    Extended(String),
    /// Nothing was done: why.
    Kept(String),
}

impl Change {
    /// The file.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Create { path, .. } | Self::Extend { path, .. } | Self::Keep { path, .. } => path,
        }
    }

    /// Does it.
    pub(super) fn apply(&self) -> io::Result<Done> {
        match self {
            Self::Create { path, text } => create(path, text),
            Self::Extend { path, text, what } => {
                // The old text stays whole until the new one is.
                let beside = path.with_extension("reverify-new");
                fs::write(&beside, text)?;
                fs::rename(&beside, path)?;
                Ok(Done::Extended(what.clone()))
            }
            Self::Keep { why, .. } => Ok(Done::Kept(why.clone())),
        }
    }
}

fn create(path: &Path, text: &str) -> io::Result<Done> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())?;
            Ok(Done::Created)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Ok(Done::Kept("it was there already".to_owned()))
        }
        Err(error) => Err(error),
    }
}
