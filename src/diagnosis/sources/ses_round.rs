//! The part of a round that asks SES.

use super::collected::CollectedSes;
use super::insights::Query;
use super::lag;
use super::log::{LogReading, of_group};
use super::round::{Awaited, PoolNow, Round};
use super::ses;
use super::ses_events;
use super::ses_settings::{Identity, IdentityArn};
use super::values::unread;
use crate::diagnosis::{
    PoolSettings, SesConfigurationSet, SesEvent, SesEvidence, SesIdentity, Source,
};

/// Asks what concerns a pool with these settings.
///
/// Nothing of the SES with which Cognito's own sender mails can be seen, and of the one behind a
/// custom sender only events; a default sender with a `SourceArn` depends on that identity's policy.
pub(super) async fn ask(round: &Round<'_>, pool: &Awaited<'_, PoolNow>) -> CollectedSes {
    let settings = match round.settings(pool).await {
        Ok(settings) => settings,
        Err(unknown) => return all(&unknown),
    };
    let (settings, events) = if settings.sends_by_own_ses() {
        tokio::join!(by_own_ses(round, &settings), events(round, pool, &settings))
    } else {
        let sender = async {
            SesEvidence {
                sender: by_default(round, &settings).await,
                ..SesEvidence::default()
            }
        };
        tokio::join!(sender, events(round, pool, &settings))
    };
    CollectedSes { settings, events }
}

/// Everything of SES with the outcome of the pool's settings, which say what to ask.
fn all(unknown: &Source<()>) -> CollectedSes {
    let settings = SesEvidence {
        account: unread(unknown),
        sender: unread(unknown),
        recipient: unread(unknown),
        configuration_set: unread(unknown),
        suppression: unread(unknown),
        events: unread(unknown),
    };
    CollectedSes {
        settings,
        events: None,
    }
}

/// The identity that a pool names although Cognito's own sender mails.
async fn by_default(round: &Round<'_>, settings: &PoolSettings) -> Source<Option<SesIdentity>> {
    let arn = settings.email.source_arn.as_deref();
    match arn.filter(|_| settings.sends_by_default()).map(identity) {
        Some(Ok(arn)) => {
            let client = round.clients.ses(&arn.region);
            let sender = round.within(ses::sender(&client, &arn)).await;
            sender.map(|found| found.map(|identity| identity.settings))
        }
        Some(Err(closed)) => unread(&closed),
        None => Source::NotAsked,
    }
}

/// Everything but the events, in the region of the sender's identity.
async fn by_own_ses(round: &Round<'_>, settings: &PoolSettings) -> SesEvidence {
    let arn = settings.email.source_arn.as_deref().map(identity);
    let region = match &arn {
        Some(Ok(arn)) => &arn.region,
        _ => round.clients.region(),
    };
    let client = round.clients.ses(region);
    let address = &round.evidence.case.address;
    let sender = async {
        match &arn {
            Some(Ok(arn)) => round.within(ses::sender(&client, arn)).await,
            Some(Err(closed)) => unread(closed),
            None => Source::NotConfigured {
                setting: "SourceArn in the pool's EmailConfiguration".to_owned(),
            },
        }
    };
    let sender_with_set = async {
        let named = settings.email.configuration_set.as_deref();
        if let Some(name) = named {
            return tokio::join!(sender, round.within(ses::configuration_set(&client, name)));
        }
        let sender = sender.await;
        let set = match default_set(&sender) {
            Ok(Some(name)) => round.within(ses::configuration_set(&client, name)).await,
            Ok(None) => Source::from(None),
            Err(closed) => closed,
        };
        (sender, set)
    };
    let (account, (sender, configuration_set), recipient, suppression) = tokio::join!(
        round.within(ses::account(&client)),
        sender_with_set,
        round.within(ses::recipient(&client, address)),
        round.within(ses::suppression(&client, address)),
    );
    SesEvidence {
        account,
        sender: sender.map(|found| found.map(|identity| identity.settings)),
        recipient,
        configuration_set,
        suppression,
        events: Source::NotAsked,
    }
}

fn identity(arn: &str) -> Result<IdentityArn, Source<()>> {
    IdentityArn::parse(arn).ok_or_else(|| Source::Failed {
        reason: format!("{arn} is no ARN of an SES identity"),
    })
}

/// The set that mails of the sender have by default.
///
/// # Errors
///
/// The sender's outcome, if it was not read.
fn default_set(
    sender: &Source<Option<Identity>>,
) -> Result<Option<&str>, Source<Option<SesConfigurationSet>>> {
    match sender {
        Source::Read { found } | Source::Lagging { found, .. } => Ok(found
            .as_ref()
            .and_then(|identity| identity.configuration_set.as_deref())),
        other => Err(unread(&other.outcome())),
    }
}

/// The events about the address, where they are kept.
async fn events(
    round: &Round<'_>,
    pool: &Awaited<'_, PoolNow>,
    settings: &PoolSettings,
) -> Option<LogReading<SesEvent>> {
    if settings.sends_by_default() {
        return None;
    }
    let Some(group) = &round.places.ses_events_log_group else {
        let closed = Source::NotConfigured {
            setting: "up an EventBridge rule that writes SES's events into a log group".to_owned(),
        };
        return settings
            .sends_by_own_ses()
            .then(|| LogReading::from(closed));
    };
    let reader = round.reader(pool.clone().await.clock, lag::LOG_GROUP);
    let query = Query {
        group: group.clone(),
        text: ses_events::query(&round.evidence.case.address),
        from: reader.case.since,
        until: reader.until_now(),
    };
    let question = async {
        let read = reader.read(&query, |lines| ses_events::parse(lines, round.evidence));
        of_group(group, read.await)
    };
    Some(round.reading(question).await)
}
