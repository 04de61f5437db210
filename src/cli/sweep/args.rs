//! The arguments of `reverify sweep`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::args::duration;
use crate::cli::settings::ConfigArgs;
use crate::model::UserPoolId;

/// Printed below `--help`.
const HOW: &str = "\
Only users whose sub stands in the ledger are removed, and none of a run that is still alive. A user
whose sign-up was never answered cannot be proven to be reverify's: it is shown, and removed only if
you name it with --also.";

/// `reverify sweep`.
#[derive(Debug, Args)]
#[command(after_help = HOW)]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Only users of this target.
    #[arg(short = 'T', long, value_name = "NAME", env = "REVERIFY_TARGET")]
    pub(super) target: Option<String>,
    /// Only users in this pool, such as `eu-west-1_AbCdEfGhI`.
    #[arg(long, value_name = "ID")]
    pub(super) pool: Option<UserPoolId>,
    /// The endpoint of all of them, in place of what the configuration says of their targets.
    #[arg(long, value_name = "URL", env = "REVERIFY_ENDPOINT")]
    pub(super) endpoint: Option<url::Url>,
    /// Only users whose sign-up was asked for longer ago than this.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) older_than: Option<Duration>,
    /// Removes this user too, whose sign-up was never answered; can be given more than once.
    #[arg(long, value_name = "USERNAME")]
    pub(super) also: Vec<String>,
    /// Removes without asking.
    #[arg(short, long)]
    pub(super) yes: bool,
    /// The folder with the ledger of created users.
    #[arg(
        long,
        value_name = "DIR",
        default_value = ".reverify",
        env = "REVERIFY_STATE_DIR"
    )]
    pub(super) state_dir: PathBuf,
}
