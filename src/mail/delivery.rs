//! What a mail's headers tell about its way: the hosts that passed it on, what the receiver found
//! out about its sender, and what filters thought of it.

use jiff::Timestamp;
use mailparse::MailHeader;

use super::authentication::{AuthenticationResults, Method, Verdict};
use super::header::{HEADER_BYTES_MAX, Mailbox, first, is_named, mailboxes, timestamp};

/// How many `Received` and `Authentication-Results` headers are read. RFC 5321 §6.3 sees a loop
/// beyond 100 hops.
const HEADERS_OF_A_KIND_MAX: usize = 100;

/// A mail's way, as its headers tell it. Senders may forge all of them but those of the receiver.
///
/// ```
/// use reverify::mail::{Delivery, Method, Verdict};
///
/// let delivery = Delivery::parse(
///     b"Received: from a.example by mx.example; Sat, 21 Nov 2026 03:00:04 +0000\r\n\
///       Authentication-Results: mx.example; dkim=pass header.d=a.example; spf=fail\r\n\
///       Date: Sat, 21 Nov 2026 03:00:01 +0000\r\n\r\n",
/// );
/// assert_eq!(delivery.hops[0].by.as_deref(), Some("mx.example"));
/// assert_eq!(delivery.verdict(Method::Dkim, Some("mx.example")), Some(Verdict::Pass));
/// assert_eq!(delivery.verdict(Method::Dmarc, Some("mx.example")), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Who wrote it, as the mail says.
    pub from: Vec<Mailbox>,
    /// The envelope's sender, to which bounces go; empty for a bounce itself.
    pub return_path: Option<String>,
    /// When it was written, by the sender's clock.
    pub written_at: Option<Timestamp>,
    /// The hosts that passed it on, the first one first.
    pub hops: Vec<ReceivedHop>,
    /// What hosts found out about the sender, the last host first, as the headers stand.
    pub authentication: Vec<AuthenticationResults>,
    /// What filters thought of it.
    pub spam: Vec<SpamSign>,
}

/// One `Received` header: a host that passed the mail on (RFC 5321 §4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedHop {
    /// The host that sent it, as it named itself.
    pub from: Option<String>,
    /// The host that took it.
    pub by: Option<String>,
    /// When it was taken, by that host's clock.
    pub at: Option<Timestamp>,
}

/// A header in which a filter says what it thinks of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpamSign {
    /// The header's name, as it stands.
    pub header: String,
    /// Its value on one line.
    pub value: String,
    /// Whether it calls the mail spam; nothing where it gives a score alone.
    pub is_spam: Option<bool>,
}

/// Headers that filters write.
const SPAM_HEADERS: [&str; 9] = [
    "X-Spam-Flag",
    "X-Spam-Status",
    "X-Spam-Score",
    "X-Spam",
    "X-Spamd-Result",
    "X-SES-Spam-Verdict",
    "X-SES-Virus-Verdict",
    "X-MS-Exchange-Organization-SCL",
    "X-Gm-Spam",
];

/// From this spam confidence level on Exchange moves a mail to the junk folder.
const SCL_JUNK_MIN: i32 = 5;

impl Delivery {
    /// Reads the headers of a mail. It never fails: what is not there or cannot be read is left
    /// out.
    pub fn parse(bytes: &[u8]) -> Self {
        let headers = mailparse::parse_headers(bytes).map(|(headers, _)| headers);
        let headers = headers.unwrap_or_default();
        let mut problems = Vec::new();
        let mut hops: Vec<ReceivedHop> = values(&headers, "Received").map(|v| hop(&v)).collect();
        hops.reverse();
        Self {
            from: mailboxes(&headers, "From", &mut problems),
            return_path: first(&headers, "Return-Path").map(|header| {
                let value = header.get_value();
                value.trim().trim_matches(['<', '>']).to_owned()
            }),
            written_at: first(&headers, "Date").and_then(|date| timestamp(&date.get_value())),
            hops,
            authentication: values(&headers, "Authentication-Results")
                .filter_map(|value| AuthenticationResults::parse(&value))
                .collect(),
            spam: headers.iter().filter_map(SpamSign::of).collect(),
        }
    }

    /// The host whose findings count: the one of that name, or without a name the last one that
    /// wrote any. Nothing if it wrote none.
    ///
    /// Anybody may write such a header (RFC 8601 §5); a receiver that adds its own removes those
    /// that bear its name. Without a name a receiver that checks nothing is taken for one whose
    /// findings the sender made up.
    pub fn checked_by<'a>(&'a self, receiver: Option<&'a str>) -> Option<&'a str> {
        let mut hosts = self.authentication.iter().map(|found| found.host.as_str());
        match receiver {
            None => hosts.next(),
            Some(name) => hosts.find(|host| host.eq_ignore_ascii_case(name)),
        }
    }

    /// What the receiver found out by a method; see [`Delivery::checked_by`]. It may write a header
    /// for each method.
    pub fn verdict(&self, method: Method, receiver: Option<&str>) -> Option<Verdict> {
        let host = self.checked_by(receiver)?;
        let own = self.authentication.iter();
        own.filter(|found| found.host.eq_ignore_ascii_case(host))
            .find_map(|found| found.verdict(method))
    }

    /// Whether a filter called it spam.
    pub fn is_spam(&self) -> bool {
        self.spam.iter().any(|sign| sign.is_spam == Some(true))
    }
}

impl SpamSign {
    fn of(header: &MailHeader<'_>) -> Option<Self> {
        let name = SPAM_HEADERS
            .into_iter()
            .find(|name| is_named(header, name))?;
        let value = header.get_value();
        let value = value.trim();
        let start = value.split([',', ' ', ';']).next().unwrap_or_default();
        let is_spam = match (name, start.to_ascii_lowercase().as_str()) {
            ("X-MS-Exchange-Organization-SCL", level) => {
                level.parse().ok().map(|level: i32| level >= SCL_JUNK_MIN)
            }
            // SES gives its verdict of a check that looks for spam.
            (ses, "pass" | "fail") if ses.starts_with("X-SES") => {
                Some(start.eq_ignore_ascii_case("fail"))
            }
            (_, "yes" | "true") => Some(true),
            (_, "no" | "false") => Some(false),
            _ => None,
        };
        Some(Self {
            header: name.to_owned(),
            value: value.to_owned(),
            is_spam,
        })
    }
}

fn values<'a>(headers: &'a [MailHeader<'a>], name: &str) -> impl Iterator<Item = String> {
    headers
        .iter()
        .filter(move |header| is_named(header, name))
        .filter(|header| header.get_value_raw().len() <= HEADER_BYTES_MAX)
        .take(HEADERS_OF_A_KIND_MAX)
        .map(MailHeader::get_value)
}

fn hop(value: &str) -> ReceivedHop {
    let (trace, when) = value.rsplit_once(';').unwrap_or((value, ""));
    let mut words = trace.split_ascii_whitespace();
    let (mut from, mut by) = (None, None);
    while let Some(word) = words.next() {
        let part = match word.to_ascii_lowercase().as_str() {
            "from" => &mut from,
            "by" => &mut by,
            _ => continue,
        };
        if part.is_none() {
            *part = words.next().map(str::to_owned);
        }
    }
    ReceivedHop {
        from,
        by,
        at: timestamp(when),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_way_of_a_mail() {
        let delivery = Delivery::parse(
            b"Return-Path: <0100@amazonses.com>\r\n\
              Received: from a.example (a.example [192.0.2.1])\r\n\tby b.example with ESMTP id 1\r\n\t\
              for <ada@example.com>; Sat, 21 Nov 2026 03:00:09 +0000\r\n\
              Received: by c.example; Sat, 21 Nov 2026 03:00:00 +0000 (UTC)\r\n\
              Date: Sat, 21 Nov 2026 04:00:02 +0100\r\n\
              From: =?utf-8?q?Jos=C3=A9?= <jose@example.com>\r\n\r\n",
        );
        let [first, second] = &delivery.hops[..] else {
            panic!("{:?}", delivery.hops)
        };
        assert_eq!(
            (first.from.as_deref(), first.by.as_deref()),
            (None, Some("c.example"))
        );
        assert_eq!(second.from.as_deref(), Some("a.example"));
        assert_eq!(delivery.return_path.as_deref(), Some("0100@amazonses.com"));
        assert_eq!(delivery.from[0].address.as_str(), "jose@example.com");
        let written_at = Some("2026-11-21T03:00:02Z".parse().unwrap());
        assert_eq!(delivery.written_at, written_at);
        assert_eq!(Delivery::parse(b"\xff\n"), Delivery::default());
    }

    #[test]
    fn only_the_receivers_word_counts() {
        let delivery = Delivery::parse(
            b"Authentication-Results: forged.example; dmarc=pass\n\
              Authentication-Results: MX.example; dmarc=fail (p=reject); spf=softfail\n\n",
        );
        let dmarc = |receiver| delivery.verdict(Method::Dmarc, receiver);
        assert_eq!(dmarc(Some("mx.example")), Some(Verdict::Fail));
        assert_eq!(dmarc(None), Some(Verdict::Pass));
        assert_eq!(dmarc(Some("other.example")), None);
        let several = Delivery::parse(
            b"Authentication-Results: mx.example; spf=pass\n\
              Authentication-Results: mx.example; dkim=fail; spf=fail\n\
              Authentication-Results: forged.example; dmarc=pass\n\n",
        );
        assert_eq!(several.checked_by(None), Some("mx.example"));
        let verdicts =
            [Method::Spf, Method::Dkim, Method::Dmarc].map(|method| several.verdict(method, None));
        assert_eq!(verdicts, [Some(Verdict::Pass), Some(Verdict::Fail), None]);
    }

    #[test]
    fn reads_what_filters_write() {
        let cases = [
            ("X-Spam-Flag: YES", Some(true)),
            ("X-Spam-Status: No, score=-1.2 required=5.0", Some(false)),
            ("X-Spam-Score: 4.1", None),
            ("X-SES-Spam-Verdict: FAIL", Some(true)),
            ("X-MS-Exchange-Organization-SCL: 6", Some(true)),
            ("X-MS-Exchange-Organization-SCL: -1", Some(false)),
        ];
        for (header, is_spam) in cases {
            let delivery = Delivery::parse(format!("{header}\n\n").as_bytes());
            assert_eq!(delivery.spam[0].is_spam, is_spam, "{header}");
            assert_eq!(delivery.is_spam(), is_spam == Some(true));
        }
        assert_eq!(Delivery::parse(b"X-Other: YES\n\n").spam, []);
    }
}
