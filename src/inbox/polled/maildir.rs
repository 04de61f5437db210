//! A Maildir: one file per mail, in `new` until a mail program has shown it and in `cur` then.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::store::{Found, Store};
use crate::inbox::{Folder, InboxError};
use crate::mail::MESSAGE_BYTES_MAX;

/// What separates a file's own name from the flags that a mail program adds to it.
const FLAGS_MARK: char = ':';

/// The folders of mails that are whole. A mail moves from the first to the second, so in this
/// order none is overlooked.
const FOLDERS: [&str; 2] = ["new", "cur"];

/// What the folder for suspected spam is called where there is one, in the layout Maildir++.
const JUNK_FOLDERS: [&str; 2] = [".Junk", ".Spam"];

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

    /// The files, those of `new` first and those of the inbox before those of other folders.
    fn files(&self) -> Result<Vec<Entry>, InboxError> {
        let mut files = Vec::new();
        for name in FOLDERS {
            let folder = self.folder.join(name);
            let read = read_folder(&folder, &Folder::Inbox, &mut files);
            read.map_err(|error| self.unreadable(&folder, &error))?;
        }
        for junk in JUNK_FOLDERS {
            for name in FOLDERS {
                let folder = self.folder.join(junk).join(name);
                match read_folder(&folder, &junk_folder(junk), &mut files) {
                    // Not everybody has one.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    read => read.map_err(|error| self.unreadable(&folder, &error))?,
                }
            }
        }
        Ok(files)
    }
}

/// A mail's file.
#[derive(Debug)]
struct Entry {
    /// Its name without the flags.
    own_name: String,
    folder: Folder,
    path: PathBuf,
}

fn read_folder(path: &Path, folder: &Folder, files: &mut Vec<Entry>) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let Ok(file) = entry.file_name().into_string() else {
            continue;
        };
        // The format leaves files that begin with a full stop alone.
        if !file.starts_with('.') {
            let own_name = file.split(FLAGS_MARK).next().unwrap_or(&file).to_owned();
            let (folder, path) = (folder.clone(), entry.path());
            files.push(Entry {
                own_name,
                folder,
                path,
            });
        }
    }
    Ok(())
}

fn junk_folder(name: &str) -> Folder {
    Folder::Junk(name.trim_start_matches('.').to_owned())
}

impl Store for Maildir {
    fn new_mails(&mut self) -> Result<Vec<Found>, InboxError> {
        let files = self.files()?;
        let mut present = HashSet::with_capacity(files.len());
        let mut new = Vec::new();
        for file in files {
            let name = file.own_name;
            if present.insert(name.clone()) && !self.known.contains(&name) {
                // Only the order of mails that were found together depends on the time.
                let time = fs::metadata(&file.path).and_then(|data| data.modified());
                let found = Found {
                    name,
                    recipients: Vec::new(),
                    folder: file.folder,
                };
                new.push((time.unwrap_or(SystemTime::UNIX_EPOCH), found));
            }
        }
        new.sort_by(|(time, found), (other, next)| (time, &found.name).cmp(&(other, &next.name)));
        self.known = present;
        Ok(new.into_iter().map(|(_, found)| found).collect())
    }

    fn junk_folders(&self) -> Vec<Folder> {
        JUNK_FOLDERS.map(junk_folder).into()
    }

    fn raw(&mut self, name: &str) -> Result<Option<Vec<u8>>, InboxError> {
        for Entry { own_name, path, .. } in self.files()? {
            if own_name != name {
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
