//! The account's own SES, as far as scenarios set it up on an emulator.

use std::error::Error;

use aws_sdk_sesv2 as sdk;
use sdk::error::{ProvideErrorMetadata, SdkError};
use sdk::types::{
    BehaviorOnMxFailure, EventBridgeDestination, EventDestinationDefinition, EventType,
    ReputationEntityType, SendingStatus, SuppressionListReason,
};

use super::account::emulator;
use super::call::reason;
use crate::model::Endpoint;

/// The events that tell where a mail is; opens and clicks do not.
const DELIVERY_EVENTS: [EventType; 7] = [
    EventType::Send,
    EventType::Reject,
    EventType::Bounce,
    EventType::Complaint,
    EventType::Delivery,
    EventType::RenderingFailure,
    EventType::DeliveryDelay,
];

/// A client for the SES of one endpoint. Clones share its connections.
#[derive(Debug, Clone)]
pub struct SesClient {
    sdk: sdk::Client,
}

/// SES refused, or did not answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("SES {operation} failed: {reason}")]
pub struct SesError {
    /// The operation's name at AWS.
    pub operation: &'static str,
    /// What came back.
    pub reason: String,
}

impl SesClient {
    /// A client for an endpoint that takes any credentials, as emulators do.
    pub fn for_emulator(endpoint: &Endpoint) -> Self {
        Self {
            sdk: sdk::Client::new(&emulator(endpoint)),
        }
    }

    /// Makes an identity for an address or a domain; it still has to be verified.
    ///
    /// # Errors
    ///
    /// When SES refuses or does not answer; so for each method here.
    pub async fn create_identity(&self, name: &str) -> Result<(), SesError> {
        let request = self.sdk.create_email_identity().email_identity(name);
        done("CreateEmailIdentity", request.send().await)
    }

    /// Removes an identity.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn delete_identity(&self, name: &str) -> Result<(), SesError> {
        let request = self.sdk.delete_email_identity().email_identity(name);
        done("DeleteEmailIdentity", request.send().await)
    }

    /// Gives an identity a policy, a JSON text.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn put_policy(
        &self,
        identity: &str,
        name: &str,
        policy: &str,
    ) -> Result<(), SesError> {
        let request = self
            .sdk
            .create_email_identity_policy()
            .email_identity(identity)
            .policy_name(name)
            .policy(policy);
        done("CreateEmailIdentityPolicy", request.send().await)
    }

    /// Takes a policy away from an identity.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn delete_policy(&self, identity: &str, name: &str) -> Result<(), SesError> {
        let request = self.sdk.delete_email_identity_policy();
        let request = request.email_identity(identity).policy_name(name);
        done("DeleteEmailIdentityPolicy", request.send().await)
    }

    /// Gives an identity a MAIL FROM domain; whether mail is rejected without its MX record.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn put_mail_from(
        &self,
        identity: &str,
        domain: &str,
        rejects: bool,
    ) -> Result<(), SesError> {
        let behaviour = if rejects {
            BehaviorOnMxFailure::RejectMessage
        } else {
            BehaviorOnMxFailure::UseDefaultValue
        };
        let request = self
            .sdk
            .put_email_identity_mail_from_attributes()
            .email_identity(identity)
            .mail_from_domain(domain)
            .behavior_on_mx_failure(behaviour);
        done("PutEmailIdentityMailFromAttributes", request.send().await)
    }

    /// Stops an identity, an ARN, while the account goes on sending.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn disable_identity(&self, arn: &str) -> Result<(), SesError> {
        let request = self
            .sdk
            .update_reputation_entity_customer_managed_status()
            .reputation_entity_type(ReputationEntityType::Resource)
            .reputation_entity_reference(arn)
            .sending_status(SendingStatus::Disabled);
        done(
            "UpdateReputationEntityCustomerManagedStatus",
            request.send().await,
        )
    }

    /// Puts an address on the account's suppression list, as one that complained or that bounced.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn suppress(&self, address: &str, complained: bool) -> Result<(), SesError> {
        let reason = if complained {
            SuppressionListReason::Complaint
        } else {
            SuppressionListReason::Bounce
        };
        let request = self
            .sdk
            .put_suppressed_destination()
            .email_address(address)
            .reason(reason);
        done("PutSuppressedDestination", request.send().await)
    }

    /// Makes a configuration set.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn create_configuration_set(&self, name: &str) -> Result<(), SesError> {
        let request = self
            .sdk
            .create_configuration_set()
            .configuration_set_name(name);
        done("CreateConfigurationSet", request.send().await)
    }

    /// Has all that becomes of a configuration set's mails told to an event bus of EventBridge.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn publish_events(
        &self,
        configuration_set: &str,
        event_bus_arn: &str,
    ) -> Result<(), SesError> {
        const OPERATION: &str = "CreateConfigurationSetEventDestination";
        let bus = EventBridgeDestination::builder().event_bus_arn(event_bus_arn);
        let bus = bus.build().map_err(|error| SesError {
            operation: OPERATION,
            reason: error.to_string(),
        })?;
        let destination = EventDestinationDefinition::builder()
            .enabled(true)
            .set_matching_event_types(Some(DELIVERY_EVENTS.to_vec()))
            .event_bridge_destination(bus)
            .build();
        let request = self
            .sdk
            .create_configuration_set_event_destination()
            .configuration_set_name(configuration_set)
            .event_destination_name("event-bus")
            .event_destination(destination);
        done(OPERATION, request.send().await)
    }

    /// Removes a configuration set.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn delete_configuration_set(&self, name: &str) -> Result<(), SesError> {
        let request = self.sdk.delete_configuration_set();
        let request = request.configuration_set_name(name);
        done("DeleteConfigurationSet", request.send().await)
    }

    /// Switches the sending of a configuration set on or off.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn set_sending(
        &self,
        configuration_set: &str,
        enabled: bool,
    ) -> Result<(), SesError> {
        let request = self
            .sdk
            .put_configuration_set_sending_options()
            .configuration_set_name(configuration_set)
            .sending_enabled(enabled);
        done("PutConfigurationSetSendingOptions", request.send().await)
    }

    /// Switches the sending of the whole account on or off.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `create_identity`")]
    pub async fn set_account_sending(&self, enabled: bool) -> Result<(), SesError> {
        let request = self
            .sdk
            .put_account_sending_attributes()
            .sending_enabled(enabled);
        done("PutAccountSendingAttributes", request.send().await)
    }
}

fn done<T, E, R>(operation: &'static str, result: Result<T, SdkError<E, R>>) -> Result<(), SesError>
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match result {
        Ok(_) => Ok(()),
        Err(error) => Err(SesError {
            operation,
            reason: reason(&error),
        }),
    }
}
