//! The trail: whether it is on, where it goes, and the watching of one call.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::identity::UserIdentity;
use super::record::{AdditionalEventData, Record};
use crate::control::TrailSettings;
use crate::emulator::cognito::{Cognito, Subject};
use crate::emulator::validation::{self, Operation};

/// Where the events of calls go, if anywhere.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    is_on: AtomicBool,
    settings: Mutex<TrailSettings>,
}

/// The address of the client at the other end of a connection; only there while a trail is on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// One call that is being watched.
pub(crate) struct Witness {
    began: Timestamp,
    identity: UserIdentity,
    source_ip_address: String,
    user_agent: String,
    seen: Option<Seen>,
}

/// What the call asked for.
enum Seen {
    /// An operation of user pools.
    Cognito {
        operation: &'static Operation,
        parameters: Option<Box<RawValue>>,
        /// The user before the operation: a deletion leaves none behind.
        sub: Option<Uuid>,
        body: Vec<u8>,
    },
    /// An operation of another service.
    Other {
        /// Such as `ses.amazonaws.com`.
        source: &'static str,
        operation: String,
    },
}

impl Seen {
    fn source(&self) -> &'static str {
        match self {
            Self::Cognito { .. } => "cognito-idp.amazonaws.com",
            Self::Other { source, .. } => source,
        }
    }

    fn operation(&self) -> &str {
        match self {
            Self::Cognito { operation, .. } => operation.name(),
            Self::Other { operation, .. } => operation,
        }
    }

    fn parameters(&self) -> Option<&RawValue> {
        match self {
            Self::Cognito { parameters, .. } => parameters.as_deref(),
            Self::Other { .. } => None,
        }
    }

    fn sub(&self, cognito: &Cognito) -> Option<Uuid> {
        match self {
            Self::Cognito { sub, body, .. } => sub.or_else(|| Subject::of(cognito, body).sub()),
            Self::Other { .. } => None,
        }
    }
}

impl Trail {
    /// Whether calls are recorded, for the price of one atomic load.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// Where it goes.
    pub(crate) fn settings(&self) -> TrailSettings {
        self.locked(|settings| settings.clone())
    }

    /// Lets it go elsewhere from now on.
    pub(crate) fn set(&self, settings: TrailSettings) {
        self.is_on
            .store(settings.log_group.is_some(), Ordering::Relaxed);
        self.locked(|current| *current = settings);
    }

    fn locked<T>(&self, work: impl FnOnce(&mut TrailSettings) -> T) -> T {
        work(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Witness {
    /// Begins to watch a call, if a trail is on.
    pub(crate) fn of(cognito: &Cognito, head: &Parts) -> Option<Self> {
        if !cognito.conditions.trail.is_on() {
            return None;
        }
        let agent = head.headers.get(USER_AGENT);
        let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned());
        let peer = head.extensions.get::<Peer>();
        Some(Self {
            began: cognito.now(),
            identity: UserIdentity::of(&head.headers, &cognito.account_id),
            source_ip_address: peer.map_or_else(String::new, |peer| peer.0.to_string()),
            user_agent: agent.unwrap_or_default(),
            seen: None,
        })
    }

    /// Begins to watch a call of one service of AWS to another, if a trail is on: such calls have the
    /// service's name for address and program.
    pub(crate) fn of_service(cognito: &Cognito, service: &'static str) -> Option<Self> {
        cognito.conditions.trail.is_on().then(|| Self {
            began: cognito.now(),
            identity: UserIdentity::of_service(service),
            source_ip_address: service.to_owned(),
            user_agent: service.to_owned(),
            seen: None,
        })
    }

    /// Notes what the call asks for, before it runs.
    pub(crate) fn saw(&mut self, cognito: &Cognito, operation: &'static Operation, body: &[u8]) {
        self.seen = Some(Seen::Cognito {
            operation,
            parameters: validation::trail_parameters(operation, body),
            sub: Subject::of(cognito, body).sub(),
            body: body.to_vec(),
        });
    }

    /// Notes a call of SES, CloudWatch Logs or KMS. Their parameters are left out: what AWS keeps of them is
    /// not documented operation by operation, so that this is a guess.
    pub(crate) fn saw_other(&mut self, source: &'static str, operation: &str) {
        self.seen = Some(Seen::Other {
            source,
            operation: operation.to_owned(),
        });
    }

    /// Writes the event: the exception's name and message, if there is one, and the id that the
    /// answer carries. A call that never reached an operation leaves none, which is a guess.
    pub(crate) fn record(self, cognito: &Cognito, error: Option<(&str, &str)>, request_id: &str) {
        let settings = cognito.conditions.trail.settings();
        let (Some(group), Some(seen)) = (settings.log_group, self.seen) else {
            return;
        };
        let sub = seen.sub(cognito);
        let record = Record {
            event_time: self.began,
            event_source: seen.source(),
            aws_region: &cognito.region,
            source_ip_address: &self.source_ip_address,
            user_agent: &self.user_agent,
            error_code: error.map(|(name, _)| name),
            error_message: error
                .map(|(_, message)| message)
                .filter(|text| !text.is_empty()),
            request_parameters: seen.parameters(),
            additional_event_data: sub.map(|sub| AdditionalEventData { sub }),
            request_id,
            event_id: cognito.random.uuid(),
            recipient_account_id: &cognito.account_id,
            ..Record::new(&self.identity, seen.operation())
        };
        // Texts, moments and ids always have a JSON form.
        let Ok(message) = serde_json::to_string(&record) else {
            return;
        };
        // The stream that CloudTrail makes:
        // <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html>.
        let stream = format!("{}_CloudTrail_{}", cognito.account_id, cognito.region);
        let delay = SignedDuration::from_secs(settings.delay_seconds.into());
        cognito
            .logs
            .append_after(delay, (&group, &stream), self.began, message);
    }
}
