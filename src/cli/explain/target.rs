//! From arguments to services that can be asked.

use super::args::PoolArgs;
use crate::diagnosis::{LogPlaces, Sources};
use crate::model::{Endpoint, UserPoolId};

/// A pool, and the services that know about its mails.
pub(crate) struct PoolTarget {
    pub(crate) user_pool: UserPoolId,
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

/// The services of the arguments' pool.
pub(crate) async fn open(args: &PoolArgs) -> Result<PoolTarget, NoTarget> {
    let Some(user_pool) = args.user_pool.clone() else {
        return Err(NoTarget {
            message: "no user pool is named".to_owned(),
            help: "give --pool eu-west-1_AbCdEfGhI, or set REVERIFY_USER_POOL_ID",
        });
    };
    let Some((region, _)) = user_pool.as_str().split_once('_') else {
        return Err(NoTarget {
            message: format!("`{user_pool}` names no region"),
            help: "a pool id is a region, `_` and letters or digits",
        });
    };
    let places = LogPlaces {
        trail_log_group: args.trail_log_group.clone(),
        ses_events_log_group: args.ses_events_log_group.clone(),
    };
    let sources = match &args.endpoint {
        Some(url) => Sources::for_emulator(
            &Endpoint {
                region: region.to_owned(),
                url: url.as_str().trim_end_matches('/').to_owned(),
            },
            places,
        ),
        None => Sources::of_account(region, places).await,
    };
    Ok(PoolTarget {
        user_pool,
        sources,
        emulated: args.endpoint.is_some(),
    })
}
