//! What can go wrong with a mailbox.

use std::fmt;
use std::time::Duration;

use super::super::Position;
use super::folders::{self, Listed};
use super::settings::SecretUnavailable;

/// Why a mailbox cannot be read: what happened, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImapError {
    /// The host has no address, or nothing takes connections there.
    #[error("{server} cannot be reached: {reason}; is it the right host and port?")]
    Unreachable {
        /// Host and port.
        server: String,
        /// The system's words.
        reason: String,
    },
    /// The file with trusted certificates cannot be used.
    #[error("the trusted certificates cannot be read: {reason}; name a file with PEM certificates")]
    TrustedCertificates {
        /// What is wrong with it.
        reason: String,
    },
    /// The server's certificate is not valid here.
    #[error("the certificate of {server} is not valid: {reason}")]
    Certificate {
        /// Host and port.
        server: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The two sides cannot agree on TLS.
    #[error("no TLS with {server}: {reason}; does its port speak TLS from the start (imaps:)?")]
    Tls {
        /// Host and port.
        server: String,
        /// What happened.
        reason: String,
    },
    /// The server takes no STARTTLS, or sends something in clear after it.
    #[error("{server} cannot be switched to TLS: {reason}; try imaps:// on port 993")]
    StartTls {
        /// Host and port.
        server: String,
        /// What the server said.
        reason: String,
    },
    /// There is no password or token.
    #[error("no login at {server}: {source}")]
    Secret {
        /// Host and port.
        server: String,
        /// Why.
        source: SecretUnavailable,
    },
    /// The server does not let the user in.
    #[error("{server} refuses the login of {user}: {reason}; {help}")]
    LoginRefused {
        /// Host and port.
        server: String,
        /// Who.
        user: String,
        /// The server's words.
        reason: String,
        /// What to do.
        help: &'static str,
    },
    /// The folder cannot be opened.
    #[error("{server} cannot open the folder `{folder}`: {reason}; {help}")]
    Folder {
        /// Host and port.
        server: String,
        /// The folder.
        folder: String,
        /// The server's words.
        reason: String,
        /// What to do.
        help: String,
    },
    /// The folder was made anew while somebody waited.
    #[error(
        "the folder `{folder}` was made anew: it had come to {before} (UIDVALIDITY:UID) and is now \
         at {after}, so new mails cannot be told from old ones; run again"
    )]
    Renumbered {
        /// The folder.
        folder: String,
        /// How far it had come.
        before: Position,
        /// How far it has come now.
        after: Position,
    },
    /// No answer came in time.
    #[error("{server} did not answer {exchange} within {} s", .waited.as_secs_f64())]
    Silent {
        /// Host and port.
        server: String,
        /// What was said.
        exchange: Exchange,
        /// How long.
        waited: Duration,
    },
    /// The connection ended.
    #[error("the connection to {server} ended during {exchange}: {reason}")]
    Lost {
        /// Host and port.
        server: String,
        /// What was said.
        exchange: Exchange,
        /// The system's or the server's words.
        reason: String,
    },
    /// A command was refused.
    #[error("{server} refuses {exchange}: {reason}")]
    Refused {
        /// Host and port.
        server: String,
        /// What was said.
        exchange: Exchange,
        /// The server's words.
        reason: String,
    },
    /// The answer is not IMAP, or larger than any answer may be.
    #[error("{server} answers {exchange} with what is no IMAP: {reason}")]
    Garbled {
        /// Host and port.
        server: String,
        /// What was said.
        exchange: Exchange,
        /// What is wrong.
        reason: String,
    },
}

impl ImapError {
    /// A folder that cannot be opened.
    pub(super) fn folder(server: String, folder: &str, reason: String) -> Self {
        Self::Folder {
            server,
            folder: folder.to_owned(),
            reason,
            help: "name another folder".to_owned(),
        }
    }

    /// The same, with the folders that there are where one cannot be opened.
    pub(super) fn with_folders(mut self, listed: &[Listed]) -> Self {
        if let Self::Folder { help, .. } = &mut self
            && !listed.is_empty()
        {
            *help = folders::known(listed);
        }
        self
    }

    /// Whether a new connection may do better.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Silent { .. }
            | Self::Lost { .. }
            | Self::Refused { .. }
            | Self::Garbled { .. } => true,
            Self::TrustedCertificates { .. }
            | Self::Certificate { .. }
            | Self::Tls { .. }
            | Self::StartTls { .. }
            | Self::Secret { .. }
            | Self::LoginRefused { .. }
            | Self::Folder { .. }
            | Self::Renumbered { .. } => false,
        }
    }
}

/// A part of the conversation with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exchange {
    /// The first line that a server says.
    Greeting,
    /// The TLS handshake.
    Handshake,
    /// STARTTLS.
    StartTls,
    /// CAPABILITY.
    Capability,
    /// LOGIN or AUTHENTICATE.
    Login,
    /// LIST.
    List,
    /// EXAMINE.
    Examine,
    /// STATUS.
    Status,
    /// NOOP.
    Noop,
    /// UID FETCH.
    Fetch,
    /// GETQUOTAROOT.
    Quota,
    /// IDLE, up to its DONE.
    Idle,
    /// LOGOUT.
    Logout,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the greeting",
            Self::Handshake => "the TLS handshake",
            Self::StartTls => "STARTTLS",
            Self::Capability => "CAPABILITY",
            Self::Login => "the login",
            Self::List => "LIST",
            Self::Examine => "EXAMINE",
            Self::Status => "STATUS",
            Self::Noop => "NOOP",
            Self::Fetch => "FETCH",
            Self::Quota => "GETQUOTAROOT",
            Self::Idle => "IDLE",
            Self::Logout => "LOGOUT",
        })
    }
}
