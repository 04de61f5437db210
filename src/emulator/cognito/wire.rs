//! Shapes of the wire that several operations share.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::mask;
use super::pool_members::VerifiedAttribute;
use super::username::kind_of;
use crate::model::Secret;

/// A name and a value, as attributes travel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attribute {
    /// The attribute's name, such as `email` or `custom:plan`.
    pub(crate) name: String,
    /// Its value; a member that is `null` or absent is told from an empty text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
}

/// Where a code was sent, masked. The members' order is the wire's (COGNITO.md 1.2 \[R\]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CodeDeliveryDetails {
    /// The attribute that the code verifies.
    pub(crate) attribute_name: &'static str,
    /// `EMAIL` or `SMS`.
    pub(crate) delivery_medium: &'static str,
    /// The masked address.
    pub(crate) destination: String,
}

impl CodeDeliveryDetails {
    /// A code that went to this address.
    pub(crate) fn of(attribute: VerifiedAttribute, address: &str) -> Self {
        let (delivery_medium, destination) = match attribute {
            VerifiedAttribute::Email => ("EMAIL", mask::email(address)),
            VerifiedAttribute::PhoneNumber => ("SMS", mask::phone_number(address)),
        };
        Self {
            attribute_name: attribute.name(),
            delivery_medium,
            destination,
        }
    }

    /// Details for a user who does not exist: masked from the name if that is an address, else those
    /// that were recorded, the same for every unknown name (COGNITO.md 3.3 \[R\]).
    pub(crate) fn simulated(username: &str) -> Self {
        match kind_of(username) {
            Some(attribute) => Self::of(attribute, username),
            None => Self::of(VerifiedAttribute::Email, "u@y"),
        }
    }
}

/// The answer `{}` of an operation whose output has no member that is set (COGNITO.md 1.2).
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Empty {}

/// Reads a member for which AWS takes `null` as absent.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a member that no log or `Debug` output may show.
pub(crate) fn secret<'de, D>(deserializer: D) -> Result<Option<Secret<String>>, D::Error>
where
    D: Deserializer<'de>,
{
    Option::<String>::deserialize(deserializer).map(|text| text.map(Secret::new))
}

/// Reads a member that must be there, and that no log or `Debug` output may show.
pub(crate) fn required_secret<'de, D>(deserializer: D) -> Result<Secret<String>, D::Error>
where
    D: Deserializer<'de>,
{
    String::deserialize(deserializer).map(Secret::new)
}

/// Writes a moment as epoch seconds with a fraction of milliseconds (COGNITO.md 1.2 \[D\]).
pub(crate) fn epoch_seconds<S>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
{
    // Exact: milliseconds since 1970 need 43 bits, and a double has 53.
    #[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
    let milliseconds = moment.as_millisecond() as f64;
    serializer.serialize_f64(milliseconds / 1000.0)
}
