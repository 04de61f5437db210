//! `SignUp` (COGNITO.md 2).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attributes;
use super::codes::IssuedCode;
use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::password::{PasswordHash, Prefix};
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::templates::Occasion;
use super::users::{User, UserKey, UserStatus, Users};
use super::wire::{Attribute, CodeDeliveryDetails, null_as_default, secret};
use crate::model::{AppClientId, Secret};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SignUpRequest {
    client_id: AppClientId,
    secret_hash: Option<String>,
    username: String,
    #[serde(default, deserialize_with = "secret")]
    password: Option<Secret<String>>,
    #[serde(default, deserialize_with = "null_as_default")]
    user_attributes: Vec<Attribute>,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SignUpResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    code_delivery_details: Option<CodeDeliveryDetails>,
    user_confirmed: bool,
    user_sub: Uuid,
}

/// Creates an unconfirmed user and mails its code.
///
/// The order of the checks is that of COGNITO.md 2.1; where AWS's is not known, it is a guess.
///
/// # Errors
/// Those of COGNITO.md 2.1, and `CodeDeliveryFailureException` with the user created (2.7).
pub(crate) async fn sign_up(
    cognito: &Cognito,
    request: SignUpRequest,
) -> Result<SignUpResponse, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let username = &request.username;
    secret_hash::check(
        &client,
        username,
        request.secret_hash.as_deref(),
        Family::SignUp,
    )?;
    let administration = &pool.settings.admin_create_user_config;
    if administration.allow_admin_create_user_only == Some(true) {
        return Err(Exception::not_authorized(
            "SignUp is not permitted for this user pool",
        ));
    }
    attributes::check_writable(&pool, &client, &request.user_attributes)?;
    let stored = attributes::of_new_user(&pool, username, &request.user_attributes)?;
    pool.naming.check(username)?;
    attributes::check_preferred_username(&pool, &request.user_attributes)?;
    let Some(password) = &request.password else {
        // The text is a guess: without one-time codes as first factor, a password is needed.
        return Err(Exception::invalid_parameter(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: \
             Member must not be null",
        ));
    };
    pool.settings
        .password_policy()
        .check(password.expose(), Prefix::SignUp)?;

    let sub = cognito.random.sub();
    let user = new_user(
        cognito,
        &pool,
        NewUser {
            sub,
            username,
            password: password.expose(),
            status: UserStatus::Unconfirmed,
            attributes: stored,
        },
    );
    let delivery = create(cognito, &pool, user)?;
    let caller = Caller::of(&client.id, request.client_metadata);
    let code_delivery_details = match delivery {
        Some(delivery) => Some(messages::send(cognito, &pool, &caller, delivery).await?),
        None => None,
    };
    Ok(SignUpResponse {
        code_delivery_details,
        user_confirmed: false,
        user_sub: sub,
    })
}

/// What distinguishes one new user from another.
pub(crate) struct NewUser<'a> {
    pub(crate) sub: Uuid,
    pub(crate) username: &'a str,
    pub(crate) password: &'a str,
    pub(crate) status: UserStatus,
    pub(crate) attributes: attributes::Stored,
}

/// Makes a user that is in no pool yet.
pub(crate) fn new_user(cognito: &Cognito, pool: &UserPool, new: NewUser<'_>) -> User {
    let username: Box<str> = if pool.naming.uses_attributes() {
        new.sub.to_string().into()
    } else {
        new.username.into()
    };
    let password = PasswordHash::new(pool.name_in_srp(), &username, new.password, &cognito.random);
    User::new(
        new.sub,
        username,
        new.status,
        new.attributes,
        password,
        cognito.now(),
    )
}

/// Puts the user into the pool, with a code on its way if the pool verifies by itself.
fn create(cognito: &Cognito, pool: &UserPool, user: User) -> Result<Option<Delivery>, Exception> {
    let mut users = pool.users();
    let key = insert_unique(pool, &mut users, user, "User already exists")?;
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    Ok(issue_code(cognito, pool, (key, user), Occasion::SignUp))
}

/// Adds a user unless its name is taken.
///
/// # Errors
/// `UsernameExistsException`, whatever the status of the one who has the name (COGNITO.md 2.3).
pub(crate) fn insert_unique(
    pool: &UserPool,
    users: &mut Users,
    user: User,
    name_taken: &str,
) -> Result<UserKey, Exception> {
    let naming = &pool.naming;
    let unique = if naming.uses_attributes() {
        pool.settings.username_attributes.as_slice()
    } else {
        if users.find(naming, &user.username).is_some() {
            return Err(Exception::UsernameExists(name_taken.to_owned()));
        }
        &[]
    };
    let names: Vec<(VerifiedAttribute, String)> = unique
        .iter()
        .filter_map(|kind| Some((*kind, user.attribute(kind.name())?.to_owned())))
        .collect();
    for (kind, value) in &names {
        if users
            .of_alias(naming, attributes::alias_of(*kind), value)
            .is_some()
        {
            let message = format!("An account with the given {} already exists.", kind.name());
            return Err(Exception::UsernameExists(message));
        }
    }
    let key = users.insert(naming, user);
    for (kind, value) in &names {
        users.set_alias(naming, attributes::alias_of(*kind), value, key);
    }
    Ok(key)
}

/// Gives the user a new sign-up code, if the pool verifies an address that the user has: the phone
/// number where it verifies both (COGNITO.md 2.6 \[V, D\]). The code before it stops working.
pub(crate) fn issue_code(
    cognito: &Cognito,
    pool: &UserPool,
    (key, user): (UserKey, &mut User),
    occasion: Occasion,
) -> Option<Delivery> {
    let order = [VerifiedAttribute::PhoneNumber, VerifiedAttribute::Email];
    let verified = |kind: &VerifiedAttribute| {
        pool.settings.auto_verifies(*kind) && user.attribute(kind.name()).is_some()
    };
    let attribute = order.into_iter().find(verified)?;
    let code = IssuedCode::draw(&cognito.random, cognito.now(), attribute);
    let delivery = Delivery::new((key, user), attribute, occasion, code.text());
    user.confirmation = Some(code);
    Some(delivery)
}
