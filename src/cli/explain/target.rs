//! From arguments and the configuration to services that can be asked.

use super::args::PoolArgs;
use crate::cognito::account;
use crate::config::{self, FixedPool, TargetKind};
use crate::diagnosis::{LogPlaces, Sources};
use crate::model::{AppClientId, Endpoint, UserPoolId};
use crate::targets::log_places;

/// A pool, and the services that know about its mails.
pub(crate) struct PoolTarget {
    pub(crate) user_pool: UserPoolId,
    pub(crate) client: Option<AppClientId>,
    pub(crate) sources: Sources,
    /// Whether an endpoint other than AWS's is asked.
    pub(crate) emulated: bool,
}

/// Why there is nothing to ask, and what to do.
#[derive(Debug)]
pub(crate) struct NoTarget {
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

/// The services of the arguments' pool, or of the configured target where they say nothing.
pub(crate) async fn open(
    args: &PoolArgs,
    configured: Option<&config::Target>,
) -> Result<PoolTarget, NoTarget> {
    let kind = configured.map(|target| &target.kind);
    let pool = kind.and_then(fixed_pool);
    let user_pool = args.user_pool.clone();
    let Some(user_pool) = user_pool.or_else(|| pool.map(|pool| pool.id.clone())) else {
        return Err(no_pool(configured));
    };
    let region = user_pool.region();
    let client = args.client.clone();
    let client = client.or_else(|| pool.map(|pool| pool.client_id.clone()));
    let said = configured.map(|target| log_places(&target.logs));
    let said = said.unwrap_or_default();
    let places = LogPlaces {
        trail_log_group: args.trail_log_group.clone().or(said.trail_log_group),
        ses_events_log_group: args
            .ses_events_log_group
            .clone()
            .or(said.ses_events_log_group),
    };
    let url = match (&args.endpoint, kind) {
        (Some(url), _) | (None, Some(TargetKind::Endpoint { url, .. })) => Some(url),
        _ => None,
    };
    let aws_profile = match kind {
        Some(TargetKind::Aws { aws_profile, .. }) => aws_profile.as_deref(),
        _ => None,
    };
    let sources = match url {
        Some(url) => Sources::for_emulator(&Endpoint::new(region, url), places),
        None => Sources::for_aws(&account(region, aws_profile).await, places),
    };
    Ok(PoolTarget {
        emulated: url.is_some(),
        user_pool,
        client,
        sources,
    })
}

fn fixed_pool(kind: &TargetKind) -> Option<&FixedPool> {
    match kind {
        TargetKind::Embedded { .. } => None,
        TargetKind::Endpoint { pool, .. } => pool.as_ref(),
        TargetKind::Aws { pool, .. } => Some(pool),
    }
}

fn no_pool(configured: Option<&config::Target>) -> NoTarget {
    match configured {
        Some(target) if matches!(target.kind, TargetKind::Embedded { .. }) => NoTarget {
            message: format!(
                "the target `{}` is embedded: it exists only while a run goes on",
                target.name
            ),
            help: "start `reverify emulate`, and give the --endpoint and --pool that it prints",
        },
        Some(target) => NoTarget {
            message: format!("the target `{}` names no user pool", target.name),
            help: "write its user-pool-id and client-id, or give --pool eu-west-1_AbCdEfGhI",
        },
        None => NoTarget {
            message: "no user pool is named".to_owned(),
            help: "give --pool eu-west-1_AbCdEfGhI or --target NAME, or set REVERIFY_USER_POOL_ID",
        },
    }
}
