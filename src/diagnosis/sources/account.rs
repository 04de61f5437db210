//! The account of the person at the keyboard, or of the machine.

use aws_config::{BehaviorVersion, Region};

use super::{LogPlaces, Sources};

impl Sources {
    /// Sources at AWS in a region, with the credentials that the AWS CLI would take: from the
    /// environment, a profile, a single sign-on session, or the machine's role; a profile that is
    /// named goes before all of these.
    pub async fn of_account(region: &str, profile: Option<&str>, places: LogPlaces) -> Self {
        let region = Region::new(region.to_owned());
        let mut config = aws_config::defaults(BehaviorVersion::latest()).region(region);
        if let Some(profile) = profile {
            config = config.profile_name(profile);
        }
        Self::for_aws(&config.load().await, places)
    }
}
