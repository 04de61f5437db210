//! `reverify mirror`: a pool's settings as a seed file.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::args::Color;
use super::exit::Exit;
use super::explain::Problem;
use super::list::print;
use super::runtime;
use crate::cognito::{AppClients, Obstacle, SettingsError, SettingsReader};
use crate::emulator::Starting;
use crate::mirror::{Mirror, PoolAnswers, SesAnswers, SesNames};
use crate::model::{AppClientId, Endpoint, UserPoolId};

/// Printed below `--help`.
const AFTER: &str = "\
Nothing is changed at AWS. Users and secrets are not read into the file. Without access, let somebody who
has it send the answers of two commands, and use --from-json:
    aws cognito-idp describe-user-pool --user-pool-id ID > pool.json
    aws cognito-idp describe-user-pool-client --user-pool-id ID --client-id ID > client.json";

/// `reverify mirror`.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct MirrorArgs {
    /// The user pool, such as `eu-west-1_AbCdEfGhI`; its region stands in its id.
    #[arg(
        long = "pool",
        id = "user_pool",
        value_name = "ID",
        env = "REVERIFY_USER_POOL_ID",
        required_unless_present = "from_json"
    )]
    user_pool: Option<UserPoolId>,
    /// An app client to take; may be given more than once [default: all].
    #[arg(long = "client", value_name = "ID")]
    clients: Vec<AppClientId>,
    /// An endpoint other than AWS's: `reverify emulate` prints its own.
    #[arg(long, value_name = "URL", env = "REVERIFY_ENDPOINT")]
    endpoint: Option<url::Url>,
    /// Answers of DescribeUserPool and, for each client, of DescribeUserPoolClient, in this order.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["clients", "endpoint"])]
    from_json: Vec<PathBuf>,
    /// The file to write; it must not exist [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads, writes, and says what was left out.
pub(super) fn mirror(args: &MirrorArgs, color: Color) -> Exit {
    match made(args).and_then(|mirror| written(args.output.as_deref(), &mirror)) {
        Ok(exit) => exit,
        Err(problem) => problem.say(color),
    }
}

fn made(args: &MirrorArgs) -> Result<Mirror, Problem> {
    let answers = if args.from_json.is_empty() {
        asked(args)?
    } else {
        from_files(&args.from_json)?
    };
    let mirror = Mirror::of(&answers).map_err(|error| Problem {
        message: error.to_string(),
        help: "give what `aws cognito-idp describe-user-pool` printed, then the clients".to_owned(),
        exit: Exit::Configuration,
    })?;
    // Better said now than when somebody starts it.
    if let Err(error) = Starting::from_toml(&mirror.seed) {
        let message = format!("the emulator does not take the mirror as it stands: {error}\n");
        let _ = std::io::stderr().write_all(message.as_bytes());
    }
    Ok(mirror)
}

fn from_files(paths: &[PathBuf]) -> Result<PoolAnswers, Problem> {
    let mut texts = Vec::new();
    for path in paths {
        texts.push(fs::read_to_string(path).map_err(|error| Problem {
            message: format!("`{}` cannot be read: {error}", path.display()),
            help: "name the files that the AWS CLI's answers were written to".to_owned(),
            exit: Exit::Configuration,
        })?);
    }
    let mut texts = texts.into_iter();
    Ok(PoolAnswers {
        user_pool: texts.next().unwrap_or_default(),
        clients: texts.collect(),
        ..PoolAnswers::default()
    })
}

fn asked(args: &MirrorArgs) -> Result<PoolAnswers, Problem> {
    let runtime = runtime::start()?;
    let Some(pool) = &args.user_pool else {
        return Err(Problem {
            message: "no user pool is named".to_owned(),
            help: "give --pool eu-west-1_AbCdEfGhI, or set REVERIFY_USER_POOL_ID".to_owned(),
            exit: Exit::Usage,
        });
    };
    runtime.block_on(ask(args, pool)).map_err(|error| Problem {
        message: error.to_string(),
        help: help(error.obstacle).to_owned(),
        exit: Exit::Broken,
    })
}

/// What to do about an answer that did not come.
fn help(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Refusal => {
            "is the id right? What is read needs the permissions of deploy/iam/reverify-mirror.json"
        }
        Obstacle::Unsigned => {
            "credentials come from where the AWS CLI has them: AWS_PROFILE, AWS_ACCESS_KEY_ID, a single \
             sign-on session or a machine's role"
        }
        Obstacle::Silence => "is the endpoint right, and can it be reached from here?",
    }
}

async fn ask(args: &MirrorArgs, pool: &UserPoolId) -> Result<PoolAnswers, SettingsError> {
    let region = pool.region();
    let reader = match &args.endpoint {
        Some(url) => SettingsReader::for_emulator(&Endpoint::new(region, url)),
        None => SettingsReader::of_account(region).await,
    };
    let user_pool = reader.user_pool(pool).await?;
    let listed = if args.clients.is_empty() {
        reader.app_clients(pool).await?
    } else {
        AppClients {
            ids: args.clients.clone(),
            more: false,
        }
    };
    let mut clients = Vec::new();
    for id in &listed.ids {
        clients.push(reader.app_client(pool, id).await?);
    }
    // What SES says is worth having, and a pool without it is still a pool.
    let names = SesNames::of(&user_pool).ok().flatten();
    let ses = match names {
        Some(names) => SesAnswers {
            account: seen(reader.ses_account(&names.region).await),
            identity: seen(reader.ses_identity(&names.region, &names.identity).await)
                .map(|answer| (names.identity.clone(), answer)),
            configuration_set: match &names.configuration_set {
                Some(set) => seen(reader.configuration_set(&names.region, set).await),
                None => None,
            },
        },
        None => SesAnswers::default(),
    };
    Ok(PoolAnswers {
        user_pool,
        clients,
        more_clients: listed.more,
        mfa: seen(reader.mfa(pool).await),
        log_delivery: seen(reader.log_delivery(pool).await),
        ses,
    })
}

/// Says what could not be read, and goes on without it.
fn seen(answer: Result<String, SettingsError>) -> Option<String> {
    answer
        .map_err(|error| {
            let line = format!("not in the mirror: {error}\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
        })
        .ok()
}

fn written(path: Option<&Path>, mirror: &Mirror) -> Result<Exit, Problem> {
    let Some(path) = path else {
        return Ok(print(&mirror.seed));
    };
    let file = fs::File::create_new(path);
    file.and_then(|mut file| file.write_all(mirror.seed.as_bytes()))
        .map_err(|error| Problem {
            message: format!("`{}` cannot be written: {error}", path.display()),
            help: "name a new file with --output; nothing is overwritten".to_owned(),
            exit: Exit::ReportNotWritten,
        })?;
    let mut said = format!("wrote {}, without\n", path.display());
    for one in &mirror.left_out {
        said = said + "  " + &one.what + ": " + &one.why + "\n";
    }
    let start = format!(
        "start it with: reverify emulate --seed {}\n",
        path.display()
    );
    let _ = std::io::stderr().write_all((said + &start).as_bytes());
    Ok(Exit::Ok)
}
