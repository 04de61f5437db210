//! Lambda's queue of asynchronous invocations: nobody waits for the function, and one that fails is
//! run again.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>: a function
//! that returns an error runs two more times, after one and two minutes; one that Lambda cannot run
//! now is tried for six hours, after pauses that grow from a second to five minutes. The pauses pass
//! on the emulator's clock. All attempts have one request id. There are no dead-letter queues and no
//! destinations: an event that is given up leaves the function's log alone behind.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::agenda::Errand;
use super::cognito::Cognito;
use super::lambda::{FunctionName, InvokeRefusal, Outcome, RequestId, TIMEOUT_MAX_SECONDS};

/// Events that wait or run at a time: as many as the agenda keeps; with codes they have a kilobyte or
/// two each.
const EVENTS_MAX: usize = 10_000;
/// How often a function that returns errors is run.
const ATTEMPTS_MAX: u32 = 3;
/// Pause after the first error; it is twice as long after the second.
const ERROR_PAUSE_SECONDS: i64 = 60;
/// Pause after the first time that the function could not be run; it doubles each time.
const REFUSAL_PAUSE_SECONDS: i64 = 1;
/// Longest pause.
const REFUSAL_PAUSE_SECONDS_MAX: i64 = 5 * 60;
/// Age at which an event is given up.
const EVENT_AGE_HOURS_MAX: i64 = 6;

/// Why an event is not in the queue.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum NotQueued {
    /// No function of this name is deployed.
    #[error("the function {0} does not exist")]
    NoSuchFunction(FunctionName),
    /// Too many wait.
    #[error("the emulator keeps no more than {EVENTS_MAX} events for functions")]
    Full,
}

/// The places in the queue.
#[derive(Debug)]
pub(super) struct EventQueue(Arc<Semaphore>);

impl Default for EventQueue {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(EVENTS_MAX)))
    }
}

/// An event and what has become of it so far.
#[derive(Debug)]
pub(super) struct QueuedEvent {
    function: FunctionName,
    payload: Bytes,
    request_id: RequestId,
    queued: Timestamp,
    attempts: Attempts,
    /// Given back when the event is dropped.
    _place: OwnedSemaphorePermit,
}

/// How often an event has failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Attempts {
    /// The function returned an error.
    errors: u32,
    /// The function could not be run.
    refusals: u32,
}

/// Queues an event for a function; it is run as soon as the emulator finds time.
///
/// # Errors
/// [`NotQueued`].
pub(super) fn add(
    cognito: &Cognito,
    function: &FunctionName,
    payload: Bytes,
) -> Result<(), NotQueued> {
    let host = &cognito.triggers.host;
    if !host.has(function) {
        return Err(NotQueued::NoSuchFunction(function.clone()));
    }
    let conditions = &cognito.conditions;
    let places = Arc::clone(&conditions.events.0);
    let place = places.try_acquire_owned().map_err(|_| NotQueued::Full)?;
    let now = cognito.now();
    let event = QueuedEvent {
        function: function.clone(),
        payload,
        request_id: host.request_id(),
        queued: now,
        attempts: Attempts::default(),
        _place: place,
    };
    let added = conditions.agenda.add(now, Errand::Invoke(event));
    added.map_err(|_| NotQueued::Full)
}

/// Begins to run a function with an event. What comes of it, the function's log tells.
pub(super) fn begin(cognito: &Arc<Cognito>, mut event: QueuedEvent) {
    let cognito = Arc::clone(cognito);
    // It ends with the runtime, which kills the function too.
    let _running = tokio::spawn(async move {
        // A function has its own, shorter limit; this one only bounds the wait for its turn.
        let limit = Duration::from_secs(TIMEOUT_MAX_SECONDS);
        let host = &cognito.triggers.host;
        let (function, payload) = (&event.function, event.payload.clone());
        let run = host.invoke_as(event.request_id, function, payload, limit);
        let outcome = run.await;
        let now = cognito.now();
        let age = now.duration_since(event.queued);
        if let Some(pause) = event.attempts.next(&outcome, age) {
            // A full agenda loses the event, as a queue that is too long does on AWS.
            let _ = cognito
                .conditions
                .agenda
                .add(now + pause, Errand::Invoke(event));
        }
    });
}

impl Attempts {
    /// Counts an outcome, and gives the pause before the next attempt if there is one.
    fn next(&mut self, outcome: &Outcome, age: SignedDuration) -> Option<SignedDuration> {
        let pause = if outcome.function_error().is_some() {
            self.errors += 1;
            if self.errors >= ATTEMPTS_MAX {
                return None;
            }
            ERROR_PAUSE_SECONDS << (self.errors - 1)
        } else if is_refused_for_now(outcome) {
            self.refusals += 1;
            let doublings = (self.refusals - 1).min(REFUSAL_PAUSE_SECONDS_MAX.ilog2() + 1);
            (REFUSAL_PAUSE_SECONDS << doublings).min(REFUSAL_PAUSE_SECONDS_MAX)
        } else {
            return None;
        };
        let pause = SignedDuration::from_secs(pause);
        (age + pause <= SignedDuration::from_hours(EVENT_AGE_HOURS_MAX)).then_some(pause)
    }
}

/// Whether the function may run at another time: throttling and errors of Lambda's own. Which of this
/// emulator's failures are such is a guess.
fn is_refused_for_now(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Refused(refusal) => match refusal {
            InvokeRefusal::TooManyRequests | InvokeRefusal::Unreachable { .. } => true,
            InvokeRefusal::Endpoint { status, .. } => *status == 429 || *status >= 500,
            InvokeRefusal::NoSuchFunction => false,
        },
        Outcome::CouldNotStart { .. } | Outcome::NoAnswer { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lambda::{FunctionError, PayloadPart};
    use super::*;

    /// The pauses in seconds until an event is given up.
    fn pauses(outcome: &Outcome) -> Vec<i64> {
        let mut attempts = Attempts::default();
        let mut age = SignedDuration::ZERO;
        let mut pauses = Vec::new();
        while let Some(pause) = attempts.next(outcome, age) {
            age += pause;
            pauses.push(pause.as_secs());
        }
        pauses
    }

    #[test]
    fn an_error_is_tried_twice_more() {
        let failed = Outcome::Failed(FunctionError::new("Error", "no"));
        assert_eq!(pauses(&failed), [60, 120]);
    }

    #[test]
    fn what_cannot_run_now_is_tried_for_six_hours() {
        let status = |status| {
            let error = String::new();
            Outcome::Refused(InvokeRefusal::Endpoint { status, error })
        };
        for outcome in [
            Outcome::Refused(InvokeRefusal::TooManyRequests),
            status(500),
            status(429),
        ] {
            let pauses = pauses(&outcome);
            assert_eq!(pauses[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
            let total: i64 = pauses.iter().sum();
            assert!((6 * 3600 - 300..=6 * 3600).contains(&total), "{total}");
        }
    }

    #[test]
    fn the_rest_is_given_up() {
        for outcome in [
            Outcome::Returned("{}".into()),
            Outcome::Refused(InvokeRefusal::NoSuchFunction),
            Outcome::TooLarge(PayloadPart::Request),
        ] {
            assert!(pauses(&outcome).is_empty(), "{outcome:?}");
        }
    }
}
