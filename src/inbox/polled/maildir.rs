//! A Maildir: one file per mail, in `new` until a mail program has shown it and in `cur` then.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::store::{Found, Store};
use crate::inbox::InboxError;
use crate::mail::MESSAGE_BYTES_MAX;

/// What separates a file's own name from the flags that a mail program adds to it.
const FLAGS_MARK: char = ':';

/// The folders of mails that are whole. A mail moves from the first to the second, so in this
/// order none is overlooked.
const FOLDERS: [&str; 2] = ["new", "cur"];

/// The mails of a folder.
#[derive(Debug)]
pub(super) struct Maildir {
    folder: PathBuf,
    known: HashSet<String>,
}

impl Maildir {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            known: HashSet::new(),
        }
    }

    fn unreadable(&self, path: &Path, error: &io::Error) -> InboxError {
        let help = if error.kind() == io::ErrorKind::NotFound {
            "; is it a Maildir, with folders `new` and `cur`?"
        } else {
            ""
        };
        InboxError::Unreadable {
            inbox: format!("the Maildir {}", self.folder.display()),
            reason: format!("{}: {error}{help}", path.display()),
        }
    }

    /// The files with their own names, those of `new` first.
    fn files(&self) -> Result<Vec<(String, PathBuf)>, InboxError> {
        let mut files = Vec::new();
        for name in FOLDERS {
            let folder = self.folder.join(name);
            let failed = |error: io::Error| self.unreadable(&folder, &error);
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let Ok(file) = entry.file_name().into_string() else {
                    continue;
                };
                // The format leaves files that begin with a full stop alone.
                if !file.starts_with('.') {
                    let own = file.split(FLAGS_MARK).next().unwrap_or(&file);
                    files.push((own.to_owned(), entry.path()));
                }
            }
        }
        Ok(files)
    }
}

impl Store for Maildir {
    fn new_mails(&mut self) -> Result<Vec<Found>, InboxError> {
        let files = self.files()?;
        let mut present = HashSet::with_capacity(files.len());
        let mut new = Vec::new();
        for (name, path) in files {
            if present.insert(name.clone()) && !self.known.contains(&name) {
                // Only the order of mails that were found together depends on the time.
                let time = fs::metadata(&path).and_then(|data| data.modified());
                new.push((time.unwrap_or(SystemTime::UNIX_EPOCH), name));
            }
        }
        new.sort();
        self.known = present;
        let found = |(_, name)| Found {
            name,
            recipients: Vec::new(),
        };
        Ok(new.into_iter().map(found).collect())
    }

    fn raw(&mut self, name: &str) -> Result<Option<Vec<u8>>, InboxError> {
        for (own, path) in self.files()? {
            if own != name {
                continue;
            }
            let mut raw = Vec::new();
            let read = File::open(&path)
                .and_then(|file| file.take(MESSAGE_BYTES_MAX as u64).read_to_end(&mut raw));
            match read {
                Ok(_) => return Ok(Some(raw)),
                // A mail program has renamed it this moment; its other name may follow.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(self.unreadable(&path, &error)),
            }
        }
        Ok(None)
    }
}
