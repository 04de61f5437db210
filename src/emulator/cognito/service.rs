//! The service: what every operation works on.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::clients::AppClient;
use super::error::Exception;
use super::pools::{Pools, UserPool};
use super::tokens::{Jwks, Keys};
use super::triggers::Triggers;
use crate::emulator::conditions::Conditions;
use crate::emulator::kms::Kms;
use crate::emulator::logs::Logs;
use crate::emulator::mailer::Mailer;
use crate::emulator::random::Random;
use crate::emulator::sent_codes::SentCodes;
use crate::emulator::ses::Ses;
use crate::emulator::sms::SmsOutbox;
use crate::model::{AppClientId, SharedClock, UserPoolId};

/// Cognito user pools in one account and region.
pub(crate) struct Cognito {
    pub(crate) region: String,
    pub(crate) account_id: String,
    /// Where this emulator listens: `http://127.0.0.1:PORT`.
    pub(crate) endpoint: String,
    pub(crate) clock: SharedClock,
    /// What the control interface changes: clock, faults, quotas, what happens later.
    pub(crate) conditions: Conditions,
    pub(crate) random: Arc<Random>,
    pub(crate) mailer: Arc<Mailer>,
    pub(crate) sms: SmsOutbox,
    pub(crate) sent_codes: SentCodes,
    pub(crate) keys: Keys,
    pub(crate) pools: Pools,
    pub(crate) triggers: Triggers,
    pub(crate) kms: Kms,
    pub(crate) logs: Arc<Logs>,
    pub(crate) ses: Arc<Ses>,
}

/// The document at `/POOL/.well-known/openid-configuration`.
#[derive(Serialize)]
pub(crate) struct OpenIdConfiguration {
    id_token_signing_alg_values_supported: [&'static str; 1],
    issuer: String,
    jwks_uri: String,
    response_types_supported: [&'static str; 2],
    scopes_supported: [&'static str; 4],
    subject_types_supported: [&'static str; 1],
}

impl Cognito {
    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The pool with this id.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(crate) fn pool(&self, id: &UserPoolId) -> Result<Arc<UserPool>, Exception> {
        self.pools.pool(id)
    }

    /// The client with this id, and its pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(crate) fn client(
        &self,
        id: &AppClientId,
    ) -> Result<(Arc<UserPool>, Arc<AppClient>), Exception> {
        self.pools.client(id)
    }

    /// The name of a pool among all resources of AWS.
    pub(crate) fn arn(&self, pool: &UserPoolId) -> String {
        let Self {
            region, account_id, ..
        } = self;
        format!("arn:aws:cognito-idp:{region}:{account_id}:userpool/{pool}")
    }

    /// The public keys with which a pool's tokens are verified; blocks while they are being made.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for an unknown pool.
    pub(crate) fn jwks(&self, pool: &UserPoolId) -> Result<Jwks, Exception> {
        self.pool(pool)?;
        let missing = || Exception::InternalError("the signing keys are missing".to_owned());
        self.keys.jwks(&self.random).ok_or_else(missing)
    }

    /// A pool's discovery document.
    ///
    /// The issuer is AWS's, but the keys are where they can be fetched: at this emulator.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for an unknown pool.
    pub(crate) fn openid_configuration(
        &self,
        pool: &UserPoolId,
    ) -> Result<OpenIdConfiguration, Exception> {
        self.pool(pool)?;
        Ok(OpenIdConfiguration {
            id_token_signing_alg_values_supported: ["RS256"],
            issuer: issuer(pool),
            jwks_uri: format!("{}/{pool}/.well-known/jwks.json", self.endpoint),
            response_types_supported: ["code", "token"],
            scopes_supported: ["openid", "email", "phone", "profile"],
            subject_types_supported: ["public"],
        })
    }
}

/// A pool's issuer: AWS's own, because verifiers derive it from the pool id (COGNITO.md 10).
pub(crate) fn issuer(pool: &UserPoolId) -> String {
    format!("https://cognito-idp.{}.amazonaws.com/{pool}", pool.region())
}
