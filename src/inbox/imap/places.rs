//! How far each watched folder has been read.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::super::watch::Starts;
use super::super::{Folder, Position};
use super::error::ImapError;
use super::session::Opened;

/// A folder and the first UID in it that was not looked at.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) folder: Folder,
    /// Its name on the server.
    pub(super) name: String,
    pub(super) uid_validity: u32,
    pub(super) next: u32,
}

impl Place {
    pub(super) fn new(folder: Folder, name: &str, opened: Opened) -> Self {
        Self {
            folder,
            name: name.to_owned(),
            uid_validity: opened.uid_validity,
            next: opened.uid_next,
        }
    }

    /// A UID as a position.
    pub(super) fn at(&self, uid: u32) -> Position {
        Position::new(u64::from(self.uid_validity), u64::from(uid))
    }

    /// Checks that the folder is the one that was read before.
    ///
    /// # Errors
    /// [`ImapError::Renumbered`] when it was made anew: its old mails may have new UIDs.
    pub(super) fn continue_as(&self, opened: Opened) -> Result<(), ImapError> {
        // A next UID that goes back breaks RFC 9051 §2.3.1.1 as well; it comes from a restore.
        if opened.uid_validity == self.uid_validity && opened.uid_next >= self.next {
            return Ok(());
        }
        Err(ImapError::Renumbered {
            folder: self.name.clone(),
            before: self.at(self.next),
            after: Position::new(u64::from(opened.uid_validity), u64::from(opened.uid_next)),
        })
    }
}

/// The watched folders: the inbox, and where else mail may be put.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) inbox: Place,
    pub(super) elsewhere: Vec<Place>,
}

impl Places {
    /// From where on mails count for a wait that begins now.
    pub(super) fn starts(&self) -> Starts {
        let others = self.elsewhere.iter();
        Starts {
            inbox: self.inbox.at(self.inbox.next),
            elsewhere: others
                .map(|place| (place.folder.clone(), place.at(place.next)))
                .collect(),
        }
    }
}

/// How many mails of the inbox are remembered, to recognise them in a folder that shows all.
const RECENT_MAX: usize = 4_096;

/// The latest mails of the inbox that somebody waited for.
///
/// Gmail shows each mail of the inbox in `All Mail` too; only one that is not in the inbox lies
/// elsewhere.
#[derive(Debug, Default)]
pub(super) struct Recent(VecDeque<u64>);

impl Recent {
    pub(super) fn add(&mut self, mail: &[u8]) {
        if self.0.len() == RECENT_MAX {
            self.0.pop_front();
        }
        self.0.push_back(digest(mail));
    }

    pub(super) fn has(&self, mail: &[u8]) -> bool {
        self.0.contains(&digest(mail))
    }
}

fn digest(mail: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    mail.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(uid_validity: u32, uid_next: u32) -> Opened {
        Opened {
            uid_validity,
            uid_next,
        }
    }

    #[test]
    fn a_folder_made_anew_is_noticed() {
        let place = Place::new(Folder::Inbox, "INBOX", opened(7, 10));
        assert_eq!(place.continue_as(opened(7, 10)), Ok(()));
        assert_eq!(place.continue_as(opened(7, 12)), Ok(()));
        for anew in [opened(8, 10), opened(8, 30), opened(7, 9)] {
            let error = place.continue_as(anew).unwrap_err();
            assert!(matches!(error, ImapError::Renumbered { .. }), "{error}");
        }
    }
}
