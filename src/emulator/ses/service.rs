//! The service: what every operation works on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::account::Account;
use super::configuration_sets::ConfigurationSets;
use super::delivery::DelayedMail;
use super::error::SesException;
use super::identities::Identities;
use super::outgoing::IdentityArn;
use super::policy::{self, Wish};
use super::recent::RecentMails;
use super::route::{About, Route};
use super::seed::StartingSes;
use super::suppression::{Reason, SuppressionList};
use super::templates::Templates;
use crate::control::SesEventRule;
use crate::emulator::logs::Logs;
use crate::emulator::mailer::Mailer;
use crate::emulator::random::Random;
use crate::model::SharedClock;

/// Amazon SES in one account and region.
pub(crate) struct Ses {
    pub(super) region: String,
    pub(super) account_id: String,
    /// Where this emulator listens, for the links in its mails.
    pub(super) endpoint: String,
    pub(super) clock: SharedClock,
    pub(super) random: Arc<Random>,
    pub(super) mailer: Arc<Mailer>,
    pub(super) logs: Arc<Logs>,
    state: Mutex<State>,
    /// Told when a mail has to wait.
    pub(super) waiting: Notify,
    /// Held while mails are tried again, so that whoever tries those that are due also waits for
    /// those that somebody else has begun.
    pub(super) trying: tokio::sync::Mutex<()>,
}

/// Everything that requests change.
#[derive(Debug, Default)]
pub(super) struct State {
    /// How often everything was replaced: a retry of an older life ends.
    pub(super) life: u64,
    pub(super) account: Account,
    pub(super) identities: Identities,
    pub(super) configuration_sets: ConfigurationSets,
    pub(super) templates: Templates,
    pub(super) suppressed: SuppressionList,
    pub(super) event_rules: Vec<SesEventRule>,
    /// Mails that were delivered, for complaints and late bounces.
    pub(super) recent: RecentMails,
    /// Mails that wait for another try.
    pub(super) delayed: Vec<DelayedMail>,
}

/// What the service has around it.
pub(crate) struct Surroundings {
    pub(crate) region: String,
    pub(crate) account_id: String,
    pub(crate) endpoint: String,
    pub(crate) clock: SharedClock,
    pub(crate) random: Arc<Random>,
    pub(crate) mailer: Arc<Mailer>,
    pub(crate) logs: Arc<Logs>,
}

impl Ses {
    /// A new account.
    pub(crate) fn new(around: Surroundings) -> Self {
        let Surroundings {
            region,
            account_id,
            endpoint,
            clock,
            random,
            mailer,
            logs,
        } = around;
        Self {
            region,
            account_id,
            endpoint,
            clock,
            random,
            mailer,
            logs,
            state: Mutex::default(),
            waiting: Notify::new(),
            trying: tokio::sync::Mutex::default(),
        }
    }

    /// Replaces everything by what a seed file describes.
    ///
    /// # Errors
    /// What the API would answer to the same settings.
    pub(crate) fn plant(&self, starting: &StartingSes) -> Result<(), SesException> {
        let mut state = self.state();
        *state = State {
            life: state.life + 1,
            ..State::default()
        };
        drop(state);
        starting.plant(self)
    }

    /// Whether an identity is verified, so that a pool may be set up to send with it.
    ///
    /// # Errors
    /// `MessageRejected`, as a mail of that identity would get.
    pub(crate) fn check_identity(&self, arn: &IdentityArn) -> Result<(), SesException> {
        let state = self.state();
        let known = state.identities.find(arn.name());
        if known.is_ok_and(super::identities::Identity::is_verified) {
            return Ok(());
        }
        Err(arn.not_verified())
    }

    /// Whether an identity is verified and its policies let this service send for this pool.
    pub(crate) fn authorizes(&self, arn: &IdentityArn, service: &str, pool_arn: &str) -> bool {
        let state = self.state();
        let Ok(identity) = state.identities.find(arn.name()) else {
            return false;
        };
        let resource = self.identity_arn(arn.name());
        let wish = Wish {
            service,
            action: "ses:SendEmail",
            resource: &resource,
            source_arn: pool_arn,
            source_account: &self.account_id,
            from: arn.name(),
        };
        identity.is_verified() && policy::allow(identity.policies.values(), wish)
    }

    /// The present moment.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The state, for as long as the guard lives: never across a wait.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of an identity among all resources of AWS.
    pub(super) fn identity_arn(&self, name: &str) -> String {
        let Self {
            region, account_id, ..
        } = self;
        format!("arn:aws:ses:{region}:{account_id}:identity/{name}")
    }

    /// The resource that IAM checks for an operation; that the account and the suppression list are `*` is
    /// recorded (HHS/simpler-grants-gov#6013), that a mail is too is a guess.
    pub(crate) fn resource(&self, route: &Route) -> String {
        let Self {
            region, account_id, ..
        } = self;
        match route.about() {
            About::Identity(name) => self.identity_arn(name),
            About::ConfigurationSet(name) => {
                format!("arn:aws:ses:{region}:{account_id}:configuration-set/{name}")
            }
            About::Template(name) => format!("arn:aws:ses:{region}:{account_id}:template/{name}"),
            About::Nothing => "*".to_owned(),
        }
    }

    /// Draws a mail's id: a prefix, the milliseconds since 1970, and a UUID, as recorded ids of
    /// us-east-1 are. Other regions have another prefix, which is not known here.
    pub(super) fn draw_message_id(&self, now: Timestamp) -> String {
        format!(
            "0100{:012x}-{}-000000",
            now.as_millisecond(),
            self.random.uuid()
        )
    }

    /// The Message-ID line of a mail; its domain names the region but for the first one (CAUSES.md,
    /// evidence sources 4).
    pub(super) fn message_id_line(&self, id: &str) -> String {
        let region = match self.region.as_str() {
            "us-east-1" => "email",
            region => region,
        };
        format!("<{id}@{region}.amazonses.com>")
    }
}

impl State {
    /// The reasons for which a mail with this configuration set is suppressed, and an address put on
    /// the list: the set's own, or else the account's.
    pub(super) fn suppressed_reasons(&self, configuration_set: Option<&str>) -> &[Reason] {
        let set = configuration_set.and_then(|name| self.configuration_sets.get(name));
        let own = set.and_then(|set| set.suppressed_reasons.as_deref());
        own.unwrap_or(&self.account.suppressed_reasons)
    }
}
