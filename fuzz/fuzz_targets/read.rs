//! What is tried with any bytes, by the fuzzer and by the property tests.

use reverify::mail::{Delivery, Message, Template, extract};

/// How much larger than the mail its texts may be: a byte becomes at most three in UTF-8, and
/// stands in a part, in what is visible of it, and in a link.
const TIMES_LARGER_MAX: usize = 3 * 4;
/// What small mails may take beyond that, in bytes.
const BYTES_MORE_MAX: usize = 4 * 1024;

/// Reads bytes as a mail in every way.
///
/// Panics when they break the reader, or when their texts take more memory than is due.
pub(crate) fn read(bytes: &[u8]) {
    let message = Message::parse(bytes);
    let _ = extract(&message, &Template::of_cognito());
    let _ = extract(&message, &[]);
    let delivery = Delivery::parse(bytes);
    let _ = delivery.timeline(
        "2026-11-21T03:00:00Z".parse().unwrap(),
        jiff::Timestamp::UNIX_EPOCH,
    );
    let _ = message.readable_text();
    let size = size(&message);
    assert!(
        size <= bytes.len() * TIMES_LARGER_MAX + BYTES_MORE_MAX,
        "{size} bytes of text in a mail of {}",
        bytes.len()
    );
}

/// The bytes of all texts that a message keeps.
fn size(message: &Message) -> usize {
    let texts = [
        message.subject(),
        message.text(),
        message.html(),
        message.visible_html(),
    ];
    let texts = texts.into_iter().flatten().map(str::len);
    let links = message
        .links()
        .iter()
        .map(|link| link.href.len() + link.text.len());
    let nested = message.nested().iter().map(size);
    texts.chain(links).chain(nested).sum()
}
