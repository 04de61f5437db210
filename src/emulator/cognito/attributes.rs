//! The attributes with which a user is created (COGNITO.md 2.1, 2.2 and 8).

use std::fmt::Write as _;
use std::sync::Arc;

use super::clients::AppClient;
use super::error::Exception;
use super::pool_members::{AliasAttribute, VerifiedAttribute};
use super::pools::UserPool;
use super::schema::Definition;
use super::username::{is_email, is_phone_number, kind_of};
use super::wire::Attribute;

/// Attributes that only the service or an administrator writes.
const NOT_FOR_CLIENTS: [&str; 3] = ["sub", "email_verified", "phone_number_verified"];

/// Attributes as they are stored: names shared with the schema.
pub(crate) type Stored = Vec<(Arc<str>, Box<str>)>;

/// Whether only the service or an administrator writes this attribute.
pub(crate) fn is_for_service(name: &str) -> bool {
    NOT_FOR_CLIENTS.contains(&name) || name.starts_with("dev:")
}

/// Checks that a client may write each of these attributes at `SignUp`.
///
/// # Errors
/// `NotAuthorizedException` (COGNITO.md 2.1 row 5 \[R\]).
pub(crate) fn check_writable(
    pool: &UserPool,
    client: &AppClient,
    sent: &[Attribute],
) -> Result<(), Exception> {
    // Required attributes are always writable (COGNITO.md 8).
    let required = |name: &str| pool.schema.find(name).is_some_and(|known| known.required);
    let refused = |name: &str| is_for_service(name) || !(client.writes(name) || required(name));
    if sent.iter().any(|attribute| refused(&attribute.name)) {
        return Err(Exception::not_authorized(
            "A client attempted to write unauthorized attribute",
        ));
    }
    Ok(())
}

/// Checks a new user's attributes against the schema and gives them as they are stored.
///
/// Where an attribute is the username, it is copied from there \[D\]; that it wins over another
/// value sent for the same attribute is a guess \[U\].
///
/// # Errors
/// `InvalidParameterException` in the words of COGNITO.md 2.2 \[R\].
pub(crate) fn of_new_user(
    pool: &UserPool,
    username: &str,
    sent: &[Attribute],
) -> Result<Stored, Exception> {
    conforming(pool, username, sent, pool.schema.required())
}

/// The same for a user whom an administrator makes: required attributes may be missing, they are
/// asked for at the first sign-in (COGNITO.md 3.7 \[D\]). Also says which addresses are verified.
///
/// # Errors
/// As [`of_new_user`]; `InvalidParameterException` for an address that is said to be verified and
/// does not exist.
pub(crate) fn of_created_user(
    pool: &UserPool,
    username: &str,
    sent: &[Attribute],
) -> Result<(Stored, Vec<VerifiedAttribute>), Exception> {
    let stored = conforming(pool, username, sent, std::iter::empty())?;
    let (stored, verified) = without_flags(stored);
    for kind in &verified {
        if !stored.iter().any(|(name, _)| **name == *kind.name()) {
            return Err(Exception::nothing_to_verify(kind.name()));
        }
    }
    Ok((stored, verified))
}

/// Takes the two `_verified` out of the attributes, and gives the addresses that they verify.
pub(crate) fn without_flags(stored: Stored) -> (Stored, Vec<VerifiedAttribute>) {
    let kinds = [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber];
    let kind_of = |name: &str| kinds.into_iter().find(|kind| kind.verified_name() == name);
    let (flags, stored): (Stored, Stored) = stored
        .into_iter()
        .partition(|(name, _)| kind_of(name).is_some());
    let verified = flags
        .iter()
        .filter(|(_, value)| value.eq_ignore_ascii_case("true"));
    let verified = verified.filter_map(|(name, _)| kind_of(name)).collect();
    (stored, verified)
}

fn conforming<'a>(
    pool: &'a UserPool,
    username: &str,
    sent: &[Attribute],
    required: impl Iterator<Item = &'a Definition>,
) -> Result<Stored, Exception> {
    let mut stored = Stored::new();
    let mut problems = String::new();
    let mut problem = |name: &str, what: &str| {
        // Writing to a String cannot fail. Each entry ends its line (COGNITO.md 2.2).
        let _ = writeln!(problems, "{name}: {what}");
    };
    let from_username = kind_of(username).filter(|_| pool.naming.uses_attributes());
    let from_username = from_username.map(|kind| (kind.name(), username));
    let sent_pairs = sent
        .iter()
        .map(|attribute| (&*attribute.name, attribute.value.as_deref()));
    let overridden = |name: &str| from_username.is_some_and(|(given, _)| given == name);
    for (name, value) in sent_pairs {
        let Some(value) = value else {
            let message = format!("Attribute value for {name} must not be null");
            return Err(Exception::invalid_parameter(message));
        };
        let Some(definition) = pool.schema.find(name) else {
            problem(name, "Attribute does not exist in the schema.");
            continue;
        };
        if name == "sub" {
            // Only the service draws it; the words are a guess [U].
            problem(name, "Attribute cannot be set.");
        } else if let Some(violation) = definition.violation(value) {
            problem(name, violation);
        }
        if !overridden(name) {
            stored.retain(|(known, _)| **known != *name);
            stored.push((Arc::clone(&definition.name), value.into()));
        }
    }
    if let Some((name, value)) = from_username
        && let Some(definition) = pool.schema.find(name)
    {
        stored.push((Arc::clone(&definition.name), value.into()));
    }
    for definition in required {
        if !stored.iter().any(|(name, _)| **name == *definition.name) {
            problem(&definition.name, "The attribute is required");
        }
    }
    if !problems.is_empty() {
        return Err(Exception::invalid_parameter(format!(
            "Attributes did not conform to the schema: {problems}"
        )));
    }
    check_formats(sent)?;
    Ok(stored)
}

/// Checks what has a format of its own (COGNITO.md 2.1 row 7).
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check_formats<'a>(
    sent: impl IntoIterator<Item = &'a Attribute>,
) -> Result<(), Exception> {
    for attribute in sent {
        let value = attribute.value.as_deref().unwrap_or_default();
        let message = match &*attribute.name {
            "email" if !is_email(value) => "Invalid email address format.",
            "phone_number" if !is_phone_number(value) => "Invalid phone number format.",
            _ => continue,
        };
        return Err(Exception::invalid_parameter(message));
    }
    Ok(())
}

/// Refuses a `preferred_username` at sign-up where it is an alias: it can be given only after
/// confirmation (COGNITO.md 2.3 \[D\]; the exception and its text are guesses \[U\]).
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check_preferred_username(
    pool: &UserPool,
    sent: &[Attribute],
) -> Result<(), Exception> {
    let given = sent
        .iter()
        .any(|attribute| attribute.name == "preferred_username");
    if given && pool.naming.has_alias(AliasAttribute::PreferredUsername) {
        return Err(Exception::invalid_parameter(
            "The preferred_username attribute can be set only after the user is confirmed.",
        ));
    }
    Ok(())
}

/// The alias that a verified attribute becomes.
pub(crate) const fn alias_of(attribute: VerifiedAttribute) -> AliasAttribute {
    match attribute {
        VerifiedAttribute::Email => AliasAttribute::Email,
        VerifiedAttribute::PhoneNumber => AliasAttribute::PhoneNumber,
    }
}
