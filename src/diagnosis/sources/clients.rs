//! Clients of the services, and how patient they are.

use std::time::Duration;

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_cloudwatchlogs as logs;
use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_sesv2 as ses;
use cognito::config::retry::RetryConfig;
use cognito::config::timeout::TimeoutConfig;
use cognito::config::{BehaviorVersion, Credentials, Region};

use crate::model::Endpoint;

/// One try of a question; the services answer within a second when they are well.
const CALL_ATTEMPT_SECONDS_MAX: u64 = 10;

/// The access key that signs at an emulator, where any will do: its own, so that what the diagnosis
/// may read can be told from what its target may.
const EMULATOR_ACCESS_KEY: &str = "diagnosis";

/// A client for each service. Clones share connections.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    pub(super) cognito: cognito::Client,
    pub(super) logs: logs::Client,
    pub(super) cloudtrail: cloudtrail::Client,
    ses: ses::Config,
    region: String,
}

/// A configuration of one service: the SDK gives each service a builder type of its own.
macro_rules! config {
    ($service:ident, $builder:expr) => {
        $builder
            .timeout_config(timeouts())
            // What is repeated, and how often, is decided in one place: `miss::ask`.
            .retry_config(RetryConfig::disabled())
            .build()
    };
}

macro_rules! emulator {
    ($service:ident, $endpoint:expr, $http:expr) => {
        config!(
            $service,
            $service::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new($endpoint.region.clone()))
                .endpoint_url(&$endpoint.url)
                .credentials_provider(Credentials::new(
                    EMULATOR_ACCESS_KEY,
                    "any",
                    None,
                    None,
                    "emulator"
                ))
                .http_client($http.clone())
        )
    };
}

impl Clients {
    /// Clients of an endpoint that takes any credentials, over plain HTTP.
    pub(super) fn for_emulator(endpoint: &Endpoint) -> Self {
        let http = aws_smithy_http_client::Builder::new().build_http();
        Self {
            cognito: cognito::Client::from_conf(emulator!(cognito, endpoint, http)),
            logs: logs::Client::from_conf(emulator!(logs, endpoint, http)),
            cloudtrail: cloudtrail::Client::from_conf(emulator!(cloudtrail, endpoint, http)),
            ses: emulator!(ses, endpoint, http),
            region: endpoint.region.clone(),
        }
    }

    /// Clients of AWS, with a person's credentials and region.
    pub(super) fn for_aws(shared: &aws_config::SdkConfig) -> Self {
        Self {
            cognito: cognito::Client::from_conf(config!(
                cognito,
                cognito::config::Builder::from(shared)
            )),
            logs: logs::Client::from_conf(config!(logs, logs::config::Builder::from(shared))),
            cloudtrail: cloudtrail::Client::from_conf(config!(
                cloudtrail,
                cloudtrail::config::Builder::from(shared)
            )),
            ses: config!(ses, ses::config::Builder::from(shared)),
            region: shared.region().map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// The region of the user pool.
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// SES in a region: identities, quotas and suppression lists are each region's own.
    pub(super) fn ses(&self, region: &str) -> ses::Client {
        let config = self.ses.to_builder().region(Region::new(region.to_owned()));
        ses::Client::from_conf(config.build())
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(CALL_ATTEMPT_SECONDS_MAX))
        .build()
}
