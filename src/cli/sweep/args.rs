//! The arguments of `reverify sweep`.

use std::time::Duration;

use clap::Args;

use crate::cli::args::duration;
use crate::cli::settings::StateArgs;
use crate::model::UserPoolId;

/// Printed below `--help`.
const HOW: &str = "\
Only users whose sub stands in the ledger are removed, and none of a run that is still alive. A user
whose sign-up was never answered cannot be proven to be reverify's: it is shown, and removed only if
you name it with --also. Of a pool that is not to be found nothing is known; that it was deleted is for
you to say, with --forget-pool.";

/// `reverify sweep`.
#[derive(Debug, Args)]
#[command(after_help = HOW)]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    pub(super) state: StateArgs,
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
    #[command(flatten)]
    pub(super) named: Named,
    /// Removes without asking.
    #[arg(short, long)]
    pub(super) yes: bool,
}

/// What a person says of users and pools, because nothing else can.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Named {
    /// Removes this user too, whose sign-up was never answered; can be given more than once.
    #[arg(long, value_name = "USERNAME")]
    pub(super) also: Vec<String>,
    /// Leaves this user, whose sign-up was never answered, to somebody else, and forgets it; can be given
    /// more than once.
    #[arg(long, value_name = "USERNAME")]
    pub(super) forget: Vec<String>,
    /// Forgets all users of this pool, if it is not to be found: it was deleted; can be given more than
    /// once.
    #[arg(long, value_name = "ID")]
    pub(super) forget_pool: Vec<UserPoolId>,
}
