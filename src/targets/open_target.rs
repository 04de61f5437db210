//! Targets of a configuration, opened.

use std::path::Path;
use std::sync::Arc;

use super::{OpenInbox, TargetError, open_inbox};
use crate::cognito::{AppClient, Client, CognitoError, Trigger, account};
use crate::config::{self, FixedPool, Logs, SecretRef, TargetKind};
use crate::diagnosis::{LogPlaces, Sources};
use crate::embedded::{Embedded, EmbeddedSettings};
use crate::model::{Budget, Endpoint, Permissions, Rate, UserPoolId};
use crate::steps::{self, AddressTemplate, Target};

/// A target that can be tested for as long as it is kept.
pub struct OpenTarget {
    target: Arc<Target>,
    keeper: Keeper,
    unknown_sender: Option<CognitoError>,
}

/// What runs in this process for the target.
enum Keeper {
    Embedded(Embedded),
    Inbox {
        /// Its name.
        name: String,
        open: OpenInbox,
    },
}

impl OpenTarget {
    /// The target as scenarios see it.
    pub fn target(&self) -> Arc<Target> {
        Arc::clone(&self.target)
    }

    /// Looks whether the inbox can be read. Otherwise each scenario would find out for itself, and a
    /// server that counts wrong passwords would lock the mailbox.
    ///
    /// # Errors
    ///
    /// What keeps it from being read.
    pub async fn check_inbox(&self) -> Result<(), TargetError> {
        let Keeper::Inbox {
            name,
            open: OpenInbox::Mailbox(mailbox),
        } = &self.keeper
        else {
            return Ok(());
        };
        match mailbox.position().await {
            Ok(_) => Ok(()),
            Err(reason) => Err(TargetError::Inbox {
                inbox: name.clone(),
                target: self.target.name.clone(),
                reason: Box::new(reason),
            }),
        }
    }

    /// Why nobody knows who mails for the pool, so that its budget is that of Cognito's own sender; none
    /// where that is known, or the configuration says how many mails a day may bring.
    pub fn unknown_sender(&self) -> Option<&CognitoError> {
        self.unknown_sender.as_ref()
    }

    /// Stops what runs in this process for it, and reports what went wrong inside meanwhile.
    ///
    /// # Errors
    ///
    /// The trouble.
    pub fn stop(self) -> Result<(), TargetError> {
        match self.keeper {
            Keeper::Embedded(embedded) => Ok(embedded.stop()?),
            Keeper::Inbox { open, .. } => match open {
                OpenInbox::Sink(sink) => Ok(sink.stop()?),
                OpenInbox::Mailbox(_) => Ok(()),
            },
        }
    }
}

/// Opens a target: looks its secrets up, makes its clients, starts what belongs to this process.
/// Nothing is asked of it yet but who mails for a pool of AWS, and nothing of its inbox.
///
/// # Errors
///
/// When the target does not allow what a run does, a secret is not there, a setting cannot be used, or
/// the system refuses a port or a thread.
pub async fn open_target(target: &config::Target) -> Result<OpenTarget, TargetError> {
    if target.allow != Permissions::ALL {
        return Err(TargetError::NotAllowed {
            name: target.name.clone(),
            declared: target.declared.to_string(),
        });
    }
    let (cognito, region, place, emulated) = match &target.kind {
        TargetKind::Embedded { seed } => return embedded(target, seed.as_deref()).await,
        TargetKind::Endpoint { url, region, .. } => {
            let endpoint = Endpoint::new(region, url);
            let cognito = Client::for_emulator(&endpoint);
            (cognito, endpoint.region, endpoint.url, true)
        }
        TargetKind::Aws { pool, aws_profile } => {
            let region = pool.region().to_owned();
            let cognito = Client::of_account(&region, aws_profile.as_deref()).await;
            (cognito, region, pool.id.to_string(), false)
        }
    };
    let pool = match &target.kind {
        TargetKind::Endpoint {
            pool: Some(pool), ..
        }
        | TargetKind::Aws { pool, .. } => Some(existing_pool(&target.name, pool)?),
        _ => None,
    };
    let of_aws = pool.as_ref().filter(|_| !emulated);
    let (budget, unknown_sender) = budget_of(&target.budget, &cognito, of_aws).await;
    let Some(inbox) = &target.inbox else {
        return Err(TargetError::NoInbox(target.name.clone()));
    };
    let addresses = AddressTemplate::new(inbox.address.as_str());
    let addresses = addresses.map_err(|error| TargetError::Setting {
        place: format!("[inbox.{}]", inbox.name),
        reason: error.to_string(),
    })?;
    let (name, receiver) = (inbox.name.clone(), inbox.receiver.clone());
    let open = open_inbox(inbox)?;
    let target = Target {
        name: target.name.clone(),
        place,
        cognito,
        pool,
        inbox: open.inbox(),
        addresses,
        sources: sources(target).await,
        emulated,
        region,
        surroundings: None,
        control_mail: target.control_mail,
        silence_min: target.silence,
        receiver,
        allowed: target.allow,
        budget,
    };
    Ok(OpenTarget {
        target: Arc::new(target),
        keeper: Keeper::Inbox { name, open },
        unknown_sender,
    })
}

/// What a run may use up, and why nobody knows who mails for a pool of AWS, if so.
async fn budget_of(
    said: &config::Budget,
    cognito: &Client,
    pool: Option<&steps::FixedPool>,
) -> (Budget, Option<CognitoError>) {
    let mut budget = budget(said);
    let Some(pool) = pool.filter(|_| budget.mails_per_day.is_none()) else {
        return (budget, None);
    };
    // Where nobody can tell it is taken for Cognito's own sender: that is the side on which no quota of a
    // whole account is used up.
    let is_default = default_sender_mails(cognito, &pool.id).await;
    if *is_default.as_ref().unwrap_or(&true) {
        budget.mails_per_day = Budget::default_sender().mails_per_day;
    }
    (budget, is_default.err())
}

async fn embedded(target: &config::Target, seed: Option<&Path>) -> Result<OpenTarget, TargetError> {
    let settings = match seed {
        Some(path) => seeded(target, path)?,
        None => EmbeddedSettings::shared(),
    };
    let embedded = Embedded::start(settings)?;
    let pool = match seed {
        Some(path) => Some(first_pool(target, path, &embedded).await?),
        None => None,
    };
    let target = Target {
        name: target.name.clone(),
        pool,
        ..embedded.target()
    };
    Ok(OpenTarget {
        target: Arc::new(target),
        keeper: Keeper::Embedded(embedded),
        unknown_sender: None,
    })
}

/// What a seed file says should exist.
fn seeded(target: &config::Target, path: &Path) -> Result<EmbeddedSettings, TargetError> {
    let settings = EmbeddedSettings::seeded(path);
    settings.map_err(|error| unusable_seed(target, path, &error.to_string()))
}

/// The pool that scenarios are held against, with the secret that was drawn for its client.
async fn first_pool(
    target: &config::Target,
    path: &Path,
    embedded: &Embedded,
) -> Result<steps::FixedPool, TargetError> {
    let (Some(id), Some(client_id)) = (embedded.user_pool_id(), embedded.client_id()) else {
        let reason = "it has no user pool with an app client";
        return Err(unusable_seed(target, path, reason));
    };
    let cognito = embedded.target().cognito;
    let secret = cognito.app_client_secret(id, client_id).await;
    let secret = secret.map_err(|error| unusable_seed(target, path, &error.to_string()))?;
    Ok(steps::FixedPool {
        id: id.clone(),
        client: AppClient {
            id: client_id.clone(),
            secret: secret.answer,
        },
    })
}

fn unusable_seed(target: &config::Target, path: &Path, reason: &str) -> TargetError {
    TargetError::Setting {
        place: format!("[target.{}] seed = `{}`", target.name, path.display()),
        reason: reason.to_owned(),
    }
}

/// What the configuration says of how much the target may be asked for.
fn budget(asked: &config::Budget) -> Budget {
    Budget {
        mails_per_run: asked.mails_per_run,
        mails_per_day: asked.mails_per_day,
        mails_per_address_and_hour: asked.mails_per_address_and_hour,
        sign_ups_per_second: asked
            .sign_ups_per_second
            .and_then(|times| Rate::per_second(times.into())),
    }
}

/// Whether Cognito's own sender mails for a pool, with its fifty mails a day.
async fn default_sender_mails(cognito: &Client, pool: &UserPoolId) -> Result<bool, CognitoError> {
    let described = cognito.describe_user_pool(pool).await?;
    let design = described.answer.design;
    let own_function = design.triggers.contains_key(&Trigger::CustomEmailSender);
    Ok(design.own_ses.is_none() && !own_function)
}

/// The pool of a target, with its client's secret.
fn existing_pool(target: &str, pool: &FixedPool) -> Result<steps::FixedPool, TargetError> {
    let secret = pool
        .client_secret
        .as_ref()
        .map(SecretRef::resolve)
        .transpose();
    let secret = secret.map_err(|reason| TargetError::Secret {
        what: "client secret",
        place: format!("[target.{target}]"),
        reason,
    })?;
    Ok(steps::FixedPool {
        id: pool.id.clone(),
        client: AppClient {
            id: pool.client_id.clone(),
            secret,
        },
    })
}

/// The services that know about a target's mails; none of an embedded one that does not run.
pub async fn sources(target: &config::Target) -> Option<Sources> {
    let places = log_places(&target.logs);
    match &target.kind {
        TargetKind::Embedded { .. } => None,
        TargetKind::Endpoint { url, region, .. } => {
            let endpoint = Endpoint::new(region, url);
            Some(Sources::for_emulator(&endpoint, places))
        }
        TargetKind::Aws { pool, aws_profile } => {
            let account = account(pool.region(), aws_profile.as_deref()).await;
            Some(Sources::for_aws(&account, places))
        }
    }
}

/// Where a target's logs are, for a diagnosis.
pub fn log_places(logs: &Logs) -> LogPlaces {
    LogPlaces {
        trail_log_group: logs.trail.clone(),
        ses_events_log_group: logs.ses_events.clone(),
    }
}
