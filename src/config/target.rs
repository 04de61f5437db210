//! What is tested: targets.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::inbox::Inbox;
use super::origin::{Located, Origin};
use super::profile::names;
use super::secret::SecretRef;
use super::section::section;
use super::setting::{Count, one_of, parsed_from_text};
use crate::model::{AppClientId, Permissions, UserPoolId};

/// What is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Where it is declared, for messages that say which line to write.
    pub declared: Origin,
    /// How it is reached.
    pub kind: TargetKind,
    /// Where its mails arrive; none for the embedded one, which has a sink of its own.
    pub inbox: Option<Inbox>,
    /// Where its logs are.
    pub logs: Logs,
    /// How long a diagnosis may wait for the mail of a control experiment; none where it may make
    /// none.
    pub control_mail: Option<Duration>,
    /// For how long no mail has to come before a step says that none comes.
    pub silence: Duration,
    /// What a run may do to its users.
    pub allow: Permissions,
    /// How much of it a run may use up.
    pub budget: Budget,
}

/// How a target is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// The emulator, started in this process.
    Embedded {
        /// What exists at the start, as `reverify emulate --seed` takes it; its first pool is the one
        /// to test. Without it, scenarios make pools of their own.
        seed: Option<PathBuf>,
    },
    /// A URL that speaks Cognito's protocol: `reverify emulate`, or another emulator.
    Endpoint {
        /// The URL.
        url: Url,
        /// The region in its ids.
        region: String,
        /// The pool to test; without one, scenarios make pools of their own.
        pool: Option<FixedPool>,
    },
    /// A user pool of AWS. Its region stands in its id.
    Aws {
        /// The pool to test.
        pool: FixedPool,
        /// The profile of the AWS CLI whose credentials are used, instead of the SDK's usual chain.
        aws_profile: Option<String>,
    },
}

/// A pool that exists, and the app client through which its users sign up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedPool {
    /// The pool.
    pub id: UserPoolId,
    /// The app client.
    pub client_id: AppClientId,
    /// The client's secret, if it has one.
    pub client_secret: Option<SecretRef>,
}

impl FixedPool {
    /// The region, which stands in the id.
    pub fn region(&self) -> &str {
        self.id.region()
    }
}

/// Where a target's logs are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logs {
    /// The log group that a trail of CloudTrail writes to.
    pub trail: Option<String>,
    /// The log group that an EventBridge rule writes the events of SES to.
    pub ses_events: Option<String>,
}

/// How much of a target a run may use up; what is not said has no limit of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// Mails in one run.
    pub mails_per_run: Option<u32>,
    /// Mails from one 09:00 UTC to the next, when Cognito's own count begins anew.
    pub mails_per_day: Option<u32>,
    /// Mails to one address in an hour.
    pub mails_per_address_and_hour: Option<u32>,
    /// Sign-ups in a second.
    pub sign_ups_per_second: Option<u32>,
}

/// What a configuration may permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    SignUp,
    Delete,
}

one_of!(Permission { "sign-up" => SignUp, "delete" => Delete });

impl From<Vec<Permission>> for Permissions {
    fn from(all: Vec<Permission>) -> Self {
        Self {
            sign_up: all.contains(&Permission::SignUp),
            delete: all.contains(&Permission::Delete),
        }
    }
}

/// How a target is reached, by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetWord {
    Embedded,
    Endpoint,
    Aws,
}

one_of!(TargetWord { "embedded" => Embedded, "endpoint" => Endpoint, "aws" => Aws });

names!(InboxName: "name of an inbox");

section! {
    /// Where the logs are that tell of mails.
    LogsTable {
        /// The log group that a trail of CloudTrail writes to. Without it CloudTrail's own memory of
        /// 90 days is asked, which is slower.
        trail: String = "trail";
        /// The log group that an EventBridge rule writes the events of SES to.
        ses_events: String = "ses-events";
    }
}

section! {
    /// How much of the target may be used up. It is kept across runs.
    BudgetTable {
        /// Mails in one run.
        mails_per_run: Count<0, 1_000_000> = "mails-per-run";
        /// Mails from one 09:00 UTC to the next, when Cognito's own count begins anew.
        mails_per_day: Count<0, 1_000_000> = "mails-per-day";
        /// Mails to one address in an hour.
        mails_per_address_and_hour: Count<1, 1_000> = "mails-per-address-and-hour";
        /// Sign-ups in a second.
        sign_ups_per_second: Count<1, 1_000> = "sign-ups-per-second";
    }
}

section! {
    /// The emulator and an SMTP sink, started in the process of the run.
    EmbeddedTable {
        /// How the target is reached.
        _kind: TargetWord = "kind" required;
        /// A file as `reverify mirror` writes it: what exists at the start. Its first user pool and that
        /// pool's first app client are tested; without it, scenarios make pools of their own.
        seed: PathBuf = "seed";
    }
}

section! {
    /// A URL that speaks Cognito's protocol: `reverify emulate`, or another emulator.
    EndpointTable {
        /// How the target is reached.
        _kind: TargetWord = "kind" required;
        /// The URL. It takes any credentials.
        url: Url = "url" required;
        /// The region in its ids.
        region: String = "region";
        /// The user pool to test; without one, scenarios make pools of their own.
        user_pool_id: UserPoolId = "user-pool-id";
        /// The app client through which users sign up.
        client_id: AppClientId = "client-id";
        /// The app client's secret.
        client_secret: SecretRef = "client-secret";
        /// Where the mails arrive.
        inbox: Located<InboxName> = "inbox" required;
        /// Where the logs are that tell of mails.
        logs: LogsTable = "logs";
        /// How long a diagnosis may wait for the mail of a sign-up of its own, which tells a fault of
        /// one address from one of the pool; without it no such sign-up is made.
        control_mail: Duration = "control-mail";
        /// The least time in which no mail comes before a step such as `Then Ada receives no mail within 1
        /// second` passes, as long as mails take at the most; 20s where it is not said.
        silence: Duration = "silence";
        /// What runs may do to users; where it is not said, everything on this machine's own address
        /// (`localhost`, `127.0.0.1`, `::1`), and nothing elsewhere.
        allow: Vec<Permission> = "allow";
        /// How much of the target may be used up.
        budget: BudgetTable = "budget";
    }
}

section! {
    /// A user pool of AWS.
    AwsTable {
        /// How the target is reached.
        _kind: TargetWord = "kind" required;
        /// The user pool to test. Its region stands in its id.
        user_pool_id: UserPoolId = "user-pool-id" required;
        /// The app client through which users sign up.
        client_id: AppClientId = "client-id" required;
        /// The app client's secret.
        client_secret: SecretRef = "client-secret";
        /// The profile of the AWS CLI whose credentials are used; without it the SDK's own chain finds
        /// them: environment, single sign-on, web identity, the role of the machine.
        aws_profile: String = "aws-profile";
        /// Where the mails arrive.
        inbox: Located<InboxName> = "inbox" required;
        /// Where the logs are that tell of mails.
        logs: LogsTable = "logs";
        /// How long a diagnosis may wait for the mail of a sign-up of its own, which tells a fault of
        /// one address from one of the pool; without it no such sign-up is made.
        control_mail: Duration = "control-mail";
        /// The least time in which no mail comes before a step such as `Then Ada receives no mail within 1
        /// second` passes, as long as mails take at the most; 20s where it is not said.
        silence: Duration = "silence";
        /// What runs may do to users; nothing where it is not said.
        allow: Vec<Permission> = "allow";
        /// How much of the pool may be used up.
        budget: BudgetTable = "budget";
    }
}

impl From<BudgetTable> for Budget {
    fn from(table: BudgetTable) -> Self {
        Self {
            mails_per_run: table.mails_per_run.map(|count| count.0),
            mails_per_day: table.mails_per_day.map(|count| count.0),
            mails_per_address_and_hour: table.mails_per_address_and_hour.map(|count| count.0),
            sign_ups_per_second: table.sign_ups_per_second.map(|count| count.0),
        }
    }
}

impl From<LogsTable> for Logs {
    fn from(table: LogsTable) -> Self {
        Self {
            trail: table.trail,
            ses_events: table.ses_events,
        }
    }
}
