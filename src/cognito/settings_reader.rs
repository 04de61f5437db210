//! Settings of a pool and of the SES behind it, each answer as the service wrote it.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_sesv2 as ses;
use cognito::config::interceptors::AfterDeserializationInterceptorContextRef;
use cognito::config::{ConfigBag, Intercept, Region, RuntimeComponents};
use cognito::error::{BoxError, ProvideErrorMetadata, SdkError};

use super::account::emulator;
use super::call::{exception, reason};
use super::client::timeouts;
use crate::model::{AppClientId, Endpoint, UserPoolId};

/// Clients of a pool that one page of `ListUserPoolClients` names at most (COGNITO.md 1.5).
const CLIENTS_PAGE: i32 = 60;
/// Clients of a pool that are listed: its quota at AWS, unless that was raised. Each of them costs a
/// call later.
const CLIENTS_MAX: usize = 1_000;

/// A question about settings that was not answered.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{operation} failed: {reason}")]
pub struct SettingsError {
    /// The operation's name at AWS.
    pub operation: &'static str,
    /// What was in the way.
    pub obstacle: Obstacle,
    /// What came back.
    pub reason: String,
}

/// What stands between a question and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The service refuses.
    Refusal,
    /// The question could not be signed: there are no credentials.
    Unsigned,
    /// Nobody answers, or not as the service does.
    Silence,
}

/// The app clients of a pool, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppClients {
    /// The first ones, in the service's order.
    pub ids: Vec<AppClientId>,
    /// Whether there are more than were listed.
    pub more: bool,
}

/// Asks for settings and keeps each answer's JSON, members included that this version does not know.
#[derive(Debug, Clone)]
pub struct SettingsReader {
    cognito: cognito::Client,
    ses: ses::Config,
}

impl SettingsReader {
    /// A reader of an endpoint that takes any credentials, as emulators do.
    pub fn for_emulator(endpoint: &Endpoint) -> Self {
        let shared = emulator(endpoint);
        Self {
            cognito: cognito::Client::new(&shared),
            ses: ses::Config::new(&shared),
        }
    }

    /// A reader of AWS, with credentials from where the AWS CLI has them, or of one of its profiles.
    pub async fn of_account(region: &str, profile: Option<&str>) -> Self {
        let shared = super::account::account(region, profile).await;
        let cognito = cognito::config::Builder::from(&shared).timeout_config(timeouts());
        let ses = ses::config::Builder::from(&shared).timeout_config(timeouts());
        Self {
            cognito: cognito::Client::from_conf(cognito.build()),
            ses: ses.build(),
        }
    }

    /// `DescribeUserPool`.
    ///
    /// # Errors
    ///
    /// When the service refuses or does not answer; so for each method here.
    pub async fn user_pool(&self, pool: &UserPoolId) -> Result<String, SettingsError> {
        let request = self
            .cognito
            .describe_user_pool()
            .user_pool_id(pool.as_str());
        let kept = Answer::default();
        let request = request.customize().interceptor(kept.clone());
        kept.of("DescribeUserPool", request.send()).await
    }

    /// The clients of a pool: all that a pool can have, unless its quota was raised.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn app_clients(&self, pool: &UserPoolId) -> Result<AppClients, SettingsError> {
        let mut ids = Vec::new();
        let mut next = None;
        loop {
            let request = self
                .cognito
                .list_user_pool_clients()
                .user_pool_id(pool.as_str())
                .max_results(CLIENTS_PAGE)
                .set_next_token(next);
            let listed = request.send().await;
            let listed = listed.map_err(|error| failed("ListUserPoolClients", &error))?;
            let named = listed.user_pool_clients().iter();
            let before = ids.len();
            ids.extend(named.filter_map(|one| one.client_id().map(AppClientId::new)));
            next = listed.next_token;
            // A page that brings nothing would bring it for ever.
            if next.is_none() || ids.len() == before || ids.len() >= CLIENTS_MAX {
                let more = next.is_some() || ids.len() > CLIENTS_MAX;
                ids.truncate(CLIENTS_MAX);
                return Ok(AppClients { ids, more });
            }
        }
    }

    /// `DescribeUserPoolClient`.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn app_client(
        &self,
        pool: &UserPoolId,
        client: &AppClientId,
    ) -> Result<String, SettingsError> {
        let request = self.cognito.describe_user_pool_client();
        let request = request
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        let kept = Answer::default();
        let request = request.customize().interceptor(kept.clone());
        kept.of("DescribeUserPoolClient", request.send()).await
    }

    /// `GetUserPoolMfaConfig`.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn mfa(&self, pool: &UserPoolId) -> Result<String, SettingsError> {
        let request = self
            .cognito
            .get_user_pool_mfa_config()
            .user_pool_id(pool.as_str());
        let kept = Answer::default();
        let request = request.customize().interceptor(kept.clone());
        kept.of("GetUserPoolMfaConfig", request.send()).await
    }

    /// `GetLogDeliveryConfiguration`.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn log_delivery(&self, pool: &UserPoolId) -> Result<String, SettingsError> {
        let request = self.cognito.get_log_delivery_configuration();
        let kept = Answer::default();
        let request = request.user_pool_id(pool.as_str()).customize();
        let request = request.interceptor(kept.clone());
        kept.of("GetLogDeliveryConfiguration", request.send()).await
    }

    /// `GetAccount` of SES in a region.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn ses_account(&self, region: &str) -> Result<String, SettingsError> {
        let kept = Answer::default();
        let request = self.ses(region).get_account();
        let request = request.customize().interceptor(kept.clone());
        kept.of("GetAccount", request.send()).await
    }

    /// `GetEmailIdentity` of SES in a region.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn ses_identity(&self, region: &str, name: &str) -> Result<String, SettingsError> {
        let kept = Answer::default();
        let request = self.ses(region).get_email_identity().email_identity(name);
        let request = request.customize().interceptor(kept.clone());
        kept.of("GetEmailIdentity", request.send()).await
    }

    /// `GetConfigurationSet` of SES in a region.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `user_pool`")]
    pub async fn configuration_set(
        &self,
        region: &str,
        name: &str,
    ) -> Result<String, SettingsError> {
        let kept = Answer::default();
        let request = self.ses(region).get_configuration_set();
        let request = request.configuration_set_name(name).customize();
        let request = request.interceptor(kept.clone());
        kept.of("GetConfigurationSet", request.send()).await
    }

    /// Identities and quotas are each region's own.
    fn ses(&self, region: &str) -> ses::Client {
        let config = self.ses.to_builder().region(Region::new(region.to_owned()));
        ses::Client::from_conf(config.build())
    }
}

/// The bytes of the answer to one call.
#[derive(Debug, Clone, Default)]
struct Answer(Arc<Mutex<Vec<u8>>>);

impl Answer {
    async fn of<T, E, R>(
        self,
        operation: &'static str,
        sent: impl Future<Output = Result<T, SdkError<E, R>>>,
    ) -> Result<String, SettingsError>
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug,
    {
        match sent.await {
            Ok(_) => {
                let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
            Err(error) => Err(failed(operation, &error)),
        }
    }
}

impl Intercept for Answer {
    fn name(&self) -> &'static str {
        "the answer as it came"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
        Ok(())
    }
}

fn failed<E, R>(operation: &'static str, error: &SdkError<E, R>) -> SettingsError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    let obstacle = match error {
        _ if exception(error).is_some() => Obstacle::Refusal,
        // The SDK gives failures of the wire a kind; what has none happened before it.
        SdkError::DispatchFailure(failure)
            if failure.is_other() && failure.as_other().is_none() =>
        {
            Obstacle::Unsigned
        }
        _ => Obstacle::Silence,
    };
    SettingsError {
        operation,
        obstacle,
        reason: reason(error),
    }
}
