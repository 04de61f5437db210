//! What an IMAP inbox has to be told.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::server_address::ServerAddress;
use crate::model::{Secret, SharedClock, SystemClock};

/// A mailbox, how to log in to it, and how long to wait for its server.
#[derive(Debug, Clone)]
pub struct ImapSettings {
    /// The mailbox.
    pub server: ServerAddress,
    /// How to log in.
    pub login: Login,
    /// A file with certificates in PEM that are trusted instead of the system's roots.
    pub trusted: Option<PathBuf>,
    /// How long things may take.
    pub limits: ImapLimits,
    /// Stamps arrivals.
    pub clock: SharedClock,
}

impl ImapSettings {
    /// The mailbox with the system's roots, the default limits and the machine's clock.
    pub fn new(server: ServerAddress, login: Login) -> Self {
        Self {
            server,
            login,
            trusted: None,
            limits: ImapLimits::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// How to log in.
#[derive(Clone)]
pub struct Login {
    /// With what.
    pub method: LoginMethod,
    /// Where the password or the token comes from; asked for each connection, since tokens expire.
    pub secret: Arc<dyn SecretSource>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// With what somebody logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginMethod {
    /// A password, by LOGIN (RFC 9051 §6.2.3).
    Password,
    /// An OAuth 2.0 access token, by AUTHENTICATE XOAUTH2, as Google and Microsoft ask for.
    XOAuth2,
}

/// A password or a token that is looked up when it is needed. It may block: the mailbox's thread
/// waits for it.
pub trait SecretSource: Send + Sync {
    /// The secret as it is now.
    ///
    /// # Errors
    /// [`SecretUnavailable`], with the reason.
    fn secret(&self) -> Result<Secret<String>, SecretUnavailable>;
}

/// A secret that does not change.
impl SecretSource for Secret<String> {
    fn secret(&self) -> Result<Secret<String>, SecretUnavailable> {
        Ok(self.clone())
    }
}

/// Why there is no password or token: what was tried, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretUnavailable(pub String);

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImapLimits {
    /// To take a connection, TLS included. Default 15 s.
    pub connect_time_max: Duration,
    /// To answer one command. Default 30 s: opening a large mailbox for the first time makes some
    /// servers index it.
    pub command_time_max: Duration,
    /// How long a mailbox that was there before may be out of reach before waits end with the
    /// reason. Default 1 minute: a restart takes less.
    pub reconnect_time_max: Duration,
}

impl Default for ImapLimits {
    fn default() -> Self {
        Self {
            connect_time_max: Duration::from_secs(15),
            command_time_max: Duration::from_secs(30),
            reconnect_time_max: Duration::from_mins(1),
        }
    }
}
