//! One SMTP command line and what it means.

use std::borrow::Cow;

use crate::model::EmailAddress;

/// A command of the client (RFC 5321 §4.1.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Ehlo(String),
    Helo(String),
    Mail(MailFrom),
    Rcpt(EmailAddress),
    Data,
    Rset,
    Noop,
    StartTls,
    Vrfy,
    Help,
    Quit,
}

/// What `MAIL FROM` announces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MailFrom {
    /// The sender; `None` for the null path `<>`.
    pub(super) sender: Option<EmailAddress>,
    /// The size from `SIZE=` (RFC 1870), in bytes.
    pub(super) bytes: Option<usize>,
    /// Whether addresses may hold more than ASCII (RFC 6531).
    pub(super) utf8: bool,
}

/// Why a command is not followed, as the reply's code and text.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Refusal(pub(super) Cow<'static, str>);

impl Refusal {
    pub(super) const fn new(reply: &'static str) -> Self {
        Self(Cow::Borrowed(reply))
    }
}

const BAD_BYTES: Refusal =
    Refusal::new("500 5.5.2 a line ends with CR LF and holds no other CR, LF or NUL");
const NOT_UTF8: Refusal = Refusal::new("500 5.5.2 the line is not UTF-8");
const UNKNOWN: Refusal = Refusal::new("500 5.5.1 command not recognised");
const NOT_IMPLEMENTED: Refusal = Refusal::new("502 5.5.1 command not implemented");
const ARGUMENT_MISSING: Refusal = Refusal::new("501 5.5.4 the command needs an argument");
const ARGUMENT_EXTRA: Refusal = Refusal::new("501 5.5.4 the command takes no argument");
const SENDER_SYNTAX: Refusal =
    Refusal::new("501 5.1.7 the form is MAIL FROM:<address> [parameters]");
const RECIPIENT_SYNTAX: Refusal = Refusal::new("501 5.1.3 the form is RCPT TO:<address>");
const SENDER_INVALID: Refusal = Refusal::new("553 5.1.7 not an address that this server accepts");
const RECIPIENT_INVALID: Refusal =
    Refusal::new("553 5.1.3 not an address that this server accepts");
const PARAMETER_UNKNOWN: Refusal = Refusal::new("555 5.5.4 parameter not recognised");
const PARAMETER_INVALID: Refusal = Refusal::new("501 5.5.4 the parameter's value is not valid");

/// Reads a line without its line end.
///
/// `host_name` completes the address of `RCPT TO:<Postmaster>`, which every server accepts without
/// a domain (RFC 5321 §4.5.1).
pub(super) fn parse(line: &[u8], host_name: &str) -> Result<Command, Refusal> {
    if line.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return Err(BAD_BYTES);
    }
    let line = std::str::from_utf8(line).map_err(|_| NOT_UTF8)?.trim_end();
    let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
    let argument = argument.trim_start();
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" => with_argument(argument, Command::Ehlo(argument.to_owned())),
        "HELO" => with_argument(argument, Command::Helo(argument.to_owned())),
        "MAIL" => mail(argument).map(Command::Mail),
        "RCPT" => rcpt(argument, host_name).map(Command::Rcpt),
        "DATA" => without_argument(argument, Command::Data),
        "RSET" => without_argument(argument, Command::Rset),
        "QUIT" => without_argument(argument, Command::Quit),
        // Parameters are not allowed, and 501 is the answer to them (RFC 3207 §4).
        "STARTTLS" => without_argument(argument, Command::StartTls),
        "VRFY" => with_argument(argument, Command::Vrfy),
        "NOOP" => Ok(Command::Noop),
        "HELP" => Ok(Command::Help),
        "EXPN" | "AUTH" | "BDAT" | "TURN" | "ETRN" => Err(NOT_IMPLEMENTED),
        _ => Err(UNKNOWN),
    }
}

fn with_argument(argument: &str, command: Command) -> Result<Command, Refusal> {
    if argument.is_empty() {
        Err(ARGUMENT_MISSING)
    } else {
        Ok(command)
    }
}

fn without_argument(argument: &str, command: Command) -> Result<Command, Refusal> {
    if argument.is_empty() {
        Ok(command)
    } else {
        Err(ARGUMENT_EXTRA)
    }
}

fn mail(argument: &str) -> Result<MailFrom, Refusal> {
    let (path, parameters) = path(argument, "FROM:").ok_or(SENDER_SYNTAX)?;
    let mut mail = MailFrom {
        sender: None,
        bytes: None,
        utf8: false,
    };
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.to_ascii_uppercase().as_str() {
            "SIZE" => mail.bytes = Some(value.parse().map_err(|_| PARAMETER_INVALID)?),
            "BODY" if value.eq_ignore_ascii_case("7BIT") => {}
            "BODY" if value.eq_ignore_ascii_case("8BITMIME") => {}
            "SMTPUTF8" if !parameter.contains('=') => mail.utf8 = true,
            "BODY" | "SMTPUTF8" => return Err(PARAMETER_INVALID),
            _ => return Err(PARAMETER_UNKNOWN),
        }
    }
    if !path.is_empty() {
        mail.sender = Some(path.parse().map_err(|_| SENDER_INVALID)?);
    }
    Ok(mail)
}

fn rcpt(argument: &str, host_name: &str) -> Result<EmailAddress, Refusal> {
    let (path, parameters) = path(argument, "TO:").ok_or(RECIPIENT_SYNTAX)?;
    if !parameters.trim().is_empty() {
        return Err(PARAMETER_UNKNOWN);
    }
    if path.is_empty() {
        return Err(RECIPIENT_INVALID);
    }
    let address = if path.eq_ignore_ascii_case("postmaster") {
        format!("{path}@{host_name}").parse()
    } else {
        path.parse()
    };
    address.map_err(|_| RECIPIENT_INVALID)
}

/// Splits `FROM:<path> parameters` into the path and the parameters.
///
/// Spaces after the colon are common and harmless; a source route before the address is accepted
/// and ignored (RFC 5321 §4.1.1.3).
fn path<'a>(argument: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let (found, rest) = argument.split_at_checked(keyword.len())?;
    if !found.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (path, parameters) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    if !(parameters.is_empty() || parameters.starts_with(' ')) {
        return None;
    }
    let routed = path
        .strip_prefix('@')
        .and_then(|route| route.split_once(':'));
    Some((routed.map_or(path, |(_, address)| address), parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(text: &str) -> MailFrom {
        MailFrom {
            sender: Some(text.parse().unwrap()),
            bytes: None,
            utf8: false,
        }
    }

    #[test]
    fn understands_what_clients_send() {
        let ada: EmailAddress = "ada@example.com".parse().unwrap();
        let postmaster: EmailAddress = "Postmaster@localhost".parse().unwrap();
        let cases = [
            ("EHLO there", Command::Ehlo("there".to_owned())),
            ("helo there", Command::Helo("there".to_owned())),
            (
                "MAIL FROM:<ada@example.com>",
                Command::Mail(sender("ada@example.com")),
            ),
            (
                "mail from: <ada@example.com> ",
                Command::Mail(sender("ada@example.com")),
            ),
            (
                "MAIL FROM:<> SIZE=10 BODY=8BITMIME SMTPUTF8",
                Command::Mail(MailFrom {
                    sender: None,
                    bytes: Some(10),
                    utf8: true,
                }),
            ),
            ("RCPT TO:<ada@example.com>", Command::Rcpt(ada.clone())),
            (
                "RCPT TO:<@a.example,@b.example:ada@example.com>",
                Command::Rcpt(ada),
            ),
            ("RCPT TO:<Postmaster>", Command::Rcpt(postmaster)),
            ("DATA", Command::Data),
            ("starttls", Command::StartTls),
            ("NOOP with words", Command::Noop),
            ("QUIT", Command::Quit),
        ];
        for (line, expected) in cases {
            assert_eq!(parse(line.as_bytes(), "localhost"), Ok(expected), "{line}");
        }
    }

    #[test]
    fn refuses_with_the_code_that_says_why() {
        let cases: [(&[u8], &str); 18] = [
            (b"", "500 5.5.1"),
            (b"GET / HTTP/1.1", "500 5.5.1"),
            (b"NOOP\nMAIL FROM:<a@b.example>", "500 5.5.2"),
            (b"NOOP\0", "500 5.5.2"),
            (b"NOOP \xff", "500 5.5.2"),
            (b"EHLO", "501 5.5.4"),
            (b"DATA now", "501 5.5.4"),
            (b"MAIL", "501 5.1.7"),
            (b"MAIL FROM:ada@example.com", "501 5.1.7"),
            (b"MAIL FROM:<ada@example.com>SIZE=1", "501 5.1.7"),
            (b"MAIL FROM:<ada>", "553 5.1.7"),
            (b"MAIL FROM:<> SIZE=many", "501 5.5.4"),
            (b"MAIL FROM:<> RET=HDRS", "555 5.5.4"),
            (b"RCPT TO:<>", "553 5.1.3"),
            (b"RCPT TO:<ada@example.com> NOTIFY=NEVER", "555 5.5.4"),
            ("RCPT É".as_bytes(), "501 5.1.3"),
            (b"STARTTLS now", "501 5.5.4"),
            (b"AUTH PLAIN", "502 5.5.1"),
        ];
        for (line, expected) in cases {
            let Refusal(reply) = parse(line, "localhost").unwrap_err();
            assert!(reply.starts_with(expected), "{line:?}: {reply}");
        }
    }
}
