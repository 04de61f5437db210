//! `AdminCreateUser` (COGNITO.md 3.7).

use serde::{Deserialize, Serialize};

use super::aliases::{self, Taken};
use super::error::Exception;
use super::list_users::UserType;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::password::Prefix;
use super::pool_members::{FirstFactor, VerifiedAttribute};
use super::pools::UserPool;
use super::service::Cognito;
use super::sign_up::{NewUser, insert_unique, new_user};
use super::templates::Occasion;
use super::triggers::{self, PreSignUpRequest, SignUpSource};
use super::users::{User, UserKey, UserStatus};
use super::wire::{Attribute, null_as_default, secret};
use super::{attributes, passwords};
use crate::model::{Secret, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminCreateUserRequest {
    user_pool_id: UserPoolId,
    username: String,
    #[serde(default, deserialize_with = "null_as_default")]
    user_attributes: Vec<Attribute>,
    #[serde(default, deserialize_with = "secret")]
    temporary_password: Option<Secret<String>>,
    #[serde(default, deserialize_with = "null_as_default")]
    force_alias_creation: bool,
    message_action: Option<MessageAction>,
    #[serde(default, deserialize_with = "null_as_default")]
    desired_delivery_mediums: Vec<DeliveryMedium>,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
    validation_data: Option<Vec<Attribute>>,
}

/// `MessageActionType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum MessageAction {
    Resend,
    Suppress,
}

/// `DeliveryMediumType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum DeliveryMedium {
    Sms,
    Email,
}

impl DeliveryMedium {
    const fn attribute(self) -> VerifiedAttribute {
        match self {
            Self::Sms => VerifiedAttribute::PhoneNumber,
            Self::Email => VerifiedAttribute::Email,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminCreateUserResponse {
    user: UserType,
}

/// Makes a user with a temporary password and invites it, or invites it again.
///
/// # Errors
/// Those of COGNITO.md 3.7; `CodeDeliveryFailureException` with the user made \[R\].
pub(crate) async fn admin_create_user(
    cognito: &Cognito,
    request: AdminCreateUserRequest,
) -> Result<AdminCreateUserResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let caller = Caller {
        client: None,
        metadata: request.client_metadata.clone(),
    };
    let drawn = || passwords::draw(cognito, &pool);
    let password = request.temporary_password.clone().unwrap_or_else(drawn);
    let key = if request.message_action == Some(MessageAction::Resend) {
        renew(cognito, &pool, &request.username, password.expose())?
    } else {
        let (user, verified) = checked(cognito, &pool, &request, password.expose())?;
        pre_sign_up(cognito, &pool, &request, &user).await?;
        insert(&pool, user, &verified, request.force_alias_creation)?
    };
    let (user, invitations) = {
        let users = pool.users();
        let user = users.user(key).ok_or(Exception::UserNotFound)?;
        let invitations = invitations(&request, (key, user), &password);
        (UserType::of(user), invitations)
    };
    for invitation in invitations {
        messages::send(cognito, &pool, &caller, invitation).await?;
    }
    Ok(AdminCreateUserResponse { user })
}

/// Checks all that can be checked before the user is in the pool; the order is a guess \[U\].
fn checked(
    cognito: &Cognito,
    pool: &UserPool,
    request: &AdminCreateUserRequest,
    password: &str,
) -> Result<(User, Vec<VerifiedAttribute>), Exception> {
    let username = &request.username;
    let (stored, verified) = attributes::of_created_user(pool, username, &request.user_attributes)?;
    pool.naming.check(username)?;
    let policy = pool.settings.password_policy();
    policy.check(password, Prefix::Administrator)?;
    let given = |kind: VerifiedAttribute| stored.iter().any(|(name, _)| **name == *kind.name());
    // Only a medium that was asked for needs its address: the default, SMS, just stays silent
    // without one. The text is a guess [U].
    let mut mediums = request.desired_delivery_mediums.iter();
    let missing = mediums.find(|medium| !given(medium.attribute()));
    if let Some(medium) = missing
        && request.message_action != Some(MessageAction::Suppress)
    {
        let name = medium.attribute().name();
        return Err(Exception::invalid_parameter(format!(
            "The user has no {name} to deliver the message to."
        )));
    }
    let is_passwordless = is_passwordless(pool, request, &verified);
    let status = if is_passwordless {
        UserStatus::Confirmed
    } else {
        UserStatus::ForceChangePassword
    };
    let mut user = new_user(
        cognito,
        pool,
        NewUser {
            sub: cognito.random.sub(),
            username,
            password: (!is_passwordless).then_some(password),
            status,
            attributes: stored,
        },
    );
    if !is_passwordless {
        user.temporary_until = Some(passwords::temporary_until(pool, cognito.now()));
    }
    Ok((user, verified))
}

/// Whether a user is made who signs in with codes alone: nobody gave or was told a password, and the
/// pool takes codes as first factor that go to an address that is verified (COGNITO.md 3.7 \[R\]).
fn is_passwordless(
    pool: &UserPool,
    request: &AdminCreateUserRequest,
    verified: &[VerifiedAttribute],
) -> bool {
    let factors = pool.settings.first_factors();
    let takes_codes_at = |attribute: &VerifiedAttribute| match attribute {
        VerifiedAttribute::Email => factors.contains(&FirstFactor::EmailOtp),
        VerifiedAttribute::PhoneNumber => factors.contains(&FirstFactor::SmsOtp),
    };
    let is_silent = request.message_action == Some(MessageAction::Suppress);
    request.temporary_password.is_none() && is_silent && verified.iter().any(takes_codes_at)
}

/// Puts the user into the pool, with the aliases that its verified addresses are.
fn insert(
    pool: &UserPool,
    user: User,
    verified: &[VerifiedAttribute],
    force_alias_creation: bool,
) -> Result<UserKey, Exception> {
    let mut users = pool.users();
    let key = insert_unique(pool, &mut users, user, "User account already exists")?;
    let taken = Taken::of(force_alias_creation);
    if let Err(refused) = aliases::verify(pool, &mut users, key, verified, taken) {
        users.remove(&pool.naming, key);
        return Err(refused);
    }
    Ok(key)
}

/// Gives a user who never signed in another temporary password, with its full time.
fn renew(
    cognito: &Cognito,
    pool: &UserPool,
    username: &str,
    password: &str,
) -> Result<UserKey, Exception> {
    let mut users = pool.users();
    let key = users.find(&pool.naming, username);
    let found = key.and_then(|key| Some((key, users.user_mut(key)?)));
    let (key, user) = found.ok_or(Exception::UserNotFound)?;
    if user.status != UserStatus::ForceChangePassword {
        return Err(Exception::UnsupportedUserState(user.username.to_string()));
    }
    passwords::change_temporarily(cognito, pool, user, password)?;
    user.modified = cognito.now();
    Ok(key)
}

/// One invitation for each medium that was asked for, SMS if none was \[M\], where the user has the
/// address.
fn invitations(
    request: &AdminCreateUserRequest,
    (key, user): (UserKey, &User),
    password: &Secret<String>,
) -> Vec<Delivery> {
    if request.message_action == Some(MessageAction::Suppress) {
        return Vec::new();
    }
    let mut mediums = request.desired_delivery_mediums.clone();
    if mediums.is_empty() {
        mediums.push(DeliveryMedium::Sms);
    }
    let occasion = Occasion::AdminCreateUser;
    let invitation = |medium: DeliveryMedium| {
        let password = password.expose().clone();
        Delivery {
            // The name to sign in with; that an invitation does not say the `sub` is a guess [U].
            username: request.username.as_str().into(),
            ..Delivery::new((key, user), medium.attribute(), occasion, password)
        }
    };
    let all = mediums.into_iter().map(invitation);
    all.filter(|delivery| !delivery.address.is_empty())
        .collect()
}

/// Calls `PreSignUp`, source `PreSignUp_AdminCreateUser`, whose flags are ignored (COGNITO.md 3.7
/// and 6.3).
async fn pre_sign_up(
    cognito: &Cognito,
    pool: &UserPool,
    request: &AdminCreateUserRequest,
    user: &User,
) -> Result<(), Exception> {
    let occasion = triggers::Occasion { pool, client: None };
    let given = request.validation_data.as_ref();
    let pair = |data: &Attribute| (data.name.clone(), data.value.clone().unwrap_or_default());
    let validation_data = given.map(|data| data.iter().map(pair).collect());
    let asked = PreSignUpRequest {
        validation_data: validation_data.as_ref(),
        client_metadata: request.client_metadata.as_ref(),
    };
    let source = SignUpSource::AdminCreateUser;
    let answer = cognito.triggers.pre_sign_up(&occasion, source, user, asked);
    answer.await.map(drop)
}
