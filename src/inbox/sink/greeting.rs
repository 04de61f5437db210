//! How the two sides introduce themselves.

use super::dialogue::reply;
use super::settings::SinkSettings;
use super::transaction::Client;

/// As much of a client's name as is kept: the longest of a host (RFC 5321 §4.5.3.1.2).
const CLIENT_NAME_CHARS_MAX: usize = 255;

/// How the client has introduced itself.
#[derive(Debug)]
pub(super) struct Greeting {
    name: String,
    is_extended: bool,
}

impl Greeting {
    /// By EHLO.
    pub(super) fn extended(name: String) -> Self {
        let is_extended = true;
        Self { name, is_extended }
    }

    /// By HELO.
    pub(super) fn simple(name: String) -> Self {
        let is_extended = false;
        Self { name, is_extended }
    }

    /// What the mail's `Received` line says of the client.
    pub(super) fn client(&self, settings: &SinkSettings, is_encrypted: bool) -> Client {
        let protocol = match (is_encrypted, self.is_extended) {
            (true, _) => "ESMTPS",
            (false, true) => "ESMTP",
            (false, false) => "SMTP",
        };
        // It is the client's word, and ends up in a header: only what names are made of.
        let is_of_names = |c: &char| c.is_alphanumeric() || "-._[]:".contains(*c);
        let name = self.name.chars().filter(is_of_names);
        Client {
            name: name.take(CLIENT_NAME_CHARS_MAX).collect(),
            host_name: settings.host_name.clone(),
            protocol,
        }
    }
}

/// Answers EHLO.
pub(super) fn extensions(settings: &SinkSettings, is_encrypted: bool, out: &mut Vec<u8>) {
    reply(out, &format!("250-{}", settings.host_name));
    reply(out, "250-PIPELINING");
    reply(
        out,
        &format!("250-SIZE {}", settings.limits.message_bytes_max),
    );
    reply(out, "250-8BITMIME");
    reply(out, "250-SMTPUTF8");
    if settings.tls.is_some() && !is_encrypted {
        reply(out, "250-STARTTLS");
    }
    reply(out, "250 ENHANCEDSTATUSCODES");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_name_cannot_break_a_header() {
        let settings = SinkSettings::default();
        let cases = [
            ("sender.example", "sender.example"),
            ("[127.0.0.1]", "[127.0.0.1]"),
            ("a (b) <c>; d\te", "abcde"),
        ];
        for (name, expected) in cases {
            let client = Greeting::extended(name.to_owned()).client(&settings, false);
            assert_eq!((client.name.as_str(), client.protocol), (expected, "ESMTP"));
        }
        let long = Greeting::simple("x".repeat(1_000)).client(&settings, true);
        assert_eq!((long.name.len(), long.protocol), (255, "ESMTPS"));
    }
}
