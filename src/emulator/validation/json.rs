//! Walks over raw JSON without building a tree of it.
//!
//! The text was checked to be JSON before it gets here, so a walk cannot fail in the middle.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::rejection::Found;

/// The kind of a value by its first byte, `None` for null.
pub(super) fn kind(raw: &RawValue) -> Option<Found> {
    match raw.get().as_bytes().first() {
        Some(b'"') => Some(Found::Text),
        Some(b'{') => Some(Found::Object),
        Some(b'[') => Some(Found::List),
        Some(b't') => Some(Found::True),
        Some(b'f') => Some(Found::False),
        Some(b'n') | None => None,
        Some(_) => Some(Found::Number),
    }
}

/// The text of a JSON string, copied only if it contains escapes; `None` if one of them stands for
/// no character (half of a surrogate pair).
pub(super) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(raw.get()).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// Calls `see` with each name and value of an object, in the order of the text.
pub(super) fn each_entry<'de>(raw: &'de RawValue, see: &mut dyn FnMut(&str, &'de RawValue)) {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    // The text is JSON already, see above.
    let _ = json.deserialize_map(Entries { see });
}

/// Calls `see` with each element of an array and its position from one.
pub(super) fn each_element<'de>(raw: &'de RawValue, see: &mut dyn FnMut(usize, &'de RawValue)) {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    // The text is JSON already, see above.
    let _ = json.deserialize_seq(Elements { see });
}

/// A list or map of texts as Java prints one: `[a, b]` or `{key=value}`.
pub(super) struct Collection<'r>(pub(super) &'r RawValue);

impl fmt::Display for Collection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items = Vec::new();
        let list = kind(self.0) == Some(Found::List);
        if list {
            each_element(self.0, &mut |_, value| {
                items.push(text(value).unwrap_or_default());
            });
        } else {
            each_entry(self.0, &mut |name, value| {
                items.push(Cow::Owned(format!(
                    "{name}={}",
                    text(value).unwrap_or_default()
                )));
            });
        }
        let (open, close) = if list { ('[', ']') } else { ('{', '}') };
        write!(f, "{open}{}{close}", items.join(", "))
    }
}

struct Entries<'f, 'de> {
    see: &'f mut dyn FnMut(&str, &'de RawValue),
}

impl<'de> Visitor<'de> for Entries<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            (self.see)(&name, map.next_value()?);
        }
        Ok(())
    }
}

struct Elements<'f, 'de> {
    see: &'f mut dyn FnMut(usize, &'de RawValue),
}

impl<'de> Visitor<'de> for Elements<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut position = 0;
        while let Some(value) = elements.next_element()? {
            position += 1;
            (self.see)(position, value);
        }
        Ok(())
    }
}

/// Reads a member name without copying it.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
