//! Calls of the services through AWS's SDK.

use std::fmt::Write as _;

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_sesv2 as sesv2;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::super::case::Members;
use super::super::exchange::{Answered, Called, Replacement};
use super::case::Service;
use crate::world::World;

/// SES's operations by method and path; what stands in braces is a member of the request.
const OF_SES: [(&str, &str, &str); 22] = [
    ("CreateConfigurationSet", "POST", "configuration-sets"),
    (
        "CreateConfigurationSetEventDestination",
        "POST",
        "configuration-sets/{ConfigurationSetName}/event-destinations",
    ),
    ("CreateContactList", "POST", "contact-lists"),
    ("CreateEmailIdentity", "POST", "identities"),
    (
        "CreateEmailIdentityPolicy",
        "POST",
        "identities/{EmailIdentity}/policies/{PolicyName}",
    ),
    ("CreateEmailTemplate", "POST", "templates"),
    (
        "DeleteConfigurationSet",
        "DELETE",
        "configuration-sets/{ConfigurationSetName}",
    ),
    (
        "DeleteSuppressedDestination",
        "DELETE",
        "suppression/addresses/{EmailAddress}",
    ),
    ("GetAccount", "GET", "account"),
    (
        "GetConfigurationSet",
        "GET",
        "configuration-sets/{ConfigurationSetName}",
    ),
    ("GetEmailIdentity", "GET", "identities/{EmailIdentity}"),
    (
        "GetSuppressedDestination",
        "GET",
        "suppression/addresses/{EmailAddress}",
    ),
    ("ListSuppressedDestinations", "GET", "suppression/addresses"),
    ("PutAccountDetails", "POST", "account/details"),
    ("PutAccountSendingAttributes", "PUT", "account/sending"),
    (
        "PutAccountSuppressionAttributes",
        "PUT",
        "account/suppression",
    ),
    (
        "PutConfigurationSetSendingOptions",
        "PUT",
        "configuration-sets/{ConfigurationSetName}/sending",
    ),
    (
        "PutConfigurationSetSuppressionOptions",
        "PUT",
        "configuration-sets/{ConfigurationSetName}/suppression-options",
    ),
    (
        "PutEmailIdentityMailFromAttributes",
        "PUT",
        "identities/{EmailIdentity}/mail-from",
    ),
    ("PutSuppressedDestination", "PUT", "suppression/addresses"),
    ("SendEmail", "POST", "outbound-emails"),
    (
        "TestRenderEmailTemplate",
        "POST",
        "templates/{TemplateName}/render",
    ),
];

/// The clients, each of which signs as its service.
pub(super) struct Clients {
    endpoint: String,
    cognito: aws_sdk_cognitoidentityprovider::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    ses: sesv2::Client,
    cloudtrail: cloudtrail::Client,
}

impl Clients {
    pub(super) fn of(world: &World) -> Self {
        Self {
            endpoint: world.emulator.endpoint(),
            cognito: world.sdk.clone(),
            logs: crate::logs::sdk(world),
            ses: crate::ses::sdk(world),
            cloudtrail: crate::event_history::sdk(world),
        }
    }

    /// Calls an operation.
    ///
    /// # Panics
    /// If there is no answer, or no such operation in the list of SES's.
    pub(super) async fn call(
        &self,
        service: Service,
        operation: &str,
        with: &Members,
        unsigned: bool,
    ) -> Answered {
        let body = Value::Object(with.clone()).to_string();
        let json = |target: &str| {
            let called = Called::Target(format!("{target}.{operation}"));
            Replacement::new(called, body.clone(), unsigned)
        };
        // The answer is another operation's, so that what the SDK makes of it says nothing.
        let replacement = match service {
            Service::Cognito => {
                let replacement = json("AWSCognitoIdentityProviderService");
                let any = self.cognito.list_user_pools().max_results(1).customize();
                let _ = any.interceptor(replacement.clone()).send().await;
                replacement
            }
            Service::Logs => {
                let replacement = json("Logs_20140328");
                let any = self.logs.describe_log_groups().customize();
                let _ = any.interceptor(replacement.clone()).send().await;
                replacement
            }
            Service::CloudTrail => {
                let replacement = json("CloudTrail_20131101");
                let any = self.cloudtrail.lookup_events().customize();
                let _ = any.interceptor(replacement.clone()).send().await;
                replacement
            }
            // Its SDK is no dependency; its protocol is that of CloudWatch Logs.
            Service::Kms => {
                let replacement = json("TrentService");
                let any = self.logs.describe_log_groups().customize();
                let _ = any.interceptor(replacement.clone()).send().await;
                replacement
            }
            Service::Ses => {
                let (called, body) = self.address(operation, with);
                let replacement = Replacement::new(called, body, unsigned);
                let any = self.ses.get_account().customize();
                let _ = any.interceptor(replacement.clone()).send().await;
                replacement
            }
        };
        let answered = replacement.answered();
        answered.unwrap_or_else(|| panic!("no answer to {operation}"))
    }

    /// The address of an operation of SES, and its body: the members that are not in its path are in
    /// the query of a GET.
    fn address(&self, operation: &str, with: &Members) -> (Called, String) {
        let known = OF_SES.iter().find(|(name, ..)| *name == operation);
        let (_, method, path) = known.unwrap_or_else(|| panic!("no path of {operation}"));
        let mut uri = format!("{}/v2/email/{path}", self.endpoint);
        let mut rest = with.clone();
        let encode = |value: &Value| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
        };
        for (name, value) in with {
            let place = format!("{{{name}}}");
            if uri.contains(&place) {
                uri = uri.replace(&place, &encode(value));
                rest.remove(name);
            }
        }
        let body = if *method == "GET" {
            for (position, (name, value)) in rest.iter().enumerate() {
                let sign = if position == 0 { '?' } else { '&' };
                // Writing to a String cannot fail.
                let _ = write!(uri, "{sign}{name}={}", encode(value));
            }
            String::new()
        } else {
            Value::Object(rest).to_string()
        };
        let method = (*method).to_owned();
        (Called::Address { method, uri }, body)
    }
}
