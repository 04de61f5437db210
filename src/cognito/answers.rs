//! Answers of the service, as our types.

use aws_sdk_cognitoidentityprovider::primitives::DateTime;
use aws_sdk_cognitoidentityprovider::types;
use jiff::Timestamp;

use crate::model::{Secret, UserSub};

/// Where the service says that it sends a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeDelivery {
    /// `email` or `phone_number`.
    pub attribute: String,
    /// `EMAIL` or `SMS`.
    pub medium: String,
    /// The masked destination, such as `a***@e***`.
    pub destination: String,
}

impl CodeDelivery {
    pub(super) fn of(details: &types::CodeDeliveryDetailsType) -> Self {
        let medium = details.delivery_medium();
        Self {
            attribute: details.attribute_name().unwrap_or_default().to_owned(),
            medium: medium.map_or_else(String::new, |medium| medium.as_str().to_owned()),
            destination: details.destination().unwrap_or_default().to_owned(),
        }
    }
}

/// What a sign-up brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUpAnswer {
    /// The new user's identifier.
    pub sub: UserSub,
    /// Whether it needs no confirmation.
    pub confirmed: bool,
    /// Where the code goes, unless none is sent.
    pub delivery: Option<CodeDelivery>,
}

/// A user as the service describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The stored username; the `sub` in pools whose users sign in with their address.
    pub username: String,
    /// `CONFIRMED`, `UNCONFIRMED`, ...; absent where the operation does not tell.
    pub status: Option<String>,
    /// Whether sign-in is allowed; absent where the operation does not tell.
    pub enabled: Option<bool>,
    /// Names and values, in the service's order.
    pub attributes: Vec<(String, String)>,
    /// When the user came into being, by the service's clock; absent where the operation does not
    /// tell.
    pub created: Option<Timestamp>,
}

impl User {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let named = self.attributes.iter().find(|(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The user's identifier.
    pub fn sub(&self) -> Option<UserSub> {
        self.attribute("sub").map(UserSub::new)
    }
}

pub(super) fn attributes(list: &[types::AttributeType]) -> Vec<(String, String)> {
    list.iter()
        .map(|one| {
            let value = one.value().unwrap_or_default().to_owned();
            (one.name().to_owned(), value)
        })
        .collect()
}

/// A moment of the SDK's.
pub(super) fn moment(at: Option<&DateTime>) -> Option<Timestamp> {
    Timestamp::from_nanosecond(at?.as_nanos()).ok()
}

/// What a sign-in brought.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// For calls in the user's own name.
    pub access: Secret<String>,
    /// Claims about the user.
    pub id: Secret<String>,
    /// For new tokens later.
    pub refresh: Option<Secret<String>>,
}
