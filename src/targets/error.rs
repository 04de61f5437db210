//! Why a target cannot be tested.

use std::io;
use std::net::SocketAddr;

use crate::config::SecretError;
use crate::embedded::EmbeddedError;
use crate::inbox::InboxError;
use crate::inbox::imap::ImapError;
use crate::inbox::sink::{SinkError, SinkTlsError};

/// Why a target, or its inbox, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The embedded target did not start, or did not end well.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// There is no secret.
    #[error("there is no {what} for {place}: {reason}")]
    Secret {
        /// What it is for.
        what: &'static str,
        /// Where.
        place: String,
        /// Why not.
        reason: SecretError,
    },
    /// What stands in the configuration cannot be used.
    #[error("{place}: {reason}")]
    Setting {
        /// The table that it stands in.
        place: String,
        /// Why not.
        reason: String,
    },
    /// Nothing permits what every run does.
    #[error("the target `{name}` does not allow to sign users up and to delete them")]
    NotAllowed {
        /// Its name.
        name: String,
        /// Where it is declared.
        declared: String,
    },
    /// Nothing says where the target's mails arrive.
    #[error("the target `{0}` has no inbox")]
    NoInbox(String),
    /// The target's inbox cannot be read.
    #[error("the inbox `{inbox}` of the target `{target}` cannot be used: {reason}")]
    Inbox {
        /// The inbox's name.
        inbox: String,
        /// The target's name.
        target: String,
        /// What happened, where, and what to do.
        reason: Box<InboxError>,
    },
    /// A sink's address is taken or cannot be used.
    #[error("{address}, where the inbox `{inbox}` takes mail, cannot be listened on: {reason}")]
    Listen {
        /// The inbox's name.
        inbox: String,
        /// The address.
        address: SocketAddr,
        /// The system's words.
        reason: io::Error,
    },
    /// A sink's certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] SinkTlsError),
    /// The sink did not start, or did not end well.
    #[error("the SMTP sink: {0}")]
    Sink(#[from] SinkError),
    /// The system gives no thread.
    #[error("no thread for the inbox: {0}")]
    Thread(io::Error),
}

impl TargetError {
    /// What to do, as a phrase; empty where nothing can be said.
    pub fn help(&self) -> String {
        match self {
            Self::NotAllowed { name, declared } => format!(
                "nothing was sent; if runs may do so with users that they made themselves, write \
                 allow = [\"sign-up\", \"delete\"] into [target.{name}] ({declared})"
            ),
            Self::Inbox { inbox, target, .. } => format!(
                "nothing was run; put [inbox.{inbox}] right, and try it alone: \
                 reverify inbox list --target {target}"
            ),
            _ => self.hint().to_owned(),
        }
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::Secret { .. } => "`reverify config show` says where it is looked for",
            Self::Setting { .. } => "put it right in reverify.toml",
            Self::NoInbox(_) => "write: inbox = \"NAME\", and [inbox.NAME]",
            Self::Listen { .. } => {
                "another program may listen there, such as another run; a port below 1024 needs a \
                 right of its own"
            }
            Self::NotAllowed { .. }
            | Self::Inbox { .. }
            | Self::Embedded(_)
            | Self::Tls(_)
            | Self::Sink(_)
            | Self::Thread(_) => "",
        }
    }

    /// Whether the configuration is to blame, and not the world.
    pub fn is_configuration(&self) -> bool {
        match self {
            Self::Secret { .. }
            | Self::Setting { .. }
            | Self::NotAllowed { .. }
            | Self::NoInbox(_)
            | Self::Tls(_) => true,
            Self::Inbox { reason, .. } => matches!(
                **reason,
                InboxError::Imap(ImapError::Secret { .. } | ImapError::TrustedCertificates { .. })
            ),
            Self::Embedded(_) | Self::Listen { .. } | Self::Sink(_) | Self::Thread(_) => false,
        }
    }
}
