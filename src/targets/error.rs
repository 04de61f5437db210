//! Why a target cannot be tested.

use std::io;
use std::net::SocketAddr;

use crate::config::SecretError;
use crate::embedded::EmbeddedError;
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
    /// Nothing says where the target's mails arrive.
    #[error("the target `{0}` has no inbox")]
    NoInbox(String),
    /// A sink's address is taken or cannot be used.
    #[error("{address} cannot be listened on: {reason}")]
    Listen {
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
    pub fn help(&self) -> &'static str {
        match self {
            Self::Secret { .. } => "`reverify config show` says where it is looked for",
            Self::Setting { .. } => "put it right in reverify.toml",
            Self::NoInbox(_) => "write: inbox = \"NAME\", and [inbox.NAME]",
            Self::Listen { .. } => {
                "another program may listen there; a port below 1024 needs a right of its own"
            }
            Self::Embedded(_) | Self::Tls(_) | Self::Sink(_) | Self::Thread(_) => "",
        }
    }

    /// Whether the configuration is to blame, and not the world.
    pub fn is_configuration(&self) -> bool {
        matches!(
            self,
            Self::Secret { .. } | Self::Setting { .. } | Self::NoInbox(_) | Self::Tls(_)
        )
    }
}
