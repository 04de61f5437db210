//! What is put into a text, and why that can fail.

use serde_json::{Map, Value};

/// What is put in: `TemplateData`. Its shape is the template's matter alone, so that it stays JSON.
#[derive(Debug)]
pub(in super::super) struct RenderingData(pub(super) Value);

/// Why a mail cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in super::super) enum RenderingError {
    /// AWS's words, from its page on event contents:
    /// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>.
    #[error("Attribute '{0}' is not present in the rendering data.")]
    Missing(String),
    /// The text is a guess.
    #[error("The rendering data is not a JSON object.")]
    NoObject,
    /// The text is a guess.
    #[error("The partial '{0}' is not defined in the template.")]
    NoPartial(String),
    /// The text is a guess, and so are the bounds: AWS names none.
    #[error("The template asks for more than {0}.")]
    TooMuch(&'static str),
}

impl RenderingData {
    /// Reads `TemplateData`.
    ///
    /// # Errors
    /// [`RenderingError::NoObject`].
    pub(in super::super) fn read(text: &str) -> Result<Self, RenderingError> {
        let members: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| RenderingError::NoObject)?;
        Ok(Self(Value::Object(members)))
    }
}

/// The number of a list's items, where a path ends in `length`, as in Handlebars' own language.
pub(super) fn length_of(value: &Value, name: &str) -> Option<usize> {
    match value {
        Value::Array(items) if name == "length" => Some(items.len()),
        _ => None,
    }
}

/// A member of an object, or an item of a list by its place.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Whether a block takes a value for true: everything but false, null, zero, and an empty text or list
/// (<https://handlebarsjs.com/guide/builtin-helpers.html>).
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is_true) => *is_true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

/// The text of a value: a string's content, nothing for null, and JSON for anything else. That lists and
/// objects are written so is a guess.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
