//! How a user pool calls the function behind a trigger: five seconds, three attempts.

use std::time::Duration;

use axum::body::Bytes;

use super::function::FunctionName;
use super::host::Host;
use super::outcome::{FunctionError, InvokeRefusal, Outcome, PayloadPart};

/// How long a user pool waits for one attempt (COGNITO.md 6.1).
const ANSWER_WAIT_SECONDS: u64 = 5;

/// How often a user pool tries a function that does not answer (COGNITO.md 6.1).
const ATTEMPTS_MAX: u32 = 3;

/// The limits of a call. Those of Cognito are the default and cannot be configured there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// How long one attempt is waited for.
    pub answer_wait: Duration,
    /// How many attempts are made at most; none counts as one.
    pub attempts_max: u32,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            answer_wait: Duration::from_secs(ANSWER_WAIT_SECONDS),
            attempts_max: ATTEMPTS_MAX,
        }
    }
}

/// What became of a call, and after how many attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerCall {
    /// The outcome of the last attempt.
    pub outcome: Outcome,
    /// How many attempts were made.
    pub attempts: u32,
}

/// What a caller of a trigger has to tell apart (COGNITO.md 6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The function returned; whether that is usable is for the trigger to say.
    Returned(Bytes),
    /// A function error: `<Trigger> failed with error <error_message>.`
    FunctionError(FunctionError),
    /// Not invocable, or no answer: `<Trigger> invocation failed due to error <error>.`
    NotInvoked {
        /// AWS's name of the error, or Cognito's words for a time-out.
        error: String,
    },
}

impl TriggerCall {
    /// What the outcome is for the caller.
    ///
    /// Recorded are the words of a time-out and that a crash is a function error. The names for a
    /// missing function, a throttled one, one that cannot be started or reached, and an event that
    /// is too large are those of Invoke's own errors; that Cognito shows them so is a guess.
    pub fn into_reply(self) -> Reply {
        if let Some(error) = self.outcome.function_error() {
            return Reply::FunctionError(error);
        }
        let error = match self.outcome {
            Outcome::Returned(body) => return Reply::Returned(body),
            Outcome::Refused(InvokeRefusal::NoSuchFunction) => "ResourceNotFoundException",
            Outcome::Refused(InvokeRefusal::TooManyRequests) => "TooManyRequestsException",
            Outcome::Refused(InvokeRefusal::Endpoint { error, .. }) => {
                return Reply::NotInvoked { error };
            }
            Outcome::Refused(InvokeRefusal::Unreachable { .. }) => "ServiceException",
            Outcome::CouldNotStart { .. } => "InvalidRuntimeException",
            Outcome::TooLarge(PayloadPart::Request) => "RequestTooLargeException",
            _ => "Socket timeout while invoking Lambda function",
        };
        Reply::NotInvoked {
            error: error.to_owned(),
        }
    }
}

/// Calls a function as a user pool calls a trigger: again when no answer came in time, and not when
/// the function or Invoke itself answered with an error.
///
/// An attempt that is given up goes on in its own environment, so that one call can be seen as
/// several executions (COGNITO.md 6.1).
pub async fn call_trigger(
    host: &Host,
    function: &FunctionName,
    event: impl Into<Bytes>,
    limits: CallLimits,
) -> TriggerCall {
    let event = event.into();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let outcome = host
            .invoke(function, event.clone(), limits.answer_wait)
            .await;
        let is_answer = !matches!(outcome, Outcome::NoAnswer { .. });
        if is_answer || attempts >= limits.attempts_max {
            return TriggerCall { outcome, attempts };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::super::{Concurrency, Function, HostSettings, RequestId, RuntimeExit};
    use super::*;
    use crate::model::SystemClock;

    const SHORT: CallLimits = CallLimits {
        answer_wait: Duration::from_millis(30),
        attempts_max: 3,
    };

    fn host() -> (Host, FunctionName) {
        let settings = HostSettings::new(Arc::new(SystemClock), "eu-west-1", "123456789012", 1);
        (Host::new(settings), FunctionName::parse("trigger").unwrap())
    }

    /// A function that does not answer its first `silent` invocations, and how often it was begun.
    fn silent_at_first(name: &FunctionName, silent: u32) -> (Function, Arc<AtomicU32>) {
        let begun = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&begun);
        let function = Function::closure(name.clone(), move |event| {
            let number = counter.fetch_add(1, Ordering::SeqCst);
            async move {
                if number < silent {
                    std::future::pending::<()>().await;
                }
                Ok(event)
            }
        });
        (function, begun)
    }

    #[tokio::test]
    async fn silence_is_tried_three_times_and_each_try_runs() {
        for (silent, attempts) in [(0, 1), (2, 3), (9, 3)] {
            let (host, name) = host();
            let (function, begun) = silent_at_first(&name, silent);
            host.deploy(function).unwrap();
            let call = call_trigger(&host, &name, "{}", SHORT).await;
            assert_eq!(
                (call.attempts, begun.load(Ordering::SeqCst)),
                (attempts, attempts)
            );
            let is_silent = matches!(call.outcome, Outcome::NoAnswer { .. });
            assert_eq!(is_silent, silent == 9);
        }
    }

    #[tokio::test]
    async fn an_error_is_an_answer() {
        let (host, name) = host();
        let missing = call_trigger(&host, &name, "{}", SHORT).await;
        assert_eq!(missing.attempts, 1);

        host.deploy(Function::closure(name.clone(), |_| async {
            Err(FunctionError::new("ValueError", "not you"))
        }))
        .unwrap();
        let thrown = call_trigger(&host, &name, "{}", SHORT).await;
        assert_eq!(thrown.attempts, 1);
        assert_eq!(
            thrown.into_reply(),
            Reply::FunctionError(FunctionError::new("ValueError", "not you"))
        );

        let stopped = Function::closure(name.clone(), |event| async { Ok(event) });
        host.deploy(stopped.concurrency(Concurrency::Reserved(0)))
            .unwrap();
        let throttled = call_trigger(&host, &name, "{}", SHORT).await;
        assert_eq!(
            throttled.outcome,
            Outcome::Refused(InvokeRefusal::TooManyRequests)
        );
    }

    #[test]
    fn every_outcome_has_a_reply() {
        let request_id = RequestId::parse("8f507cfc-5f1a-4a2a-9d5d-0123456789ab").unwrap();
        let after = Duration::from_secs(3);
        for (outcome, expected) in [
            (
                Outcome::TimedOut { request_id, after },
                "Task timed out after 3.00 seconds",
            ),
            (
                Outcome::Crashed {
                    request_id,
                    exit: RuntimeExit::Code(129),
                },
                "Runtime exited with error: exit status 129",
            ),
            (
                Outcome::NoAnswer { waited: after },
                "Socket timeout while invoking Lambda function",
            ),
            (
                Outcome::Refused(InvokeRefusal::NoSuchFunction),
                "ResourceNotFoundException",
            ),
            (
                Outcome::CouldNotStart {
                    why: "?".to_owned(),
                },
                "InvalidRuntimeException",
            ),
            (
                Outcome::TooLarge(PayloadPart::Request),
                "RequestTooLargeException",
            ),
            (Outcome::TooLarge(PayloadPart::Response), "(6291556 bytes)."),
        ] {
            let text = match (TriggerCall {
                outcome,
                attempts: 1,
            })
            .into_reply()
            {
                Reply::FunctionError(error) => error.error_message,
                Reply::NotInvoked { error } => error,
                Reply::Returned(_) => String::new(),
            };
            assert!(text.ends_with(expected), "{text}");
        }
    }
}
