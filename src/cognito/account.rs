//! The account of the person at the keyboard, or of the machine.

use aws_config::{BehaviorVersion, Region, SdkConfig};

/// Where an account is and who asks.
///
/// Credentials come from where the AWS CLI has them: the environment, a profile, a single sign-on
/// session, a web identity, or the machine's role. A profile that is named goes before all of these.
pub(super) async fn account(region: &str, profile: Option<&str>) -> SdkConfig {
    let region = Region::new(region.to_owned());
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(region);
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}
