//! What may be a secret inside of values that are shown.

use super::sounds_secret;

/// Signs that end a word in a value.
const ENDS: [char; 9] = [' ', '\t', '\r', '\n', '"', '\'', '<', '>', '&'];

/// The text with the users of URLs replaced by asterisks, and what is given to a word as in
/// `?token=abc`.
pub(super) fn mask_inside(text: &str) -> String {
    let mut shown = text.to_owned();
    for place in users(text).chain(given(text)) {
        let stars = "*".repeat(place.len());
        shown.replace_range(place, &stars);
    }
    shown
}

type Place = std::ops::Range<usize>;

/// What stands between `://` and `@`.
fn users(text: &str) -> impl Iterator<Item = Place> {
    text.match_indices("://").filter_map(|(at, sign)| {
        let start = at + sign.len();
        let rest = &text[start..];
        let word = &rest[..rest.find(ENDS).unwrap_or(rest.len())];
        // The last one: a password may have one of its own.
        let end = word.rfind('@')?;
        Some(start..start + end)
    })
}

/// What follows an equals sign at once, after a word that sounds like a secret's.
fn given(text: &str) -> impl Iterator<Item = Place> {
    text.match_indices('=').filter_map(|(at, _)| {
        let is_end = |c: char| !(c.is_alphanumeric() || "-_".contains(c));
        let word = text[..at].rsplit(is_end).next()?;
        let rest = &text[at + 1..];
        let end = rest.find(ENDS).unwrap_or(rest.len());
        (sounds_secret(word) && end > 0).then(|| at + 1..at + 1 + end)
    })
}
