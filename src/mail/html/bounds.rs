//! How much of an HTML part can be read in time linear in its length.

use memchr::{memchr, memmem};

use super::HTML_BYTES_MAX;
use super::elements::is_raw_text;
use crate::mail::text::head;

/// How often an attribute may begin in one tag; the tokenizer compares each with all before it.
const TAG_BREAKS_MAX: usize = 1_024;

/// How many bytes of `html` can be read in time linear in their number: up to a tag with too many
/// attributes. Follows the states of the tokenizer (HTML Living Standard 13.2.5), so that no quote
/// or comment hides such a tag.
pub(super) fn safe_length(html: &str) -> usize {
    let html = head(html, HTML_BYTES_MAX);
    let bytes = html.as_bytes();
    let mut at = 0;
    // A tag with too many attributes does not fit into less.
    if bytes.len() <= TAG_BREAKS_MAX {
        return bytes.len();
    }
    while let Some(distance) = memchr(b'<', &bytes[at..]) {
        let start = at + distance;
        at = start + 1;
        let inside = &bytes[at..];
        match inside {
            [b'!', b'-', b'-', ..] => at += comment_length(inside),
            [b'!' | b'?', ..] => at += memchr(b'>', inside).unwrap_or(inside.len()),
            [b'/', letter, ..] | [letter, ..] if letter.is_ascii_alphabetic() => {
                let Some(length) = tag_length(inside) else {
                    return start;
                };
                at += length;
                let name = name(inside);
                if is_raw_text(name) {
                    at += raw_text_length(&bytes[at..], name);
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

fn name(inside: &[u8]) -> &[u8] {
    let end = inside
        .iter()
        .position(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>'));
    &inside[..end.unwrap_or(inside.len())]
}

/// How long a comment is that begins with `!--`. The dashes of its beginning may be those of its
/// end.
fn comment_length(inside: &[u8]) -> usize {
    let dashes = &inside[1..];
    let ends = ["-->", "--!>"].map(|end| memmem::find(dashes, end.as_bytes()));
    let end = ends.into_iter().flatten().min();
    end.map_or(inside.len(), |end| end + 4)
}

/// How long a tag is; nothing if it has too many attributes.
fn tag_length(inside: &[u8]) -> Option<usize> {
    let (mut breaks, mut quote, mut after_equals) = (0, None, false);
    for (at, &byte) in inside.iter().enumerate() {
        let blank = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
        match (quote, byte) {
            (Some(open), _) => {
                if byte == open {
                    // An attribute may follow a quote at once.
                    quote = None;
                    breaks += 1;
                }
                continue;
            }
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (None, b'/') => breaks += 1,
            (None, _) if blank => breaks += 1,
            _ => {}
        }
        after_equals = byte == b'=' || (after_equals && blank);
        if breaks > TAG_BREAKS_MAX {
            return None;
        }
    }
    Some(inside.len())
}

/// How long the text of an element is in which nothing is a tag but its own end.
fn raw_text_length(text: &[u8], name: &[u8]) -> usize {
    let mut ends = memmem::find_iter(text, b"</");
    let end = ends.find(|&end| {
        let after = &text[end + 2..];
        after.len() > name.len()
            && after[..name.len()].eq_ignore_ascii_case(name)
            && !after[name.len()].is_ascii_alphanumeric()
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowded_tags_are_seen_wherever_they_hide() {
        let crowd = format!("<a {}>", "b ".repeat(2 * TAG_BREAKS_MAX));
        for before in [
            "",
            "<p>",
            "<p a='>'>",
            "<p a = '\"'>",
            "<!-- ' -->",
            "<!-->",
            "<!--->",
            "<!-- --!>",
            "<!doctype '>",
            "<style>a<b '</style>",
            "<SCRIPT><!--<script '</script >",
            "</p '>'>",
            "<p a=b'>",
            "<p '>",
        ] {
            let html = format!("{before}{crowd}");
            assert_eq!(safe_length(&html), before.len(), "{before}");
        }
    }

    #[test]
    fn ordinary_html_is_read_whole() {
        let long = "a b ".repeat(2_000);
        for html in [
            format!("<p title='{long}'>x</p>"),
            format!("<!-- <p {long}> -->x"),
            format!("<style>a<b {long}</style>x"),
            format!("1 < 2 {long}"),
        ] {
            assert_eq!(safe_length(&html), html.len());
        }
    }
}
