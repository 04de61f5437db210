//! A mail, taken apart as far as its bytes allow.

use std::borrow::Cow;

use jiff::Timestamp;
use mailparse::ParsedMail;
use memchr::memmem;

use super::header::{self, Mailbox};
use super::html::{self, Link, Visible};
use super::part::{self, Parts};
use super::text::plain_text;

/// How much of a mail is read: what SES accepts (40 MB). What a code is in comes first.
pub const MESSAGE_BYTES_MAX: usize = 40 * 1024 * 1024;

/// How many messages inside messages are opened: a forward of a forward of a forward.
pub const NESTED_MESSAGES_DEPTH_MAX: usize = 5;

/// How many headers a mail may have before the others are left out.
pub const HEADERS_MAX: usize = 1_000;

/// A longer line with more encoded words than [`LINE_WORDS_MAX`] is not parsed as it is.
const LINE_BYTES_MAX: usize = 8 * 1024;
const LINE_WORDS_MAX: usize = 256;

/// A mail: its headers, its readable parts, and what was wrong with it.
///
/// ```
/// use reverify::mail::Message;
///
/// let mail = Message::parse(b"Subject: =?utf-8?q?Caf=C3=A9?=\r\n\r\nYour code is 123456\r\n");
/// assert_eq!(mail.subject(), Some("Café"));
/// assert_eq!(mail.readable_text(), "Your code is 123456");
/// assert!(mail.problems().is_empty());
/// ```
#[derive(Default)]
pub struct Message {
    subject: Option<String>,
    from: Vec<Mailbox>,
    to: Vec<Mailbox>,
    reply_to: Vec<Mailbox>,
    id: Option<String>,
    date: Option<Timestamp>,
    text: Option<String>,
    html: Option<String>,
    visible: Visible,
    nested: Vec<Message>,
    is_report: bool,
    problems: Vec<MessageProblem>,
}

/// Something in a mail that is not as the standards have it, or that was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageProblem {
    /// The mail is larger than [`MESSAGE_BYTES_MAX`].
    #[error("the mail is too large and was read in part")]
    MessageTruncated,
    /// A readable part is larger than its bound.
    #[error("a text part is too large and was read in part")]
    TextTruncated,
    /// The HTML is larger or more deeply nested than its bound.
    #[error("the HTML is too large or too deeply nested and was read in part")]
    HtmlTruncated,
    /// There are more headers than [`HEADERS_MAX`].
    #[error("the mail has too many headers")]
    TooManyHeaders,
    /// Messages lie inside messages beyond [`NESTED_MESSAGES_DEPTH_MAX`].
    #[error("messages are nested too deeply")]
    NestedTooDeeply,
    /// The structure could not be parsed.
    #[error("the mail's structure is broken: {0}")]
    BrokenStructure(String),
    /// A body is not what its Content-Transfer-Encoding says.
    #[error("a body does not follow its transfer encoding")]
    BadTransferEncoding,
    /// A charset that nobody knows is declared.
    #[error("the charset {0:?} is unknown")]
    UnknownCharset(String),
    /// The bytes do not fit the declared charset.
    #[error("a text is not in the charset {0:?} that it declares")]
    WrongCharset(String),
    /// UTF-8 is sent without being declared.
    #[error("a text is UTF-8 but does not declare it")]
    UndeclaredUtf8,
    /// Bytes beyond ASCII are sent without a charset, and they are not UTF-8.
    #[error("a text has no charset and is neither ASCII nor UTF-8")]
    UndeclaredCharset,
    /// An address header does not hold an address.
    #[error("the {0} header does not hold an e-mail address")]
    BadAddress(&'static str),
}

impl Message {
    /// Reads a mail. It never fails: what could not be read is listed in
    /// [`Message::problems`].
    pub fn parse(bytes: &[u8]) -> Self {
        Self::parse_at(bytes, 0).unwrap_or_default()
    }

    /// Reads a mail that lies inside `depth` others, unless that is too deep.
    pub(super) fn parse_at(bytes: &[u8], depth: usize) -> Option<Self> {
        if depth > NESTED_MESSAGES_DEPTH_MAX {
            return None;
        }
        let mut problems = Vec::new();
        let bytes = bytes.get(..MESSAGE_BYTES_MAX).map_or(bytes, |head| {
            problems.push(MessageProblem::MessageTruncated);
            head
        });
        let tamed = tamed(headers_first(bytes));
        if let Cow::Owned(_) = tamed {
            let reason = "a line has too many encoded words";
            problems.push(MessageProblem::BrokenStructure(reason.to_owned()));
        }
        let bytes = &*tamed;
        let mut message = match mailparse::parse_mail(bytes) {
            Ok(mail) => Self::of(&mail, depth),
            Err(error) => {
                problems.push(MessageProblem::BrokenStructure(error.to_string()));
                mailparse::parse_mail(&mended(bytes)).map_or_else(
                    |_| Self {
                        text: Some(plain_text(&String::from_utf8_lossy(bytes))),
                        ..Self::default()
                    },
                    |mail| Self::of(&mail, depth),
                )
            }
        };
        message.problems.splice(0..0, problems);
        Some(message)
    }

    fn of(mail: &ParsedMail<'_>, depth: usize) -> Self {
        let Parts {
            text,
            html,
            nested,
            mut problems,
        } = part::collect(mail, depth);
        let headers = mail
            .headers
            .get(..HEADERS_MAX)
            .map_or(&mail.headers[..], |head| {
                problems.push(MessageProblem::TooManyHeaders);
                head
            });
        // A page that is declared as plain text is a page all the same.
        let (text, html) = match (text, html) {
            (Some(text), None) if html::is_document(&text) => (None, Some(text)),
            parts => parts,
        };
        let visible = html.as_deref().map(html::visible).unwrap_or_default();
        if visible.truncated {
            problems.push(MessageProblem::HtmlTruncated);
        }
        Self {
            subject: header::subject(headers, &mut problems),
            from: header::mailboxes(headers, "From", &mut problems),
            to: header::mailboxes(headers, "To", &mut problems),
            reply_to: header::mailboxes(headers, "Reply-To", &mut problems),
            id: header::message_id(headers),
            date: header::date(headers),
            text: text.as_deref().map(plain_text),
            html,
            visible,
            nested,
            is_report: mail.ctype.mimetype == "multipart/report" || header::is_answer(headers),
            problems,
        }
    }

    /// The subject, decoded (RFC 2047).
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The senders.
    pub fn from(&self) -> &[Mailbox] {
        &self.from
    }

    /// The recipients that the mail names; the envelope may have others.
    pub fn to(&self) -> &[Mailbox] {
        &self.to
    }

    /// Where an answer should go.
    pub fn reply_to(&self) -> &[Mailbox] {
        &self.reply_to
    }

    /// The message id without its angle brackets.
    pub fn message_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// When it was written, by the sender's clock.
    pub fn date(&self) -> Option<Timestamp> {
        self.date
    }

    /// The plain text parts that are not attachments.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The HTML parts that are not attachments, as they were written.
    pub fn html(&self) -> Option<&str> {
        self.html.as_deref()
    }

    /// The HTML as its reader sees it: a line per block, a tab between table cells.
    pub fn visible_html(&self) -> Option<&str> {
        self.html.as_ref().map(|_| self.visible.text.as_str())
    }

    /// The text of the HTML parts that styles hide, such as a preheader.
    pub(super) fn unshown_html(&self) -> &str {
        &self.visible.unshown
    }

    /// The links of the HTML parts.
    pub fn links(&self) -> &[Link] {
        &self.visible.links
    }

    /// The messages inside this one, as a forward has them.
    pub fn nested(&self) -> &[Self] {
        &self.nested
    }

    /// Whether it is a report on another mail's delivery, such as a bounce (RFC 6522), or the
    /// automatic answer to one. What it quotes was not delivered.
    pub fn is_report(&self) -> bool {
        self.is_report
    }

    /// What was wrong with it.
    pub fn problems(&self) -> &[MessageProblem] {
        &self.problems
    }

    /// What a reader reads: the plain text or else the visible HTML, then the messages inside.
    pub fn readable_text(&self) -> String {
        let own = self.text.as_deref().filter(|text| !text.trim().is_empty());
        let own = own.or(self.visible_html()).unwrap_or_default();
        let mut readable = own.trim_end().to_owned();
        for nested in &self.nested {
            if !readable.is_empty() {
                readable.push('\n');
            }
            readable.push_str(&nested.readable_text());
        }
        readable
    }
}

/// Shows the mail's outline and not its text, which holds a code.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("message_id", &self.id)
            .field("date", &self.date)
            .field("text_bytes", &self.text.as_ref().map(String::len))
            .field("html_bytes", &self.html.as_ref().map(String::len))
            .field("nested", &self.nested)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

/// The bytes without what may stand before the first header: a byte order mark, empty lines, and
/// the separator line of a mailbox file (RFC 4155).
fn headers_first(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace());
    let bytes = &bytes[blank.count()..];
    if !(bytes.starts_with(b"From ") || bytes.starts_with(b">From ")) {
        return bytes;
    }
    let line_end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
    &bytes[line_end..]
}

/// The bytes with the encoded words of overlong header lines broken: the parser takes quadratic
/// time for such a line, and RFC 2047 §2 allows 76 characters.
fn tamed(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut tamed = Cow::Borrowed(bytes);
    let mut start = 0;
    while start < bytes.len() {
        let rest = &bytes[start..];
        let window = rest.get(..LINE_BYTES_MAX).unwrap_or(rest);
        // Lines that end within the window are short, and so is the last one.
        if let Some(end) = memchr::memrchr(b'\n', window) {
            start += end + 1;
            continue;
        }
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        if is_hostile(&rest[..end]) {
            for byte in &mut tamed.to_mut()[start..start + end] {
                *byte = if *byte == b'?' { b' ' } else { *byte };
            }
        }
        start += end + 1;
    }
    tamed
}

/// Whether a long line could be a header's and has too many encoded words.
fn is_hostile(line: &[u8]) -> bool {
    let name = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
    let like_header = line
        .get(name.count())
        .is_some_and(|byte| b": \t".contains(byte));
    line.len() > LINE_BYTES_MAX
        && like_header
        && memmem::find_iter(line, b"=?").nth(LINE_WORDS_MAX).is_some()
}

/// The bytes with two faults removed that the parser gives up at: a CR alone, and a space before
/// the first header of a part.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(bytes.len());
    let mut starts_part = true;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let line = if starts_part {
            line.trim_ascii_start()
        } else {
            line
        };
        let end = line.strip_suffix(b"\r\n").map_or(line.len(), <[u8]>::len);
        let (content, line_end) = line.split_at(end);
        mended.extend(
            content
                .iter()
                .map(|&byte| if byte == b'\r' { b'\n' } else { byte }),
        );
        mended.extend_from_slice(line_end);
        starts_part = line.starts_with(b"--");
    }
    mended
}

#[cfg(test)]
mod tests;
