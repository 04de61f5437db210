//! `NEW_PASSWORD_REQUIRED`: a temporary password is replaced at the first sign-in
//! (COGNITO.md 3.10 and 3.11).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Subject};
use super::outcome::{AuthResponse, ChallengeName, json_text};
use super::steps;
use crate::emulator::cognito::aliases::{self, Taken};
use crate::emulator::cognito::attributes;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::password::Prefix;
use crate::emulator::cognito::passwords;
use crate::emulator::cognito::pools::UserPool;
use crate::emulator::cognito::triggers::TokenSource;
use crate::emulator::cognito::users::{User, UserKey, UserStatus};
use crate::emulator::cognito::wire::Attribute;

/// What stands before an attribute's name, both ways.
const ATTRIBUTE_PREFIX: &str = "userAttributes.";

/// Asks for a new password and for the required attributes that have no value.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile.
pub(super) fn challenge(attempt: &Attempt, key: UserKey) -> Result<AuthResponse, Exception> {
    let (required, given) = {
        let users = attempt.pool.users();
        let user = users.user(key).ok_or(Exception::UserNotFound)?;
        let prefixed = |name: &str| format!("{ATTRIBUTE_PREFIX}{name}");
        let required = missing(&attempt.pool, user);
        let required: Vec<_> = required.iter().map(|name| prefixed(name)).collect();
        let given = user.wire_attributes().into_iter();
        let given = given.filter(|attribute| attribute.name != "sub");
        let given: BTreeMap<_, _> = given.map(|given| (given.name, given.value)).collect();
        (required, given)
    };
    let parameters = [
        ("USER_ID_FOR_SRP", steps::user_id(attempt, key)?),
        ("requiredAttributes", json_text(&required)),
        ("userAttributes", json_text(&given)),
    ];
    let session = steps::open(attempt, Subject::User(key), Expected::NewPassword);
    let name = ChallengeName::NewPasswordRequired;
    Ok(AuthResponse::challenge(name, parameters, session))
}

/// The required attributes without a value.
fn missing(pool: &UserPool, user: &User) -> Vec<Arc<str>> {
    let required = pool.schema.required();
    let names = required.map(|definition| Arc::clone(&definition.name));
    names
        .filter(|name| **name != *"sub" && user.attribute(name).is_none())
        .collect()
}

/// Takes the new password and the attributes; the user is confirmed with it.
///
/// # Errors
/// `InvalidPasswordException`, `PasswordHistoryPolicyViolationException`, those of [`checked`], and
/// `AliasExistsException` for an alias that is another's: all of them leave the session as it is,
/// which is a guess \[U\].
pub(super) async fn respond(
    attempt: &Attempt,
    session: &str,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let password = responses.required("NEW_PASSWORD")?;
    let sent = responses.below(ATTRIBUTE_PREFIX).into_iter();
    let sent: Vec<_> = sent
        .map(|(name, value)| Attribute {
            name: name.to_owned(),
            value: Some(value.to_owned()),
        })
        .collect();
    let key = {
        let (pool, now) = (&attempt.pool, attempt.now());
        let mut users = pool.users();
        let pending = users.challenges.find(session, &attempt.client.id, now)?;
        let (Subject::User(key), Expected::NewPassword) = (&pending.subject, &pending.expected)
        else {
            return Err(Exception::invalid_session());
        };
        let key = *key;
        let user = users.user(key).ok_or_else(Exception::invalid_session)?;
        super::mfa::check_enabled(user)?;
        let attributes = checked(attempt, user, &sent)?;
        let mut changed = user.clone();
        passwords::change(
            &attempt.cognito,
            pool,
            &mut changed,
            password,
            Prefix::Change,
        )?;
        changed.attributes.extend(attributes);
        changed.status = UserStatus::Confirmed;
        changed.modified = now;
        aliases::replace(pool, &mut users, key, changed, Taken::Refuse)?;
        users.challenges.spend(session);
        key
    };
    steps::after_permanent_password(attempt, key, TokenSource::NewPasswordChallenge).await
}

/// The attributes as they are stored.
///
/// # Errors
/// `InvalidParameterException` where a required one is missing \[C, R\] or one breaks the schema;
/// `NotAuthorizedException` for one that has a value already, or that the client may not write.
fn checked(
    attempt: &Attempt,
    user: &User,
    sent: &[Attribute],
) -> Result<attributes::Stored, Exception> {
    let pool = &attempt.pool;
    attributes::check_writable(pool, &attempt.client, sent)?;
    let has_value = |name: &str| user.attribute(name).is_some();
    check_names(&missing(pool, user), has_value, sent)?;
    attributes::check_formats(sent)?;
    let mut stored = attributes::Stored::new();
    for Attribute { name, value } in sent {
        let value = value.as_deref().unwrap_or_default();
        let nonconforming = |what: &str| {
            let text = format!("Attributes did not conform to the schema: {name}: {what}\n");
            Exception::invalid_parameter(text)
        };
        let unknown = || nonconforming("Attribute does not exist in the schema.");
        let definition = pool.schema.find(name).ok_or_else(unknown)?;
        if let Some(violation) = definition.violation(value) {
            return Err(nonconforming(violation));
        }
        stored.push((Arc::clone(&definition.name), value.into()));
    }
    Ok(stored)
}

/// Checks that what is missing was sent, and nothing that has a value already.
fn check_names(
    missing: &[Arc<str>],
    has_value: impl Fn(&str) -> bool,
    sent: &[Attribute],
) -> Result<(), Exception> {
    if let Some(known) = sent.iter().find(|sent| has_value(&sent.name)) {
        let message = format!("Cannot modify an already provided {}", known.name);
        return Err(Exception::not_authorized(message));
    }
    let is_sent = |name: &str| sent.iter().any(|sent| sent.name == name);
    let missing = missing.iter().filter(|name| !is_sent(name));
    let missing: Vec<&str> = missing.map(|name| &**name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" and ");
    let message = format!("Invalid attributes given, {names} is missing");
    Err(Exception::invalid_parameter(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is missing, what is sent, and the refusal.
    type Case<'a> = (&'a [Arc<str>], &'a [&'a str], Option<&'a str>);

    /// COGNITO.md 3.10 \[C, R\]; three names are joined as two are, which is a guess.
    #[test]
    fn missing_and_provided_attributes_are_named() {
        let required = ["given_name", "name", "address"].map(Arc::from);
        let cases: [Case<'_>; 5] = [
            (&required[..1], &["given_name"], None),
            (
                &required[..1],
                &[],
                Some("Invalid attributes given, given_name is missing"),
            ),
            (
                &required,
                &["given_name"],
                Some("Invalid attributes given, name and address is missing"),
            ),
            (
                &[],
                &["email"],
                Some("Cannot modify an already provided email"),
            ),
            (
                &required[..1],
                &["email"],
                Some("Cannot modify an already provided email"),
            ),
        ];
        for (missing, sent, expected) in cases {
            let sent = sent.iter().map(|name| Attribute {
                name: (*name).to_owned(),
                value: Some("x".to_owned()),
            });
            let sent: Vec<_> = sent.collect();
            let checked = check_names(missing, |name| name == "email", &sent);
            let message = checked.err().map(|error| error.to_string());
            assert_eq!(message.as_deref(), expected);
        }
    }
}
