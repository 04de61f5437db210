//! Looks up a few members of a JSON text without building the rest of it.
//!
//! A member is named by its path with dots, `a.b.0.c`; a key that has a dot itself is found the same
//! way.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Fields that CloudWatch Logs discovers in one event, in the order of the text; later ones do not
/// exist for a query:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html>.
pub(super) const FIELDS_MAX: usize = 200;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// Too large for an `i64`.
    Large(u64),
    Fraction(f64),
    Text(Cow<'a, str>),
    Object,
    Array,
}

/// Looks up `paths` in the JSON text with which `text` begins, which may go on behind it.
///
/// What is found is written to the path's place in `found`. False if there is no JSON text; nothing
/// is found then.
pub(super) fn find<'a>(
    text: &'a str,
    paths: &[String],
    found: &mut [Option<Found<'a>>],
    fields_max: usize,
) -> bool {
    found.fill(None);
    let wanted: Vec<Wanted<'_>> = (0..)
        .zip(paths)
        .map(|(index, path)| Wanted {
            index,
            rest: Some(path.as_str()),
        })
        .collect();
    // There is at most one comma less than there are fields.
    let is_counted = memchr::memchr_iter(b',', text.as_bytes()).count() >= fields_max;
    let mut search = Search {
        found,
        fields_left: fields_max,
        is_counted,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let node = Node {
        search: &mut search,
        wanted,
    };
    let is_json = node.deserialize(&mut json).is_ok();
    if !is_json {
        found.fill(None);
    }
    is_json
}

/// A path that is looked for below a node.
#[derive(Debug, Clone, Copy)]
struct Wanted<'p> {
    /// The path's place among all.
    index: usize,
    /// What of the path is still to go; none at the node itself.
    rest: Option<&'p str>,
}

impl<'p> Wanted<'p> {
    /// The same below a member of this name, if the path goes there.
    fn below(self, key: &str) -> Option<Self> {
        let rest: &'p str = self.rest?.strip_prefix(key)?;
        let rest = match rest.strip_prefix('.') {
            Some(rest) => Some(rest),
            None if rest.is_empty() => None,
            None => return None,
        };
        Some(Self {
            index: self.index,
            rest,
        })
    }
}

/// The paths that go to or below a member.
fn below<'p>(wanted: &[Wanted<'p>], key: &str) -> Vec<Wanted<'p>> {
    wanted
        .iter()
        .filter_map(|wanted| wanted.below(key))
        .collect()
}

struct Search<'f, 'a> {
    found: &'f mut [Option<Found<'a>>],
    fields_left: usize,
    /// Whether there may be more fields than are discovered.
    is_counted: bool,
}

/// A node of the text, and what is looked for there and below.
struct Node<'s, 'f, 'a, 'p> {
    search: &'s mut Search<'f, 'a>,
    wanted: Vec<Wanted<'p>>,
}

impl<'a> Node<'_, '_, 'a, '_> {
    /// Keeps what stands here for the paths that end here.
    fn keep(&mut self, value: &Found<'a>) {
        for wanted in self.wanted.iter().filter(|wanted| wanted.rest.is_none()) {
            self.search.found[wanted.index].get_or_insert_with(|| value.clone());
        }
    }

    fn scalar(mut self, value: &Found<'a>) {
        if self.search.is_counted {
            if self.search.fields_left == 0 {
                return;
            }
            self.search.fields_left -= 1;
        }
        self.keep(value);
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_, 'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON text")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.scalar(&Found::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.scalar(&Found::Boolean(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.scalar(&Found::Integer(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        let value = i64::try_from(value).map_or(Found::Large(value), Found::Integer);
        self.scalar(&value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.scalar(&Found::Fraction(value));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        self.scalar(&Found::Text(Cow::Borrowed(value)));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        if self.wanted.is_empty() {
            self.scalar(&Found::Null);
        } else {
            self.scalar(&Found::Text(Cow::Owned(value.to_owned())));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.keep(&Found::Object);
        while let Some(Key(key)) = map.next_key_seed(KeySeed)? {
            let wanted = below(&self.wanted, &key);
            if wanted.is_empty() && !self.search.is_counted {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            map.next_value_seed(Node {
                search: self.search,
                wanted,
            })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        self.keep(&Found::Array);
        let goes_on = self.wanted.iter().any(|wanted| wanted.rest.is_some());
        for place in 0_usize.. {
            let wanted = if goes_on {
                below(&self.wanted, &place.to_string())
            } else {
                Vec::new()
            };
            let is_done = if wanted.is_empty() && !self.search.is_counted {
                list.next_element::<IgnoredAny>()?.is_none()
            } else {
                let node = Node {
                    search: self.search,
                    wanted,
                };
                list.next_element_seed(node)?.is_none()
            };
            if is_done {
                break;
            }
        }
        Ok(())
    }
}

/// A member's name, borrowed from the text where it has no escapes.
struct Key<'a>(Cow<'a, str>);

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(value.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up<'a>(text: &'a str, path: &str) -> Option<Found<'a>> {
        let mut found = [None];
        find(text, &[path.to_owned()], &mut found, FIELDS_MAX);
        found[0].take()
    }

    #[test]
    fn finds_members_by_their_paths() {
        let text = r#"{"a":{"b":[{"c":1},{"c":"x\ny"}],"t":true,"n":null},"a.b.z":2.5,
                       "detail-type":"Email","big":18446744073709551615,"e":{"é\"":-3}} behind"#;
        let cases = [
            ("a.b.0.c", Some(Found::Integer(1))),
            ("a.b.1.c", Some(Found::Text("x\ny".into()))),
            ("a.b.2.c", None),
            ("a.b.z", Some(Found::Fraction(2.5))),
            ("a.t", Some(Found::Boolean(true))),
            ("a.n", Some(Found::Null)),
            ("a", Some(Found::Object)),
            ("a.b", Some(Found::Array)),
            ("detail-type", Some(Found::Text("Email".into()))),
            ("detail", None),
            ("big", Some(Found::Large(u64::MAX))),
            ("e.é\"", Some(Found::Integer(-3))),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(look_up(text, path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_json_has_no_members() {
        for text in ["", "{", r#"{"a":1"#, "a", r#"{"a":1 "b":2}"#] {
            assert_eq!(look_up(text, "a"), None, "{text}");
        }
    }

    #[test]
    fn depth_cannot_exhaust_the_stack() {
        let deep = format!("{}1{}", "{\"a\":".repeat(9_000), "}".repeat(9_000));
        assert_eq!(look_up(&deep, "a.a"), Some(Found::Object));
        assert!(look_up(&deep, &"a.".repeat(5_000)).is_none());
    }

    #[test]
    fn members_beyond_the_limit_do_not_exist() {
        let members: Vec<String> = (0..=FIELDS_MAX)
            .map(|number| format!(r#""f{number}":["x\ty"]"#))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        let text_value = Some(Found::Text("x\ty".into()));
        assert_eq!(
            look_up(&text, &format!("f{}.0", FIELDS_MAX - 1)),
            text_value
        );
        assert_eq!(look_up(&text, &format!("f{FIELDS_MAX}.0")), None);
    }
}
