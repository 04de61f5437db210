//! What the calls of an attempt told, kept for a diagnosis.

use crate::cognito::{CallFacts, CodeDelivery, CognitoError, Repeats};
use crate::diagnosis::{Call, Delivery, Reply};
use crate::model::{AppClientId, UserPoolId, UserSub};
use crate::record::{Answer, Event};
use jiff::Timestamp;

/// What matters of an answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// In a few words, for the record.
    pub(super) detail: String,
    /// The user that it names.
    pub(super) sub: Option<UserSub>,
    /// `UserConfirmed` of a sign-up.
    pub(super) user_confirmed: Option<bool>,
    /// Where a code goes, if one does.
    pub(super) delivery: Option<CodeDelivery>,
    /// Whether the request asked for a mail, where it has a choice.
    pub(super) asked_for_mail: Option<bool>,
}

impl From<String> for Told {
    fn from(detail: String) -> Self {
        Self {
            detail,
            ..Self::default()
        }
    }
}

/// The calls of an attempt in order, with the pools and names that they were about.
#[derive(Debug, Default)]
pub(super) struct CallLog(Vec<Call>);

/// Whom a call was about, and when it was answered.
pub(super) struct About<'a> {
    pub(super) username: Option<&'a str>,
    pub(super) pool: Option<&'a UserPoolId>,
    pub(super) client: Option<&'a AppClientId>,
    /// By the server's clock.
    pub(super) at: Timestamp,
}

impl CallLog {
    pub(super) fn keep(
        &mut self,
        about: &About<'_>,
        facts: &CallFacts,
        told: Result<&Told, &CognitoError>,
    ) {
        self.0.push(Call {
            operation: facts.operation.to_owned(),
            at: about.at,
            request_id: facts.request_id.clone(),
            username: about.username.map(str::to_owned),
            user_pool_id: about.pool.cloned(),
            client_id: about.client.cloned(),
            asked_for_mail: told.ok().and_then(|told| told.asked_for_mail),
            reply: reply(told),
        });
    }

    /// How many calls were kept.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether anything was called so far that can have sent a mail.
    pub(super) fn any_asked_for_mail(&self) -> bool {
        self.0.iter().any(Call::may_send)
    }

    /// The calls about one of these names, in order.
    pub(super) fn about(&self, names: &[String]) -> Vec<Call> {
        let is_one = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let calls = self.0.iter();
        let about = calls.filter(|call| call.username.as_deref().is_some_and(is_one));
        about.cloned().collect()
    }
}

/// What the record says of a call that was sent more than once.
pub(super) fn slowed(call: &CallFacts) -> Option<Event> {
    let Repeats {
        throttled,
        unanswered,
        paused_milliseconds,
    } = call.repeats;
    (call.repeats != Repeats::default()).then(|| Event::Slowed {
        operation: call.operation.to_owned(),
        throttled: throttled.into(),
        unanswered: unanswered.into(),
        paused_ms: paused_milliseconds.into(),
    })
}

/// What the record says of a call that came back with this.
pub(super) fn not_answered(error: &CognitoError) -> Answer {
    match error {
        CognitoError::Refused { code, message, .. } => Answer::Refused {
            code: code.clone(),
            message: message.clone(),
        },
        CognitoError::Unanswered { reason, .. } => Answer::None {
            reason: reason.clone(),
        },
    }
}

fn reply(told: Result<&Told, &CognitoError>) -> Reply {
    match told {
        Ok(told) => Reply::Accepted {
            sub: told.sub.clone(),
            user_confirmed: told.user_confirmed,
            deliveries: told.delivery.iter().map(delivery).collect(),
        },
        Err(CognitoError::Refused { code, message, .. }) => Reply::Refused {
            code: code.clone(),
            message: message.clone(),
        },
        Err(CognitoError::Unanswered { reason, .. }) => Reply::Unanswered {
            reason: reason.clone(),
        },
    }
}

fn delivery(delivery: &CodeDelivery) -> Delivery {
    Delivery {
        attribute: delivery.attribute.clone(),
        medium: delivery.medium.clone(),
        destination: delivery.destination.clone(),
    }
}
