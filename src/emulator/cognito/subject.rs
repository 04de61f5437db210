//! Whom a request is about, for what looks at all requests alike: faults and the trail of calls.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use uuid::Uuid;

use super::access_token;
use super::pools::UserPool;
use super::service::Cognito;
use super::users::UserKey;
use super::wire::Attribute;
use crate::model::{AppClientId, UserPoolId};

/// The pool and the user that a request names, as far as it names any.
///
/// It is read apart from the operation, which checks and refuses; what cannot be read here is left
/// out.
#[derive(Default)]
pub(crate) struct Subject {
    pub(crate) pool: Option<UserPoolId>,
    /// The user's name as it was sent, the address that a sign-up gives, and the user's own.
    pub(crate) names: Vec<String>,
    /// The user, if there is one.
    pub(crate) user: Option<(Arc<UserPool>, UserKey)>,
}

/// The members by which requests name pool and user.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Members {
    user_pool_id: Option<UserPoolId>,
    client_id: Option<AppClientId>,
    username: Option<String>,
    access_token: Option<String>,
    user_attributes: Option<Vec<Attribute>>,
    auth_parameters: Option<SignInMembers>,
    challenge_responses: Option<SignInMembers>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct SignInMembers {
    username: Option<String>,
}

impl Subject {
    /// Reads a request's body.
    pub(crate) fn of(cognito: &Cognito, body: &[u8]) -> Self {
        let members: Members = serde_json::from_slice(body).unwrap_or_default();
        if let Some(token) = &members.access_token
            && let Ok((pool, user, _)) = access_token::authorize(cognito, token)
        {
            return Self::known(pool, user, Vec::new());
        }
        let of_client = |id: AppClientId| cognito.client(&id).ok().map(|(pool, _)| pool);
        let id = members.user_pool_id;
        let pool = match &id {
            Some(id) => cognito.pool(id).ok(),
            None => members.client_id.and_then(of_client),
        };
        let in_sign_in = [members.auth_parameters, members.challenge_responses];
        let mut in_sign_in = in_sign_in.into_iter().flatten();
        let username = members
            .username
            .or_else(|| in_sign_in.find_map(|members| members.username));
        let attributes = members.user_attributes.unwrap_or_default();
        let emails = attributes
            .into_iter()
            .filter(|attribute| attribute.name == "email")
            .filter_map(|attribute| attribute.value);
        let names: Vec<String> = username.iter().cloned().chain(emails).collect();
        let Some(pool) = pool else {
            return Self {
                pool: id,
                names,
                user: None,
            };
        };
        let found = username.and_then(|name| pool.users().find(&pool.naming, &name));
        match found {
            Some(user) => Self::known(pool, user, names),
            None => Self {
                pool: Some(pool.id.clone()),
                names,
                user: None,
            },
        }
    }

    /// A user who exists, with the names under which faults may mean them.
    fn known(pool: Arc<UserPool>, key: UserKey, mut names: Vec<String>) -> Self {
        let users = pool.users();
        if let Some(user) = users.user(key) {
            names.push(user.username.to_string());
            names.extend(user.attribute("email").map(str::to_owned));
        }
        drop(users);
        Self {
            pool: Some(pool.id.clone()),
            names,
            user: Some((pool, key)),
        }
    }
}

/// The `sub` of the user whom a request names without a token, if there is such a user.
pub(crate) fn sub_of_name(cognito: &Cognito, body: &[u8]) -> Option<Uuid> {
    let members: Members = serde_json::from_slice(body).ok()?;
    if members.access_token.is_some() {
        return None;
    }
    let pool = match (members.user_pool_id, members.client_id) {
        (Some(pool), _) => cognito.pool(&pool).ok()?,
        (None, Some(client)) => cognito.client(&client).ok()?.0,
        (None, None) => return None,
    };
    let in_sign_in = [members.auth_parameters, members.challenge_responses];
    let mut in_sign_in = in_sign_in.into_iter().flatten();
    let in_sign_in = || in_sign_in.find_map(|members| members.username);
    let username = members.username.or_else(in_sign_in)?;
    let users = pool.users();
    let key = users.find(&pool.naming, &username)?;
    users.user(key).map(|user| user.sub)
}

/// The `sub` in the access token of a request; the token is not verified, which costs as much as many a
/// call.
pub(crate) fn sub_of_token(body: &[u8]) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Claims {
        sub: Uuid,
    }
    let members: Members = serde_json::from_slice(body).ok()?;
    let token = members.access_token?;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?);
    let claims: Claims = serde_json::from_slice(&claims.ok()?).ok()?;
    Some(claims.sub)
}
