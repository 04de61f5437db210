//! The watching of one call.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::request::Parts;
use jiff::Timestamp;
use uuid::Uuid;

use super::call::{Asked, Call, Failure};
use super::identity::Caller;
use crate::emulator::cognito::{self, Cognito};
use crate::emulator::service::Service;
use crate::emulator::validation::Operation;

/// The address of the client at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// One call that is being watched.
pub(crate) struct Witness {
    began: Timestamp,
    caller: Arc<Caller>,
    address: Option<IpAddr>,
    asked: Option<Asked>,
}

impl Witness {
    /// Begins to watch a call.
    pub(crate) fn of(cognito: &Cognito, head: &Parts) -> Self {
        Self {
            began: cognito.now(),
            caller: cognito.conditions.trail.caller(&head.headers),
            address: head.extensions.get::<Peer>().map(|peer| peer.0),
            asked: None,
        }
    }

    /// Begins to watch a call of one service of AWS to another.
    pub(crate) fn of_service(cognito: &Cognito, service: &'static str) -> Self {
        Self {
            began: cognito.now(),
            caller: Arc::new(Caller::of_service(service)),
            address: None,
            asked: None,
        }
    }

    /// Notes what the call asks of user pools, before it runs: a deletion leaves no user behind.
    pub(crate) fn saw(&mut self, cognito: &Cognito, operation: &'static Operation, body: &Bytes) {
        let sub = cognito::sub_of_name(cognito, body);
        self.asked = Some(Asked::user_pools(operation, sub, body.clone()));
    }

    /// Notes a call of another service.
    pub(crate) fn saw_other(&mut self, service: Service, operation: impl Into<Cow<'static, str>>) {
        self.asked = Some(Asked::Other {
            service,
            operation: operation.into(),
        });
    }

    /// Keeps the call: the exception's name and message, if there is one, and the id that the answer
    /// carries. A call that never reached an operation leaves no event, which is a guess.
    pub(crate) fn record(
        self,
        cognito: &Cognito,
        error: Option<(&'static str, String)>,
        request_id: Uuid,
    ) {
        let Some(mut asked) = self.asked else { return };
        if let Asked::UserPools { sub, body, .. } = &mut asked {
            // A sign-up has its user only now, and only now a token is known to be good.
            let is_refused = matches!(error, Some(("NotAuthorizedException", _)));
            *sub = sub
                .or_else(|| cognito::sub_of_name(cognito, body))
                .or_else(|| cognito::sub_of_token(body).filter(|_| !is_refused));
        }
        let trail = &cognito.conditions.trail;
        let call = Call {
            id: trail.random.uuid(),
            number: 0,
            began: self.began,
            visible_at: self.began,
            caller: self.caller,
            address: self.address,
            asked,
            error: error.map(|(name, message)| {
                let message = message.into_boxed_str();
                Box::new(Failure { name, message })
            }),
            request_id,
        };
        trail.add(call, &cognito.logs);
    }
}
