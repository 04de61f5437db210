//! The SMTP dialogue as decisions: a line or a mail comes in, a reply goes out.

use std::time::Duration;

use super::command::{self, Command, Refusal};
use super::framing::Data;
use super::greeting::{Greeting, extensions};
use super::reception::CutAt;
use super::settings::SinkSettings;
use super::transaction::{Envelope, TOO_LARGE, Transaction};
use crate::model::EmailAddress;

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
    /// The mail's data, and the end of the connection within it.
    CutData,
    /// The next command line, after the reply was held back for so long.
    Pause(Duration),
    /// The end of the connection without a further word.
    Cut,
    /// The client's handshake, of which [`Dialogue::encrypted`] wants to hear.
    Encrypt,
    /// The end of the connection.
    Close,
}

/// A mail that has come whole.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) envelope: Envelope,
    pub(super) mail: Vec<u8>,
    /// Whether the connection is cut before its sender hears that it was kept.
    pub(super) cut: bool,
}

/// One connection's state (RFC 5321 §4.1.4).
#[derive(Debug)]
pub(super) struct Dialogue<'a> {
    settings: &'a SinkSettings,
    greeting: Option<Greeting>,
    encrypted: bool,
    transaction: Transaction,
    errors: usize,
    /// Recipients whose mail was refused, with the answers, since they were taken last.
    refused: Vec<(EmailAddress, String)>,
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
            greeting: None,
            encrypted: false,
            transaction: Transaction::default(),
            errors: 0,
            refused: Vec::new(),
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
        self.greeting = None;
        self.encrypted = true;
    }

    /// Answers a line that was longer than allowed.
    pub(super) fn overlong_line(&mut self, out: &mut Vec<u8>) -> Next {
        self.refuse(LINE_TOO_LONG, out)
    }

    /// Ends a mail. The reply to one that is accepted is written when it is kept, by
    /// [`Dialogue::accepted`].
    ///
    /// # Errors
    /// What follows when it is refused.
    pub(super) fn data(&mut self, data: Data, out: &mut Vec<u8>) -> Result<Accepted, Next> {
        let greeting = self.greeting.as_ref();
        let client = greeting.map(|greeting| greeting.client(self.settings, self.encrypted));
        let (cut, refusal) = (self.transaction.cut(), self.transaction.refusal());
        let envelope = self.transaction.finish(client.unwrap_or_default());
        match (data, refusal) {
            (Data::Mail(_), Some(refusal)) => {
                let recipients = envelope.recipients.into_iter();
                let refused = recipients.map(|to| (to.address, refusal.0.to_string()));
                self.refused.extend(refused);
                Err(self.refuse(refusal, out))
            }
            (Data::Mail(mail), None) => Ok(Accepted {
                envelope,
                mail,
                cut: cut == Some(CutAt::Answer),
            }),
            (Data::TooLarge, _) => Err(self.refuse(TOO_LARGE, out)),
        }
    }

    /// Confirms that a mail is kept.
    pub(super) fn accepted(out: &mut Vec<u8>) {
        reply(out, "250 2.0.0 kept");
    }

    /// The recipients whose mail was refused since this was last asked, with the answers.
    pub(super) fn take_refused(&mut self) -> Vec<(EmailAddress, String)> {
        std::mem::take(&mut self.refused)
    }

    /// Says why a mail was not kept, though nothing was wrong with what the client said.
    pub(super) fn not_kept(Refusal(text): &Refusal, out: &mut Vec<u8>) {
        reply(out, text);
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
            Command::Ehlo(name) => {
                self.reset();
                self.greeting = Some(Greeting::extended(name));
                extensions(self.settings, self.encrypted, out);
            }
            Command::Helo(name) => {
                self.reset();
                self.greeting = Some(Greeting::simple(name));
                reply(out, &format!("250 {}", self.settings.host_name));
            }
            Command::Mail(mail) => {
                if self.greeting.is_none() {
                    return Err(SEQUENCE_HELLO);
                }
                self.transaction.begin(mail, self.settings)?;
                reply(out, "250 2.1.0 sender ok");
            }
            Command::Rcpt(recipient) => {
                return Ok(self.recipient(recipient, out));
            }
            Command::Data => {
                let bytes_expected = self.transaction.bytes_expected()?;
                reply(out, "354 end with a line of one dot");
                return Ok(match self.transaction.cut() {
                    Some(CutAt::Data) => Next::CutData,
                    _ => Next::Data { bytes_expected },
                });
            }
            Command::Rset => {
                self.reset();
                reply(out, "250 2.0.0 forgotten");
            }
            Command::StartTls => {
                return match &self.settings.tls {
                    None => Err(NO_TLS),
                    Some(_) if self.encrypted => Err(TLS_ALREADY),
                    Some(_) if self.greeting.is_none() => Err(SEQUENCE_HELLO),
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

    fn recipient(&mut self, recipient: EmailAddress, out: &mut Vec<u8>) -> Next {
        let added = self.transaction.add(recipient.clone(), self.settings);
        let next = match added.answer {
            None => Next::Cut,
            Some(Err(refusal)) => {
                self.refused.push((recipient, refusal.0.to_string()));
                self.refuse(refusal, out)
            }
            Some(Ok(())) => {
                reply(out, "250 2.1.5 recipient ok");
                Next::Line
            }
        };
        match next {
            Next::Line if !added.pause.is_zero() => Next::Pause(added.pause),
            next => next,
        }
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

pub(super) fn reply(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.as_bytes());
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sink::{Reception, RefusedAt, SinkLimits, Treatment};
    use crate::model::EmailAddress;

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
    fn a_recipient_is_treated_as_the_reception_says() {
        #[derive(Debug)]
        struct ByName;

        impl Reception for ByName {
            fn treat(&self, _: Option<&EmailAddress>, recipient: &EmailAddress) -> Treatment {
                let mut treatment = Treatment::default();
                let reply = || "550 5.1.1 nobody here".parse().unwrap();
                match recipient.local_part() {
                    "nobody" => treatment.refusal = Some((RefusedAt::Recipient, reply())),
                    "filtered" => treatment.refusal = Some((RefusedAt::Data, reply())),
                    "slow" => treatment.tarpit = Duration::from_secs(1),
                    "cut" => treatment.cut = Some(CutAt::Recipient),
                    "half" => treatment.cut = Some(CutAt::Data),
                    "doubt" => treatment.cut = Some(CutAt::Answer),
                    _ => {}
                }
                treatment
            }
        }

        let settings = SinkSettings {
            reception: Some(std::sync::Arc::new(ByName)),
            ..SinkSettings::default()
        };
        let whole = Next::Data { bytes_expected: 0 };
        // The recipient, what follows it, what follows DATA, and whether the mail is kept.
        let cases = [
            ("ada", Next::Line, &whole, Some(true)),
            ("nobody", Next::Line, &Next::Line, None),
            ("filtered", Next::Line, &whole, Some(false)),
            (
                "slow",
                Next::Pause(Duration::from_secs(1)),
                &whole,
                Some(true),
            ),
            ("cut", Next::Cut, &Next::Line, None),
            ("half", Next::Line, &Next::CutData, None),
            ("doubt", Next::Line, &whole, Some(true)),
        ];
        for (name, after_recipient, after_data, is_kept) in cases {
            let mut out = Vec::new();
            let mut dialogue = Dialogue::open(&settings, &mut out);
            for line in ["HELO x", "MAIL FROM:<a@b.example>"] {
                dialogue.line(line.as_bytes(), true, &mut out);
            }
            let line = format!("RCPT TO:<{name}@d.example>");
            let next = dialogue.line(line.as_bytes(), true, &mut out);
            assert_eq!(next, after_recipient, "{name}");
            let next = dialogue.line(b"DATA", true, &mut out);
            assert_eq!(next, *after_data, "{name}");
            if let Some(is_kept) = is_kept {
                let ended = dialogue.data(Data::Mail(Vec::new()), &mut out);
                assert_eq!(ended.is_ok(), is_kept, "{name}");
                assert_eq!(ended.is_ok_and(|mail| mail.cut), name == "doubt", "{name}");
            }
        }
    }
}
