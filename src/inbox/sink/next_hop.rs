//! A mail server behind the sink.

use std::fmt::Debug;

use futures::future::BoxFuture;

use crate::model::{EmailAddress, SmtpRefusal};

/// A mail server behind a sink, to which mails are handed on before their senders are told that they
/// were taken. What that server refuses, the sink refuses in the same words.
pub trait NextHop: Debug + Send + Sync {
    /// Hands a mail on for one recipient, with its bytes as they came.
    ///
    /// # Errors
    /// [`NotHandedOn`] when that server did not take it.
    fn hand_on<'a>(
        &'a self,
        sender: Option<&'a EmailAddress>,
        recipient: &'a EmailAddress,
        mail: &'a [u8],
    ) -> BoxFuture<'a, Result<(), NotHandedOn>>;
}

/// Why a mail was not handed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotHandedOn {
    /// The server refused it, for now or for good.
    #[error("{0}")]
    Refused(SmtpRefusal),
    /// The server could not be talked to; its sender may try again.
    #[error("{0}")]
    Unreachable(String),
}
