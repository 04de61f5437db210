//! One request against its input shape.

use std::fmt::{self, Write};

use serde_json::value::RawValue;

use super::constraint::{Bounds, TextRules};
use super::json::{self, Collection, each_element, each_entry};
use super::model::{Kind, MAX_MEMBERS, Member, Operation, Shape, shape};
use super::rejection::{Expected, Found, Rejection, Violations, WrongType};

/// The one sensitive shape whose absence is shown as `null` all the same.
///
/// `Value null at 'clientId'` is recorded again and again up to 2025, while `username`,
/// `accessToken` and `proposedPassword` are recorded as `Value at 'username'`.
const NULL_IS_SHOWN: &str = "ClientIdType";

const NOT_NULL: &str = "Member must not be null";

/// Checks the body of a request against the input shape of its operation.
///
/// Nothing of a valid request is copied (the JSON reader allocates its stack for nested values), and
/// each byte is read a handful of times at most, whatever it holds.
///
/// # Errors
///
/// With every violation in AWS's wording, or the first value of a wrong JSON type: a request that
/// cannot be deserialized is not validated any further.
pub(crate) fn validate(operation: &Operation, body: &[u8]) -> Result<(), Rejection> {
    let body: &RawValue = serde_json::from_slice(body).map_err(|_| Rejection::NotJson)?;
    if json::kind(body).is_none() {
        return Err(Rejection::NotJson);
    }
    let mut check = Check::default();
    check.value(shape(operation.input), body, &Place::root());
    if check.unreadable {
        Err(Rejection::NotJson)
    } else if let Some(wrong) = check.wrong {
        Err(Rejection::WrongType(wrong))
    } else if check.violations.is_empty() {
        Ok(())
    } else {
        Err(Rejection::Constraints(check.violations))
    }
}

/// Where in the request a value stands; kept on the stack and only written out for a refusal.
struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
    /// Whether something around the value is sensitive.
    hidden: bool,
}

enum Step<'p> {
    Member(&'p str),
    Element(usize),
    Entry(&'p str),
}

impl<'p> Place<'p> {
    fn root() -> Self {
        Self {
            parent: None,
            step: Step::Member(""),
            hidden: false,
        }
    }

    fn step(&'p self, step: Step<'p>, of: &Shape) -> Self {
        Self {
            parent: Some(self),
            step,
            hidden: self.hidden || of.sensitive,
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else {
            return Ok(());
        };
        parent.fmt(f)?;
        if parent.parent.is_some() {
            f.write_str(".")?;
        }
        match self.step {
            Step::Member(name) => {
                let mut letters = name.chars();
                letters
                    .next()
                    .map_or(Ok(()), |first| f.write_char(first.to_ascii_lowercase()))?;
                f.write_str(letters.as_str())
            }
            Step::Element(position) => write!(f, "{position}.member"),
            Step::Entry(key) => write!(f, "{key}.member"),
        }
    }
}

#[derive(Default)]
struct Check {
    violations: Violations,
    wrong: Option<WrongType>,
    /// Whether a string holds an escape that stands for no character.
    unreadable: bool,
}

impl Check {
    /// Checks one value that is not null.
    fn value(&mut self, of: &'static Shape, raw: &RawValue, place: &Place<'_>) {
        let expected = match &of.kind {
            Kind::Document => return,
            Kind::Structure(_) => (Found::Object, Expected::Structure),
            Kind::Map { .. } => (Found::Object, Expected::Map),
            Kind::List { .. } => (Found::List, Expected::List),
            Kind::Text(_) => (Found::Text, Expected::Text),
            Kind::Blob(_) => (Found::Text, Expected::Blob),
            Kind::Integer(_) => (Found::Number, Expected::Integer),
            Kind::Boolean => (Found::True, Expected::Boolean),
        };
        let found = match json::kind(raw) {
            Some(Found::False) if matches!(of.kind, Kind::Boolean) => Found::True,
            Some(found) => found,
            None => return,
        };
        if found != expected.0 {
            return self.wrong_type(found, expected.1);
        }
        match &of.kind {
            Kind::Structure(members) => self.structure(of, members, raw, place),
            Kind::List { element, size } => {
                self.list(of, shape(*element), *size, raw, place);
            }
            Kind::Map { key, value, size } => {
                self.map(of, (shape(*key), shape(*value)), *size, raw, place);
            }
            Kind::Text(rules) => match json::text(raw) {
                Some(text) => rules.each_broken(&text, &mut |rule| {
                    self.violated(of, place, Shown::Value(&text), rule);
                }),
                None => self.unreadable = true,
            },
            Kind::Blob(size) => self.blob(of, *size, raw, place),
            Kind::Integer(range) => match raw.get().parse::<i64>() {
                Ok(number) => range.each_broken("value", number, &mut |rule| {
                    self.violated(of, place, Shown::Value(&raw.get()), rule);
                }),
                Err(_) => self.wrong_type(Found::Number, Expected::Integer),
            },
            Kind::Boolean | Kind::Document => {}
        }
    }

    fn structure(&mut self, of: &Shape, members: &[Member], raw: &RawValue, place: &Place<'_>) {
        // Slots by member, so that violations come by name whatever the order in the body; of a
        // member that is given twice, the last counts.
        let mut given: [Option<&RawValue>; MAX_MEMBERS] = [None; MAX_MEMBERS];
        each_entry(raw, &mut |name, value| {
            if let Ok(index) = members.binary_search_by(|member| member.name.cmp(name)) {
                given[index] = Some(value);
            }
        });
        for (member, value) in members.iter().zip(given) {
            let of_member = shape(member.shape);
            let place = place.step(Step::Member(member.name), of);
            match value.filter(|value| json::kind(value).is_some()) {
                Some(value) => self.value(of_member, value, &place),
                None if member.required => {
                    self.violated(of_member, &place, Shown::Null, format_args!("{NOT_NULL}"));
                }
                None => {}
            }
        }
    }

    fn list(
        &mut self,
        of: &'static Shape,
        element: &'static Shape,
        size: Bounds,
        raw: &RawValue,
        place: &Place<'_>,
    ) {
        let mut count = 0_i64;
        let mut broken = false;
        each_element(raw, &mut |position, value| {
            count += 1;
            let place = place.step(Step::Element(position), of);
            if json::kind(value).is_none() {
                // A guess: no SDK can send it.
                self.violated(element, &place, Shown::Null, format_args!("{NOT_NULL}"));
            } else if let Kind::Text(rules) = &element.kind {
                broken |= self.breaks(rules, value);
            } else {
                self.value(element, value, &place);
            }
        });
        let collection = Collection(raw);
        let shown = Shown::of_plain(&collection, [element]);
        size.each_broken("length", count, &mut |rule| {
            self.violated(of, place, shown, rule);
        });
        if broken && let Kind::Text(rules) = &element.kind {
            let rule = format_args!("Member must satisfy constraint: [{rules}]");
            self.violated(of, place, shown, rule);
        }
    }

    fn map(
        &mut self,
        of: &'static Shape,
        (key, value): (&'static Shape, &'static Shape),
        size: Bounds,
        raw: &RawValue,
        place: &Place<'_>,
    ) {
        let (mut count, mut bad_key, mut bad_value) = (0_i64, false, false);
        each_entry(raw, &mut |name, entry| {
            count += 1;
            if let Kind::Text(rules) = &key.kind {
                bad_key |= rules.broken_by(name);
            }
            if json::kind(entry).is_none() {
                return;
            }
            if let Kind::Text(rules) = &value.kind {
                bad_value |= self.breaks(rules, entry);
            } else {
                self.value(value, entry, &place.step(Step::Entry(name), of));
            }
        });
        let collection = Collection(raw);
        let shown = Shown::of_plain(&collection, [key, value]);
        size.each_broken("length", count, &mut |rule| {
            self.violated(of, place, shown, rule);
        });
        for (bad, shape, side) in [(bad_key, key, "keys"), (bad_value, value, "value")] {
            if bad && let Kind::Text(rules) = &shape.kind {
                let rule = format_args!("Map {side} must satisfy constraint: [{rules}]");
                self.violated(of, place, shown, rule);
            }
        }
    }

    /// Whether an element of a list or map breaks the rules of its shape.
    fn breaks(&mut self, rules: &TextRules, raw: &RawValue) -> bool {
        match (json::kind(raw), json::text(raw)) {
            (Some(Found::Text), Some(text)) => rules.broken_by(&text),
            (Some(Found::Text), None) => {
                self.unreadable = true;
                false
            }
            (found, _) => {
                self.wrong_type(found.unwrap_or(Found::Object), Expected::Text);
                false
            }
        }
    }

    fn blob(&mut self, of: &Shape, size: Bounds, raw: &RawValue, place: &Place<'_>) {
        let text = json::text(raw).unwrap_or_default();
        let digits = text.trim_end_matches('=').len();
        let bytes = i64::try_from(digits * 3 / 4).unwrap_or(i64::MAX);
        // Bytes are not echoed, which is a guess.
        size.each_broken("length", bytes, &mut |rule| {
            self.violated(of, place, Shown::Nothing, rule);
        });
    }

    fn wrong_type(&mut self, found: Found, expected: Expected) {
        self.wrong.get_or_insert(WrongType { found, expected });
    }

    /// Words one violation.
    fn violated(
        &mut self,
        of: &Shape,
        place: &Place<'_>,
        shown: Shown<'_>,
        rule: fmt::Arguments<'_>,
    ) {
        let hidden = of.sensitive || place.hidden;
        let shown = match shown {
            Shown::Null if !hidden || of.name == NULL_IS_SHOWN => " null".to_owned(),
            Shown::Value(value) if !hidden => format!(" '{value}'"),
            _ => String::new(),
        };
        let item = format!("Value{shown} at '{place}' failed to satisfy constraint: {rule}");
        self.violations.push(item);
    }
}

/// What a refusal shows of the value.
#[derive(Clone, Copy)]
enum Shown<'v> {
    Null,
    Value(&'v dyn fmt::Display),
    Nothing,
}

impl<'v> Shown<'v> {
    /// A list or map is shown if it holds plain values that are not sensitive. Of structures AWS
    /// would print Java objects; leaving them out is a guess.
    fn of_plain<const N: usize>(collection: &'v Collection<'v>, holds: [&Shape; N]) -> Self {
        let plain = |shape: &Shape| matches!(shape.kind, Kind::Text(_)) && !shape.sensitive;
        if holds.into_iter().all(plain) {
            Self::Value(collection)
        } else {
            Self::Nothing
        }
    }
}
