//! A mail that arrived, with what its delivery told.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::Position;
use crate::model::EmailAddress;

/// The name under which an inbox keeps one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArrivalId(Box<str>);

impl ArrivalId {
    /// Takes the identifier as an inbox or a person wrote it.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The identifier's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArrivalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in a mailbox a mail was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Folder {
    /// The inbox proper.
    Inbox,
    /// The folder for suspected spam, by its name: a mail there was delivered, but did not reach
    /// the reader.
    Junk(String),
    /// Another folder, by its name.
    Other(String),
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbox => f.write_str("the inbox"),
            Self::Junk(name) => write!(f, "the junk folder `{name}`"),
            Self::Other(name) => write!(f, "the folder `{name}`"),
        }
    }
}

/// One delivery of a mail to one recipient.
#[derive(Clone)]
pub struct Arrival {
    /// The inbox's name for it.
    pub id: ArrivalId,
    /// Its place in the order of arrivals of its folder.
    pub position: Position,
    /// The envelope's sender; `None` is the null path `<>` of a bounce (RFC 5321 §4.5.5).
    pub envelope_from: Option<EmailAddress>,
    /// The envelope's recipient, which need not stand in the mail's own headers.
    pub envelope_to: EmailAddress,
    /// When the inbox accepted it, by this machine's clock; for a mailbox that has to be asked,
    /// when it was first seen there.
    pub received_at: Timestamp,
    /// Where it was found.
    pub folder: Folder,
    /// The mail's bytes: headers, an empty line, the body.
    pub raw: Arc<[u8]>,
}

/// Shows the mail's size instead of its bytes, which hold a code.
impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrival")
            .field("id", &self.id)
            .field("position", &self.position)
            .field("envelope_from", &self.envelope_from)
            .field("envelope_to", &self.envelope_to)
            .field("received_at", &self.received_at)
            .field("folder", &self.folder)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}
