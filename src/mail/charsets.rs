//! From bytes to text, when what is declared of them may be wrong.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use charset::Charset;
use memchr::memmem;

use super::message::MessageProblem;

/// How much of a text is looked at to tell its charset.
const GUESS_BYTES_MAX: usize = 16 * 1024;

/// How far into an HTML part its charset may be declared (HTML Living Standard 13.2.3.2).
const META_BYTES_MAX: usize = 1024;

/// One wrong character among so many does not make a text something else than it declares.
const CHARACTERS_PER_FAULT: usize = 50;

/// Decodes bytes in the declared charset; where that cannot be right, in the likeliest.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> (String, Option<MessageProblem>) {
    // What most mails are needs no look-up.
    if matches!(declared, Some("utf-8"))
        && !bytes.starts_with(b"\xef\xbb\xbf")
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return (text.to_owned(), None);
    }
    let label = declared.filter(|label| !matches!(*label, "us-ascii" | "ascii"));
    let known = label.and_then(|label| Charset::for_label_no_replacement(label.as_bytes()));
    match (label, known) {
        (Some(label), Some(charset)) => decode_declared(bytes, label, charset),
        (Some(label), None) => {
            let problem = MessageProblem::UnknownCharset(label.to_owned());
            (guess(bytes).0, Some(problem))
        }
        (None, _) => guess(bytes),
    }
}

fn decode_declared(
    bytes: &[u8],
    label: &str,
    charset: Charset,
) -> (String, Option<MessageProblem>) {
    let wrong = || Some(MessageProblem::WrongCharset(label.to_owned()));
    let (text, used, bad) = charset.decode(bytes);
    let is_utf8 = || std::str::from_utf8(bytes).ok();
    if !bad {
        // Every byte is a character in most charsets of one byte, so that UTF-8 is known by its
        // form alone; two bytes of a Chinese text may look like it by chance.
        let single = used.name().starts_with("ISO-8859") || used.name().starts_with("windows-");
        return match is_utf8().filter(|_| single && !bytes.is_ascii()) {
            Some(utf8) => (utf8.to_owned(), wrong()),
            None => (text.into_owned(), None),
        };
    }
    let faults = text.matches('\u{fffd}').count();
    let kept = match is_utf8() {
        Some(utf8) => utf8.to_owned(),
        None if faults * CHARACTERS_PER_FAULT > text.len() => guess(bytes).0,
        None => text.into_owned(),
    };
    (kept, wrong())
}

/// The charset that an HTML part declares in itself.
pub(super) fn declared_in_html(html: &[u8]) -> Option<String> {
    let head = html.get(..META_BYTES_MAX).unwrap_or(html);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, label) = head.split_once("charset=")?;
    let label = label.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
    let label = &label[..end.unwrap_or(label.len())];
    (!label.is_empty()).then(|| label.to_owned())
}

/// Decodes bytes of which nothing is known.
fn guess(bytes: &[u8]) -> (String, Option<MessageProblem>) {
    let shifted = memmem::find(bytes, b"\x1b$").is_some();
    if let Some((charset, _)) = Charset::for_bom(bytes) {
        let problem = Some(MessageProblem::UndeclaredCharset);
        return (charset.decode(bytes).0.into_owned(), problem);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !shifted
    {
        let problem = (!text.is_ascii()).then_some(MessageProblem::UndeclaredUtf8);
        return (text.to_owned(), problem);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes.get(..GUESS_BYTES_MAX).unwrap_or(bytes), true);
    let charset = Charset::for_encoding(detector.guess(None, Utf8Detection::Allow));
    let text = charset.decode(bytes).0.into_owned();
    (text, Some(MessageProblem::UndeclaredCharset))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes, what is declared, the text, what is wrong.
    type Case = (
        &'static [u8],
        Option<&'static str>,
        &'static str,
        Option<MessageProblem>,
    );

    #[test]
    fn decodes_what_is_declared_wrongly() {
        use MessageProblem::{UndeclaredCharset, UndeclaredUtf8, UnknownCharset, WrongCharset};
        let wrong = |label: &str| Some(WrongCharset(label.to_owned()));
        let cases: [Case; 13] = [
            (b"abc", None, "abc", None),
            ("é".as_bytes(), None, "é", Some(UndeclaredUtf8)),
            ("é".as_bytes(), Some("us-ascii"), "é", Some(UndeclaredUtf8)),
            (b"caf\xe9", None, "café", Some(UndeclaredCharset)),
            (b"\xe9", Some("iso-8859-1"), "é", None),
            ("é".as_bytes(), Some("iso-8859-1"), "é", wrong("iso-8859-1")),
            (b"caf\xe9", Some("utf-8"), "café", wrong("utf-8")),
            (
                "é".as_bytes(),
                Some("x-foo"),
                "é",
                Some(UnknownCharset("x-foo".to_owned())),
            ),
            (b"\x83R\x81[\x83h", Some("shift_jis"), "コード", None),
            (b"\xc1\xaa\xcd\xa8", Some("gbk"), "联通", None),
            (b"\x1b$B%3!<%I\x1b(B", None, "コード", Some(UndeclaredCharset)),
            (
                b"\xff\xfea\0b\0",
                None,
                "ab",
                Some(UndeclaredCharset),
            ),
            (
                b"\xea\xee\xe4 \xef\xee\xe4\xf2\xe2\xe5\xf0\xe6\xe4\xe5\xed\xe8\xff \xf0\xe5\xe3\xe8\xf1\xf2\xf0\xe0\xf6\xe8\xe8",
                None,
                "код подтверждения регистрации",
                Some(UndeclaredCharset),
            ),
        ];
        for (bytes, declared, text, problem) in cases {
            let expected = (text.to_owned(), problem);
            assert_eq!(decode(bytes, declared), expected, "{declared:?}");
        }
    }

    #[test]
    fn one_broken_character_does_not_change_the_charset() {
        let mut bytes = "Ваш код подтверждения. ".repeat(10).into_bytes();
        bytes.push(0xd0);
        let (text, problem) = decode(&bytes, Some("utf-8"));
        assert!(text.starts_with("Ваш код") && problem.is_some());
    }

    #[test]
    fn html_may_declare_its_charset() {
        let cases: [(&[u8], Option<&str>); 4] = [
            (b"<meta charset=\"KOI8-R\">", Some("koi8-r")),
            (
                b"<meta http-equiv=x content='text/html; charset=gb2312'>",
                Some("gb2312"),
            ),
            (b"<p>charset", None),
            (b"<meta charset=\"\">", None),
        ];
        for (html, label) in cases {
            assert_eq!(declared_in_html(html).as_deref(), label);
        }
    }
}
