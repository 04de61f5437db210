//! Where services are and who asks: an emulator, or an account of AWS.

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cognitoidentityprovider::config::{Credentials, SharedCredentialsProvider};

use super::client::timeouts;
use crate::model::Endpoint;

/// An endpoint that takes any credentials, as emulators do.
///
/// Plain HTTP without TLS: such an endpoint is on loopback. Nothing is sent twice by the SDK itself.
pub(super) fn emulator(endpoint: &Endpoint) -> SdkConfig {
    let any = Credentials::new("any", "any", None, None, "emulator");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(endpoint.region.clone()))
        .endpoint_url(&endpoint.url)
        .credentials_provider(SharedCredentialsProvider::new(any))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .timeout_config(timeouts())
        .retry_config(RetryConfig::disabled())
        .build()
}

/// Where an account is and who asks, for the clients of any service.
///
/// Credentials come from where the AWS CLI has them: the environment, a profile, a single sign-on
/// session, a web identity, or the machine's role. A profile that is named goes before all of these, as
/// with the CLI's `--profile`: the SDK's own chain would take keys of the environment before it.
pub async fn account(region: &str, profile: Option<&str>) -> SdkConfig {
    let region = Region::new(region.to_owned());
    let loader = aws_config::defaults(BehaviorVersion::latest()).region(region.clone());
    let Some(profile) = profile else {
        return loader.load().await;
    };
    // A role that the profile assumes is asked for in the same region.
    let place = ProviderConfig::without_region().with_region(Some(region));
    let credentials = ProfileFileCredentialsProvider::builder()
        .configure(&place)
        .profile_name(profile)
        .build();
    let loader = loader.profile_name(profile);
    loader.credentials_provider(credentials).load().await
}
