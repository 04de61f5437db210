//! Event destinations of configuration sets: which events go where.

use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::service::Ses;
use super::wire::{Empty, Unsupported, required, typed, unsupported};

/// Destinations of one configuration set (SES's page on quotas).
const DESTINATIONS_MAX: usize = 10;
/// The only bus that SES puts events on (SES's page on EventBridge).
const BUS: &str = ":event-bus/default";

/// `EventType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum EventType {
    Send,
    Reject,
    Bounce,
    Complaint,
    Delivery,
    Open,
    Click,
    RenderingFailure,
    DeliveryDelay,
    Subscription,
}

/// Where events of some types go: to EventBridge, which is all that this emulator has.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EventDestination {
    #[serde(default)]
    pub(super) enabled: bool,
    pub(super) matching_event_types: Vec<EventType>,
    event_bridge_destination: EventBridgeDestination,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EventBridgeDestination {
    event_bus_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DestinationRequest {
    event_destination_name: Option<String>,
    event_destination: Option<Definition>,
}

/// `EventDestinationDefinition`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    matching_event_types: Vec<EventType>,
    kinesis_firehose_destination: Option<Unsupported>,
    cloud_watch_destination: Option<Unsupported>,
    sns_destination: Option<Unsupported>,
    event_bridge_destination: Option<EventBridgeDestination>,
    pinpoint_destination: Option<Unsupported>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DestinationsResponse {
    event_destinations: Vec<NamedDestination>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NamedDestination {
    name: String,
    #[serde(flatten)]
    destination: EventDestination,
}

impl EventDestination {
    /// Whether events of this type go there.
    pub(super) fn takes(&self, event: EventType) -> bool {
        self.enabled && self.matching_event_types.contains(&event)
    }
}

impl Definition {
    /// The texts are guesses.
    fn checked(self) -> Result<EventDestination, SesException> {
        unsupported(&[
            (
                "KinesisFirehoseDestination",
                self.kinesis_firehose_destination,
            ),
            ("CloudWatchDestination", self.cloud_watch_destination),
            ("SnsDestination", self.sns_destination),
            ("PinpointDestination", self.pinpoint_destination),
        ])?;
        if self.matching_event_types.is_empty() {
            return Err(SesException::bad_request(
                "At least one event type is required.",
            ));
        }
        let bridge = self
            .event_bridge_destination
            .ok_or_else(|| SesException::bad_request("Exactly one destination is required."))?;
        if !bridge.event_bus_arn.ends_with(BUS) {
            return Err(SesException::bad_request(format!(
                "{} is not the default event bus.",
                bridge.event_bus_arn
            )));
        }
        Ok(EventDestination {
            enabled: self.enabled,
            matching_event_types: self.matching_event_types,
            event_bridge_destination: bridge,
        })
    }
}

/// `CreateConfigurationSetEventDestination`.
///
/// # Errors
/// `NotFoundException`, `AlreadyExistsException`, `LimitExceededException`, `BadRequestException`,
/// and the explicit refusal of other destinations than EventBridge.
pub(super) fn create_event_destination(
    ses: &Ses,
    set: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let request: DestinationRequest = typed(body)?;
    let name = required(request.event_destination_name, "eventDestinationName")?;
    let destination = required(request.event_destination, "eventDestination")?.checked()?;
    let mut state = ses.state();
    let destinations = &mut state.configuration_sets.find_mut(set)?.destinations;
    if destinations.contains_key(&name) {
        return Err(SesException::AlreadyExists(format!(
            "Event destination <{name}>"
        )));
    }
    if destinations.len() >= DESTINATIONS_MAX {
        return Err(SesException::LimitExceeded {
            things: "event destinations of a configuration set",
            max: DESTINATIONS_MAX,
        });
    }
    destinations.insert(name, destination);
    Ok(Empty {})
}

/// `GetConfigurationSetEventDestinations`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn get_event_destinations(
    ses: &Ses,
    set: &str,
) -> Result<DestinationsResponse, SesException> {
    let state = ses.state();
    let destinations = state.configuration_sets.find(set)?.destinations.iter();
    let named = destinations.map(|(name, destination)| NamedDestination {
        name: name.clone(),
        destination: destination.clone(),
    });
    Ok(DestinationsResponse {
        event_destinations: named.collect(),
    })
}

/// `UpdateConfigurationSetEventDestination`.
///
/// # Errors
/// As [`create_event_destination`].
pub(super) fn update_event_destination(
    ses: &Ses,
    set: &str,
    name: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let request: DestinationRequest = typed(body)?;
    let destination = required(request.event_destination, "eventDestination")?.checked()?;
    let mut state = ses.state();
    let set = state.configuration_sets.find_mut(set)?;
    let known = set.destinations.get_mut(name);
    *known.ok_or_else(|| no_destination(name))? = destination;
    Ok(Empty {})
}

/// `DeleteConfigurationSetEventDestination`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn delete_event_destination(
    ses: &Ses,
    set: &str,
    name: &str,
) -> Result<Empty, SesException> {
    let mut state = ses.state();
    let removed = state
        .configuration_sets
        .find_mut(set)?
        .destinations
        .remove(name);
    removed
        .map(|_| Empty {})
        .ok_or_else(|| no_destination(name))
}

/// The text is a guess.
fn no_destination(name: &str) -> SesException {
    SesException::NotFound(format!("Event destination <{name}> does not exist."))
}
