//! Shapes of the wire that several operations share.

use jiff::Timestamp;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::SesException;

/// The answer `{}` of an operation whose output has no members.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Empty {}

/// A member that was sent although nothing behind it is implemented.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unsupported;

impl<'de> Deserialize<'de> for Unsupported {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// `Tag`, and `MessageTag`, which has the same members under other names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}

/// Reads a body; an empty one is an empty object, as clients send to operations without members.
///
/// # Errors
/// `BadRequestException` for a value that its member does not take, `SerializationException` for
/// what is not JSON; the texts are guesses.
pub(super) fn typed<T: DeserializeOwned>(body: &[u8]) -> Result<T, SesException> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let text = error.to_string();
        // Where in the body is of no use to whoever calls through an SDK.
        let reason = text.split(" at line ").next().unwrap_or_default();
        if error.is_data() {
            SesException::BadRequest(format!("1 validation error detected: {reason}"))
        } else {
            SesException::Serialization(reason.to_owned())
        }
    })
}

/// The value of a member that has to be there.
///
/// # Errors
/// `BadRequestException` that names the member.
pub(super) fn required<T>(value: Option<T>, member: &str) -> Result<T, SesException> {
    value.ok_or_else(|| SesException::missing(member))
}

/// Refuses a member whose behaviour this emulator lacks.
///
/// # Errors
/// `NotImplementedException` for the first that was sent.
pub(super) fn unsupported(
    members: &[(&'static str, Option<Unsupported>)],
) -> Result<(), SesException> {
    let sent = members.iter().find(|(_, value)| value.is_some());
    match sent {
        Some((name, _)) => Err(SesException::NotImplemented(format!("The member {name}"))),
        None => Ok(()),
    }
}

/// Writes a moment as epoch seconds with a fraction of milliseconds.
pub(super) fn epoch_seconds<S: Serializer>(
    moment: &Timestamp,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // Exact: milliseconds since 1970 need 43 bits, and a double has 53.
    #[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
    let milliseconds = moment.as_millisecond() as f64;
    serializer.serialize_f64(milliseconds / 1000.0)
}
