//! One logged-in connection: from the socket to answers in our own words.

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use imap::types::UnsolicitedResponse;
use rustls::ClientConfig;

use super::error::{Exchange, ImapError};
use super::folders::Listed;
use super::idle::{self, IdleEnd};
use super::server_address::{Security, ServerAddress};
use super::settings::{ImapLimits, ImapSettings, LoginMethod};
use super::tls;
use super::wire::Wire;

/// Most that a server may send in one exchange: a batch of mails, or the UIDs of 200,000.
pub(super) const REPLY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A server that is told goodbye has this long to answer; nothing depends on it.
const LOGOUT_TIME_MAX: Duration = Duration::from_secs(1);

/// A logged-in connection, dropped after any error: what comes next may be the rest of an answer.
pub(super) struct Session {
    imap: imap::Session<Wire>,
    wire: Wire,
    server: Server,
    can_idle: bool,
    has_quota: bool,
}

/// The server as errors name it, and its limits.
#[derive(Debug, Clone)]
struct Server {
    name: String,
    limits: ImapLimits,
}

/// A folder as it was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) uid_validity: u32,
    pub(super) uid_next: u32,
}

impl Session {
    /// Connects and logs in.
    pub(super) fn open(
        settings: &ImapSettings,
        config: &Arc<ClientConfig>,
    ) -> Result<Self, ImapError> {
        let address = &settings.server;
        let server = Server {
            name: format!("{}:{}", address.host, address.port),
            limits: settings.limits,
        };
        let wire = connect(address, config, &server)?;
        let imap = log_in(settings, wire.clone(), &server)?;
        let mut session = Self {
            imap,
            wire,
            server,
            can_idle: false,
            has_quota: false,
        };
        let capabilities = session.exchange(Exchange::Capability, imap::Session::capabilities)?;
        session.can_idle = capabilities.has_str("IDLE");
        session.has_quota = capabilities.has_str("QUOTA");
        Ok(session)
    }

    /// The folders that can be opened.
    pub(super) fn list(&mut self) -> Result<Vec<Listed>, ImapError> {
        let names = self.exchange(Exchange::List, |imap| imap.list(Some(""), Some("\"*\"")))?;
        Ok(Listed::of(&names))
    }

    /// Opens a folder without the right to change it, so that nothing in it is marked.
    pub(super) fn examine(&mut self, folder: &str) -> Result<Opened, ImapError> {
        let examined = self.exchange(Exchange::Examine, |imap| imap.examine(folder));
        let mailbox = examined.map_err(|error| match error {
            ImapError::Refused { server, reason, .. } => ImapError::folder(server, folder, reason),
            other => other,
        })?;
        self.opened(folder, mailbox.uid_validity, mailbox.uid_next)
    }

    /// How far a folder has come that is not open.
    pub(super) fn status(&mut self, folder: &str) -> Result<Opened, ImapError> {
        let status = self.exchange(Exchange::Status, |imap| {
            imap.status(folder, "(UIDNEXT UIDVALIDITY)")
        })?;
        self.opened(folder, status.uid_validity, status.uid_next)
    }

    fn opened(
        &self,
        folder: &str,
        uid_validity: Option<u32>,
        uid_next: Option<u32>,
    ) -> Result<Opened, ImapError> {
        let (Some(uid_validity), Some(uid_next)) = (uid_validity, uid_next) else {
            let reason = "it has no UIDVALIDITY and UIDNEXT, so mails have no place in it";
            return Err(ImapError::folder(
                self.server.name.clone(),
                folder,
                reason.to_owned(),
            ));
        };
        Ok(Opened {
            uid_validity,
            uid_next,
        })
    }

    /// Gives the server the occasion to tell of new mail in the open folder.
    pub(super) fn has_news(&mut self) -> Result<bool, ImapError> {
        self.exchange(Exchange::Noop, imap::Session::noop)?;
        let mut told = self.imap.take_all_unsolicited();
        Ok(told.any(|one| matches!(one, UnsolicitedResponse::Exists(_))))
    }

    /// Asks for something of mails of the open folder by UID.
    pub(super) fn fetch(
        &mut self,
        uids: &str,
        items: &str,
    ) -> Result<imap::types::Fetches, ImapError> {
        self.exchange(Exchange::Fetch, |imap| imap.uid_fetch(uids, items))
    }

    /// Whether the server pushes.
    pub(super) fn can_idle(&self) -> bool {
        self.can_idle
    }

    /// Whether the server tells how full a folder is.
    pub(super) fn has_quota(&self) -> bool {
        self.has_quota
    }

    /// Waits for news by IDLE until `until`, or until `is_wanted` says so.
    pub(super) fn idle(
        &mut self,
        until: Instant,
        is_wanted: impl Fn() -> bool,
    ) -> Result<(), ImapError> {
        let time_max = self.server.limits.command_time_max;
        match idle::idle(&self.wire, until, time_max, REPLY_BYTES_MAX, is_wanted) {
            Ok(IdleEnd::Changed | IdleEnd::Quiet) => Ok(()),
            Ok(IdleEnd::Refused) => {
                self.can_idle = false;
                Ok(())
            }
            Err(error) => Err(self.server.io(Exchange::Idle, &error)),
        }
    }

    /// Says goodbye; the connection is of no use afterwards.
    pub(super) fn log_out(mut self) {
        self.wire.begin(LOGOUT_TIME_MAX, REPLY_BYTES_MAX);
        // Whether the server says goodbye too changes nothing.
        let _ = self.imap.logout();
    }

    /// One command and its answer, within the command's time.
    pub(super) fn exchange<T>(
        &mut self,
        exchange: Exchange,
        command: impl FnOnce(&mut imap::Session<Wire>) -> imap::Result<T>,
    ) -> Result<T, ImapError> {
        let time_max = self.server.limits.command_time_max;
        self.wire.begin(time_max, REPLY_BYTES_MAX);
        command(&mut self.imap).map_err(|error| self.server.error(exchange, error))
    }
}

fn connect(
    address: &ServerAddress,
    config: &Arc<ClientConfig>,
    server: &Server,
) -> Result<Wire, ImapError> {
    let socket = reach(address, server)?;
    let wire = Wire::new(socket);
    wire.begin(server.limits.connect_time_max, REPLY_BYTES_MAX);
    let handshake = |wire: &Wire| {
        let client = tls::client(config, &address.host, &server.name)?;
        wire.secure(client).map_err(|error| {
            if error.kind() == std::io::ErrorKind::TimedOut {
                server.io(Exchange::Handshake, &error)
            } else {
                tls::handshake_error(&error, &address.host, &server.name)
            }
        })
    };
    if address.security == Security::Tls {
        handshake(&wire)?;
    }
    let greeting = wire
        .line()
        .map_err(|error| server.io(Exchange::Greeting, &error))?;
    let greeting = String::from_utf8_lossy(&greeting);
    if !greeting.to_ascii_uppercase().starts_with("* OK") {
        return Err(ImapError::Refused {
            server: server.name.clone(),
            exchange: Exchange::Greeting,
            reason: greeting.trim().to_owned(),
        });
    }
    if address.security == Security::StartTls {
        start_tls(&wire, server)?;
        handshake(&wire)?;
    }
    Ok(wire)
}

/// A socket to the first address that takes it.
fn reach(address: &ServerAddress, server: &Server) -> Result<TcpStream, ImapError> {
    let unreachable = |reason: String| ImapError::Unreachable {
        server: server.name.clone(),
        reason,
    };
    let until = Instant::now() + server.limits.connect_time_max;
    let found = (address.host.as_str(), address.port).to_socket_addrs();
    let found = found.map_err(|error| unreachable(error.to_string()))?;
    let is_allowed = |found: &SocketAddr| {
        let local = |ip: IpAddr| ip.to_canonical().is_loopback();
        address.security != Security::None || local(found.ip())
    };
    let mut failure = unreachable("its name has no address that may be used".to_owned());
    for one in found.filter(is_allowed) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(&one, left) {
            Ok(socket) => {
                // Commands are short and each waits for its answer.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) => failure = unreachable(error.to_string()),
        }
    }
    Err(failure)
}

fn start_tls(wire: &Wire, server: &Server) -> Result<(), ImapError> {
    let said = wire.say("tls STARTTLS").and_then(|()| {
        loop {
            let line = wire.line()?;
            if line.starts_with(b"tls ") {
                return Ok(String::from_utf8_lossy(&line[4..]).into_owned());
            }
        }
    });
    let answer = said.map_err(|error| server.io(Exchange::StartTls, &error))?;
    if answer.to_ascii_uppercase().starts_with("OK") {
        return Ok(());
    }
    Err(ImapError::StartTls {
        server: server.name.clone(),
        reason: answer,
    })
}

fn log_in(
    settings: &ImapSettings,
    wire: Wire,
    server: &Server,
) -> Result<imap::Session<Wire>, ImapError> {
    let secret = settings.login.secret.secret();
    let secret = secret.map_err(|source| ImapError::Secret {
        server: server.name.clone(),
        source,
    })?;
    wire.begin(server.limits.command_time_max, REPLY_BYTES_MAX);
    let client = imap::Client::new(wire);
    let user = &settings.server.user;
    let (done, help) = match settings.login.method {
        LoginMethod::Password => (
            client.login(user, secret.expose()),
            "check user and password; where sign-in has a second factor, mail programs need an app \
             password",
        ),
        LoginMethod::XOAuth2 => (
            client.authenticate("XOAUTH2", &XOAuth2::new(user, secret.expose())),
            "check that the token is of this user, allows IMAP and has not expired",
        ),
    };
    done.map_err(|(error, _)| {
        let passing = |text: &str| text.contains("[UNAVAILABLE]") || text.contains("[INUSE]");
        match server.error(Exchange::Login, error) {
            ImapError::Refused { server, reason, .. } if !passing(&reason) => {
                ImapError::LoginRefused {
                    server,
                    user: user.clone(),
                    reason,
                    help,
                }
            }
            other => other,
        }
    })
}

/// Answers the challenges of XOAUTH2, as Google and Microsoft describe it: the token first, and
/// nothing after a refusal, which the server then states.
struct XOAuth2(Vec<u8>);

impl XOAuth2 {
    fn new(user: &str, token: &str) -> Self {
        Self(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}").into_bytes())
    }
}

impl imap::Authenticator for XOAuth2 {
    type Response = Vec<u8>;

    fn process(&self, challenge: &[u8]) -> Self::Response {
        if challenge.is_empty() {
            self.0.clone()
        } else {
            Vec::new()
        }
    }
}

impl Server {
    fn io(&self, exchange: Exchange, error: &std::io::Error) -> ImapError {
        let server = self.name.clone();
        let waited = match exchange {
            Exchange::Greeting | Exchange::Handshake | Exchange::StartTls => {
                self.limits.connect_time_max
            }
            _ => self.limits.command_time_max,
        };
        match error.kind() {
            std::io::ErrorKind::TimedOut => ImapError::Silent {
                server,
                exchange,
                waited,
            },
            std::io::ErrorKind::InvalidData => ImapError::Garbled {
                server,
                exchange,
                reason: error.to_string(),
            },
            _ => ImapError::Lost {
                server,
                exchange,
                reason: error.to_string(),
            },
        }
    }

    /// The crate's errors hold answers, which may hold mails: of those only the kind is kept.
    fn error(&self, exchange: Exchange, error: imap::Error) -> ImapError {
        let server = self.name.clone();
        let refused = |reason: String| ImapError::Refused {
            server: self.name.clone(),
            exchange,
            // What to do follows it.
            reason: reason.trim_end_matches('.').to_owned(),
        };
        match error {
            imap::Error::Io(error) => self.io(exchange, &error),
            imap::Error::No(no) => refused(no.information),
            imap::Error::Bad(bad) => refused(bad.information),
            imap::Error::MissingStatusResponse => refused("it tells nothing of it".to_owned()),
            imap::Error::ConnectionLost => ImapError::Lost {
                server,
                exchange,
                reason: "the server closed it".to_owned(),
            },
            imap::Error::Bye(bye) => ImapError::Lost {
                server,
                exchange,
                reason: bye.information,
            },
            imap::Error::Validate(_) => refused("a line break stands in a name".to_owned()),
            imap::Error::Parse(_) | imap::Error::Unexpected(_) => ImapError::Garbled {
                server,
                exchange,
                reason: "the answer cannot be parsed".to_owned(),
            },
            _ => ImapError::Garbled {
                server,
                exchange,
                reason: "the answer belongs to another command, or is missing".to_owned(),
            },
        }
    }
}
