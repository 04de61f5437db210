//! Inboxes of a configuration, opened.

use std::net::TcpListener;
use std::sync::Arc;

use super::{Referenced, TargetError};
use crate::config::{self, Imap, ImapLogin, Inbox as Configured, InboxKind, Sink};
use crate::inbox::imap::{ImapSettings, Login, LoginMethod, Security, ServerAddress};
use crate::inbox::sink::{AcceptedDomains, MailDomain, SinkSettings, SinkTls};
use crate::inbox::{Browse, ImapInbox, Inbox, PolledInbox, SmtpSink};
use crate::model::{SharedClock, SystemClock};

/// Where mail of IMAP over TLS is (RFC 8314 §3.2), and where that of plain IMAP (RFC 9051 §2.1).
const PORTS: [u16; 2] = [993, 143];

/// An inbox that mails arrive in.
pub enum OpenInbox {
    /// One that is there whether this process is or not.
    Mailbox(Arc<dyn Browse>),
    /// One that takes mail while it is kept.
    Sink(SmtpSink),
}

impl OpenInbox {
    /// The inbox, to wait for mails in.
    pub fn inbox(&self) -> Arc<dyn Inbox> {
        match self {
            Self::Mailbox(mailbox) => Arc::clone(mailbox) as Arc<dyn Inbox>,
            Self::Sink(sink) => Arc::new(sink.inbox()),
        }
    }
}

/// Opens an inbox. Whether it can be read shows when it is read; only a sink has to have its port.
///
/// ```
/// use reverify::config::{Inbox, InboxKind};
/// use reverify::targets::{OpenInbox, open_inbox};
///
/// let inbox = Inbox {
///     name: "qa".to_owned(),
///     kind: InboxKind::Maildir { path: "mail".into() },
///     address: "{person}.{run}.{scenario}.{attempt}@mail.test".parse()?,
///     receiver: None,
/// };
/// let opened = open_inbox(&inbox)?;
/// assert_eq!(opened.inbox().describe(), "Maildir mail");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a setting cannot be used, or the system refuses a port or a thread.
pub fn open_inbox(inbox: &Configured) -> Result<OpenInbox, TargetError> {
    let clock: SharedClock = Arc::new(SystemClock);
    let setting = |reason: String| TargetError::Setting {
        place: format!("[inbox.{}]", inbox.name),
        reason,
    };
    let mailbox: Arc<dyn Browse> = match &inbox.kind {
        InboxKind::Maildir { path } => {
            let opened = PolledInbox::maildir(path, clock);
            Arc::new(opened.map_err(TargetError::Thread)?)
        }
        InboxKind::Mailpit { url } => {
            let url = url.as_str().parse();
            let url = url.map_err(|error: crate::inbox::polled::InvalidMailpitUrl| {
                setting(error.to_string())
            })?;
            let opened = PolledInbox::mailpit(url, clock);
            Arc::new(opened.map_err(TargetError::Thread)?)
        }
        InboxKind::Imap(imap) => {
            let opened = ImapInbox::open(imap_settings(imap));
            Arc::new(opened.map_err(TargetError::Thread)?)
        }
        InboxKind::Sink(sink) => return start(&inbox.name, sink, setting).map(OpenInbox::Sink),
    };
    Ok(OpenInbox::Mailbox(mailbox))
}

fn imap_settings(imap: &Imap) -> ImapSettings {
    let [tls_port, plain_port] = PORTS;
    let (security, port) = match imap.security {
        config::Security::Tls => (Security::Tls, tls_port),
        config::Security::StartTls => (Security::StartTls, plain_port),
        config::Security::None => (Security::None, plain_port),
    };
    let (method, secret) = match &imap.login {
        ImapLogin::Password(secret) => (LoginMethod::Password, secret),
        ImapLogin::Token(secret) => (LoginMethod::XOAuth2, secret),
    };
    let server = ServerAddress {
        host: imap.host.clone(),
        port: imap.port.unwrap_or(port),
        security,
        user: imap.username.clone(),
        folder: imap.folder.clone(),
    };
    let login = Login {
        method,
        secret: Arc::new(Referenced(secret.clone())),
    };
    ImapSettings {
        trusted: imap.certificates.clone(),
        ..ImapSettings::new(server, login)
    }
}

fn start(
    name: &str,
    sink: &Sink,
    setting: impl Fn(String) -> TargetError,
) -> Result<SmtpSink, TargetError> {
    let domains = sink
        .accept
        .iter()
        .map(|domain| domain.parse::<MailDomain>());
    let domains = domains.collect::<Result<Vec<_>, _>>();
    let domains = domains.map_err(|error| setting(error.to_string()))?;
    let accepted = if domains.is_empty() {
        AcceptedDomains::Every
    } else {
        AcceptedDomains::Listed(domains)
    };
    let tls = match &sink.certificate {
        Some((chain, key)) => Some(SinkTls::from_pem_files(chain, key)?),
        None => None,
    };
    let listener = TcpListener::bind(sink.listen).map_err(|reason| TargetError::Listen {
        inbox: name.to_owned(),
        address: sink.listen,
        reason,
    })?;
    let settings = SinkSettings {
        host_name: sink.host_name.clone(),
        tls,
        accepted,
        ..SinkSettings::default()
    };
    Ok(SmtpSink::start(listener, settings)?)
}
