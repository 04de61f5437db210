//! The event that every trigger receives (COGNITO.md 6.4 \[R\]), and what its answer must have.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::error::Exception;
use super::super::pool_members::{AliasAttribute, VerifiedAttribute};
use super::super::pools::UserPool;
use super::super::users::{User, UserKey, Users};
use crate::model::{AppClientId, UserPoolId};

/// `clientMetadata` and `validationData`: what a client passes through to functions.
pub(crate) type Metadata = BTreeMap<String, String>;

/// What an administrator's operation has for a client \[R\].
const CLIENT_ID_NOT_APPLICABLE: &str = "CLIENT_ID_NOT_APPLICABLE";

/// A caller without an SDK \[R\]; the names that SDKs get are not derived here.
const SDK_VERSION_UNKNOWN: &str = "aws-sdk-unknown-unknown";

/// In which pool, and for which client, something happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) pool: &'a UserPool,
    /// The app client; none in operations of an administrator.
    pub(crate) client: Option<&'a AppClientId>,
}

/// Whom a sign-in is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    /// A user of the pool.
    User(UserKey),
    /// The name that was typed and that no user has; for clients that hide users.
    Unknown(&'a str),
}

/// The event as a function receives it; the members' order is that of recorded events.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a, Q, R> {
    version: &'static str,
    region: &'a str,
    user_pool_id: &'a UserPoolId,
    user_name: &'a str,
    caller_context: CallerContext<'a>,
    trigger_source: &'static str,
    request: Q,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<R>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallerContext<'a> {
    aws_sdk_version: &'static str,
    client_id: &'a str,
}

/// What distinguishes one event from another, besides its occasion.
#[derive(Debug)]
pub(super) struct Particulars<Q, R> {
    pub(super) version: &'static str,
    pub(super) source: &'static str,
    pub(super) user_name: String,
    pub(super) request: Q,
    pub(super) response: R,
}

impl<'a, Q, R> Event<'a, Q, R> {
    pub(super) fn new(
        occasion: &Occasion<'a>,
        user_name: &'a str,
        particulars: Particulars<Q, R>,
    ) -> Self {
        let id = &occasion.pool.id;
        let client_id = occasion.client.map(AppClientId::as_str);
        Self {
            version: particulars.version,
            region: id.region(),
            user_pool_id: id,
            user_name,
            caller_context: CallerContext {
                aws_sdk_version: SDK_VERSION_UNKNOWN,
                client_id: client_id.unwrap_or(CLIENT_ID_NOT_APPLICABLE),
            },
            trigger_source: particulars.source,
            request: particulars.request,
            response: Some(particulars.response),
        }
    }

    /// The event of a function whose answer nobody reads: recorded ones have no `response` \[R\].
    pub(super) fn without_response(
        occasion: &Occasion<'a>,
        user_name: &'a str,
        particulars: Particulars<Q, R>,
    ) -> Self {
        Self {
            response: None,
            ..Self::new(occasion, user_name, particulars)
        }
    }
}

/// The event as a function returns it. Only `response` is read, yet the common members must be
/// there with their types (COGNITO.md 6.2 \[R\]); which of them AWS looks at is a guess \[U\].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "the members are read for their presence and type alone"
)]
pub(super) struct Returned<R> {
    version: String,
    region: String,
    user_pool_id: String,
    user_name: String,
    caller_context: AnyObject,
    trigger_source: String,
    request: AnyObject,
    pub(super) response: R,
}

/// Any object, written as an empty one: the answer of a trigger that has none.
#[derive(Debug, Serialize)]
pub(super) struct AnyObject {}

impl<'de> Deserialize<'de> for AnyObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = AnyObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<AnyObject, A::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(AnyObject {})
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A user's attributes as events show them: a map of texts, booleans as `"true"` and `"false"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UserAttributes(Vec<(String, String)>);

impl UserAttributes {
    /// Those with which a user is about to be created: no `sub` and no status \[D\]. An address
    /// that an administrator gives as verified is shown so (a guess \[I\]).
    pub(super) fn of_new_user(user: &User) -> Self {
        let given = user.attributes.iter();
        let mut pairs: Vec<_> = given
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        for attribute in [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber] {
            if user.is_verified(attribute) {
                pairs.push((format!("{}_verified", attribute.name()), true.to_string()));
            }
        }
        Self(pairs)
    }

    /// Those of a user: `sub`, status and aliases too \[R\]. `cognito:mfa_enabled` is left out.
    ///
    /// That an alias is shown once it is in force, and not before, is a guess \[I\].
    fn of_user(pool: &UserPool, users: &Users, key: UserKey) -> Option<(String, Self)> {
        let user = users.user(key)?;
        let wire = user.wire_attributes().into_iter();
        let mut pairs: Vec<_> = wire
            .map(|attribute| (attribute.name, attribute.value.unwrap_or_default()))
            .collect();
        let status = user.status.name().to_owned();
        pairs.push(("cognito:user_status".to_owned(), status));
        let aliases = [
            (VerifiedAttribute::Email, AliasAttribute::Email),
            (VerifiedAttribute::PhoneNumber, AliasAttribute::PhoneNumber),
        ];
        for (attribute, alias) in aliases {
            let value = user.attribute(attribute.name());
            let in_force =
                value.filter(|value| users.of_alias(&pool.naming, alias, value) == Some(key));
            if let Some(value) = in_force {
                let name = format!("cognito:{}_alias", attribute.name());
                pairs.push((name, value.to_owned()));
            }
        }
        Some((user.username.to_string(), Self(pairs)))
    }
}

impl Serialize for UserAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A user's name and attributes, read under the lock of the pool's users.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile.
pub(super) fn user_of(
    occasion: &Occasion<'_>,
    key: UserKey,
) -> Result<(String, UserAttributes), Exception> {
    let users = occasion.pool.users();
    UserAttributes::of_user(occasion.pool, &users, key).ok_or(Exception::UserNotFound)
}

/// As [`user_of`]; a name that nobody has comes with no attributes. The flag is `userNotFound`.
///
/// # Errors
/// As [`user_of`].
pub(super) fn who_is(
    occasion: &Occasion<'_>,
    who: Who<'_>,
) -> Result<(String, UserAttributes, bool), Exception> {
    match who {
        Who::User(key) => {
            user_of(occasion, key).map(|(name, attributes)| (name, attributes, false))
        }
        Who::Unknown(name) => Ok((name.to_owned(), UserAttributes::default(), true)),
    }
}
