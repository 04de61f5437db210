//! `SignUp` (COGNITO.md 2).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::aliases::{self, Taken};
use super::attributes;
use super::authentication::first_sign_in;
use super::clients::{AppClient, ExplicitAuthFlow};
use super::codes::IssuedCode;
use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::password::{PasswordHash, Prefix};
use super::pool_members::{FirstFactor, VerifiedAttribute};
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::templates;
use super::triggers::{
    ConfirmationSource, Metadata, Occasion, PreSignUpAnswer, PreSignUpRequest, SignUpSource,
};
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
    validation_data: Option<Vec<Attribute>>,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

impl SignUpRequest {
    /// `ValidationData` as the map that a function sees (COGNITO.md 2.8 \[D\]); that a name without
    /// a value has an empty one there is a guess \[U\].
    fn validation_data(&self) -> Option<Metadata> {
        let given = self.validation_data.as_ref()?.iter();
        let pair = |data: &Attribute| (data.name.clone(), data.value.clone().unwrap_or_default());
        Some(given.map(pair).collect())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SignUpResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    code_delivery_details: Option<CodeDeliveryDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    user_confirmed: bool,
    user_sub: Uuid,
}

/// Creates an unconfirmed user and mails its code, unless the pool's `PreSignUp` function refuses or
/// confirms it.
///
/// The order of the checks is that of COGNITO.md 2.1; where AWS's is not known, it is a guess.
///
/// # Errors
/// Those of COGNITO.md 2.1, and `CodeDeliveryFailureException` with the user created (2.7). A
/// failure of `CustomMessage` or `PostConfirmation` leaves the user created, too (a guess, 6.2 \[U\]).
pub(crate) async fn sign_up(
    cognito: &Cognito,
    request: SignUpRequest,
) -> Result<SignUpResponse, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let user = checked_user(cognito, &pool, &client, &request)?;
    let sub = user.sub;
    let occasion = Occasion {
        pool: &pool,
        client: Some(&client.id),
    };
    let validation_data = request.validation_data();
    let metadata = request.client_metadata.as_ref();
    let asked = PreSignUpRequest {
        validation_data: validation_data.as_ref(),
        client_metadata: metadata,
    };
    let triggers = &cognito.triggers;
    let answer = triggers
        .pre_sign_up(&occasion, SignUpSource::SignUp, &user, asked)
        .await?;
    let (key, delivery) = create(cognito, &pool, user, answer)?;
    if answer.confirms() {
        let source = ConfirmationSource::ConfirmSignUp;
        triggers
            .post_confirmation(&occasion, source, key, metadata)
            .await?;
    }
    let code_delivery_details = match delivery {
        Some(delivery) => {
            let caller = Caller::of(&client.id, request.client_metadata);
            Some(messages::send(cognito, &pool, &caller, delivery).await?)
        }
        None => None,
    };
    let session = if answer.confirms() {
        None
    } else {
        first_sign_in::after_sign_up(cognito, &pool, &client, key)
    };
    Ok(SignUpResponse {
        code_delivery_details,
        session,
        user_confirmed: answer.confirms(),
        user_sub: sub,
    })
}

/// The user that the request asks for, in no pool yet: the checks of COGNITO.md 2.1 up to row 9.
fn checked_user(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    request: &SignUpRequest,
) -> Result<User, Exception> {
    let username = &request.username;
    secret_hash::check(
        client,
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
    attributes::check_writable(pool, client, &request.user_attributes)?;
    let stored = attributes::of_new_user(pool, username, &request.user_attributes)?;
    pool.naming.check(username)?;
    attributes::check_preferred_username(pool, &request.user_attributes)?;
    match &request.password {
        Some(password) => pool
            .settings
            .password_policy()
            .check(password.expose(), Prefix::SignUp)?,
        None if signs_in_with_codes(pool, client, &stored) => {}
        None => {
            // The text is a guess: without one-time codes as first factor, a password is needed.
            return Err(Exception::invalid_parameter(
                "1 validation error detected: Value at 'password' failed to satisfy constraint: \
                 Member must not be null",
            ));
        }
    }
    let new = NewUser {
        sub: cognito.random.sub(),
        username,
        password: request
            .password
            .as_ref()
            .map(|password| &**password.expose()),
        status: UserStatus::Unconfirmed,
        attributes: stored,
    };
    Ok(new_user(cognito, pool, new))
}

/// Whether a user needs no password: pool and client allow codes as the first factor, and an address
/// that they can go to is given and will be verified (COGNITO.md 2.8 \[D\]).
fn signs_in_with_codes(pool: &UserPool, client: &AppClient, given: &attributes::Stored) -> bool {
    let factors = pool.settings.first_factors();
    let takes_codes = |(factor, attribute): &(FirstFactor, VerifiedAttribute)| {
        let mut names = given.iter().map(|(name, _)| &**name);
        factors.contains(factor)
            && pool.settings.auto_verifies(*attribute)
            && names.any(|name| name == attribute.name())
    };
    let codes = [
        (FirstFactor::EmailOtp, VerifiedAttribute::Email),
        (FirstFactor::SmsOtp, VerifiedAttribute::PhoneNumber),
    ];
    client.allows(&[ExplicitAuthFlow::AllowUserAuth]) && codes.iter().any(takes_codes)
}

/// What distinguishes one new user from another.
pub(crate) struct NewUser<'a> {
    pub(crate) sub: Uuid,
    pub(crate) username: &'a str,
    /// Nothing for a user who signs in with codes.
    pub(crate) password: Option<&'a str>,
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
    let random = &cognito.random;
    let hashed = |password| PasswordHash::new(pool.name_in_srp(), &username, password, random);
    let password = new.password.map(hashed);
    let password = password.unwrap_or_else(|| PasswordHash::none(random));
    User::new(
        new.sub,
        username,
        new.status,
        new.attributes,
        password,
        cognito.now(),
    )
}

/// Puts the user into the pool as the pool's function decided, with a code on its way if the user is
/// not confirmed and the pool verifies by itself.
///
/// An address that the function verified is the user's at once, and nobody else's: an alias moves,
/// and the one who had it is left with an unverified address (COGNITO.md 6.5 \[D\]). That a code is
/// sent to such an address all the same, when the user is not confirmed, is a guess \[U\].
fn create(
    cognito: &Cognito,
    pool: &UserPool,
    mut user: User,
    answer: PreSignUpAnswer,
) -> Result<(UserKey, Option<Delivery>), Exception> {
    let flags = [
        (answer.verifies_email(), VerifiedAttribute::Email),
        (answer.verifies_phone(), VerifiedAttribute::PhoneNumber),
    ];
    for (set, attribute) in flags {
        let name = attribute.name();
        if set && user.attribute(name).is_none() {
            // That it is an error is documented; its type and text are guesses.
            return Err(Exception::InvalidLambdaResponse(format!(
                "The user has no {name} that could be verified"
            )));
        }
        user.set_verified(attribute, set);
    }
    if answer.confirms() {
        user.status = UserStatus::Confirmed;
    }
    let mut users = pool.users();
    let key = insert_unique(pool, &mut users, user, "User already exists")?;
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    let delivery = if answer.confirms() {
        None
    } else {
        issue_code(cognito, pool, (key, user), templates::Occasion::SignUp)
    };
    if flags.iter().any(|(set, _)| *set) {
        let verified = user.clone();
        aliases::replace(pool, &mut users, key, verified, Taken::Move)?;
    }
    Ok((key, delivery))
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
    occasion: templates::Occasion,
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
