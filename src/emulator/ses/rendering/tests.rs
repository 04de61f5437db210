//! The language of templates, as far as it is here: `{{name}}`, `{{{name}}}`, `{{nested.name}}` and
//! comments. SES does not escape what it puts in
//! (<https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html>).
//!
//! Conditions, loops and partials are refused when a template is made, not when a mail is sent.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::error::SesException;

/// A text with places for attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A path of names: more than one for an attribute of an attribute.
    Attribute(Vec<String>),
}

/// What is put in: `TemplateData`.
#[derive(Debug)]
pub(super) struct RenderingData(BTreeMap<String, Box<RawValue>>);

/// Why a mail cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RenderingError {
    /// AWS's words, from its page on event contents:
    /// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>.
    #[error("Attribute '{0}' is not present in the rendering data.")]
    Missing(String),
    /// The text is a guess.
    #[error("The rendering data is not a JSON object.")]
    NoObject,
}

impl Pattern {
    /// Reads a text.
    ///
    /// # Errors
    /// `BadRequestException` for a place that does not end (the text is a guess), and the explicit refusal
    /// of what is not here.
    pub(super) fn parse(text: &str) -> Result<Self, SesException> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("{{") {
            let (open, close) = match after.strip_prefix('{') {
                Some(triple) => (triple, "}}}"),
                None => (after, "}}"),
            };
            let Some((inside, after)) = open.split_once(close) else {
                let why = "The template has an expression that does not end.";
                return Err(SesException::bad_request(why));
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            if !inside.starts_with('!') {
                pieces.push(Piece::Attribute(path(inside)?));
            }
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// Whether it has no text at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with its attributes.
    ///
    /// # Errors
    /// [`RenderingError::Missing`] for the first attribute that is not there.
    pub(super) fn render(&self, data: &RenderingData) -> Result<String, RenderingError> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Attribute(path) => {
                    let found = data.text(path);
                    let missing = || RenderingError::Missing(path.join("."));
                    text.push_str(&found.ok_or_else(missing)?);
                }
            }
        }
        Ok(text)
    }
}

fn path(expression: &str) -> Result<Vec<String>, SesException> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let names = expression.trim().split('.');
    let names: Vec<String> = names.map(str::to_owned).collect();
    let all = names
        .iter()
        .all(|name| !name.is_empty() && name.chars().all(is_name));
    if all {
        return Ok(names);
    }
    let what = format!("The template expression {{{{{expression}}}}}");
    Err(SesException::NotImplemented(what))
}

impl RenderingData {
    /// Reads `TemplateData`.
    ///
    /// # Errors
    /// [`RenderingError::NoObject`].
    pub(super) fn read(text: &str) -> Result<Self, RenderingError> {
        let read = serde_json::from_str(text);
        read.map(Self).map_err(|_| RenderingError::NoObject)
    }

    /// The text of an attribute: a string's content, nothing for null, and JSON for anything else. That
    /// lists and objects are written so is a guess.
    fn text(&self, path: &[String]) -> Option<String> {
        let (first, rest) = path.split_first()?;
        let mut found = self.0.get(first)?.clone();
        for name in rest {
            let mut members: BTreeMap<String, Box<RawValue>> =
                serde_json::from_str(found.get()).ok()?;
            found = members.remove(name)?;
        }
        match found.get() {
            "null" => Some(String::new()),
            text if text.starts_with('"') => serde_json::from_str(text).ok(),
            other => Some(other.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_put_in_as_they_are() {
        let data = r#"{"name":"Ada <a>","n":7,"none":null,"at":{"city":"K\u00f6ln"},"l":[1]}"#;
        let data = RenderingData::read(data).unwrap();
        for (text, expected) in [
            ("", Ok("")),
            ("no places }} {", Ok("no places }} {")),
            ("Dear {{name}}, {{ n }}{{none}}!", Ok("Dear Ada <a>, 7!")),
            ("{{{name}}} in {{at.city}}", Ok("Ada <a> in Köln")),
            ("{{! a remark }}{{l}}", Ok("[1]")),
            ("{{Name}}", Err("Name")),
            ("{{name}} {{at.street}}", Err("at.street")),
            ("{{n.of}}", Err("n.of")),
        ] {
            let rendered = Pattern::parse(text).unwrap().render(&data);
            let expected = expected.map(str::to_owned);
            let missing = |name: &str| RenderingError::Missing(name.to_owned());
            assert_eq!(rendered, expected.map_err(missing), "{text}");
        }
        for text in ["", "[]", "{", "7"] {
            assert!(RenderingData::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_here_is_refused() {
        for (text, name) in [
            ("{{name", "BadRequestException"),
            ("{{{name}}", "BadRequestException"),
            ("{{#if name}}x{{/if}}", "NotImplementedException"),
            ("{{#each l}}x{{/each}}", "NotImplementedException"),
            ("{{> part}}", "NotImplementedException"),
            ("{{}}", "NotImplementedException"),
        ] {
            let refused = Pattern::parse(text).unwrap_err();
            assert_eq!(refused.name(), name, "{text}: {refused}");
        }
    }
}
