//! Putting attributes into a text.

use std::borrow::Cow;

use serde_json::Value;

use super::data::{RenderingData, RenderingError, is_true, length_of, member, text};
use super::path::{Local, Path, Start};
use super::pattern::{BlockKind, Pattern, Piece};

/// How deep blocks and partials may be in one another, so that a partial that includes itself comes to an
/// end.
const DEEP_MAX: usize = 128;
/// Pieces that are written at most, so that lists in lists take no time without end.
const PIECES_MAX: usize = 1_000_000;
/// Bytes of a text at most: what SES takes as a whole mail
/// (<https://docs.aws.amazon.com/ses/latest/dg/quotas.html>).
const TEXT_BYTES_MAX: usize = 40 * 1024 * 1024;

/// A text that is being written.
pub(super) struct Writing<'a> {
    pattern: &'a Pattern,
    /// What the text is about, outermost first.
    scopes: Vec<Scope<'a>>,
    text: String,
    pieces: usize,
    deep: usize,
}

/// What a part of the text is about.
#[derive(Clone, Copy)]
struct Scope<'a> {
    value: &'a Value,
    /// Where it stands, if it is a member that `each` came to.
    place: Option<Place<'a>>,
}

#[derive(Clone, Copy)]
struct Place<'a> {
    index: usize,
    key: Option<&'a str>,
    is_last: bool,
}

impl<'a> Writing<'a> {
    pub(super) fn new(pattern: &'a Pattern, data: &'a RenderingData) -> Self {
        let whole = Scope {
            value: &data.0,
            place: None,
        };
        Self {
            pattern,
            scopes: vec![whole],
            text: String::new(),
            pieces: 0,
            deep: 0,
        }
    }

    /// The text of these pieces.
    pub(super) fn text(mut self, pieces: &'a [Piece]) -> Result<String, RenderingError> {
        self.write(pieces)?;
        Ok(self.text)
    }

    fn write(&mut self, pieces: &'a [Piece]) -> Result<(), RenderingError> {
        if self.deep == DEEP_MAX {
            return Err(RenderingError::TooMuch(
                "128 blocks and partials in one another",
            ));
        }
        self.deep += 1;
        for piece in pieces {
            self.count()?;
            match piece {
                Piece::Text(text) => self.push(text)?,
                Piece::Attribute(path) => {
                    let missing = || RenderingError::Missing(path.written.clone());
                    let value = self.value(path).ok_or_else(missing)?;
                    self.push(&text(&value))?;
                }
                Piece::Block {
                    kind,
                    path,
                    then,
                    otherwise,
                } => self.block(*kind, path, (then, otherwise))?,
                Piece::Partial { name, about } => self.partial(name, about.as_ref())?,
            }
        }
        self.deep -= 1;
        Ok(())
    }

    fn count(&mut self) -> Result<(), RenderingError> {
        self.pieces += 1;
        if self.pieces > PIECES_MAX {
            return Err(RenderingError::TooMuch("1000000 pieces of text"));
        }
        Ok(())
    }

    fn push(&mut self, text: &str) -> Result<(), RenderingError> {
        if self.text.len() + text.len() > TEXT_BYTES_MAX {
            return Err(RenderingError::TooMuch("40 MB of text"));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn block(
        &mut self,
        kind: BlockKind,
        path: &'a Path,
        (then, otherwise): (&'a [Piece], &'a [Piece]),
    ) -> Result<(), RenderingError> {
        let is_true = self.value(path).is_some_and(|value| is_true(&value));
        match kind {
            BlockKind::If if is_true => self.write(then),
            BlockKind::Unless if !is_true => self.write(then),
            BlockKind::Each | BlockKind::With if is_true => {
                // A number that is no part of the data has no members.
                let Some(value) = self.found(path) else {
                    return self.write(otherwise);
                };
                if kind == BlockKind::With {
                    return self.about(Scope { value, place: None }, then);
                }
                self.each(value, then, otherwise)
            }
            _ => self.write(otherwise),
        }
    }

    fn each(
        &mut self,
        value: &'a Value,
        then: &'a [Piece],
        otherwise: &'a [Piece],
    ) -> Result<(), RenderingError> {
        let members: Vec<(Option<&'a str>, &'a Value)> = match value {
            Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
            Value::Object(members) => {
                let members = members.iter();
                members.map(|(key, value)| (Some(&**key), value)).collect()
            }
            _ => Vec::new(),
        };
        if members.is_empty() {
            return self.write(otherwise);
        }
        let last = members.len() - 1;
        for (index, (key, value)) in members.into_iter().enumerate() {
            // So that an empty body comes to an end too.
            self.count()?;
            let place = Place {
                index,
                key,
                is_last: index == last,
            };
            let place = Some(place);
            self.about(Scope { value, place }, then)?;
        }
        Ok(())
    }

    fn about(&mut self, scope: Scope<'a>, pieces: &'a [Piece]) -> Result<(), RenderingError> {
        self.scopes.push(scope);
        let written = self.write(pieces);
        self.scopes.pop();
        written
    }

    fn partial(&mut self, name: &str, about: Option<&'a Path>) -> Result<(), RenderingError> {
        let pattern = self.pattern;
        let missing = || RenderingError::NoPartial(name.to_owned());
        let pieces = pattern.partials.get(name).ok_or_else(missing)?;
        match about {
            None => self.write(pieces),
            Some(path) => {
                let missing = || RenderingError::Missing(path.written.clone());
                let value = self.found(path).ok_or_else(missing)?;
                self.about(Scope { value, place: None }, pieces)
            }
        }
    }

    /// What a path leads to.
    fn value(&self, path: &Path) -> Option<Cow<'a, Value>> {
        if let Start::Of(local, levels) = path.start {
            return self.local(local, levels).map(Cow::Owned);
        }
        if let Some(found) = self.found(path) {
            return Some(Cow::Borrowed(found));
        }
        let (last, before) = path.names.split_last()?;
        let value = self.along(path.start, before)?;
        length_of(value, last).map(|length| Cow::Owned(Value::from(length)))
    }

    /// The part of the data that a path leads to.
    fn found(&self, path: &Path) -> Option<&'a Value> {
        self.along(path.start, &path.names)
    }

    fn along(&self, start: Start, names: &[String]) -> Option<&'a Value> {
        let scope = match start {
            Start::Here(levels) => self.scopes.iter().rev().nth(levels)?,
            Start::Root => self.scopes.first()?,
            Start::Of(..) => return None,
        };
        names
            .iter()
            .try_fold(scope.value, |value, name| member(value, name))
    }

    fn local(&self, local: Local, levels: usize) -> Option<Value> {
        let mut places = self.scopes.iter().rev().filter_map(|scope| scope.place);
        let place = places.nth(levels)?;
        Some(match local {
            Local::Index => Value::from(place.index),
            Local::Key => place.key.map_or(Value::from(place.index), Value::from),
            Local::First => Value::from(place.index == 0),
            Local::Last => Value::from(place.is_last),
        })
    }
}
