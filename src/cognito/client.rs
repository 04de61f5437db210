//! The calls that scenarios make, over the AWS SDK.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_cognitoidentityprovider as sdk;
use sdk::config::retry::RetryConfig;
use sdk::config::timeout::TimeoutConfig;

use super::answers::{attributes, moment};
use super::persistence::{Persistence, deleted};
use super::{
    Called, CodeDelivery, CognitoError, NewUser, ServerClock, SignUpAnswer, User, account,
    secret_hash,
};
use crate::model::{AppClientId, ConfirmationCode, Endpoint, Secret, UserPoolId};

/// One try of a call; the service answers within a second when it is well.
const CALL_ATTEMPT_SECONDS_MAX: u64 = 10;
/// The same of a call that brings a user into being: functions of the pool run within it, each for five
/// seconds and up to three times (COGNITO.md 6.1), and an answer that is not waited for leaves a user
/// behind whom nobody can prove to be ours.
const CREATION_ATTEMPT_SECONDS_MAX: u64 = 30;

/// An app client of a pool, with its secret if it has one.
#[derive(Debug, Clone)]
pub struct AppClient {
    /// Its identifier.
    pub id: AppClientId,
    /// Its secret.
    pub secret: Option<Secret<String>>,
}

impl AppClient {
    pub(super) fn hash(&self, username: &str) -> Option<String> {
        let secret = self.secret.as_ref()?;
        Some(secret_hash(username, &self.id, secret))
    }
}

/// How long each try of a call may take, whichever service it is for.
pub(super) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(CALL_ATTEMPT_SECONDS_MAX))
        .build()
}

/// The settings of a call that brings a user into being.
pub(super) fn creating() -> sdk::config::Builder {
    let patient = TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(CREATION_ATTEMPT_SECONDS_MAX))
        .build();
    sdk::config::Builder::new().timeout_config(patient)
}

/// A client for one endpoint. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) sdk: sdk::Client,
    server_clock: ServerClock,
    pub(super) persistence: Persistence,
}

impl Client {
    /// A client for an endpoint that takes any credentials, as emulators do.
    ///
    /// Plain HTTP without TLS: such an endpoint is on loopback.
    pub fn for_emulator(endpoint: &Endpoint) -> Self {
        Self::of(&account::emulator(endpoint))
    }

    /// The same client, but calls that are throttled are sent again until this moment, after pauses
    /// that grow and are drawn from `seed`; those whose answer is lost, a few times, where a second
    /// call changes nothing.
    ///
    /// A sign-up whose answer is lost is not: whoever asked for it has to look whether the user is
    /// there.
    #[must_use]
    pub fn persistent(&self, until: Instant, seed: u64) -> Self {
        Self {
            persistence: Persistence::until(until, seed),
            ..self.clone()
        }
    }

    /// A client for AWS in a region, with the credentials that the AWS CLI would take, or those of one
    /// of its profiles.
    pub async fn of_account(region: &str, profile: Option<&str>) -> Self {
        Self::of(&account::account(region, profile).await)
    }

    fn of(shared: &SdkConfig) -> Self {
        let server_clock = ServerClock::default();
        let config = sdk::config::Builder::from(shared)
            .interceptor(server_clock.clone())
            .timeout_config(timeouts())
            // The SDK's retries could sign a user up twice: what is safe is repeated by `persistent`.
            .retry_config(RetryConfig::disabled())
            .build();
        Self {
            sdk: sdk::Client::from_conf(config),
            server_clock,
            persistence: Persistence::default(),
        }
    }

    /// The server's time, as the answers to this client tell it.
    pub fn server_clock(&self) -> &ServerClock {
        &self.server_clock
    }

    /// Signs a user up.
    ///
    /// # Errors
    ///
    /// When the service refuses or does not answer; so for each method here.
    pub async fn sign_up(
        &self,
        client: &AppClient,
        user: &NewUser,
        password: &Secret<String>,
    ) -> Result<Called<SignUpAnswer>, CognitoError> {
        let request = self
            .sdk
            .sign_up()
            .client_id(client.id.as_str())
            .set_secret_hash(client.hash(&user.username))
            .username(&user.username)
            .password(password.expose())
            .set_user_attributes(Some(user.attributes()));
        let send = || request.clone().customize().config_override(creating());
        let called = self.call("SignUp", || send().send()).await?;
        Ok(called.map(|output| SignUpAnswer {
            sub: crate::model::UserSub::new(output.user_sub()),
            confirmed: output.user_confirmed(),
            delivery: output.code_delivery_details().map(CodeDelivery::of),
        }))
    }

    /// Confirms a sign-up with the code of its mail.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn confirm_sign_up(
        &self,
        client: &AppClient,
        username: &str,
        code: &ConfirmationCode,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .confirm_sign_up()
            .client_id(client.id.as_str())
            .set_secret_hash(client.hash(username))
            .username(username)
            .confirmation_code(code.expose());
        Ok(self
            .call("ConfirmSignUp", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Asks for a new code.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn resend_confirmation_code(
        &self,
        client: &AppClient,
        username: &str,
    ) -> Result<Called<Option<CodeDelivery>>, CognitoError> {
        let request = self
            .sdk
            .resend_confirmation_code()
            .client_id(client.id.as_str())
            .set_secret_hash(client.hash(username))
            .username(username);
        let called = self
            .call("ResendConfirmationCode", || request.clone().send())
            .await?;
        Ok(called.map(|output| output.code_delivery_details().map(CodeDelivery::of)))
    }

    /// Deletes the user to whom the access token belongs.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn delete_user(&self, access: &Secret<String>) -> Result<Called<()>, CognitoError> {
        let request = self.sdk.delete_user().access_token(access.expose());
        let answer = self.call("DeleteUser", || request.clone().send()).await;
        deleted(
            answer.map(|called| called.map(drop)),
            "UserNotFoundException",
        )
    }

    /// Describes the user to whom the access token belongs.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn user_of(&self, access: &Secret<String>) -> Result<Called<User>, CognitoError> {
        let request = self.sdk.get_user().access_token(access.expose());
        let called = self.call("GetUser", || request.clone().send()).await?;
        Ok(called.map(|output| User {
            username: output.username().to_owned(),
            status: None,
            enabled: None,
            attributes: attributes(output.user_attributes()),
            created: None,
        }))
    }

    /// Describes a user, by username, alias or `sub`.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_get_user(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<User>, CognitoError> {
        let request = self
            .sdk
            .admin_get_user()
            .user_pool_id(pool.as_str())
            .username(username);
        let called = self.call("AdminGetUser", || request.clone().send()).await?;
        Ok(called.map(|output| User {
            username: output.username().to_owned(),
            status: output
                .user_status()
                .map(|status| status.as_str().to_owned()),
            enabled: Some(output.enabled()),
            attributes: attributes(output.user_attributes()),
            created: moment(output.user_create_date()),
        }))
    }

    /// Deletes a user, by username or `sub`.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_delete_user(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_delete_user()
            .user_pool_id(pool.as_str())
            .username(username);
        let answer = self
            .call("AdminDeleteUser", || request.clone().send())
            .await;
        deleted(
            answer.map(|called| called.map(drop)),
            "UserNotFoundException",
        )
    }

    /// Confirms a user without a code.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_confirm_sign_up(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_confirm_sign_up()
            .user_pool_id(pool.as_str())
            .username(username);
        Ok(self
            .call("AdminConfirmSignUp", || request.clone().send())
            .await?
            .map(drop))
    }
}
