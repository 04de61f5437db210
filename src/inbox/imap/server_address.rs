//! Which mailbox on which server: an IMAP URL.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte: `imaps://`, port 993 (RFC 8314 §3.2).
    Tls,
    /// TLS after the greeting: `imap+starttls://`, port 143 (RFC 9051 §6.2.1).
    StartTls,
    /// None: `imap://`, port 143, and on loopback only.
    None,
}

/// A mailbox's place, as `imaps://USER@HOST:PORT/FOLDER` (RFC 5092 without its password).
///
/// ```
/// use reverify::inbox::imap::{Security, ServerAddress};
///
/// let address: ServerAddress = "imaps://qa%40example.com@imap.example.com".parse()?;
/// assert_eq!((address.user.as_str(), address.port), ("qa@example.com", 993));
/// assert_eq!((address.folder.as_str(), address.security), ("INBOX", Security::Tls));
///
/// let plain = "imap://qa@imap.example.com".parse::<ServerAddress>().unwrap_err();
/// assert!(plain.to_string().contains("imap+starttls://"));
/// # Ok::<(), reverify::inbox::imap::InvalidServerAddress>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress {
    /// The host, by name or address.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who logs in.
    pub user: String,
    /// The folder that is the inbox proper, as the server names it (RFC 9051 §5.1).
    pub folder: String,
}

impl ServerAddress {
    /// Whether the host is this machine, by its loopback name or address.
    pub(super) fn is_on_this_machine(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl FromStr for ServerAddress {
    type Err = InvalidServerAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|error| InvalidServerAddress(error.to_string()))?;
        let invalid = |reason: &str| Err(InvalidServerAddress(reason.to_owned()));
        let (security, standard_port) = match url.scheme() {
            "imaps" => (Security::Tls, 993),
            "imap+starttls" => (Security::StartTls, 143),
            "imap" => (Security::None, 143),
            _ => return invalid("it begins with none of imaps:, imap+starttls: and imap:"),
        };
        if url.password().is_some() {
            return invalid("a password stands in it, where process lists and logs show it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return invalid("it has a `?` or `#`; in a folder's name write %3F and %23");
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return invalid("it names no host");
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if security == Security::None && !is_loopback(host) {
            return invalid(
                "imap: sends the password unprotected, which only a server on loopback may get; \
                 write imaps:// or imap+starttls://",
            );
        }
        let (Some(user), Some(folder)) = (
            decoded(url.username()),
            decoded(url.path().trim_start_matches('/')),
        ) else {
            return invalid("an escape such as %40 is not UTF-8");
        };
        if user.is_empty() {
            return invalid("it names no user before an `@`; write the user's own `@` as %40");
        }
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(standard_port),
            security,
            user,
            folder: if folder.is_empty() {
                "INBOX".to_owned()
            } else {
                folder
            },
        })
    }
}

/// Shows the mailbox as a person would name it: `qa@example.com on imap.example.com:993, INBOX`.
impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            port,
            user,
            folder,
            ..
        } = self;
        write!(f, "{user} on {host}:{port}, {folder}")
    }
}

/// A text that is not the URL of a mailbox, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not the address of a mailbox, imaps://USER@HOST[:PORT][/FOLDER]: {0}")]
pub struct InvalidServerAddress(String);

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || match Host::parse(host) {
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            _ => host
                .parse::<std::net::Ipv6Addr>()
                .is_ok_and(|address| address.is_loopback()),
        }
}

/// The text with its %-escapes resolved.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = (*first == b'%').then(|| after.get(..2)).flatten();
        let escape = escape.and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_names_a_mailbox() {
        let cases = [
            ("imaps://a@h", Security::Tls, "a on h:993, INBOX"),
            (
                "imap+starttls://a@h/In%20box",
                Security::StartTls,
                "a on h:143, In box",
            ),
            (
                "imap://a%40b.c@127.0.0.1:10143/Archive/2026",
                Security::None,
                "a@b.c on 127.0.0.1:10143, Archive/2026",
            ),
            ("imap://a@[::1]", Security::None, "a on ::1:143, INBOX"),
            (
                "imap://a@localhost/",
                Security::None,
                "a on localhost:143, INBOX",
            ),
        ];
        for (text, security, shown) in cases {
            let address: ServerAddress = text.parse().unwrap();
            assert_eq!(
                (address.security, address.to_string().as_str()),
                (security, shown)
            );
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            ("imaps://h", "no user"),
            ("imaps://a:secret@h", "a password stands in it"),
            ("https://a@h", "begins with none"),
            ("imap://a@h", "unprotected"),
            ("imap://a@10.0.0.1", "unprotected"),
            ("imap://a@localhost.evil.test", "unprotected"),
            ("imaps://a@h/in?box", "`?`"),
            ("imaps://%ff@h", "not UTF-8"),
            ("qa@example.com", "not the address of a mailbox"),
        ];
        for (text, expected) in cases {
            let error = text.parse::<ServerAddress>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
