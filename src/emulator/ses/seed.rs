//! What exists in SES before the first request, and after each reset.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::configuration_sets;
use super::email_identities;
use super::error::SesException;
use super::event_destinations;
use super::identities::VerificationStatus;
use super::policy::Policy;
use super::service::Ses;
use super::suppression::Reason;
use crate::control::{SesAccount, SesEventRule, SesVerification};

/// The tables of a seed file that are SES's.
#[derive(Debug, Clone, Default)]
pub(crate) struct StartingSes {
    pub(crate) account: Option<SesAccount>,
    pub(crate) identities: Vec<SeedIdentity>,
    pub(crate) configuration_sets: Vec<SeedConfigurationSet>,
    pub(crate) suppressed: Vec<SeedSuppressed>,
    pub(crate) event_rules: Vec<SesEventRule>,
}

/// `[[ses_identity]]`: verified unless it says otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SeedIdentity {
    email_identity: String,
    #[serde(default = "verified")]
    verification_status: VerificationStatus,
    configuration_set_name: Option<String>,
    /// Policies as JSON texts, by name.
    #[serde(default)]
    policies: BTreeMap<String, String>,
}

/// `[[ses_configuration_set]]`: what `CreateConfigurationSet` takes, and the event destinations.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SeedConfigurationSet {
    configuration_set_name: String,
    sending_enabled: Option<bool>,
    suppressed_reasons: Option<Vec<Reason>>,
    #[serde(default)]
    event_destinations: BTreeMap<String, event_destinations::EventDestination>,
}

/// `[[ses_suppressed_destination]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SeedSuppressed {
    email_address: String,
    reason: Reason,
}

const fn verified() -> VerificationStatus {
    VerificationStatus::Success
}

impl StartingSes {
    /// Adds everything to an account that is new.
    ///
    /// # Errors
    /// What the API would answer to the same settings.
    pub(super) fn plant(&self, ses: &Ses) -> Result<(), SesException> {
        if let Some(account) = &self.account {
            ses.state().account.apply(account);
        }
        for set in &self.configuration_sets {
            configuration_sets::add(
                ses,
                &set.configuration_set_name,
                configuration_sets::ConfigurationSet::new(
                    set.sending_enabled.unwrap_or(true),
                    set.suppressed_reasons.clone(),
                    set.event_destinations.clone(),
                ),
            )?;
        }
        for identity in &self.identities {
            identity.plant(ses)?;
        }
        let now = ses.now();
        let mut state = ses.state();
        for seed in &self.suppressed {
            let (address, reason) = (&seed.email_address, seed.reason);
            state.suppressed.put(address, reason, now, None)?;
        }
        state.event_rules.clone_from(&self.event_rules);
        Ok(())
    }
}

impl SeedIdentity {
    fn plant(&self, ses: &Ses) -> Result<(), SesException> {
        let name = &self.email_identity;
        email_identities::set_verification(
            ses,
            name,
            SesVerification::of(self.verification_status),
        )?;
        let mut state = ses.state();
        if let Some(set) = &self.configuration_set_name {
            state.configuration_sets.find(set)?;
        }
        let identity = state.identities.find_mut(name)?;
        identity
            .configuration_set
            .clone_from(&self.configuration_set_name);
        for (name, text) in &self.policies {
            let policy = Policy::parse(text.clone())?;
            identity.policies.insert(name.clone(), policy);
        }
        Ok(())
    }
}
