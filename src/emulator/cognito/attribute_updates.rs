//! Changes of a user's attributes: what is allowed, what follows (COGNITO.md 2.2, 3.5 and 3.8).

use std::fmt::Write as _;
use std::sync::Arc;

use super::aliases::{self, Taken};
use super::attributes::check_formats;
use super::codes::IssuedCode;
use super::error::Exception;
use super::messages::Delivery;
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::service::Cognito;
use super::templates::Occasion;
use super::users::{User, UserKey, Users, Verification};
use super::wire::Attribute;

const VERIFIABLE: [VerifiedAttribute; 2] =
    [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber];

/// An attribute's next value; none takes it away.
#[derive(Debug)]
pub(crate) struct Update {
    name: Arc<str>,
    value: Option<Box<str>>,
}

/// Checks new values against the schema; an empty one takes the attribute away \[M\].
///
/// # Errors
/// `InvalidParameterException` in the words of COGNITO.md 2.2 \[R, C\]. That the entries end their
/// lines as at sign-up is a guess, and so are the words for values out of bounds \[U\].
pub(crate) fn checked(pool: &UserPool, sent: &[Attribute]) -> Result<Vec<Update>, Exception> {
    let mut updates: Vec<Update> = Vec::with_capacity(sent.len());
    let mut problems = String::new();
    for Attribute { name, value } in sent {
        let Some(value) = value else {
            let message = format!("Attribute value for {name} must not be null");
            return Err(Exception::invalid_parameter(message));
        };
        let definition = pool.schema.find(name);
        let problem = match definition {
            None => Some("Attribute does not exist in the schema."),
            Some(definition) if !definition.is_mutable() => Some("Attribute cannot be updated."),
            Some(definition) if value.is_empty() && definition.required => {
                return Err(Exception::required_attribute(name));
            }
            Some(_) if value.is_empty() => None,
            Some(definition) => definition.violation(value),
        };
        if let Some(problem) = problem {
            // Writing to a String cannot fail.
            let _ = writeln!(problems, "user.{name}: {problem}");
        } else if let Some(definition) = definition {
            updates.retain(|earlier| earlier.name != definition.name);
            updates.push(Update {
                name: Arc::clone(&definition.name),
                value: Some(&**value)
                    .filter(|value| !value.is_empty())
                    .map(Into::into),
            });
        }
    }
    if !problems.is_empty() {
        return Err(Exception::invalid_parameter(problems));
    }
    let given = |attribute: &&Attribute| attribute.value.as_deref() != Some("");
    check_formats(sent.iter().filter(given))?;
    Ok(updates)
}

/// Checks names of attributes that are to be taken away.
///
/// # Errors
/// `InvalidParameterException` in the words of COGNITO.md 2.2 \[T, C\].
pub(crate) fn checked_deletion(
    pool: &UserPool,
    names: &[String],
) -> Result<Vec<Update>, Exception> {
    let mut unknown = String::new();
    let mut updates = Vec::with_capacity(names.len());
    for name in names {
        let Some(definition) = pool.schema.find(name) else {
            let _ = writeln!(
                unknown,
                "user.{name}: Attribute does not exist in the schema."
            );
            continue;
        };
        if definition.required {
            return Err(Exception::required_attribute(name));
        }
        if !definition.is_mutable() {
            let message = format!("user.{name}: Attribute cannot be updated.\n");
            return Err(Exception::invalid_parameter(message));
        }
        updates.push(Update {
            name: Arc::clone(&definition.name),
            value: None,
        });
    }
    if unknown.is_empty() {
        Ok(updates)
    } else {
        Err(Exception::invalid_parameter(format!(
            "Invalid user attributes: {unknown}"
        )))
    }
}

/// Changes a user, and gives the codes that have to go out for it.
///
/// A value that is sent again unchanged is treated as a new one; whether AWS does so is not known
/// \[U\].
///
/// # Errors
/// `AliasExistsException` if a name that the change brings is another's; `InvalidParameterException`
/// for an address that is said to be verified and does not exist.
pub(crate) fn apply(
    cognito: &Cognito,
    pool: &UserPool,
    users: &mut Users,
    key: UserKey,
    updates: Vec<Update>,
) -> Result<Vec<Delivery>, Exception> {
    let mut changed = users.user(key).ok_or(Exception::UserNotFound)?.clone();
    changed.modified = cognito.now();
    let mut said = [None; 2];
    let mut addresses = [None, None];
    for update in updates {
        let is = |name: &str| *update.name == *name;
        if let Some(kind) = VERIFIABLE.into_iter().find(|kind| is(kind.verified_name())) {
            let verified = update.value.as_deref().unwrap_or_default();
            said[kind as usize] = Some(verified.eq_ignore_ascii_case("true"));
        } else if let Some(kind) = VERIFIABLE.into_iter().find(|kind| is(kind.name())) {
            addresses[kind as usize] = Some(update);
        } else {
            changed.set_attribute(&update.name, update.value);
        }
    }
    let mut deliveries = Vec::new();
    for (kind, address) in VERIFIABLE.into_iter().zip(addresses) {
        let said = said[kind as usize];
        if let Some(address) = address {
            let user = (key, &mut changed);
            deliveries.extend(change_address(cognito, pool, user, kind, (address, said)));
        } else if let Some(verified) = said {
            if changed.attribute(kind.name()).is_none() {
                return Err(Exception::nothing_to_verify(kind.name()));
            }
            changed.set_verified(kind, verified);
        }
    }
    aliases::replace(pool, users, key, changed, Taken::Refuse)?;
    Ok(deliveries)
}

/// Changes an address: at once, or when it is proved, as the pool asks (COGNITO.md 3.5 \[D\]).
fn change_address(
    cognito: &Cognito,
    pool: &UserPool,
    (key, user): (UserKey, &mut User),
    kind: VerifiedAttribute,
    (update, said): (Update, Option<bool>),
) -> Option<Delivery> {
    let verified = said == Some(true);
    let proves = update.value.is_some() && !verified && pool.settings.auto_verifies(kind);
    let waits = proves && pool.settings.requires_verification(kind);
    let address = update.value.clone();
    if !waits {
        if user
            .confirmation
            .as_ref()
            .is_some_and(|code| code.proves == kind)
        {
            // The sign-up's code went to the old address and must not prove the new one; what AWS
            // does is not known.
            user.confirmation = None;
        }
        user.set_attribute(&update.name, update.value);
        user.set_verified(kind, verified && address.is_some());
    }
    if !proves {
        *user.seldom().verification(kind) = None;
        return None;
    }
    let address = address?;
    let code = IssuedCode::draw(&cognito.random, cognito.now(), kind);
    let delivery = Delivery {
        address: address.clone(),
        ..Delivery::new(
            (key, user),
            kind,
            Occasion::UpdateUserAttribute,
            code.text(),
        )
    };
    *user.seldom().verification(kind) = Some(Verification {
        code,
        pending: waits.then_some(address),
    });
    Some(delivery)
}
