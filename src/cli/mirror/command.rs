//! Reads a pool's settings, writes them down, and says what was left out.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::args::MirrorArgs;
use super::original::{Original, Pool, Way, of_argument, of_target, original};
use super::target_lines::target_lines;
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::explain::Problem;
use crate::cli::list::print;
use crate::cli::{problem, runtime};
use crate::cognito::{AppClients, Obstacle, SettingsError, SettingsReader};
use crate::config::{ConfigError, Configuration};
use crate::emulator::Starting;
use crate::mirror::{Mirror, PoolAnswers, SesAnswers, SesNames};

/// Reads, writes, and says what was left out. `given` tells which arguments were written.
pub(in crate::cli) fn mirror(args: &MirrorArgs, given: Option<&ArgMatches>, color: Color) -> Exit {
    let configuration = args.config.load();
    let done = original(args, given)
        .map_err(|problem| problem.say(color))
        .and_then(|original| {
            let pool = pool(args, &original, &configuration, color)?;
            let mirror = made(args, pool.as_ref()).map_err(|problem| problem.say(color))?;
            let Some(path) = &args.output else {
                return Ok(print(&mirror.seed));
            };
            write(path, &mirror).map_err(|problem| problem.say(color))?;
            say(path, &mirror, &original, configuration.as_ref().ok());
            Ok(Exit::Ok)
        });
    done.unwrap_or_else(|exit| exit)
}

/// The pool to ask; none where there are files.
fn pool(
    args: &MirrorArgs,
    original: &Original<'_>,
    configuration: &Result<Configuration, ConfigError>,
    color: Color,
) -> Result<Option<Pool>, Exit> {
    Ok(match original {
        Original::Files => None,
        Original::Pool(pool) => Some(of_argument(pool, args.endpoint.as_ref())),
        Original::Target(name) => {
            let configuration = configuration.as_ref();
            let configuration = configuration.map_err(|error| problem::config(error, color))?;
            let target = configuration.target(name);
            let target = target.map_err(|error| problem::config(&error, color))?;
            Some(of_target(target).map_err(|problem| problem.say(color))?)
        }
    })
}

fn made(args: &MirrorArgs, pool: Option<&Pool>) -> Result<Mirror, Problem> {
    let answers = match pool {
        Some(pool) => asked(args, pool)?,
        None => from_files(&args.from_json)?,
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

fn asked(args: &MirrorArgs, pool: &Pool) -> Result<PoolAnswers, Problem> {
    let runtime = runtime::start()?;
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

async fn ask(args: &MirrorArgs, original: &Pool) -> Result<PoolAnswers, SettingsError> {
    let pool = &original.id;
    let reader = match &original.way {
        Way::Endpoint(endpoint) => SettingsReader::for_emulator(endpoint),
        Way::Account { region, profile } => {
            SettingsReader::of_account(region, profile.as_deref()).await
        }
    };
    let user_pool = reader.user_pool(pool).await?;
    let listed = if args.clients.is_empty() {
        let mut listed = reader.app_clients(pool).await?;
        if let Some(tested) = &original.client {
            listed.ids.retain(|id| id != tested);
            listed.ids.insert(0, tested.clone());
        }
        listed
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

fn write(path: &Path, mirror: &Mirror) -> Result<(), Problem> {
    let file = fs::File::create_new(path);
    let written = file.and_then(|mut file| file.write_all(mirror.seed.as_bytes()));
    written.map_err(|error| Problem {
        message: format!("`{}` cannot be written: {error}", path.display()),
        help: "name a new file with --output; nothing is overwritten".to_owned(),
        exit: Exit::ReportNotWritten,
    })
}

/// Says what is not in the file, and what can be done with it.
fn say(
    path: &Path,
    mirror: &Mirror,
    original: &Original<'_>,
    configuration: Option<&Configuration>,
) {
    let mut said = format!("wrote {}, without\n", path.display());
    for one in &mirror.left_out {
        said = said + "  " + &one.what + ": " + &one.why + "\n";
    }
    let start = format!(
        "start it with: reverify emulate --seed {}\n",
        path.display()
    );
    let target = match original {
        Original::Target(name) => Some(*name),
        Original::Files | Original::Pool(_) => None,
    };
    let folder = std::env::current_dir().unwrap_or_default();
    let lines = target_lines(path, &folder, configuration, target);
    let _ = std::io::stderr().write_all((said + &start + &lines).as_bytes());
}
