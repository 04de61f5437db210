//! What a kind of inbox has to be able to do, so that it can be polled.

use crate::inbox::{Folder, InboxError};
use crate::model::EmailAddress;

/// A place where mails lie, each under a name that does not change.
pub(super) trait Store: Send {
    /// The mails that no earlier call returned, in the order of their arrival; at first all.
    ///
    /// # Errors
    /// [`InboxError::Unreadable`] when the place cannot be read; the mails come with a later call.
    fn new_mails(&mut self) -> Result<Vec<Found>, InboxError>;

    /// The folders other than the inbox in which mails may be found.
    fn junk_folders(&self) -> Vec<Folder> {
        Vec::new()
    }

    /// The bytes of a mail, or nothing if it was deleted.
    ///
    /// # Errors
    /// [`InboxError::Unreadable`] when the place cannot be read.
    fn raw(&mut self, name: &str) -> Result<Option<Vec<u8>>, InboxError>;
}

/// A mail that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its name in the store.
    pub(super) name: String,
    /// Envelope recipients that the store knows; more may stand in the mail's headers.
    pub(super) recipients: Vec<EmailAddress>,
    /// Where it lies.
    pub(super) folder: Folder,
}
