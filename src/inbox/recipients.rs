//! For whom a mail in a mailbox was, as far as its headers tell.

use mailparse::{MailAddr, MailHeader, SingleInfo};

use crate::model::EmailAddress;

/// Headers in which a receiving host notes the envelope's recipient. What a sender writes into
/// them stays below what the receivers add.
const STAMPED: [&str; 5] = [
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Forwarded-To",
];

/// Headers in which the sender names recipients.
const NAMED: [&str; 3] = ["To", "Cc", "Resent-To"];

/// The fields that [`Recipients::of`] reads, as FETCH wants them (RFC 9051 §6.4.5.1).
pub(super) const HEADER_FIELDS: &str =
    "DELIVERED-TO X-ORIGINAL-TO ENVELOPE-TO X-ENVELOPE-TO X-FORWARDED-TO TO CC RESENT-TO";

/// Addresses of one mail that are looked at; a mailing has more, a verification mail has one.
const ADDRESSES_MAX: usize = 100;

/// Longest header value that is looked at, in bytes.
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// The addresses of a mail, the receiver's word before the sender's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recipients {
    stamped: Vec<EmailAddress>,
    named: Vec<EmailAddress>,
}

impl Recipients {
    /// Reads them from a mail's bytes, of which the first part is enough.
    pub(super) fn of(head: &[u8]) -> Self {
        let Ok((headers, _)) = mailparse::parse_headers(head) else {
            return Self::default();
        };
        Self {
            stamped: addresses(&headers, &STAMPED),
            named: addresses(&headers, &NAMED),
        }
    }

    /// Adds envelope recipients that the inbox knows from elsewhere.
    pub(super) fn with_stamped(mut self, addresses: &[EmailAddress]) -> Self {
        self.stamped.extend_from_slice(addresses);
        self
    }

    /// Those for whom `is_awaited` holds: of the envelope's recipients if any, and otherwise of
    /// those that the sender names. A mailbox for many addresses is often stamped with its own.
    pub(super) fn awaited(&self, is_awaited: impl Fn(&EmailAddress) -> bool) -> Vec<&EmailAddress> {
        let among = |addresses: &'_ [EmailAddress]| -> Vec<usize> {
            let indices = 0..addresses.len();
            indices
                .filter(|&index| is_awaited(&addresses[index]))
                .collect()
        };
        let stamped = among(&self.stamped);
        if stamped.is_empty() {
            let named = among(&self.named);
            return named.into_iter().map(|index| &self.named[index]).collect();
        }
        stamped
            .into_iter()
            .map(|index| &self.stamped[index])
            .collect()
    }

    /// Whom to show for a mail that nobody waits for: the sender's word is what a person knows.
    pub(super) fn shown(&self) -> Option<&EmailAddress> {
        self.named.first().or(self.stamped.first())
    }
}

fn addresses(headers: &[MailHeader<'_>], names: &[&str]) -> Vec<EmailAddress> {
    let mut found: Vec<EmailAddress> = Vec::new();
    let wanted = headers.iter().filter(|header| {
        let key = header.get_key_ref();
        names.iter().any(|name| key.eq_ignore_ascii_case(name))
            && header.get_value_raw().len() <= HEADER_BYTES_MAX
    });
    for header in wanted {
        for single in singles(header) {
            let Ok(address) = single.addr.parse::<EmailAddress>() else {
                continue;
            };
            let known = found.iter().any(|one| one.same_mailbox(&address));
            if !known && found.len() < ADDRESSES_MAX {
                found.push(address);
            }
        }
    }
    found
}

fn singles(header: &MailHeader<'_>) -> Vec<SingleInfo> {
    let listed = mailparse::addrparse_header(header).map(mailparse::MailAddrList::into_inner);
    let each = listed.unwrap_or_default().into_iter();
    each.flat_map(|address| match address {
        MailAddr::Single(single) => vec![single],
        MailAddr::Group(group) => group.addrs,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn awaited(head: &str, waiting: &[&str]) -> Vec<String> {
        let recipients = Recipients::of(head.as_bytes());
        let is_awaited = |address: &EmailAddress| {
            let mut waiting = waiting.iter();
            waiting.any(|one| address.same_mailbox(&one.parse().unwrap()))
        };
        let found = recipients.awaited(is_awaited).into_iter();
        found.map(ToString::to_string).collect()
    }

    #[test]
    fn the_receivers_word_comes_before_the_senders() {
        let cases = [
            // The host of a mailbox for many addresses stamps the mailbox.
            (
                "Delivered-To: qa@a.test\r\nTo: ada@a.test\r\n\r\n",
                "ada@a.test",
            ),
            (
                "X-Original-To: ada@a.test\nTo: list@b.test\n\n",
                "ada@a.test",
            ),
            // A blind copy: the sender names somebody else who waits too.
            (
                "Delivered-To: ada@a.test\r\nTo: bob@a.test\r\n\r\n",
                "ada@a.test",
            ),
            (
                "To: \"Ada, Q.\" <ADA@a.test>, eve@a.test\r\n\r\n",
                "ADA@a.test",
            ),
            (
                "To: all: ada@a.test, bob@a.test;\r\n\r\n",
                "ada@a.test bob@a.test",
            ),
            ("Cc: ada@a.test\r\n\r\nTo: bob@a.test", "ada@a.test"),
            ("Subject: ada@a.test\r\n\r\n", ""),
            ("To: undisclosed-recipients:;\r\n\r\n", ""),
            (
                "To: ada@a.test@b.test\r\nCc: bob@a.test\r\n\r\n",
                "bob@a.test",
            ),
            ("", ""),
            ("\u{0}\u{1}:", ""),
        ];
        for (head, expected) in cases {
            let found = awaited(head, &["ada@a.test", "bob@a.test"]);
            assert_eq!(found.join(" "), expected, "{head:?}");
        }
    }

    #[test]
    fn shows_whom_a_person_knows() {
        let recipients = Recipients::of(b"Delivered-To: qa@a.test\r\nTo: eve@a.test\r\n\r\n");
        assert_eq!(recipients.shown(), Some(&"eve@a.test".parse().unwrap()));
        assert_eq!(Recipients::of(b"\r\n").shown(), None);
    }
}
