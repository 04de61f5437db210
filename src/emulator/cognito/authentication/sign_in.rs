//! The end of every sign-in: claims, tokens and the session behind them (COGNITO.md 10).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::attempt::Attempt;
use super::outcome::AuthResponse;
use super::triggers;
use crate::emulator::cognito::clients::AppClient;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::service::issuer;
use crate::emulator::cognito::sessions::Session;
use crate::emulator::cognito::tokens::{AccessClaims, Claim, CommonClaims, IdClaims, TokenUse};
use crate::emulator::cognito::triggers::TokenSource;
use crate::emulator::cognito::users::{User, UserKey};

/// The scope of a sign-in through the API (COGNITO.md 10 \[V\]).
const API_SCOPE: &str = "aws.cognito.signin.user.admin";

/// `AuthenticationResultType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthenticationResult {
    access_token: String,
    expires_in: i64,
    id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
}

/// When a session began, which stays through its refreshes.
pub(super) struct Start {
    pub(super) origin: Uuid,
    pub(super) signed_in: Timestamp,
}

/// A user who may have tokens, with what they will say.
pub(super) struct SignedIn {
    id: IdClaims,
    access: AccessClaims,
}

impl SignedIn {
    /// Changes what the tokens say as the pool's function wants it.
    async fn ask(
        &mut self,
        attempt: &Attempt,
        key: UserKey,
        source: TokenSource,
    ) -> Result<(), Exception> {
        let (groups, scope) = (&self.id.groups, &self.access.scope);
        let asking = triggers::pre_token_generation(attempt, key, source, groups, scope);
        let overrides = asking.await?;
        let (id, access) = (&mut self.id, &mut self.access);
        overrides.id.apply(&mut id.attributes);
        overrides.access.apply(&mut access.added);
        overrides.apply_groups(&mut id.groups, &mut access.groups);
        access.scope = overrides.scope(&access.scope);
        Ok(())
    }
}

/// Ends a sign-in: opens its session and gives out the tokens.
///
/// # Errors
/// What the triggers throw; `UserNotFoundException` if the user was deleted meanwhile.
pub(super) async fn complete(
    attempt: &Attempt,
    key: UserKey,
    source: TokenSource,
) -> Result<AuthResponse, Exception> {
    triggers::post_authentication(attempt, key).await?;
    let start = Start {
        origin: attempt.cognito.random.uuid(),
        signed_in: attempt.now(),
    };
    let mut signed_in = prepare(attempt, key, &start)?;
    signed_in.ask(attempt, key, source).await?;
    let expires = attempt.now() + attempt.client.validity().refresh;
    let refresh_token = open(attempt, key, &start, expires)?;
    let tokens = issue(attempt, signed_in, Some(refresh_token)).await?;
    Ok(AuthResponse::complete(tokens))
}

/// Continues a session: new tokens, and a new refresh token in place of `rotated`, which lives no
/// longer than the old one \[D\].
///
/// # Errors
/// As [`complete`].
pub(super) async fn refresh(
    attempt: &Attempt,
    session: &Session,
    rotated: Option<&str>,
) -> Result<AuthenticationResult, Exception> {
    let (key, start) = (session.user, Start::of(session));
    let mut signed_in = prepare(attempt, key, &start)?;
    let source = TokenSource::RefreshTokens;
    signed_in.ask(attempt, key, source).await?;
    let refresh_token = match rotated {
        Some(rotated) => {
            let grace = attempt.client.rotation().unwrap_or_default();
            let until = attempt.now() + grace;
            attempt.pool.users().sessions.rotate_out(rotated, until);
            Some(open(attempt, key, &start, session.expires)?)
        }
        None => None,
    };
    issue(attempt, signed_in, refresh_token).await
}

/// Collects what the tokens say.
fn prepare(attempt: &Attempt, key: UserKey, start: &Start) -> Result<SignedIn, Exception> {
    let Attempt {
        cognito,
        pool,
        client,
        ..
    } = attempt;
    let users = pool.users();
    let user = users.user(key).ok_or(Exception::UserNotFound)?;
    let validity = client.validity();
    let now = cognito.now();
    let event_id = cognito.random.uuid().to_string();
    let common = |token_use: &str, lifetime: jiff::SignedDuration| CommonClaims {
        sub: user.sub.to_string(),
        iss: issuer(&pool.id),
        origin_jti: start.origin.to_string(),
        event_id: event_id.clone(),
        token_use: token_use.to_owned(),
        auth_time: start.signed_in.as_second(),
        exp: (now + lifetime).as_second(),
        iat: now.as_second(),
        jti: cognito.random.uuid().to_string(),
    };
    let groups = users.groups.claims(key);
    let access = AccessClaims {
        common: common("access", validity.access),
        client_id: client.id.to_string(),
        scope: API_SCOPE.to_owned(),
        username: user.username.to_string(),
        groups: groups.groups.clone(),
        added: BTreeMap::new(),
    };
    let id = IdClaims {
        common: common("id", validity.id),
        aud: client.id.to_string(),
        username: user.username.to_string(),
        groups,
        attributes: readable_claims(user, client),
    };
    Ok(SignedIn { id, access })
}

/// Opens or continues a session, unless the user was deleted while its tokens were made.
fn open(
    attempt: &Attempt,
    key: UserKey,
    start: &Start,
    expires: Timestamp,
) -> Result<String, Exception> {
    let mut users = attempt.pool.users();
    users.user(key).ok_or(Exception::UserNotFound)?;
    let session = Session {
        user: key,
        client: attempt.client.id.clone(),
        origin: start.origin,
        signed_in: start.signed_in,
        expires,
        rotated_until: None,
    };
    Ok(users.sessions.open(session, &attempt.cognito.random))
}

/// The attributes that the client may read; `sub` is a claim already.
fn readable_claims(user: &User, client: &AppClient) -> BTreeMap<String, Claim> {
    let attributes = user.wire_attributes().into_iter();
    let readable =
        attributes.filter(|attribute| attribute.name != "sub" && client.reads(&attribute.name));
    readable
        .map(|attribute| {
            let value = attribute.value.unwrap_or_default();
            let claim = if attribute.name.ends_with("_verified") {
                Claim::Flag(value == "true")
            } else {
                Claim::Text(value)
            };
            (attribute.name, claim)
        })
        .collect()
}

/// Signs the tokens, on a thread where it delays no other request.
async fn issue(
    attempt: &Attempt,
    signed_in: SignedIn,
    refresh_token: Option<String>,
) -> Result<AuthenticationResult, Exception> {
    let cognito = Arc::clone(&attempt.cognito);
    let signing = tokio::task::spawn_blocking(move || {
        let SignedIn { id, access } = signed_in;
        let sign = &cognito.keys;
        Ok(AuthenticationResult {
            access_token: sign.sign(TokenUse::Access, &access, &cognito.random)?,
            expires_in: access.common.exp - access.common.iat,
            id_token: sign.sign(TokenUse::Id, &id, &cognito.random)?,
            refresh_token,
            token_type: "Bearer",
        })
    });
    let interrupted = || Exception::InternalError("signing the tokens was interrupted".to_owned());
    signing.await.map_err(|_| interrupted())?
}
