//! CloudTrail's own API: `LookupEvents`,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>.

use serde::Serialize;
use uuid::Uuid;

use super::call::{Call, Place};
use super::exception::Exception;
use super::lookup::{Lookup, LookupEventsRequest};
use crate::emulator::cognito::Cognito;

/// The operation that is here.
const LOOKUP_EVENTS: &str = "LookupEvents";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LookupEventsResponse<'a> {
    events: Vec<LookedUp<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// An event of the answer. A `ReadOnly` is text, as the service model has it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LookedUp<'a> {
    event_id: Uuid,
    event_name: &'a str,
    read_only: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    /// Whole seconds since the epoch.
    event_time: i64,
    event_source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    /// Always empty: which resources AWS names for these operations is not documented.
    resources: [(); 0],
    cloud_trail_event: String,
}

impl<'a> LookedUp<'a> {
    fn of(call: &'a Call, place: &Place) -> Self {
        Self {
            event_id: call.id,
            event_name: call.operation(),
            read_only: if call.is_read_only() { "true" } else { "false" },
            access_key_id: call.caller.access_key(),
            event_time: call.began.as_second(),
            event_source: call.source(),
            username: call.caller.user_name(),
            resources: [],
            cloud_trail_event: call.event(place),
        }
    }
}

/// Runs an operation on its request's body.
///
/// # Errors
/// The operation's exceptions, `ThrottlingException` beyond its rate, `NotImplementedException` for one that is not here.
pub(crate) fn call(cognito: &Cognito, operation: &str, body: &[u8]) -> Result<Vec<u8>, Exception> {
    if operation != LOOKUP_EVENTS {
        return Err(Exception::NotImplemented(operation.to_owned()));
    }
    let (conditions, now) = (&cognito.conditions, cognito.now());
    if conditions.quotas.counts_calls() {
        let counted = conditions.quotas.call(operation, now);
        counted.map_err(|_| Exception::Throttling)?;
    }
    let request: LookupEventsRequest = serde_json::from_slice(body)
        .map_err(|error| Exception::Serialization(error.to_string()))?;
    let lookup = Lookup::try_from(request)?;
    conditions.trail.look_up(&lookup, now, |found, place| {
        let last = found.calls.last().filter(|_| found.more);
        let response = LookupEventsResponse {
            next_token: last.map(|call| lookup.token_after(call)),
            events: (found.calls.iter())
                .map(|call| LookedUp::of(call, place))
                .collect(),
        };
        serde_json::to_vec(&response)
            .map_err(|error| Exception::Internal(format!("the answer has no JSON form: {error}")))
    })
}
