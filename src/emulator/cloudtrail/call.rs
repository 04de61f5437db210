//! A call that was made, kept small: most are never asked for, so that the event's JSON is written
//! when somebody looks.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::identity::Caller;
use super::record::{AdditionalEventData, Record, is_read_only};
use crate::emulator::service::Service;
use crate::emulator::validation::{self, Operation};

/// Largest request whose parameters are kept. AWS leaves out the content of `requestParameters`
/// beyond 100 KB:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>.
const PARAMETERS_BYTES_MAX: usize = 100 * 1024;

/// One call.
///
/// It has the request as it came, passwords and codes among it, so that it is never shown itself:
/// [`Call::event`] leaves out what AWS hides.
pub(super) struct Call {
    pub(super) id: Uuid,
    /// Its place among all calls; the history sets it.
    pub(super) number: u64,
    pub(super) began: Timestamp,
    pub(super) visible_at: Timestamp,
    pub(super) caller: Arc<Caller>,
    pub(super) address: Option<IpAddr>,
    pub(super) asked: Asked,
    pub(super) error: Option<Box<Failure>>,
    pub(super) request_id: Uuid,
}

/// What a call asked for.
pub(super) enum Asked {
    /// An operation of user pools.
    UserPools {
        operation: &'static Operation,
        /// The user, if there is or was one.
        sub: Option<Uuid>,
        body: Bytes,
    },
    /// An operation of another service. Its parameters are left out: what AWS keeps of them is not
    /// documented operation by operation, so that this is a guess.
    Other {
        service: Service,
        operation: Cow<'static, str>,
    },
}

/// The exception that a call ended in.
pub(super) struct Failure {
    pub(super) name: &'static str,
    pub(super) message: Box<str>,
}

/// Where all calls are made.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) region: String,
    pub(super) account_id: String,
}

impl Asked {
    /// An operation of user pools, with its request unless that is too large.
    pub(super) fn user_pools(
        operation: &'static Operation,
        sub: Option<Uuid>,
        body: Bytes,
    ) -> Self {
        let fits = body.len() <= PARAMETERS_BYTES_MAX;
        Self::UserPools {
            operation,
            sub,
            body: if fits { body } else { Bytes::new() },
        }
    }

    fn parameters(&self) -> Option<Box<RawValue>> {
        match self {
            Self::UserPools {
                operation, body, ..
            } => validation::trail_parameters(operation, body),
            Self::Other { .. } => None,
        }
    }

    fn sub(&self) -> Option<Uuid> {
        match self {
            Self::UserPools { sub, .. } => *sub,
            Self::Other { .. } => None,
        }
    }
}

impl Call {
    /// `eventSource` of its event.
    pub(super) fn source(&self) -> &'static str {
        match self.asked {
            Asked::UserPools { .. } => Service::UserPools.event_source(),
            Asked::Other { service, .. } => service.event_source(),
        }
    }

    /// `eventName` of its event.
    pub(super) fn operation(&self) -> &str {
        match &self.asked {
            Asked::UserPools { operation, .. } => operation.name(),
            Asked::Other { operation, .. } => operation,
        }
    }

    /// Whether it changed nothing.
    pub(super) fn is_read_only(&self) -> bool {
        is_read_only(self.operation())
    }

    /// Bytes of the request and the error that are kept with it.
    pub(super) fn extra_bytes(&self) -> usize {
        let body = match &self.asked {
            Asked::UserPools { body, .. } => body.len(),
            Asked::Other { operation, .. } => operation.len(),
        };
        body + self.error.as_ref().map_or(0, |error| error.message.len())
    }

    /// Its event as JSON, without what AWS hides.
    pub(super) fn event(&self, place: &Place) -> String {
        let identity = self.caller.identity(&place.account_id);
        let address = self.address.map(|address| address.to_string());
        let address = address.as_deref().or(self.caller.service());
        let agent = self.caller.user_agent();
        let error = self.error.as_deref();
        let message = error.map(|error| &*error.message);
        let parameters = self.asked.parameters();
        let record = Record {
            event_time: self.began,
            event_source: self.source(),
            aws_region: &place.region,
            source_ip_address: address.unwrap_or_default(),
            user_agent: &agent,
            error_code: error.map(|error| error.name),
            error_message: message.filter(|text| !text.is_empty()),
            request_parameters: parameters.as_deref(),
            additional_event_data: self.asked.sub().map(|sub| AdditionalEventData { sub }),
            request_id: self.request_id,
            event_id: self.id,
            read_only: self.is_read_only(),
            recipient_account_id: &place.account_id,
            ..Record::new(&identity, self.operation())
        };
        // Texts, moments and ids always have a JSON form.
        serde_json::to_string(&record).unwrap_or_default()
    }
}
