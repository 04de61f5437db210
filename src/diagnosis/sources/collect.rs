//! What the services know about one missing mail.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::clients::Clients;
use super::pool;
use super::round::Round;
use crate::diagnosis::{Evidence, PoolSnapshot, Source};
use crate::model::{Clock as _, Endpoint, SystemClock, UserPoolId};

/// How long a single snapshot of a pool may take: a busy service is asked again for a while.
const SNAPSHOT_SECONDS_MAX: u64 = 20;

/// Where evidence about a target's mails is, beside its pool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPlaces {
    /// The log group that a trail of CloudTrail writes to. Without one, `LookupEvents` is asked,
    /// which is slower and knows management events alone.
    pub trail_log_group: Option<String>,
    /// The log group that an EventBridge rule writes SES's events to; SES itself keeps none.
    pub ses_events_log_group: Option<String>,
}

/// The services that know something about a mail. Clones share connections.
///
/// ```
/// use reverify::diagnosis::{LogPlaces, Source, Sources};
/// use reverify::embedded::{Embedded, EmbeddedSettings};
/// use reverify::model::Endpoint;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let embedded = Embedded::start(EmbeddedSettings::default())?;
/// let endpoint = Endpoint {
///     region: "us-east-1".to_owned(),
///     url: embedded.endpoint(),
/// };
/// let sources = Sources::for_emulator(&endpoint, LogPlaces::default());
/// let pool = embedded.user_pool_id().ok_or("no pool")?;
/// let Source::Read { found } = sources.pool(pool).await else {
///     return Err("the pool was not read".into());
/// };
/// assert!(found.settings.verifies_email());
/// # embedded.stop()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Sources {
    clients: Clients,
    places: LogPlaces,
}

impl Sources {
    /// Sources behind one endpoint that takes any credentials, as emulators do.
    ///
    /// Plain HTTP without TLS: such an endpoint is on loopback.
    pub fn for_emulator(endpoint: &Endpoint, places: LogPlaces) -> Self {
        Self {
            clients: Clients::for_emulator(endpoint),
            places,
        }
    }

    /// Sources at AWS, in the region and with the credentials of a configuration.
    pub fn for_aws(config: &aws_config::SdkConfig, places: LogPlaces) -> Self {
        Self {
            clients: Clients::for_aws(config),
            places,
        }
    }

    /// The settings of a pool now; a run takes one before it asks for a mail, and keeps it.
    pub async fn pool(&self, pool: &UserPoolId) -> Source<PoolSnapshot> {
        let limit = Duration::from_secs(SNAPSHOT_SECONDS_MAX);
        let described = tokio::time::timeout(limit, pool::describe(&self.clients, pool)).await;
        let described = described.unwrap_or(Source::TimedOut {
            after_seconds: SNAPSHOT_SECONDS_MAX,
        });
        described.map(|described| PoolSnapshot {
            at: described.date.unwrap_or_else(local_now),
            settings: described.settings,
        })
    }

    /// Fills in what AWS's services tell.
    ///
    /// `case`, `calls`, `inbox`, `control` and earlier snapshots in `pool` are taken as they are; a
    /// snapshot of now is added to `pool`. A `clock` that was measured already is kept. Answers at
    /// the deadline at the latest: what has not answered by then is [`Source::TimedOut`]. Dropping
    /// the future stops the queries that it started.
    pub async fn collect(&self, evidence: Evidence, deadline: Instant) -> Evidence {
        let round = Round::new(&self.clients, &self.places, &evidence, deadline);
        let collected = Box::pin(round.ask_all()).await;
        collected.into_evidence(evidence)
    }
}

/// This machine's clock, for a service that does not tell its own.
pub(super) fn local_now() -> Timestamp {
    SystemClock.now()
}
