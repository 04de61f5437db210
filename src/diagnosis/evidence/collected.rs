//! All evidence about one missing mail.

use serde::{Deserialize, Serialize};

use super::{
    Call, Case, ClientSettings, Delivery, FunctionLog, InboxEvidence, Invocation, LogDelivery,
    Notification, PoolSettings, PoolSnapshot, Refusal, SesEvent, SesEvidence, Source, SourceName,
    TrailEvent, User,
};

/// What was collected, source by source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What is to be explained.
    pub case: Case,
    /// The run's own calls about this address, in order; empty without a run.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// The pool's settings, in order of time.
    #[serde(default)]
    pub pool: Source<Vec<PoolSnapshot>>,
    /// The app client's settings.
    #[serde(default)]
    pub client: Source<ClientSettings>,
    /// The user whom the mail was for, after the trouble; nothing if there is none.
    #[serde(default)]
    pub user: Source<Option<User>>,
    /// All users with the address.
    #[serde(default)]
    pub users_of_address: Source<Vec<User>>,
    /// Where the pool exports delivery errors.
    #[serde(default)]
    pub log_delivery: Source<LogDelivery>,
    /// The delivery errors of the time of the case.
    #[serde(default)]
    pub notifications: Source<Vec<Notification>>,
    /// The logs of the pool's functions.
    #[serde(default)]
    pub functions: Source<Vec<FunctionLog>>,
    /// Calls and changes that CloudTrail saw.
    #[serde(default)]
    pub trail: Source<Vec<TrailEvent>>,
    /// SES.
    #[serde(default)]
    pub ses: SesEvidence,
    /// The receiving side.
    #[serde(default)]
    pub inbox: InboxEvidence,
    /// The clocks.
    #[serde(default)]
    pub clock: Source<ClockSkew>,
    /// A mail to a fresh address of the same mailbox.
    #[serde(default)]
    pub control: Source<ControlExperiment>,
    /// What is to be known about the reading itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// Something about the reading of a source that its outcome does not say, such as lines that could
/// not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The source.
    pub source: SourceName,
    /// What is to be known.
    pub text: String,
}

/// How far this machine's clock is from the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSkew {
    /// Milliseconds that this machine is ahead.
    pub ahead_ms: i64,
}

/// What became of a sign-up with a fresh address of the same mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlExperiment {
    /// The address.
    pub address: String,
    /// Whether its mail arrived in the same time.
    pub arrived: bool,
}

impl Evidence {
    /// A case of which nothing is known yet.
    pub fn of(case: Case) -> Self {
        Self {
            case,
            calls: Vec::new(),
            pool: Source::default(),
            client: Source::default(),
            user: Source::default(),
            users_of_address: Source::default(),
            log_delivery: Source::default(),
            notifications: Source::default(),
            functions: Source::default(),
            trail: Source::default(),
            ses: SesEvidence::default(),
            inbox: InboxEvidence::default(),
            clock: Source::default(),
            control: Source::default(),
            remarks: Vec::new(),
        }
    }

    /// The call that should have caused the mail.
    pub fn request(&self) -> Option<&Call> {
        self.calls.get(self.case.request?)
    }

    /// The exception that this call was answered with.
    pub fn refusal(&self) -> Option<Refusal<'_>> {
        self.request()?.refusal()
    }

    /// Where the answer says that the code goes: the mail, if one is named.
    pub fn delivery(&self) -> Option<&Delivery> {
        let deliveries = self.request()?.deliveries();
        let mail = deliveries.iter().find(|one| one.medium == "EMAIL");
        mail.or_else(|| deliveries.first())
    }

    /// The calls before the one that should have caused the mail.
    pub fn before(&self) -> &[Call] {
        &self.calls[..self.case.request.unwrap_or(0).min(self.calls.len())]
    }

    /// The calls after the one that should have caused the mail.
    pub fn after(&self) -> &[Call] {
        let next = self.case.request.map_or(0, |request| request + 1);
        self.calls.get(next..).unwrap_or_default()
    }

    /// The last deletion before the call that should have caused the mail.
    pub fn deletion(&self) -> Option<&Call> {
        let mut before = self.before().iter().rev();
        before.find(|call| matches!(&*call.operation, "AdminDeleteUser" | "DeleteUser"))
    }

    /// The calls between that deletion, or the beginning, and the call that should have caused the
    /// mail.
    pub fn since_deletion(&self) -> &[Call] {
        let before = self.before();
        let deletes = |call: &Call| matches!(&*call.operation, "AdminDeleteUser" | "DeleteUser");
        let next = before.iter().rposition(deletes).map_or(0, |at| at + 1);
        before.get(next..).unwrap_or_default()
    }

    /// The first accepted sign-up before that call, if there was one.
    pub fn first_sign_up(&self) -> Option<&Call> {
        let mut before = self.before().iter();
        before.find(|call| call.operation == "SignUp" && call.is_accepted())
    }

    /// The latest attempt to confirm after the call.
    pub fn confirmation(&self) -> Option<&Call> {
        let mut after = self.after().iter().rev();
        after.find(|call| call.operation == "ConfirmSignUp")
    }

    /// The pool's settings as they were when the mail was asked for: the last that were read before
    /// the request, or else the first after it.
    ///
    /// # Errors
    ///
    /// The gap, where none were read.
    pub fn pool_at_request(&self) -> Result<&PoolSettings, super::Gap> {
        let snapshots = self.pool.need(SourceName::UserPool)?;
        let asked = self.request().map_or(self.case.since, |call| call.at);
        let mut before = snapshots.iter().rev();
        let last_before = before.find(|snapshot| snapshot.at <= asked);
        let snapshot = last_before.or_else(|| snapshots.first());
        snapshot.map(|one| &one.settings).ok_or(super::Gap {
            source: SourceName::UserPool,
            why: "no snapshot was kept".to_owned(),
            remedy: None,
        })
    }

    /// The pool's settings as they are now, if they were read.
    pub fn pool_now(&self) -> Option<&PoolSettings> {
        let snapshots = self.pool.read()?;
        snapshots.last().map(|snapshot| &snapshot.settings)
    }

    /// The log of one trigger's function, if it was read.
    pub fn function(&self, trigger: &str) -> Option<&FunctionLog> {
        let logs = self.functions.read()?;
        logs.iter().find(|log| log.trigger == trigger)
    }

    /// The invocations of one trigger's function, if its log was read.
    pub fn invocations(&self, trigger: &str) -> &[Invocation] {
        let log = self.function(trigger);
        log.map(|log| &*log.invocations).unwrap_or_default()
    }

    /// The events of SES about mails to the address, if they were read.
    pub fn ses_events(&self) -> &[SesEvent] {
        self.ses
            .events
            .read()
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Every source with what became of it.
    pub fn outcomes(&self) -> Vec<(SourceName, Source<()>)> {
        vec![
            (SourceName::UserPool, self.pool.outcome()),
            (SourceName::AppClient, self.client.outcome()),
            (SourceName::User, self.user.outcome()),
            (SourceName::UsersOfAddress, self.users_of_address.outcome()),
            (SourceName::LogDelivery, self.log_delivery.outcome()),
            (SourceName::NotificationLog, self.notifications.outcome()),
            (SourceName::FunctionLogs, self.functions.outcome()),
            (SourceName::Trail, self.trail.outcome()),
            (SourceName::SesAccount, self.ses.account.outcome()),
            (SourceName::SesSender, self.ses.sender.outcome()),
            (SourceName::SesRecipient, self.ses.recipient.outcome()),
            (
                SourceName::SesConfigurationSet,
                self.ses.configuration_set.outcome(),
            ),
            (SourceName::SesSuppression, self.ses.suppression.outcome()),
            (SourceName::SesEvents, self.ses.events.outcome()),
            (SourceName::Inbox, self.inbox.mails.outcome()),
            (SourceName::RejectedMails, self.inbox.rejected.outcome()),
            (SourceName::MailboxQuota, self.inbox.quota.outcome()),
            (SourceName::ProbeMail, self.inbox.probe_arrived.outcome()),
            (SourceName::Clock, self.clock.outcome()),
            (SourceName::ControlExperiment, self.control.outcome()),
        ]
    }
}
