//! The arguments of `reverify doctor`.

use std::time::Duration;

use clap::Args;
use url::Url;

use crate::cli::args::duration;
use crate::cli::explain::PoolArgs;
use crate::cli::inbox::PlaceArgs;
use crate::cli::settings::TargetArgs;
use crate::model::EmailAddress;

/// Printed below `--help`.
const WHAT_IT_DOES: &str = "\
Nobody is signed up, nothing is changed, and no mail is sent unless --probe names a mail server.
Credentials for AWS come from where the AWS CLI has them.";

/// `reverify doctor`.
#[derive(Debug, Args)]
#[command(after_help = WHAT_IT_DOES)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    #[command(flatten)]
    pub(super) pool: PoolArgs,
    #[command(flatten)]
    pub(super) place: PlaceArgs,
    /// An address that scenarios will use, for what depends on it: suppression, the sandbox, the inbox.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) to: Option<EmailAddress>,
    /// Also sends a mail to that address by this mail server, `smtp://HOST[:PORT]`, and waits for it
    /// in the inbox.
    #[arg(long, value_name = "URL", requires = "to")]
    pub(super) probe: Option<Url>,
    /// Longest time for asking AWS, and as long again for the probe.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// Prints the checks as JSON, one a line.
    #[arg(long)]
    pub(super) json: bool,
}
