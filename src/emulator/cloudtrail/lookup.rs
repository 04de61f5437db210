//! What a look-up asks for.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::call::Call;
use super::exception::Exception;

/// Events on a page, at most and by default.
const PAGE_EVENTS_MAX: usize = 50;

/// The request of `LookupEvents`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LookupEventsRequest {
    #[serde(default)]
    lookup_attributes: Option<Vec<LookupAttribute>>,
    /// Seconds since the epoch, as `end_time`.
    start_time: Option<f64>,
    end_time: Option<f64>,
    event_category: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// A pair of a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LookupAttribute {
    attribute_key: Option<String>,
    attribute_value: Option<String>,
}

/// The calls that are asked for.
#[derive(Debug)]
pub(super) struct Lookup {
    attribute: Option<Attribute>,
    from: Timestamp,
    to: Timestamp,
    /// Insights events, of which there are none: nothing analyses the calls here.
    insights: bool,
    pub(super) max_results: usize,
    /// The last call of the page before.
    after: Option<Position>,
    /// What the request's token stands for besides its place.
    digest: u64,
}

/// What all calls of an answer have in common.
#[derive(Debug, Hash)]
enum Attribute {
    EventId(String),
    EventName(String),
    ReadOnly(bool),
    Username(String),
    ResourceType(String),
    ResourceName(String),
    EventSource(String),
    AccessKeyId(String),
}

/// A call's place among all: when it began, and calls of one moment in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    nanosecond: i128,
    number: u64,
}

impl Position {
    pub(super) fn of(call: &Call) -> Self {
        Self {
            nanosecond: call.began.as_nanosecond(),
            number: call.number,
        }
    }
}

impl TryFrom<LookupEventsRequest> for Lookup {
    type Error = Exception;

    fn try_from(request: LookupEventsRequest) -> Result<Self, Exception> {
        let attribute = Attribute::of(request.lookup_attributes.unwrap_or_default())?;
        let from = request.start_time.map_or(Ok(Timestamp::MIN), moment)?;
        let to = request.end_time.map_or(Ok(Timestamp::MAX), moment)?;
        if from > to {
            let why = "The start time is after the end time.";
            return Err(Exception::InvalidTimeRange(why));
        }
        let insights = match request.event_category.as_deref() {
            None => false,
            Some("insight") => true,
            Some(other) => return Err(Exception::InvalidEventCategory(other.to_owned())),
        };
        let mut lookup = Self {
            attribute,
            from,
            to,
            insights,
            max_results: max_results(request.max_results)?,
            after: None,
            digest: 0,
        };
        lookup.digest = lookup.digest();
        if let Some(token) = request.next_token {
            lookup.after = Some(lookup.position(&token).ok_or(Exception::InvalidNextToken)?);
        }
        Ok(lookup)
    }
}

impl Lookup {
    /// Whether a call is among those that are asked for, and on no page that was given out.
    ///
    /// An event shows whole seconds, so that one is compared as the second in which the call was made;
    /// that AWS does not compare finer is a guess.
    pub(super) fn asks_for(&self, call: &Call) -> bool {
        let second = Timestamp::from_second(call.began.as_second()).unwrap_or(call.began);
        !self.insights
            && (self.from..=self.to).contains(&second)
            && self.after.is_none_or(|after| Position::of(call) < after)
            && (self.attribute.as_ref()).is_none_or(|attribute| attribute.is_of(call))
    }

    /// The token for the page that follows this call.
    pub(super) fn token_after(&self, call: &Call) -> String {
        let Position { nanosecond, number } = Position::of(call);
        BASE64_URL_SAFE_NO_PAD.encode(format!("{nanosecond} {number} {}", self.digest))
    }

    fn position(&self, token: &str) -> Option<Position> {
        let text = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let text = String::from_utf8(text).ok()?;
        let mut parts = text.split(' ');
        let position = Position {
            nanosecond: parts.next()?.parse().ok()?,
            number: parts.next()?.parse().ok()?,
        };
        let digest: u64 = parts.next()?.parse().ok()?;
        (digest == self.digest && parts.next().is_none()).then_some(position)
    }

    /// What the parameters come to that must be the same on all pages; that `MaxResults` is not among
    /// them is a guess.
    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.attribute, self.from, self.to, self.insights).hash(&mut hasher);
        hasher.finish()
    }
}

impl Attribute {
    /// "Currently the list can contain only one item." That a key without a value is refused, and a
    /// `ReadOnly` that is neither, are guesses.
    fn of(mut given: Vec<LookupAttribute>) -> Result<Option<Self>, Exception> {
        let invalid = |why: String| Err(Exception::InvalidLookupAttributes(why));
        if given.len() > 1 {
            return invalid("Only one lookup attribute can be given.".to_owned());
        }
        let Some(LookupAttribute {
            attribute_key: key,
            attribute_value: value,
        }) = given.pop()
        else {
            return Ok(None);
        };
        let (Some(key), Some(value)) = (key, value.filter(|value| !value.is_empty())) else {
            return invalid("A lookup attribute has a key and a value.".to_owned());
        };
        Ok(Some(match (&*key, &*value) {
            ("EventId", _) => Self::EventId(value),
            ("EventName", _) => Self::EventName(value),
            ("ReadOnly", "true" | "false") => Self::ReadOnly(value == "true"),
            ("Username", _) => Self::Username(value),
            ("ResourceType", _) => Self::ResourceType(value),
            ("ResourceName", _) => Self::ResourceName(value),
            ("EventSource", _) => Self::EventSource(value),
            ("AccessKeyId", _) => Self::AccessKeyId(value),
            ("ReadOnly", _) => return invalid("ReadOnly is true or false.".to_owned()),
            _ => return invalid(format!("{key} is not a lookup attribute.")),
        }))
    }

    fn is_of(&self, call: &Call) -> bool {
        match self {
            Self::EventId(id) => call.id.as_hyphenated().to_string() == *id,
            Self::EventName(name) => call.operation() == name,
            Self::ReadOnly(reads) => call.is_read_only() == *reads,
            Self::Username(name) => call.caller.user_name() == Some(name),
            Self::EventSource(source) => call.source() == source,
            Self::AccessKeyId(key) => call.caller.access_key() == Some(key),
            // No event names a resource: that AWS has none for these operations is a guess.
            Self::ResourceType(_) | Self::ResourceName(_) => false,
        }
    }
}

fn max_results(given: Option<i64>) -> Result<usize, Exception> {
    let max = PAGE_EVENTS_MAX;
    let Some(given) = given else { return Ok(max) };
    let within = usize::try_from(given).ok();
    within
        .filter(|given| (1..=max).contains(given))
        .ok_or(Exception::InvalidMaxResults { given, max })
}

fn moment(seconds: f64) -> Result<Timestamp, Exception> {
    let why = "The time range is outside the range of possible values.";
    let since = SignedDuration::try_from_secs_f64(seconds);
    since
        .and_then(Timestamp::from_duration)
        .map_err(|_| Exception::InvalidTimeRange(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(json: &str) -> Result<Lookup, Exception> {
        let request: LookupEventsRequest = serde_json::from_str(json).unwrap();
        Lookup::try_from(request)
    }

    #[test]
    fn what_cannot_be_looked_up_is_refused_by_name() {
        let attributes = "InvalidLookupAttributesException";
        let one = r#"{"AttributeKey":"EventName","AttributeValue":"SignUp"}"#;
        let cases = [
            ("{}".to_owned(), None),
            (format!(r#"{{"LookupAttributes":[{one}]}}"#), None),
            (
                format!(r#"{{"LookupAttributes":[{one},{one}]}}"#),
                Some(attributes),
            ),
            (
                r#"{"LookupAttributes":[{"AttributeKey":"Colour","AttributeValue":"red"}]}"#.into(),
                Some(attributes),
            ),
            (
                r#"{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":""}]}"#.into(),
                Some(attributes),
            ),
            (
                r#"{"LookupAttributes":[{"AttributeKey":"ReadOnly","AttributeValue":"no"}]}"#
                    .into(),
                Some(attributes),
            ),
            (r#"{"StartTime":5.5,"EndTime":5.5}"#.into(), None),
            (
                r#"{"StartTime":5.5,"EndTime":5.4}"#.into(),
                Some("InvalidTimeRangeException"),
            ),
            (
                r#"{"StartTime":1e300}"#.into(),
                Some("InvalidTimeRangeException"),
            ),
            (r#"{"MaxResults":50}"#.into(), None),
            (
                r#"{"MaxResults":51}"#.into(),
                Some("InvalidMaxResultsException"),
            ),
            (
                r#"{"MaxResults":0}"#.into(),
                Some("InvalidMaxResultsException"),
            ),
            (r#"{"EventCategory":"insight"}"#.into(), None),
            (
                r#"{"EventCategory":"Management"}"#.into(),
                Some("InvalidEventCategoryException"),
            ),
            (
                r#"{"NextToken":"abc"}"#.into(),
                Some("InvalidNextTokenException"),
            ),
        ];
        for (json, refused) in cases {
            let name = lookup(&json).err().map(|error| error.name());
            assert_eq!(name, refused, "{json}");
        }
    }
}
