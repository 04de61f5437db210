//! Configuration sets: settings that mails share. Everything but the event destinations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::event_destinations::EventDestination;
use super::pages::{PageRequest, page};
use super::service::Ses;
use super::suppression::Reason;
use super::wire::{Empty, Tag, Unsupported, required, typed, unsupported};

/// Configuration sets in an account and region (SES's page on quotas).
const CONFIGURATION_SETS_MAX: usize = 10_000;
/// Longest name: letters, digits, hyphens and underscores (`CreateConfigurationSet`).
const NAME_CHARS_MAX: usize = 64;

/// All sets by name.
#[derive(Debug, Default)]
pub(super) struct ConfigurationSets(BTreeMap<String, ConfigurationSet>);

/// A set's settings.
#[derive(Debug, Clone)]
pub(super) struct ConfigurationSet {
    sending_enabled: bool,
    /// What takes the place of the account's reasons; none, not even an empty list, leaves those.
    pub(super) suppressed_reasons: Option<Vec<Reason>>,
    tags: Vec<Tag>,
    pub(super) destinations: BTreeMap<String, EventDestination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateRequest {
    configuration_set_name: Option<String>,
    tracking_options: Option<Unsupported>,
    delivery_options: Option<Unsupported>,
    reputation_options: Option<ReputationOptions>,
    sending_options: Option<SendingOptions>,
    #[serde(default)]
    tags: Vec<Tag>,
    suppression_options: Option<SuppressionOptions>,
    vdm_options: Option<Unsupported>,
    archiving_options: Option<Unsupported>,
}

/// `ReputationOptions`: reputation metrics are CloudWatch's, which this emulator lacks.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReputationOptions {
    #[serde(default)]
    reputation_metrics_enabled: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendingOptions {
    #[serde(default)]
    sending_enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SuppressionOptions {
    suppressed_reasons: Option<Vec<Reason>>,
    suppression_scope: Option<Unsupported>,
    validation_options: Option<Unsupported>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetResponse {
    configuration_set_name: String,
    sending_options: SendingOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression_options: Option<SuppressedReasons>,
    tags: Vec<Tag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SuppressedReasons {
    suppressed_reasons: Vec<Reason>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListResponse {
    configuration_sets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl ConfigurationSets {
    /// The set of this name.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn find(&self, name: &str) -> Result<&ConfigurationSet, SesException> {
        let found = self.0.get(name);
        found.ok_or_else(|| SesException::no_configuration_set(name))
    }

    /// The set of this name, to be changed.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn find_mut(&mut self, name: &str) -> Result<&mut ConfigurationSet, SesException> {
        let found = self.0.get_mut(name);
        found.ok_or_else(|| SesException::no_configuration_set(name))
    }

    /// The set of this name, if there is one.
    pub(super) fn get(&self, name: &str) -> Option<&ConfigurationSet> {
        self.0.get(name)
    }
}

impl ConfigurationSet {
    /// A set without tags.
    pub(super) fn new(
        sending_enabled: bool,
        suppressed_reasons: Option<Vec<Reason>>,
        destinations: BTreeMap<String, EventDestination>,
    ) -> Self {
        Self {
            sending_enabled,
            suppressed_reasons,
            destinations,
            tags: Vec::new(),
        }
    }

    /// Whether mails with this set go out.
    ///
    /// # Errors
    /// `SendingPausedException`; v2 has one exception for account and set, and the text for the set
    /// is a guess.
    pub(super) fn check_sending(&self, name: &str) -> Result<(), SesException> {
        if self.sending_enabled {
            return Ok(());
        }
        Err(SesException::SendingPaused(format!(
            "Sending paused for configuration set <{name}>."
        )))
    }
}

/// `CreateConfigurationSet`.
///
/// # Errors
/// `AlreadyExistsException`, `LimitExceededException`, `BadRequestException`, and the explicit
/// refusal of options that are not implemented.
pub(super) fn create_configuration_set(ses: &Ses, body: &[u8]) -> Result<Empty, SesException> {
    let request: CreateRequest = typed(body)?;
    let metrics = request
        .reputation_options
        .is_some_and(|options| options.reputation_metrics_enabled);
    unsupported(&[
        ("TrackingOptions", request.tracking_options),
        ("DeliveryOptions", request.delivery_options),
        ("VdmOptions", request.vdm_options),
        ("ArchivingOptions", request.archiving_options),
        ("ReputationMetricsEnabled", metrics.then_some(Unsupported)),
    ])?;
    let name = required(request.configuration_set_name, "configurationSetName")?;
    let sending = request.sending_options;
    let sending = sending.is_none_or(|options| options.sending_enabled);
    let suppressed = request.suppression_options.map(reasons).transpose()?;
    let mut set = ConfigurationSet::new(sending, suppressed.flatten(), BTreeMap::new());
    set.tags = request.tags;
    add(ses, &name, set)?;
    Ok(Empty {})
}

/// Adds a set.
///
/// # Errors
/// As [`create_configuration_set`].
pub(super) fn add(ses: &Ses, name: &str, set: ConfigurationSet) -> Result<(), SesException> {
    check_name(name)?;
    let known = &mut ses.state().configuration_sets.0;
    if known.contains_key(name) {
        return Err(SesException::AlreadyExists(format!(
            "Configuration set <{name}>"
        )));
    }
    if known.len() >= CONFIGURATION_SETS_MAX {
        return Err(SesException::LimitExceeded {
            things: "configuration sets",
            max: CONFIGURATION_SETS_MAX,
        });
    }
    known.insert(name.to_owned(), set);
    Ok(())
}

/// `GetConfigurationSet`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn get_configuration_set(ses: &Ses, name: &str) -> Result<GetResponse, SesException> {
    let state = ses.state();
    let set = state.configuration_sets.find(name)?;
    let reasons = set.suppressed_reasons.clone();
    Ok(GetResponse {
        configuration_set_name: name.to_owned(),
        sending_options: SendingOptions {
            sending_enabled: set.sending_enabled,
        },
        suppression_options: reasons
            .map(|suppressed_reasons| SuppressedReasons { suppressed_reasons }),
        tags: set.tags.clone(),
    })
}

/// `ListConfigurationSets`, by name; the order is a guess.
///
/// # Errors
/// `BadRequestException` for the page.
pub(super) fn list_configuration_sets(
    ses: &Ses,
    request: &PageRequest,
) -> Result<ListResponse, SesException> {
    let state = ses.state();
    let listed = page(state.configuration_sets.0.keys(), |name| name, request)?;
    Ok(ListResponse {
        configuration_sets: listed.items.into_iter().cloned().collect(),
        next_token: listed.next_token,
    })
}

/// `DeleteConfigurationSet`, with its event destinations.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn delete_configuration_set(ses: &Ses, name: &str) -> Result<Empty, SesException> {
    let removed = ses.state().configuration_sets.0.remove(name);
    removed
        .map(|_| Empty {})
        .ok_or_else(|| SesException::no_configuration_set(name))
}

/// `PutConfigurationSetSendingOptions`; without the member, sending is off, as `false` is its default.
///
/// # Errors
/// `NotFoundException`, `BadRequestException`.
pub(super) fn put_sending_options(
    ses: &Ses,
    name: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let options: SendingOptions = typed(body)?;
    let mut state = ses.state();
    state.configuration_sets.find_mut(name)?.sending_enabled = options.sending_enabled;
    Ok(Empty {})
}

/// `PutConfigurationSetSuppressionOptions`. Without reasons the account's count again, which is a
/// guess; an empty list means that nothing is suppressed.
///
/// # Errors
/// `NotFoundException`, `BadRequestException`.
pub(super) fn put_suppression_options(
    ses: &Ses,
    name: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let reasons = reasons(typed(body)?)?;
    let mut state = ses.state();
    state.configuration_sets.find_mut(name)?.suppressed_reasons = reasons;
    Ok(Empty {})
}

fn reasons(options: SuppressionOptions) -> Result<Option<Vec<Reason>>, SesException> {
    unsupported(&[
        ("SuppressionScope", options.suppression_scope),
        ("ValidationOptions", options.validation_options),
    ])?;
    Ok(options.suppressed_reasons)
}

/// The text is a guess.
fn check_name(name: &str) -> Result<(), SesException> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=NAME_CHARS_MAX).contains(&name.len()) && name.chars().all(word) {
        return Ok(());
    }
    Err(SesException::bad_request(format!(
        "Invalid configuration set name <{name}>: only alphanumeric ASCII characters, '_', and \
         '-' are allowed, and at most {NAME_CHARS_MAX} of them."
    )))
}
