//! The services of an emulator, put together.

use std::sync::Arc;

use super::clock::MovableClock;
use super::cloudtrail::Trail;
use super::cognito::{Cognito, Keys, Pools, Triggers};
use super::conditions::Conditions;
use super::function_mail::SesOutbox;
use super::kms::Kms;
use super::lambda::{Host, HostSettings};
use super::logs::Logs;
use super::mailer::Mailer;
use super::random::Random;
use super::sent_codes::SentCodes;
use super::ses::{Ses, Surroundings};
use super::settings::Settings;
use super::sms::SmsOutbox;
use crate::model::SharedClock;

/// Cognito and what it works with, before anything exists in them. All share one clock, which the
/// control interface moves.
pub(super) fn of(settings: &Settings, endpoint: &str, random: Arc<Random>) -> Arc<Cognito> {
    let moved = Arc::new(MovableClock::over(Arc::clone(&settings.clock)));
    let clock = Arc::clone(&moved) as SharedClock;
    let faults = Arc::clone(&settings.reception.0);
    let conditions = Conditions::new(moved, faults, Trail::new(settings));
    let faults = Arc::clone(&conditions.faults);
    let logs = Arc::new(Logs::new(settings, Arc::clone(&clock), faults));
    // Drawn after the ids of pools, so that a seed gives the same ids with functions as without.
    let host = HostSettings::new(
        Arc::clone(&clock),
        &*settings.region,
        &*settings.account_id,
        u64::from_be_bytes(random.bytes()),
    )
    .sink(Arc::clone(&logs) as _);
    let kms = Kms::new(settings, Arc::clone(&clock));
    let mailer = Arc::new(Mailer::new(settings.smtp));
    let ses = Arc::new(Ses::new(Surroundings {
        region: settings.region.clone(),
        account_id: settings.account_id.clone(),
        endpoint: endpoint.to_owned(),
        clock: Arc::clone(&clock),
        random: Arc::clone(&random),
        mailer: Arc::clone(&mailer),
        logs: Arc::clone(&logs),
    }));
    let host = host.outbox(Arc::new(SesOutbox(Arc::clone(&ses))));
    Arc::new(Cognito {
        region: settings.region.clone(),
        account_id: settings.account_id.clone(),
        endpoint: endpoint.to_owned(),
        clock,
        conditions,
        random,
        mailer,
        sms: SmsOutbox::default(),
        sent_codes: SentCodes::default(),
        keys: Keys::default(),
        pools: Pools::default(),
        triggers: Triggers::new(Host::new(host), settings.trigger_limits),
        kms,
        logs,
        ses,
    })
}
