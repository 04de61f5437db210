//! Where mails arrive: inboxes.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

use super::secret::SecretRef;
use super::section::section;
use super::setting::{Count, one_of, parsed_from_text};
use crate::model::EmailAddress;

/// Where mails arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: InboxKind,
    /// The addresses whose mails arrive there.
    pub address: AddressPattern,
    /// The host whose `Authentication-Results` count, as it names itself there (the authserv-id of
    /// RFC 8601).
    pub receiver: Option<String>,
}

/// What an inbox is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxKind {
    /// A mailbox of a mail server.
    Imap(Imap),
    /// A Maildir.
    Maildir {
        /// Its folder.
        path: PathBuf,
    },
    /// A Mailpit.
    Mailpit {
        /// Its URL.
        url: Url,
    },
    /// An SMTP server in the process of the run, to which the target's mails are sent.
    Sink(Sink),
}

/// A mailbox of a mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imap {
    /// The host, by name or address.
    pub host: String,
    /// The TCP port, unless it is the standard one.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Security,
    /// Who logs in.
    pub username: String,
    /// The folder.
    pub folder: String,
    /// With what.
    pub login: ImapLogin,
    /// A file with certificates to trust instead of the system's.
    pub certificates: Option<PathBuf>,
}

/// With what somebody logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImapLogin {
    /// A password.
    Password(SecretRef),
    /// An OAuth 2.0 access token.
    Token(SecretRef),
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after the greeting.
    StartTls,
    /// None, which only a server on loopback may get.
    None,
}

/// An SMTP server in the process of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink {
    /// Where it takes mail.
    pub listen: SocketAddr,
    /// The domains whose mail it takes; every one where none is named, which only loopback may.
    pub accept: Vec<String>,
    /// The name that it gives itself.
    pub host_name: String,
    /// The certificate for STARTTLS and its key, both in PEM.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// A template that makes an address of its own for each person of each attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressPattern(String);

/// What has to stand in a template, so that no two attempts share an address.
const PLACEHOLDERS: [&str; 4] = ["{person}", "{run}", "{scenario}", "{attempt}"];

/// What a template may be replaced by at its longest that still leaves room for a name.
const EXAMPLES: [&str; 4] = ["ada", "7f3c9a", "sign-up-12", "1"];

/// Why a text is no such template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidPattern(String);

impl AddressPattern {
    /// The template as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AddressPattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut address = text.to_owned();
        for (placeholder, example) in PLACEHOLDERS.into_iter().zip(EXAMPLES) {
            if !text.contains(placeholder) {
                return Err(InvalidPattern(format!(
                    "it lacks {placeholder}, without which two attempts could share an address"
                )));
            }
            address = address.replace(placeholder, example);
        }
        if let Some((_, after)) = address.split_once('{') {
            let name = after.split('}').next().unwrap_or_default();
            let known = PLACEHOLDERS.join(", ");
            return Err(InvalidPattern(format!(
                "nothing is known as {{{name}}}; write {known}"
            )));
        }
        match address.parse::<EmailAddress>() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(InvalidPattern(error.to_string())),
        }
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an inbox is, by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InboxWord {
    Imap,
    Maildir,
    Mailpit,
    Sink,
}

one_of!(InboxWord {
    "imap" => Imap,
    "maildir" => Maildir,
    "mailpit" => Mailpit,
    "sink" => Sink,
});
one_of!(Security { "tls" => Tls, "starttls" => StartTls, "none" => None });
parsed_from_text!(AddressPattern: "address with {person}, {run}, {scenario} and {attempt}");

section! {
    /// A mailbox of a mail server.
    ImapTable {
        /// What the inbox is.
        _kind: InboxWord = "kind" required;
        /// The host, by name or address.
        host: String = "host" required;
        /// The TCP port, unless it is 993, or 143 without TLS from the start.
        port: Count<1, 65_535> = "port";
        /// How the connection is protected: by TLS from the first byte, by STARTTLS, or, on loopback
        /// alone, not at all.
        security: Security = "security";
        /// Who logs in.
        username: String = "username" required;
        /// The folder.
        folder: String = "folder";
        /// The password.
        password: SecretRef = "password";
        /// An OAuth 2.0 access token in place of a password.
        token: SecretRef = "token";
        /// Certificates in PEM to trust instead of the system's.
        certificates: PathBuf = "certificates";
        /// The addresses whose mails arrive here.
        address: AddressPattern = "address" required;
        /// The host whose `Authentication-Results` count, as it names itself there.
        receiver: String = "receiver";
    }
}

section! {
    /// A Maildir, such as `reverify inbox serve` and `reverify emulate --maildir` fill.
    MaildirTable {
        /// What the inbox is.
        _kind: InboxWord = "kind" required;
        /// The folder with `new` and `cur` in it.
        path: PathBuf = "path" required;
        /// The addresses whose mails arrive here.
        address: AddressPattern = "address" required;
        /// The host whose `Authentication-Results` count, as it names itself there.
        receiver: String = "receiver";
    }
}

section! {
    /// A Mailpit.
    MailpitTable {
        /// What the inbox is.
        _kind: InboxWord = "kind" required;
        /// Its URL.
        url: Url = "url" required;
        /// The addresses whose mails arrive here.
        address: AddressPattern = "address" required;
        /// The host whose `Authentication-Results` count, as it names itself there.
        receiver: String = "receiver";
    }
}

section! {
    /// An SMTP server in the process of the run, to which the target's mails are sent.
    SinkTable {
        /// What the inbox is.
        _kind: InboxWord = "kind" required;
        /// Where it takes mail.
        listen: SocketAddr = "listen" required;
        /// The domains whose mail it takes. An address that other machines can reach needs one.
        accept: Vec<String> = "accept";
        /// The name that it gives itself.
        host_name: String = "host-name";
        /// The certificate for STARTTLS in PEM, with those that lead to its authority after it.
        certificate: PathBuf = "certificate";
        /// The private key of that certificate, in PEM.
        key: PathBuf = "key";
        /// The addresses whose mails arrive here.
        address: AddressPattern = "address" required;
        /// The host whose `Authentication-Results` count, as it names itself there.
        receiver: String = "receiver";
    }
}
