//! Log groups of CloudWatch, as far as scenarios set them up on an emulator.

use aws_sdk_cloudwatchlogs as sdk;

use super::account::emulator;
use super::call::reason;
use crate::model::Endpoint;

/// A client for the CloudWatch Logs of one endpoint. Clones share its connections.
#[derive(Debug, Clone)]
pub struct LogGroups {
    sdk: sdk::Client,
}

/// CloudWatch Logs refused, or did not answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the log group {group} could not be made: {reason}")]
pub struct LogGroupError {
    /// The group's name.
    pub group: String,
    /// What came back.
    pub reason: String,
}

impl LogGroups {
    /// A client for an endpoint that takes any credentials, as emulators do.
    pub fn for_emulator(endpoint: &Endpoint) -> Self {
        Self {
            sdk: sdk::Client::new(&emulator(endpoint)),
        }
    }

    /// Makes a log group.
    ///
    /// # Errors
    ///
    /// When there is one of that name, or the service refuses or does not answer.
    pub async fn create(&self, group: &str) -> Result<(), LogGroupError> {
        let request = self.sdk.create_log_group().log_group_name(group);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(LogGroupError {
                group: group.to_owned(),
                reason: reason(&error),
            }),
        }
    }
}
