//! The end of every sign-in: claims, tokens and the session behind them (COGNITO.md 10).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::clients::AppClient;
use super::error::Exception;
use super::pools::UserPool;
use super::service::Cognito;
use super::sessions::Session;
use super::tokens::{AccessClaims, Claim, CommonClaims, IdClaims, TokenUse};
use super::triggers::{GroupConfiguration, Occasion, TokenOverrides, TokenSource};
use super::users::{User, UserKey};

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

/// When and how the session began.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    pub(crate) origin: Uuid,
    pub(crate) signed_in: Timestamp,
    /// Whether a refresh token continues it: then no new one is given out \[D\].
    pub(crate) refreshed: bool,
}

/// A user who may have tokens, with what they will say.
struct SignedIn {
    id: IdClaims,
    access: AccessClaims,
    refresh_token: Option<String>,
}

/// Signs a user in who has proved who they are: tells and asks the pool's functions, opens the
/// session, and gives the tokens.
///
/// # Errors
/// Those of COGNITO.md 6.2, before there is a session; those of [`prepare`] and [`issue`].
pub(crate) async fn complete(
    cognito: &Arc<Cognito>,
    pool: &UserPool,
    client: &AppClient,
    key: UserKey,
    start: Start,
) -> Result<AuthenticationResult, Exception> {
    let occasion = Occasion {
        pool,
        client: Some(&client.id),
    };
    let triggers = &cognito.triggers;
    let source = if start.refreshed {
        TokenSource::RefreshTokens
    } else {
        triggers.post_authentication(&occasion, key).await?;
        TokenSource::Authentication
    };
    let groups = GroupConfiguration::default();
    let overrides = triggers
        .pre_token_generation(&occasion, source, key, groups, &[API_SCOPE])
        .await?;
    let mut signed_in = prepare(cognito, pool, client, key, start)?;
    signed_in.override_with(&overrides);
    issue(cognito, signed_in).await
}

impl SignedIn {
    /// Changes what the tokens say as a function wants it.
    fn override_with(&mut self, overrides: &TokenOverrides) {
        overrides.id.apply(&mut self.id.attributes);
        overrides.access.apply(&mut self.access.added);
        overrides.apply_groups(&mut self.id.attributes, &mut self.access.added);
        self.access.scope = overrides.scope(&self.access.scope);
    }
}

/// Collects what the tokens say, and opens the session.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile.
fn prepare(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    key: UserKey,
    start: Start,
) -> Result<SignedIn, Exception> {
    let mut users = pool.users();
    let user = users.user(key).ok_or(Exception::UserNotFound)?;
    let validity = client.validity();
    let now = cognito.now();
    let event_id = cognito.random.uuid().to_string();
    let common = |token_use: &str, lifetime: jiff::SignedDuration| CommonClaims {
        sub: user.sub.to_string(),
        iss: cognito.issuer(&pool.id),
        origin_jti: start.origin.to_string(),
        event_id: event_id.clone(),
        token_use: token_use.to_owned(),
        auth_time: start.signed_in.as_second(),
        exp: (now + lifetime).as_second(),
        iat: now.as_second(),
        jti: cognito.random.uuid().to_string(),
    };
    let access = AccessClaims {
        common: common("access", validity.access),
        client_id: client.id.to_string(),
        scope: API_SCOPE.to_owned(),
        username: user.username.to_string(),
        added: BTreeMap::new(),
    };
    let id = IdClaims {
        common: common("id", validity.id),
        aud: client.id.to_string(),
        username: user.username.to_string(),
        attributes: readable_claims(user, client),
    };
    let session = (!start.refreshed).then(|| Session {
        user: key,
        client: client.id.clone(),
        origin: start.origin,
        signed_in: start.signed_in,
        expires: now + validity.refresh,
    });
    let refresh_token = session.map(|session| users.sessions.open(session, &cognito.random));
    Ok(SignedIn {
        id,
        access,
        refresh_token,
    })
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
///
/// # Errors
/// `InternalErrorException` if a token cannot be signed.
async fn issue(
    cognito: &Arc<Cognito>,
    signed_in: SignedIn,
) -> Result<AuthenticationResult, Exception> {
    let cognito = Arc::clone(cognito);
    let signing = tokio::task::spawn_blocking(move || {
        let SignedIn {
            id,
            access,
            refresh_token,
        } = signed_in;
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
