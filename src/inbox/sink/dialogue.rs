//! The SMTP dialogue as decisions: a line or a mail comes in, a reply goes out.

use super::command::{self, Command, Refusal};
use super::framing::Data;
use super::settings::SinkSettings;
use super::transaction::{Envelope, TOO_LARGE, Transaction};

const SEQUENCE_HELLO: Refusal = Refusal::new("503 5.5.1 say EHLO first");
const LINE_TOO_LONG: Refusal = Refusal::new("500 5.5.6 the line is too long");
const NO_TLS: Refusal = Refusal::new("502 5.5.1 this server has no certificate");
const TLS_ALREADY: Refusal = Refusal::new("503 5.5.1 the connection is encrypted already");
/// What follows STARTTLS in the clear was perhaps put there by somebody between the two, to be
/// obeyed as if it had come over TLS (CVE-2011-0411).
const AFTER_STARTTLS: &str = "554 5.5.0 nothing may follow STARTTLS before its answer";

/// What follows a reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The next command line.
    Line,
    /// The mail's data, of about as many bytes.
    Data { bytes_expected: usize },
    /// The client's handshake, of which [`Dialogue::encrypted`] wants to hear.
    Encrypt,
    /// The end of the connection.
    Close,
}

/// One connection's state (RFC 5321 §4.1.4).
#[derive(Debug)]
pub(super) struct Dialogue<'a> {
    settings: &'a SinkSettings,
    greeted: bool,
    encrypted: bool,
    transaction: Transaction,
    errors: usize,
}

impl<'a> Dialogue<'a> {
    /// Begins a dialogue and writes the greeting.
    pub(super) fn open(settings: &'a SinkSettings, out: &mut Vec<u8>) -> Self {
        let host_name = &settings.host_name;
        reply(
            out,
            &format!("220 {host_name} ESMTP Reverify sink, keeps every mail"),
        );
        Self {
            settings,
            greeted: false,
            encrypted: false,
            transaction: Transaction::default(),
            errors: 0,
        }
    }

    /// Answers a command line. `is_last` tells that nothing has come after it so far.
    pub(super) fn line(&mut self, line: &[u8], is_last: bool, out: &mut Vec<u8>) -> Next {
        let followed = command::parse(line, &self.settings.host_name)
            .and_then(|command| self.follow(command, out));
        match followed {
            Ok(Next::Encrypt) if is_last => {
                reply(out, "220 2.0.0 begin");
                Next::Encrypt
            }
            Ok(Next::Encrypt) => {
                reply(out, AFTER_STARTTLS);
                Next::Close
            }
            Ok(next) => next,
            Err(refusal) => self.refuse(refusal, out),
        }
    }

    /// Begins again over TLS: nothing that was said before counts (RFC 3207 §4.2).
    pub(super) fn encrypted(&mut self) {
        self.reset();
        self.greeted = false;
        self.encrypted = true;
    }

    /// Answers a line that was longer than allowed.
    pub(super) fn overlong_line(&mut self, out: &mut Vec<u8>) -> Next {
        self.refuse(LINE_TOO_LONG, out)
    }

    /// Ends a mail: its envelope and bytes if it is accepted. The reply is written when the mail
    /// is kept, by [`Dialogue::accepted`].
    ///
    /// # Errors
    /// What follows when it is refused.
    pub(super) fn data(
        &mut self,
        data: Data,
        out: &mut Vec<u8>,
    ) -> Result<(Envelope, Vec<u8>), Next> {
        let envelope = self.transaction.finish();
        match data {
            Data::Mail(bytes) => Ok((envelope, bytes)),
            Data::TooLarge => Err(self.refuse(TOO_LARGE, out)),
        }
    }

    /// Confirms that a mail is kept.
    pub(super) fn accepted(out: &mut Vec<u8>) {
        reply(out, "250 2.0.0 kept");
    }

    /// Says that a client was silent for too long.
    pub(super) fn idle(&self, out: &mut Vec<u8>) {
        reply(
            out,
            &format!(
                "421 4.4.2 {} closes: nothing came for too long",
                self.settings.host_name
            ),
        );
    }

    fn follow(&mut self, command: Command, out: &mut Vec<u8>) -> Result<Next, Refusal> {
        match command {
            Command::Ehlo(_) => {
                self.reset();
                self.greeted = true;
                reply(out, &format!("250-{}", self.settings.host_name));
                reply(out, "250-PIPELINING");
                reply(
                    out,
                    &format!("250-SIZE {}", self.settings.limits.message_bytes_max),
                );
                reply(out, "250-8BITMIME");
                reply(out, "250-SMTPUTF8");
                if self.settings.tls.is_some() && !self.encrypted {
                    reply(out, "250-STARTTLS");
                }
                reply(out, "250 ENHANCEDSTATUSCODES");
            }
            Command::Helo(_) => {
                self.reset();
                self.greeted = true;
                reply(out, &format!("250 {}", self.settings.host_name));
            }
            Command::Mail(mail) => {
                if !self.greeted {
                    return Err(SEQUENCE_HELLO);
                }
                self.transaction.begin(mail, self.settings)?;
                reply(out, "250 2.1.0 sender ok");
            }
            Command::Rcpt(recipient) => {
                self.transaction.add(recipient, self.settings)?;
                reply(out, "250 2.1.5 recipient ok");
            }
            Command::Data => {
                let bytes_expected = self.transaction.bytes_expected()?;
                reply(out, "354 end with a line of one dot");
                return Ok(Next::Data { bytes_expected });
            }
            Command::Rset => {
                self.reset();
                reply(out, "250 2.0.0 forgotten");
            }
            Command::StartTls => {
                return match &self.settings.tls {
                    None => Err(NO_TLS),
                    Some(_) if self.encrypted => Err(TLS_ALREADY),
                    Some(_) if !self.greeted => Err(SEQUENCE_HELLO),
                    Some(_) => Ok(Next::Encrypt),
                };
            }
            Command::Noop => reply(out, "250 2.0.0 ok"),
            Command::Vrfy => reply(
                out,
                "252 2.5.0 every address is accepted, none is looked up",
            ),
            Command::Help => reply(
                out,
                "214 2.0.0 EHLO HELO MAIL RCPT DATA RSET NOOP VRFY QUIT",
            ),
            Command::Quit => {
                reply(
                    out,
                    &format!("221 2.0.0 {} closes", self.settings.host_name),
                );
                return Ok(Next::Close);
            }
        }
        Ok(Next::Line)
    }

    fn reset(&mut self) {
        self.transaction = Transaction::default();
    }

    fn refuse(&mut self, Refusal(text): Refusal, out: &mut Vec<u8>) -> Next {
        reply(out, &text);
        self.errors += 1;
        if self.errors < self.settings.limits.errors_max {
            return Next::Line;
        }
        reply(
            out,
            &format!(
                "421 4.7.0 {} closes: too many errors",
                self.settings.host_name
            ),
        );
        Next::Close
    }
}

fn reply(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.as_bytes());
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EmailAddress;
    use crate::inbox::sink::SinkLimits;

    fn limited(limits: SinkLimits) -> SinkSettings {
        SinkSettings {
            limits,
            ..SinkSettings::default()
        }
    }

    /// Feeds lines and returns the codes of the replies.
    fn codes(settings: &SinkSettings, lines: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        let mut dialogue = Dialogue::open(settings, &mut out);
        for line in lines {
            dialogue.line(line.as_bytes(), true, &mut out);
        }
        let text = String::from_utf8(out).unwrap();
        text.lines()
            .skip(1)
            .map(|line| line[..3].to_owned())
            .collect()
    }

    #[test]
    fn keeps_the_order_of_commands() {
        let settings = limited(SinkLimits {
            recipients_max: 2,
            errors_max: 3,
            message_bytes_max: 100,
            ..SinkLimits::default()
        });
        let cases: [(&[&str], &[&str]); 8] = [
            (&["MAIL FROM:<a@b.example>"], &["503"]),
            (
                &["HELO x", "RCPT TO:<a@b.example>", "DATA"],
                &["250", "503", "503"],
            ),
            (&["HELO x", "MAIL FROM:<>", "DATA"], &["250", "250", "503"]),
            (
                &["HELO x", "MAIL FROM:<>", "MAIL FROM:<>"],
                &["250", "250", "503"],
            ),
            (
                &["HELO x", "MAIL FROM:<>", "RSET", "MAIL FROM:<>"],
                &["250"; 4],
            ),
            (&["HELO x", "MAIL FROM:<> SIZE=101"], &["250", "552"]),
            (&["?", "?", "?"], &["500", "500", "500", "421"]),
            (&["HELO x", "MAIL FROM:<é@b.example>"], &["250", "553"]),
        ];
        for (lines, expected) in cases {
            assert_eq!(codes(&settings, lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn takes_each_mailbox_once_and_no_more_than_the_limit() {
        let settings = limited(SinkLimits {
            recipients_max: 2,
            ..SinkLimits::default()
        });
        let mut out = Vec::new();
        let mut dialogue = Dialogue::open(&settings, &mut out);
        let lines = [
            "HELO x",
            "MAIL FROM:<a@b.example>",
            "RCPT TO:<c@d.example>",
            "RCPT TO:<C@D.example>",
        ];
        for line in lines
            .into_iter()
            .chain(["RCPT TO:<e@f.example>", "RCPT TO:<g@h.example>"])
        {
            dialogue.line(line.as_bytes(), true, &mut out);
        }
        assert!(out.ends_with(b"452 4.5.3 too many recipients\r\n"));
        assert!(matches!(
            dialogue.line(b"DATA", true, &mut out),
            Next::Data { .. }
        ));
        let (envelope, _) = dialogue.data(Data::Mail(Vec::new()), &mut out).unwrap();
        let recipients: Vec<_> = envelope
            .recipients
            .iter()
            .map(EmailAddress::as_str)
            .collect();
        assert_eq!(recipients, ["c@d.example", "e@f.example"]);
    }

    #[test]
    fn a_greylisted_recipient_is_put_off() {
        #[derive(Debug)]
        struct OnlyEve;

        impl crate::inbox::sink::Reception for OnlyEve {
            fn defers(&self, recipient: &EmailAddress) -> bool {
                recipient.local_part() == "eve"
            }
        }

        let settings = SinkSettings {
            reception: Some(std::sync::Arc::new(OnlyEve)),
            ..SinkSettings::default()
        };
        let lines = [
            "HELO x",
            "MAIL FROM:<a@b.example>",
            "RCPT TO:<eve@d.example>",
            "RCPT TO:<ada@d.example>",
        ];
        assert_eq!(codes(&settings, &lines), ["250", "250", "451", "250"]);
    }
}
