//! Whose settings are read: from arguments, the environment and the configuration.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::args::MirrorArgs;
use crate::cli::exit::Exit;
use crate::cli::explain::Problem;
use crate::config::{FixedPool, Target, TargetKind};
use crate::model::{AppClientId, Endpoint, UserPoolId};

/// From where the settings come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Original<'a> {
    /// Answers in files.
    Files,
    /// A target of the configuration.
    Target(&'a str),
    /// The pool of `--pool`.
    Pool(&'a UserPoolId),
}

/// A pool, and the way to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) id: UserPoolId,
    /// The client through which scenarios go: the first one in a mirror is tested.
    pub(super) client: Option<AppClientId>,
    pub(super) way: Way,
}

/// How a pool is reached.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// An endpoint that takes any credentials.
    Endpoint(Endpoint),
    /// AWS, perhaps with the credentials of a profile of the AWS CLI.
    Account {
        region: String,
        profile: Option<String>,
    },
}

/// What is asked for. Arguments go before the environment; `given` tells one from the other.
///
/// # Errors
///
/// When a target is named beside another original, or nothing is.
pub(super) fn original<'a>(
    args: &'a MirrorArgs,
    given: Option<&ArgMatches>,
) -> Result<Original<'a>, Problem> {
    let written = |id: &str| {
        let source = given.and_then(|given| given.value_source(id));
        source == Some(ValueSource::CommandLine)
    };
    let others = [
        ("user_pool", "--pool"),
        ("endpoint", "--endpoint"),
        ("from_json", "--from-json"),
    ];
    let other = others.into_iter().find(|(id, _)| written(id));
    let target = args.target.as_deref();
    match (target.filter(|_| written("target")), other) {
        (Some(_), Some((_, other))) => Err(Problem {
            message: format!("--target and {other} name two originals"),
            help: "a target says itself which pool is meant, and where it is".to_owned(),
            exit: Exit::Usage,
        }),
        (Some(target), None) => Ok(Original::Target(target)),
        (None, _) if !args.from_json.is_empty() => Ok(Original::Files),
        (None, other) => match (&args.user_pool, target) {
            (Some(pool), _) => Ok(Original::Pool(pool)),
            (None, Some(target)) if other.is_none() => Ok(Original::Target(target)),
            (None, _) => Err(Problem {
                message: "no user pool is named".to_owned(),
                help: "give --pool eu-west-1_AbCdEfGhI, or a target of reverify.toml with --target"
                    .to_owned(),
                exit: Exit::Usage,
            }),
        },
    }
}

/// The pool of `--pool`, at `--endpoint` if there is one.
pub(super) fn of_argument(pool: &UserPoolId, endpoint: Option<&url::Url>) -> Pool {
    let region = pool.region();
    let way = match endpoint {
        Some(url) => way_to(url, region),
        None => Way::Account {
            region: region.to_owned(),
            profile: None,
        },
    };
    Pool {
        id: pool.clone(),
        client: None,
        way,
    }
}

/// The pool of a target.
///
/// # Errors
///
/// When the target has no pool of its own that could be asked.
pub(super) fn of_target(target: &Target) -> Result<Pool, Problem> {
    let no_pool = |message: String, help: &str| Problem {
        message,
        help: help.to_owned(),
        exit: Exit::Configuration,
    };
    let name = &target.name;
    let (pool, way) = match &target.kind {
        TargetKind::Aws { pool, aws_profile } => {
            let way = Way::Account {
                region: pool.region().to_owned(),
                profile: aws_profile.clone(),
            };
            (pool, way)
        }
        TargetKind::Endpoint {
            url,
            region,
            pool: Some(pool),
        } => (pool, way_to(url, region)),
        TargetKind::Endpoint { pool: None, .. } => {
            return Err(no_pool(
                format!("the target `{name}` names no user pool, so there is nothing to mirror"),
                "write its user-pool-id and client-id, or give --pool and --endpoint",
            ));
        }
        TargetKind::Embedded { seed: None } => {
            return Err(no_pool(
                format!("the target `{name}` has no pool: on it scenarios make pools of their own"),
                "name a target that is a pool, of kind \"aws\" or \"endpoint\"",
            ));
        }
        TargetKind::Embedded { seed: Some(seed) } => {
            return Err(no_pool(
                format!(
                    "the target `{name}` is a mirror itself: it starts with `{}`",
                    seed.display()
                ),
                "copy that file, or name the target that it was made from",
            ));
        }
    };
    let FixedPool { id, client_id, .. } = pool;
    Ok(Pool {
        id: id.clone(),
        client: Some(client_id.clone()),
        way,
    })
}

fn way_to(url: &url::Url, region: &str) -> Way {
    Way::Endpoint(Endpoint::new(region, url))
}
