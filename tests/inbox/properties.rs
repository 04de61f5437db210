//! What holds of every mail, whatever its bytes: reading ends, in time, and invents nothing.

#[path = "../../fuzz/fuzz_targets/read.rs"]
mod read;

use std::time::{Duration, Instant};

use proptest::prelude::*;
use reverify::mail::{Extraction, How, Message, Place, Template, TemplateMatch, extract};

use super::expected::corpus;

/// What mails are made of, right and wrong.
const PIECES: [&str; 38] = [
    "Subject: ",
    "Content-Type: ",
    "text/html",
    "text/plain; charset=",
    "multipart/mixed; boundary=b",
    "message/rfc822",
    "multipart/report",
    "Content-Transfer-Encoding: base64\n\n",
    "quoted-printable",
    "--b\n",
    "--b--\n",
    "\n\n",
    "\r\n",
    "\r",
    "=?utf-8?q?",
    "=?=",
    "?=",
    "=3D",
    "=\n",
    "<p>",
    "</p>",
    "<a href='https://d.example/confirmUser?client_id=c&user_name=u&confirmation_code=123456'>",
    "</a>",
    "<table><tr><td>1",
    "<!--",
    "-->",
    "<style>.a{display:none}",
    "</style>",
    "&#49;",
    "Your verification code is ",
    "order ",
    "123456",
    "654321 ",
    "12-34-56",
    "{####}",
    "é",
    "\u{202e}",
    "確認コード",
];

/// Repeated, these cost quadratic time where a parser looks ahead or back too far.
const HOSTILE: [&str; 22] = [
    "<div>",
    "<a b",
    "<a b='",
    "</p>",
    "<p",
    "<!--",
    "<table><td>",
    "<style>",
    "<b><i>",
    "&amp",
    "1 ",
    "123456 ",
    "123456 code ",
    "code ",
    "1.1.",
    "a@",
    "http://",
    "=?utf-8?q?a?= ",
    "--b\n",
    "=\n",
    "> ",
    "(1)",
];

/// Each hostile mail is this large, in bytes.
const HOSTILE_BYTES: usize = 64_000;

/// How much larger a hostile mail is than the part of it whose time it is compared with.
const TIMES_LARGER: usize = 8;
/// Linear time grows as the mail does, and quadratic time by its square, 64; half of that leaves
/// room for a busy machine.
const GROWTH_MAX: u32 = 32;
/// What is shorter than this has no growth that could be measured.
const SLACK: Duration = Duration::from_millis(100);

/// What takes quadratic time takes many times this.
const PATIENCE: Duration = Duration::from_secs(20);

fn mail_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// All digits that a reader or a link of the mail shows.
fn digits_shown(message: &Message, digits: &mut String) {
    let links = message.links().iter().map(|link| link.href.as_str());
    let texts = [message.text(), message.visible_html(), message.subject()];
    for text in texts.into_iter().flatten().chain(links) {
        digits.extend(text.chars().filter(char::is_ascii_digit));
        digits.push('|');
    }
    for nested in message.nested() {
        digits_shown(nested, digits);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_break_the_reader_and_no_code_is_invented(bytes in mail_like()) {
        read::read(&bytes);
        let message = Message::parse(&bytes);
        let templates = Template::of_cognito();
        let mut shown = String::new();
        digits_shown(&message, &mut shown);
        for templates in [&templates[..], &[]] {
            if let Extraction::Code { code, .. } = extract(&message, templates) {
                prop_assert!(shown.contains(code.expose()), "{} of {shown}", code.expose());
            }
        }
    }

    #[test]
    fn a_damaged_mail_of_the_corpus_breaks_nothing(
        mail in proptest::sample::select(corpus_bytes()),
        cut in any::<proptest::sample::Index>(),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let mut bytes = mail;
        for (place, byte) in damage {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        // Both a part and the whole, and the part inside itself.
        let part = bytes[..cut.index(bytes.len())].to_vec();
        read::read(&bytes);
        read::read(&[&part[..], &bytes[..]].concat());
        read::read(&part);
    }

    #[test]
    fn a_template_finds_what_was_put_into_it(
        before in "[a-zA-Z]{4,12}[a-zA-Z ,.äß]{0,48}",
        after in "[a-zA-Z ,.äß]{0,60}",
        code in "[0-9]{6}",
        noise in "[0-9]{6}",
        encoding in 0..3_usize,
    ) {
        let template = format!("{before} {{####}} {after}");
        let body = template.replace("{####}", &code);
        let body = format!("Ref {noise}\n{body}\n{noise} bye");
        let (name, body) = match encoding {
            0 => ("8bit", body),
            1 => ("base64", base64(body.as_bytes())),
            _ => ("quoted-printable", quoted(body.as_bytes())),
        };
        let mail = format!(
            "Subject: x\nContent-Type: text/html; charset=utf-8\n\
             Content-Transfer-Encoding: {name}\n\n{body}\n"
        );
        let template = Template::new(None, &template).unwrap();
        match template.apply(&Message::parse(mail.as_bytes())) {
            Ok(TemplateMatch::Code { code: found, place }) => {
                prop_assert_eq!(found.expose(), code.as_str());
                prop_assert_eq!(place, Place::Body);
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn a_text_without_numbers_has_no_code(text in "[^0-9]{0,200}") {
        let ascii: String = text.chars().filter(|c| !c.is_numeric()).collect();
        let mail = format!("Subject: Your verification code\n\n{ascii}");
        let found = extract(&Message::parse(mail.as_bytes()), &[]);
        prop_assert!(matches!(found, Extraction::None), "{found:?}");
    }

    #[test]
    fn a_plain_sentence_always_gives_its_code(code in "[0-9]{6}", minutes in 1..60_u8) {
        let mail = format!("Subject: x\n\nYour verification code is {code}. Valid {minutes} minutes.");
        let found = extract(&Message::parse(mail.as_bytes()), &[]);
        let Extraction::Code { code: found, how } = found else {
            return Err(TestCaseError::fail(format!("{found:?}")));
        };
        prop_assert_eq!((found.expose(), how), (code.as_str(), How::Cues));
    }
}

#[test]
fn hostile_mails_are_read_in_time() {
    for unit in HOSTILE {
        for head in [
            "",
            "Content-Type: text/html\n\n",
            "Content-Type: text/plain\n\n",
            "Subject: ",
        ] {
            let mail =
                |bytes: usize| format!("{head}{}", unit.repeat(bytes / unit.len())).into_bytes();
            let small = time(&mail(HOSTILE_BYTES / TIMES_LARGER), 3);
            let limit = small * GROWTH_MAX + SLACK;
            let large = mail(HOSTILE_BYTES);
            let mut took = time(&large, 1);
            if took > limit {
                // The machine may be busy with something else.
                took = time(&large, 3);
            }
            assert!(took < PATIENCE, "{unit:?} after {head:?}: {took:?}");
            assert!(
                took <= limit,
                "{unit:?} after {head:?}: {took:?}, a part {small:?}"
            );
        }
    }
}

/// The best time of some passes.
fn time(mail: &[u8], passes: usize) -> Duration {
    let times = (0..passes).map(|_| {
        let started = Instant::now();
        read::read(mail);
        started.elapsed()
    });
    times.min().unwrap_or_default()
}

/// All mails of the corpus.
fn corpus_bytes() -> Vec<Vec<u8>> {
    corpus().into_iter().map(|mail| mail.lf).collect()
}

fn quoted(bytes: &[u8]) -> String {
    let encoded: Vec<String> = bytes.iter().map(|byte| format!("={byte:02X}")).collect();
    let lines: Vec<String> = encoded.chunks(20).map(<[String]>::concat).collect();
    lines.join("=\n")
}

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}
