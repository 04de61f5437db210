//! The fields of an event: those that every event has, and those that are discovered in its text.

use std::borrow::Cow;

use super::lambda_line::LambdaField;
use super::term::{Slot, Values};
use super::value::Value;
use crate::emulator::logs::json_fields::{self, FIELDS_MAX, Found};

/// What Lambda's groups are called by default; in them, JSON is discovered in the middle of a line too.
const LAMBDA_GROUPS: &str = "/aws/lambda/";

/// A field of which no text has to be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    IngestionTime,
    Log,
    LogStream,
    Message,
    Pointer,
    Timestamp,
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "@ingestionTime" => Self::IngestionTime,
            "@log" => Self::Log,
            "@logStream" => Self::LogStream,
            "@message" => Self::Message,
            "@ptr" => Self::Pointer,
            "@timestamp" => Self::Timestamp,
            _ => return None,
        })
    }
}

/// An event as a query sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventView<'a> {
    pub(super) at: i64,
    pub(super) ingested: i64,
    pub(super) message: &'a str,
    pub(super) stream: &'a str,
    /// `ACCOUNT:GROUP`.
    pub(super) log: &'a str,
}

/// The fields that a query names, and their places in a row.
#[derive(Debug, Default)]
pub(super) struct EventFields {
    names: Vec<(String, Slot)>,
    known: Vec<(Field, Slot)>,
    lambda: Vec<(LambdaField, Slot)>,
    json: Vec<String>,
    json_slots: Vec<Slot>,
}

impl EventFields {
    /// The place of a field that was named before.
    pub(super) fn slot(&self, name: &str) -> Option<Slot> {
        let mut names = self.names.iter();
        names
            .find(|(known, _)| known == name)
            .map(|(_, slot)| *slot)
    }

    /// Gives a field a place.
    ///
    /// A JSON member whose own name begins with `@` is named with two, as on AWS.
    pub(super) fn add(&mut self, name: &str, slot: Slot) {
        if let Some(field) = Field::named(name) {
            return self.add_known(name, field, slot);
        }
        self.names.push((name.to_owned(), slot));
        if let Some(field) = LambdaField::named(name) {
            self.lambda.push((field, slot));
        } else if let Some(rest) = name.strip_prefix('@') {
            if rest.starts_with('@') {
                self.json.push(rest.to_owned());
                self.json_slots.push(slot);
            }
        } else {
            self.json.push(name.to_owned());
            self.json_slots.push(slot);
        }
    }

    /// Gives a field that every event has a place.
    pub(super) fn add_known(&mut self, name: &str, field: Field, slot: Slot) {
        self.names.push((name.to_owned(), slot));
        self.known.push((field, slot));
    }

    /// Whether a place is that of a field for which the text has to be searched.
    pub(super) fn is_discovered(&self, slot: Slot) -> bool {
        self.json_slots.contains(&slot) || self.lambda.iter().any(|(_, other)| *other == slot)
    }

    /// Room for [`Self::discover`], to be used again for each event.
    pub(super) fn scratch<'a>(&self) -> Vec<Option<Found<'a>>> {
        vec![None; self.json.len()]
    }

    /// Fills in what every event has; `@ptr` is left to the results.
    pub(super) fn fill<'a>(&self, event: &EventView<'a>, row: &mut Values<'a>) {
        for (field, slot) in &self.known {
            row[*slot] = match field {
                Field::IngestionTime => Some(Value::Timestamp(event.ingested)),
                Field::Log => Some(Value::text(event.log)),
                Field::LogStream => Some(Value::text(event.stream)),
                Field::Message => Some(Value::text(event.message)),
                Field::Pointer => None,
                Field::Timestamp => Some(Value::Timestamp(event.at)),
            };
        }
    }

    /// Fills in what is found in the event's text.
    pub(super) fn discover<'a>(
        &self,
        event: &EventView<'a>,
        scratch: &mut [Option<Found<'a>>],
        row: &mut Values<'a>,
    ) {
        for (field, slot) in &self.lambda {
            row[*slot] = field.of(event.message);
        }
        if self.json.is_empty() {
            return;
        }
        let Some(json) = json_in(event) else {
            return;
        };
        if json_fields::find(json, &self.json, scratch, FIELDS_MAX) {
            for (found, slot) in scratch.iter_mut().zip(&self.json_slots) {
                row[*slot] = found.take().and_then(value);
            }
        }
    }
}

/// Where JSON begins in an event's text: at its start, and in the logs of functions at the first brace.
fn json_in<'a>(event: &EventView<'a>) -> Option<&'a str> {
    let text = event.message.trim_ascii_start();
    if text.starts_with('{') {
        return Some(text);
    }
    let (_, group) = event.log.split_once(':')?;
    if !group.starts_with(LAMBDA_GROUPS) {
        return None;
    }
    let brace = memchr::memchr(b'{', text.as_bytes())?;
    text.get(brace..)
}

/// Objects and lists have no value of their own: their members are fields.
fn value(found: Found<'_>) -> Option<Value<'_>> {
    let owned = |text: String| Value::Text(Cow::Owned(text));
    Some(match found {
        Found::Null | Found::Object | Found::Array => return None,
        Found::Boolean(is_true) => Value::Boolean(is_true),
        Found::Text(text) => Value::Text(text),
        Found::Fraction(number) => owned(number.to_string()),
        Found::Large(number) => owned(number.to_string()),
        Found::Integer(number) => match i32::try_from(number) {
            Ok(small) => Value::Number(f64::from(small)),
            Err(_) => owned(number.to_string()),
        },
    })
}
