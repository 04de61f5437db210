//! The arguments of `reverify explain`, and of what else looks at a pool without a run.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::args::duration;
use crate::cli::inbox::PlaceArgs;
use crate::cli::settings::TargetArgs;
use crate::model::{AppClientId, EmailAddress, UserPoolId};

/// Printed below `--help`.
const CREDENTIALS: &str = "\
Credentials for AWS come from where the AWS CLI has them: AWS_PROFILE, AWS_ACCESS_KEY_ID, a single
sign-on session, or the role of the machine. deploy/iam has the policy with what is read; without a
permission the verdict still comes, and says what it could not see.";

/// `reverify explain`.
#[derive(Debug, Args)]
#[command(after_help = CREDENTIALS)]
pub(crate) struct ExplainArgs {
    /// Whose mail did not come.
    #[arg(value_name = "ADDRESS", required_unless_present = "evidence")]
    pub(super) address: Option<EmailAddress>,
    /// How far back to look.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub(super) since: Duration,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    #[command(flatten)]
    pub(super) pool: PoolArgs,
    #[command(flatten)]
    pub(super) place: PlaceArgs,
    /// Longest time for asking AWS; what has not answered by then is named.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// Prints the verdict as JSON.
    #[arg(long)]
    pub(super) json: bool,
    /// Keeps what was found out in a file, for `--evidence` and for others to look at.
    #[arg(long, value_name = "FILE", conflicts_with = "evidence")]
    pub(super) save_evidence: Option<PathBuf>,
    /// Weighs evidence from a file instead of asking AWS.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["address", "user_pool", "client", "inbox"])]
    pub(super) evidence: Option<PathBuf>,
}

/// Which pool, and where its evidence is.
#[derive(Debug, Args)]
pub(crate) struct PoolArgs {
    /// The user pool, such as `eu-west-1_AbCdEfGhI`; its region stands in its id.
    #[arg(
        long = "pool",
        id = "user_pool",
        value_name = "ID",
        env = "REVERIFY_USER_POOL_ID"
    )]
    pub(crate) user_pool: Option<UserPoolId>,
    /// The app client through which users sign up.
    #[arg(long, value_name = "ID", env = "REVERIFY_CLIENT_ID")]
    pub(crate) client: Option<AppClientId>,
    /// An endpoint other than AWS's: `reverify emulate` prints its own.
    #[arg(long, value_name = "URL", env = "REVERIFY_ENDPOINT")]
    pub(crate) endpoint: Option<url::Url>,
    /// The log group that a trail of CloudTrail writes to; without it CloudTrail's own memory of 90
    /// days is asked.
    #[arg(long, value_name = "NAME", env = "REVERIFY_TRAIL_LOG_GROUP")]
    pub(crate) trail_log_group: Option<String>,
    /// The log group that an EventBridge rule writes the events of SES to.
    #[arg(long, value_name = "NAME", env = "REVERIFY_SES_EVENTS_LOG_GROUP")]
    pub(crate) ses_events_log_group: Option<String>,
}
