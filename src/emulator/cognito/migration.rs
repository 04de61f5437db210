//! Users that a function brings over from elsewhere at their first sign-in (COGNITO.md 6.5).

use super::attributes;
use super::confirm_sign_up::take_alias;
use super::error::Exception;
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::service::Cognito;
use super::sign_up::{NewUser, insert_unique, new_user};
use super::triggers::Metadata;
use super::triggers::{MigratedUser, MigrationRequest, Occasion, UserSource};
use super::users::{UserKey, UserStatus};
use super::wire::Attribute;
use crate::model::Secret;

/// Asks the pool's `UserMigration` function for a user, and creates it with the password that was
/// typed; nothing if the pool has no such function. The password policy is not enforced \[D\].
///
/// # Errors
/// `UserNotFoundException` when the function fails or brings nobody; what `SignUp` throws for
/// attributes that do not fit the pool (a guess \[U\]); the refusal of a user that is not brought as
/// `CONFIRMED`.
pub(crate) async fn migrate(
    cognito: &Cognito,
    occasion: &Occasion<'_>,
    username: &str,
    password: &str,
    validation_data: Option<&Metadata>,
) -> Result<Option<UserKey>, Exception> {
    let secret = Secret::new(password);
    let request = MigrationRequest {
        user_name: username,
        password: Some(&secret),
        validation_data,
        client_metadata: None,
    };
    let source = UserSource::Authentication;
    let migrated = cognito.triggers.user_migration(occasion, source, request);
    let Some(migrated) = migrated.await? else {
        return Ok(None);
    };
    if !migrated.confirmed {
        return Err(Exception::not_implemented(
            "A migrated user without finalUserStatus CONFIRMED",
        ));
    }
    create(cognito, occasion.pool, username, password, &migrated).map(Some)
}

fn create(
    cognito: &Cognito,
    pool: &UserPool,
    username: &str,
    password: &str,
    migrated: &MigratedUser,
) -> Result<UserKey, Exception> {
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
        password,
        status: UserStatus::Confirmed,
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
    let key = insert_unique(pool, &mut users, user)?;
    for (kind, _) in verified.into_iter().filter(|(_, is_verified)| *is_verified) {
        take_alias(pool, &mut users, key, kind, true)?;
    }
    Ok(key)
}
