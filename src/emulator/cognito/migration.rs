//! Users that a function brings over from elsewhere at their first sign-in (COGNITO.md 6.5).

use super::aliases::{self, Taken};
use super::attributes;
use super::error::Exception;
use super::passwords;
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::service::Cognito;
use super::sign_up::{NewUser, insert_unique, new_user};
use super::triggers::Metadata;
use super::triggers::{MigratedUser, MigrationRequest, Occasion, UserSource};
use super::users::{UserKey, UserStatus};
use super::wire::Attribute;
use crate::model::Secret;

/// Somebody whom the pool does not know, and what was sent along.
pub(crate) struct Newcomer<'a> {
    pub(crate) username: &'a str,
    /// What was typed at a sign-in; a forgotten password is not.
    pub(crate) password: Option<&'a str>,
    pub(crate) validation_data: Option<&'a Metadata>,
    pub(crate) client_metadata: Option<&'a Metadata>,
}

/// Asks the pool's `UserMigration` function for a user, and creates it with the password that was
/// typed; nothing if the pool has no such function. The password policy is not enforced, and the
/// user is `RESET_REQUIRED` unless the function says `CONFIRMED` \[D\].
///
/// # Errors
/// `UserNotFoundException` when the function fails or brings nobody; what `SignUp` throws for
/// attributes that do not fit the pool (a guess \[U\]).
pub(crate) async fn migrate(
    cognito: &Cognito,
    occasion: &Occasion<'_>,
    source: UserSource,
    newcomer: Newcomer<'_>,
) -> Result<Option<UserKey>, Exception> {
    let secret = newcomer.password.map(Secret::new);
    let request = MigrationRequest {
        user_name: newcomer.username,
        password: secret.as_ref(),
        validation_data: newcomer.validation_data,
        client_metadata: newcomer.client_metadata,
    };
    let migrated = cognito.triggers.user_migration(occasion, source, request);
    let Some(migrated) = migrated.await? else {
        return Ok(None);
    };
    create(cognito, occasion.pool, &newcomer, &migrated).map(Some)
}

fn create(
    cognito: &Cognito,
    pool: &UserPool,
    newcomer: &Newcomer<'_>,
    migrated: &MigratedUser,
) -> Result<UserKey, Exception> {
    let username = newcomer.username;
    // Without a password of its own the user gets one that nobody knows.
    let drawn = passwords::draw(cognito, pool);
    let password = newcomer.password.unwrap_or(drawn.expose().as_str());
    pool.naming.check(username)?;
    let verifiable = [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber];
    let flag = |kind: VerifiedAttribute| format!("{}_verified", kind.name());
    let given = |name: &str| migrated.attributes.get(name).map(String::as_str);
    // A flag without an address verifies nothing.
    let verified = verifiable.map(|kind| {
        let address = given(kind.name()).is_some();
        (
            kind,
            address && given(&flag(kind)).is_some_and(|value| value.eq_ignore_ascii_case("true")),
        )
    });
    // The function's `sub` is that of another place; the user gets one of this pool.
    let own = |name: &str| name == "sub" || verifiable.iter().any(|kind| flag(*kind) == name);
    let sent: Vec<_> = migrated
        .attributes
        .iter()
        .filter(|(name, _)| !own(name))
        .map(|(name, value)| Attribute {
            name: name.clone(),
            value: Some(value.clone()),
        })
        .collect();
    let new = NewUser {
        sub: cognito.random.sub(),
        username,
        password: Some(password),
        status: if migrated.confirmed {
            UserStatus::Confirmed
        } else {
            UserStatus::ResetRequired
        },
        attributes: attributes::of_new_user(pool, username, &sent)?,
    };
    let mut user = new_user(cognito, pool, new);
    for (kind, is_verified) in verified {
        user.set_verified(kind, is_verified);
    }
    let mut users = pool.users();
    for (kind, _) in verified.into_iter().filter(|(_, is_verified)| *is_verified) {
        let alias = attributes::alias_of(kind);
        let taken = user.attribute(kind.name()).is_some_and(|address| {
            pool.naming.has_alias(alias) && users.of_alias(&pool.naming, alias, address).is_some()
        });
        if taken && !migrated.force_alias_creation {
            return Err(Exception::AliasExists(kind.name()));
        }
    }
    let key = insert_unique(pool, &mut users, user, "User already exists")?;
    let brought = users.user(key).cloned().ok_or(Exception::UserNotFound)?;
    aliases::replace(pool, &mut users, key, brought, Taken::Move)?;
    Ok(key)
}
