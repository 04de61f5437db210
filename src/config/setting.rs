//! What a value may be: read from TOML, described for people and for editors.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

use super::node::Node;
use super::origin::Located;
use super::problem::{ConfigProblem, nearest};
use super::section::Key;
use crate::model::{AppClientId, UserPoolId};

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// True or false.
    Flag,
    /// A whole number from the first to the second.
    Count(u32, u32),
    /// A time as `90s` or `1h 30m`.
    Duration,
    /// A text, and what it has to be.
    Text(&'static str),
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// A list of such.
    List(&'static Kind),
    /// A reference to a secret.
    Secret,
    /// A table with keys of its own; the number that may stand for it is the value of its first key.
    Table { keys: &'static [Key], short: bool },
}

/// A type of values.
pub(super) trait Setting: Sized {
    /// What it may be.
    const KIND: Kind;

    /// Reads a value of this type, or says what is wrong.
    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self>;
}

/// Says what a value has to be.
pub(super) fn mismatch(
    value: &Located<Node>,
    expected: impl Into<String>,
    problems: &mut Vec<ConfigProblem>,
) {
    let problem = ConfigProblem::at(&value.origin, format!("this is {}", value.value.kind()));
    problems.push(problem.label(format!("it has to be {}", expected.into())));
}

impl Setting for bool {
    const KIND: Kind = Kind::Flag;

    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        if let Node::Flag(flag) = value.value {
            return Some(flag);
        }
        mismatch(value, "true or false", problems);
        None
    }
}

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count<const MIN: u32, const MAX: u32>(pub(super) u32);

impl<const MIN: u32, const MAX: u32> Setting for Count<MIN, MAX> {
    const KIND: Kind = Kind::Count(MIN, MAX);

    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let Node::Number(number) = value.value else {
            mismatch(value, "a whole number", problems);
            return None;
        };
        let within = u32::try_from(number)
            .ok()
            .filter(|n| (MIN..=MAX).contains(n));
        if within.is_none() {
            let problem = ConfigProblem::at(&value.origin, "this number is out of bounds");
            problems.push(problem.label(format!("it has to be from {MIN} to {MAX}")));
        }
        within.map(Self)
    }
}

impl Setting for Duration {
    const KIND: Kind = Kind::Duration;

    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let Node::Text(text) = &value.value else {
            mismatch(value, "a time, such as \"90s\", \"2m\" or \"1h\"", problems);
            return None;
        };
        let span: Option<jiff::SignedDuration> = text.parse().ok();
        let duration = span.and_then(|span| Self::try_from(span).ok());
        let duration = duration.filter(|duration| !duration.is_zero());
        if duration.is_none() {
            let problem = ConfigProblem::at(&value.origin, "this is not a length of time");
            problems.push(problem.label("write \"90s\", \"2m\" or \"1h\""));
        }
        duration
    }
}

/// The text of a value.
fn text<'a>(value: &'a Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<&'a str> {
    if let Node::Text(text) = &value.value {
        return Some(text);
    }
    mismatch(value, "a text in quotes", problems);
    None
}

/// A text of its own type.
pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(
    value: &Located<Node>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<T> {
    match text(value, problems)?.parse() {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            let problem = ConfigProblem::at(&value.origin, "this text is not right");
            problems.push(problem.label(format!("{error}")));
            None
        }
    }
}

/// Types that a text is parsed into.
macro_rules! parsed_from_text {
    ($($name:ty: $what:literal),* $(,)?) => {
        $(impl $crate::config::setting::Setting for $name {
            const KIND: $crate::config::setting::Kind = $crate::config::setting::Kind::Text($what);

            fn read(
                value: &$crate::config::origin::Located<$crate::config::node::Node>,
                problems: &mut Vec<$crate::config::problem::ConfigProblem>,
            ) -> Option<Self> {
                $crate::config::setting::parsed(value, problems)
            }
        })*
    };
}
pub(super) use parsed_from_text;

parsed_from_text! {
    String: "text",
    SocketAddr: "ADDRESS:PORT",
    UserPoolId: "pool id",
    AppClientId: "client id",
}

impl Setting for PathBuf {
    const KIND: Kind = Kind::Text("path");

    /// What is relative counts from where the file that says it is.
    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let path = text(value, problems)?;
        if path.is_empty() {
            let problem = ConfigProblem::at(&value.origin, "this path is empty");
            problems.push(problem.label("it names no file and no folder"));
            return None;
        }
        Some(value.origin.base().join(path))
    }
}

impl Setting for Url {
    const KIND: Kind = Kind::Text("URL");

    /// TLS is for AWS itself; what else speaks its protocol stands on this machine or beside it.
    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let url: Self = parsed(value, problems)?;
        let has_password = url.password().is_some() || !url.username().is_empty();
        if url.scheme() == "http" && url.host().is_some() && !has_password {
            return Some(url);
        }
        let problem = ConfigProblem::at(&value.origin, "this URL is not right");
        problems.push(problem.label("it has to be http://HOST[:PORT]"));
        None
    }
}

impl<T: Setting> Setting for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let Node::List(items) = &value.value else {
            mismatch(value, "a list in square brackets", problems);
            return None;
        };
        items.iter().map(|item| T::read(item, problems)).collect()
    }
}

/// A value that keeps its place, for what is found wrong with it later.
impl<T: Setting> Setting for Located<T> {
    const KIND: Kind = T::KIND;

    fn read(value: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        Some(Self {
            value: T::read(value, problems)?,
            origin: value.origin.clone(),
        })
    }
}

/// Types with a word for each of their values.
macro_rules! one_of {
    ($name:ident { $($word:literal => $variant:ident),* $(,)? }) => {
        impl $crate::config::setting::Setting for $name {
            const KIND: $crate::config::setting::Kind =
                $crate::config::setting::Kind::OneOf(&[$($word),*]);

            fn read(
                value: &$crate::config::origin::Located<$crate::config::node::Node>,
                problems: &mut Vec<$crate::config::problem::ConfigProblem>,
            ) -> Option<Self> {
                let words = [$($word),*];
                match $crate::config::setting::word(value, &words, problems)? {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
pub(super) use one_of;

/// One of some words.
pub(super) fn word<'a>(
    value: &'a Located<Node>,
    words: &[&str],
    problems: &mut Vec<ConfigProblem>,
) -> Option<&'a str> {
    let word = text(value, problems)?;
    if words.contains(&word) {
        return Some(word);
    }
    let all: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let all = all.join(", ");
    let label = match nearest(word, words.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("it has to be one of {all}"),
    };
    let problem = ConfigProblem::at(&value.origin, format!("unknown word `{word}`"));
    problems.push(problem.label(label).help(format!("the words are {all}")));
    None
}
