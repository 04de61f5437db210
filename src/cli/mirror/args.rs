//! The arguments.

use std::path::PathBuf;

use clap::Args;

use crate::cli::settings::ConfigArgs;
use crate::model::{AppClientId, UserPoolId};

/// Printed below `--help`.
const AFTER: &str = "\
Nothing is changed at AWS. Users and secrets are not read into the file. Without access, let somebody who
has it send the answers of two commands, and use --from-json:
    aws cognito-idp describe-user-pool --user-pool-id ID > pool.json
    aws cognito-idp describe-user-pool-client --user-pool-id ID --client-id ID > client.json";

/// `reverify mirror`.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(in crate::cli) struct MirrorArgs {
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// A target of the configuration: its user pool, at its endpoint or with its AWS profile.
    #[arg(short = 'T', long, value_name = "NAME", env = "REVERIFY_TARGET")]
    pub(super) target: Option<String>,
    /// The user pool, such as `eu-west-1_AbCdEfGhI`; its region stands in its id.
    #[arg(
        long = "pool",
        id = "user_pool",
        value_name = "ID",
        env = "REVERIFY_USER_POOL_ID",
        required_unless_present_any = ["from_json", "target"]
    )]
    pub(super) user_pool: Option<UserPoolId>,
    /// An app client to take; may be given more than once [default: all, the target's first].
    #[arg(long = "client", value_name = "ID")]
    pub(super) clients: Vec<AppClientId>,
    /// An endpoint other than AWS's: `reverify emulate` prints its own.
    #[arg(long, value_name = "URL", env = "REVERIFY_ENDPOINT")]
    pub(super) endpoint: Option<url::Url>,
    /// Answers of DescribeUserPool and, for each client, of DescribeUserPoolClient, in this order.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["clients", "endpoint"])]
    pub(super) from_json: Vec<PathBuf>,
    /// The file to write; it must not exist [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}
