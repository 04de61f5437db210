//! One call of the SDK, with the facts that outlive it.

use std::error::Error;
use std::time::{Duration, Instant};

use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::operation::RequestId;

use super::persistence::Repeats;
use super::{Client, CognitoError};

/// What is known of a call whatever its answer was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFacts {
    /// The operation's name at AWS.
    pub operation: &'static str,
    /// `x-amzn-requestid`, by which AWS finds the call in its logs; of the last request, where it was
    /// repeated.
    pub request_id: Option<String>,
    /// From the request to the answer, repeats and pauses included.
    pub took: Duration,
    /// How it was repeated.
    pub repeats: Repeats,
}

/// An answer with the facts of its call.
#[derive(Debug, Clone)]
pub struct Called<T> {
    /// The answer.
    pub answer: T,
    /// The call.
    pub call: CallFacts,
}

impl<T> Called<T> {
    pub(super) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Called<U> {
        Called {
            answer: convert(self.answer),
            call: self.call,
        }
    }
}

impl Client {
    /// Sends an SDK operation and sorts what comes back; a [persistent](Client::persistent) client
    /// sends it again where that is safe.
    pub(super) async fn call<T, E, R, F>(
        &self,
        operation: &'static str,
        send: impl Fn() -> F,
    ) -> Result<Called<T>, CognitoError>
    where
        F: Future<Output = Result<T, SdkError<E, R>>>,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        R: std::fmt::Debug,
        SdkError<E, R>: RequestId,
    {
        let started = Instant::now();
        let mut repeats = Repeats::default();
        loop {
            // In a box of its own: every caller would carry its size otherwise.
            let result = Box::pin(send()).await;
            let facts = |request_id: Option<&str>| CallFacts {
                operation,
                request_id: request_id.map(str::to_owned),
                took: started.elapsed(),
                repeats,
            };
            let error = match result {
                Ok(answer) => {
                    return Ok(Called {
                        call: facts(answer.request_id()),
                        answer,
                    });
                }
                Err(error) => refusal(&error, facts(error.request_id())),
            };
            let pause = self.persistence.pause(&error, repeats, Instant::now());
            let Some(pause) = pause else {
                return Err(error);
            };
            repeats.note(&error, pause);
            // Nothing tells when the next try is welcome.
            tokio::time::sleep(pause).await;
        }
    }
}

fn refusal<E, R>(error: &SdkError<E, R>, call: CallFacts) -> CognitoError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    let service = match error {
        SdkError::ServiceError(context) => Some(context.err()),
        _ => None,
    };
    match service.and_then(|err| err.code().map(|code| (code, err.message()))) {
        Some((code, message)) => CognitoError::Refused {
            code: code.to_owned(),
            message: message.unwrap_or("(no message)").to_owned(),
            call,
        },
        None => CognitoError::Unanswered {
            reason: reason(error),
            call,
        },
    }
}

/// The SDK's words from the outside in; the outermost alone says only "dispatch failure".
fn reason<E, R>(error: &SdkError<E, R>) -> String
where
    E: Error + 'static,
    R: std::fmt::Debug,
{
    let mut words = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        words.push(inner.to_string());
        source = inner.source();
    }
    words.dedup();
    words.join(": ")
}
