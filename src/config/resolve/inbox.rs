//! An inbox's table as an inbox.

use std::net::IpAddr;

use url::Host;

use crate::config::inbox::{
    Imap, ImapLogin, ImapTable, Inbox, InboxKind, InboxWord, MaildirTable, MailpitTable, Security,
    Sink, SinkTable,
};
use crate::config::node::Table;
use crate::config::origin::Origin;
use crate::config::problem::ConfigProblem;
use crate::config::section::{Section, refuse_incomplete, value};

/// The inbox of a table, if nothing is wrong with it.
pub(in crate::config) fn inbox(
    name: &str,
    table: &Table,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Inbox> {
    let before = problems.len();
    let Some(word) = value(table, "kind", problems) else {
        if problems.len() == before {
            let problem = ConfigProblem::at(&table.origin, "this inbox has no `kind`");
            let label = "it has to be one of \"imap\", \"maildir\", \"mailpit\", \"sink\"";
            problems.push(problem.label(label));
        }
        return None;
    };
    let read = match word {
        InboxWord::Imap => complete(table, problems).and_then(|read| imap(read, table, problems)),
        InboxWord::Maildir => complete(table, problems).and_then(|read: MaildirTable| {
            Some((
                InboxKind::Maildir { path: read.path? },
                read.address?,
                read.receiver,
            ))
        }),
        InboxWord::Mailpit => complete(table, problems).and_then(|read: MailpitTable| {
            Some((
                InboxKind::Mailpit { url: read.url? },
                read.address?,
                read.receiver,
            ))
        }),
        InboxWord::Sink => complete(table, problems).and_then(|read| sink(read, table, problems)),
    };
    let (kind, address, receiver) = read?;
    Some(Inbox {
        name: name.to_owned(),
        kind,
        address,
        receiver,
    })
}

/// The table, if it has everything that it needs and nothing else.
pub(super) fn complete<T: Section>(table: &Table, problems: &mut Vec<ConfigProblem>) -> Option<T> {
    let before = problems.len();
    let read = T::of_table(table, problems);
    refuse_incomplete::<T>(table, "this table", problems);
    (problems.len() == before).then_some(read)
}

/// The place of a key's value; of the table, where the key is not there.
pub(super) fn place(table: &Table, key: &str) -> Origin {
    let entry = table.entries.get(key);
    entry.map_or_else(|| table.origin.clone(), |entry| entry.value.origin.clone())
}

type Read = (
    InboxKind,
    crate::config::inbox::AddressPattern,
    Option<String>,
);

fn imap(read: ImapTable, table: &Table, problems: &mut Vec<ConfigProblem>) -> Option<Read> {
    let login = match (read.password, read.token) {
        (Some(password), None) => ImapLogin::Password(password),
        (None, Some(token)) => ImapLogin::Token(token),
        (password, _) => {
            let (what, at) = match password {
                Some(_) => ("both a password and a token", "token"),
                None => ("neither a password nor a token", ""),
            };
            let problem = ConfigProblem::at(&place(table, at), format!("this inbox has {what}"));
            let problem = problem.label("one of them logs in");
            problems.push(problem.help("write: password = { env = \"VARIABLE\" }"));
            return None;
        }
    };
    let (host, security) = (read.host?, read.security.unwrap_or(Security::Tls));
    if security == Security::None && !is_loopback(&host) {
        let at = place(table, "security");
        let problem = ConfigProblem::at(&at, "the password would be sent unprotected");
        let label = "only a server on loopback may get it so";
        problems.push(
            problem
                .label(label)
                .help("write: security = \"tls\", or \"starttls\""),
        );
        return None;
    }
    let kind = InboxKind::Imap(Imap {
        host,
        port: read.port.and_then(|port| u16::try_from(port.0).ok()),
        security,
        username: read.username?,
        folder: read.folder.unwrap_or_else(|| "INBOX".to_owned()),
        login,
        certificates: read.certificates,
    });
    Some((kind, read.address?, read.receiver))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn sink(read: SinkTable, table: &Table, problems: &mut Vec<ConfigProblem>) -> Option<Read> {
    let listen = read.listen?;
    let accept = read.accept.unwrap_or_default();
    if accept.is_empty() && !listen.ip().is_loopback() {
        let at = place(table, "listen");
        let problem = ConfigProblem::at(
            &at,
            "this sink would take mail from everybody for everybody",
        );
        let label = "other machines can reach this address";
        problems.push(
            problem
                .label(label)
                .help("name its domains: accept = [\"staging.example.com\"]"),
        );
        return None;
    }
    let address = read.address?;
    if !accept.is_empty() && !accepts(&accept, address.as_str()) {
        let at = place(table, "address");
        let problem =
            ConfigProblem::at(&at, "this sink would refuse the mails to its own addresses");
        let label = "its domain is none of those in `accept`";
        problems.push(problem.label(label).help("write the same domain in both"));
        return None;
    }
    let certificate = match (read.certificate, read.key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        (certificate, _) => {
            let (has, lacks) = if certificate.is_some() {
                ("certificate", "key")
            } else {
                ("key", "certificate")
            };
            let problem = ConfigProblem::at(&place(table, has), format!("`{lacks}` is missing"));
            problems.push(problem.label("a certificate and its key come together"));
            return None;
        }
    };
    let kind = InboxKind::Sink(Sink {
        listen,
        accept,
        host_name: read.host_name.unwrap_or_else(|| "localhost".to_owned()),
        certificate,
    });
    Some((kind, address, read.receiver))
}

/// Whether mail to such addresses is taken. Of a domain with a placeholder nobody can tell.
fn accepts(domains: &[String], address: &str) -> bool {
    let (_, own) = address.rsplit_once('@').unwrap_or_default();
    let name = |domain: &str| Host::parse(domain).ok();
    own.contains('{') || domains.iter().any(|one| name(one) == name(own))
}
