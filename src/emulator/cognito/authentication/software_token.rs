//! `AssociateSoftwareToken` and `VerifySoftwareToken`: enrolling an authenticator app, by a user
//! who is signed in or in the middle of `MFA_SETUP` (COGNITO.md 3.10).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::challenge_sessions::{Enrolment, Expected, Pending, Subject};
use super::mfa::{Authenticator, MfaMethod};
use crate::emulator::cognito::access_token;
use crate::emulator::cognito::clients::AppClient;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::pools::UserPool;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::totp::{Step, TotpSecret};
use crate::emulator::cognito::users::{User, UserKey};

/// Longest name of a device that is kept; the model has no limit for it.
const DEVICE_NAME_CHARS_MAX: usize = 256;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AssociateSoftwareTokenRequest {
    access_token: Option<String>,
    session: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AssociateSoftwareTokenResponse {
    secret_code: String,
    /// Only where the request had one (COGNITO.md 3.10 \[D\]).
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VerifySoftwareTokenRequest {
    access_token: Option<String>,
    session: Option<String>,
    user_code: String,
    friendly_device_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VerifySoftwareTokenResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    status: &'static str,
}

/// A sign-in that waits for its `MFA_SETUP`.
struct Setup {
    pool: Arc<UserPool>,
    client: Arc<AppClient>,
    key: UserKey,
    enrolment: Enrolment,
}

/// Gives out the secret of an authenticator.
///
/// # Errors
/// `NotAuthorizedException` for the token or the session; `InvalidParameterException` without
/// either, whose text is a guess \[U\].
pub(crate) fn associate_software_token(
    cognito: &Cognito,
    request: &AssociateSoftwareTokenRequest,
) -> Result<AssociateSoftwareTokenResponse, Exception> {
    let secret = TotpSecret::new(cognito.random.bytes());
    let secret_code = secret.secret_code();
    let session = match (&request.access_token, &request.session) {
        (Some(token), _) => {
            let (pool, key, _) = access_token::authorize(cognito, token)?;
            let mut users = pool.users();
            let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
            user.mfa.get_or_insert_default().offered = Some(secret);
            None
        }
        (None, Some(session)) => {
            let setup = setup(cognito, session)?;
            Some(renew(
                cognito,
                &setup,
                session,
                Enrolment::SecretGiven(secret),
            ))
        }
        (None, None) => return Err(neither()),
    };
    Ok(AssociateSoftwareTokenResponse {
        secret_code,
        session,
    })
}

/// Takes the first code of an authenticator, which enrols it in place of an older one.
///
/// # Errors
/// `EnableSoftwareTokenMFAException` for a wrong code \[C\]; `NotAuthorizedException` for the token
/// or the session; `InvalidParameterException` without either or without a secret \[U\].
pub(crate) fn verify_software_token(
    cognito: &Cognito,
    request: &VerifySoftwareTokenRequest,
) -> Result<VerifySoftwareTokenResponse, Exception> {
    let not_begun = || Exception::invalid_parameter("The software token was not associated.");
    let matching = |secret: &TotpSecret| {
        let step = secret.matching_step(&request.user_code, cognito.now());
        step.ok_or(Exception::EnableSoftwareTokenMfa)
    };
    let name = request.friendly_device_name.as_deref().map(shortened);
    let session = match (&request.access_token, &request.session) {
        (Some(token), _) => {
            let (pool, key, _) = access_token::authorize(cognito, token)?;
            let mut users = pool.users();
            let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
            let secret = user.mfa.as_ref().and_then(|mfa| mfa.offered.clone());
            let secret = secret.ok_or_else(not_begun)?;
            let step = matching(&secret)?;
            enrol(user, secret, step, name);
            None
        }
        (None, Some(session)) => {
            let setup = setup(cognito, session)?;
            let Enrolment::SecretGiven(secret) = &setup.enrolment else {
                return Err(not_begun());
            };
            let step = matching(secret)?;
            {
                let mut users = setup.pool.users();
                let user = users
                    .user_mut(setup.key)
                    .ok_or_else(Exception::invalid_session)?;
                enrol(user, secret.clone(), step, name);
                // A pool that insists switches it on \[V\].
                user.mfa
                    .get_or_insert_default()
                    .set(MfaMethod::SoftwareTokenMfa, true);
            }
            Some(renew(cognito, &setup, session, Enrolment::Verified))
        }
        (None, None) => return Err(neither()),
    };
    Ok(VerifySoftwareTokenResponse {
        session,
        status: "SUCCESS",
    })
}

fn enrol(user: &mut User, secret: TotpSecret, step: Step, name: Option<Box<str>>) {
    let mfa = user.mfa.get_or_insert_default();
    mfa.offered = None;
    mfa.authenticator = Some(Authenticator {
        secret,
        name,
        used: Some(step),
    });
}

/// The waiting `MFA_SETUP` of a session; which pool it belongs to, only the session knows.
fn setup(cognito: &Cognito, session: &str) -> Result<Setup, Exception> {
    let mut refusal = Exception::invalid_session();
    for pool in cognito.pools.all() {
        let found = pool
            .users()
            .challenges
            .of_any_client(session, cognito.now())
            .cloned();
        match found {
            Ok(Pending {
                subject: Subject::User(key),
                client,
                expected: Expected::MfaSetup(enrolment),
            }) => {
                let (_, client) = cognito.client(&client)?;
                return Ok(Setup {
                    pool,
                    client,
                    key,
                    enrolment,
                });
            }
            Ok(_) => return Err(Exception::invalid_session()),
            Err(error) if error == Exception::invalid_session() => {}
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// Spends a session and gives the one that takes its place.
fn renew(cognito: &Cognito, setup: &Setup, session: &str, enrolment: Enrolment) -> String {
    let pending = Pending {
        subject: Subject::User(setup.key),
        client: setup.client.id.clone(),
        expected: Expected::MfaSetup(enrolment),
    };
    let life = (cognito.now(), setup.client.session_validity());
    let challenges = &mut setup.pool.users().challenges;
    challenges.spend(session);
    challenges.open(pending, life, &cognito.random)
}

fn shortened(name: &str) -> Box<str> {
    name.chars().take(DEVICE_NAME_CHARS_MAX).collect()
}

fn neither() -> Exception {
    Exception::invalid_parameter("Either AccessToken or Session is required.")
}
