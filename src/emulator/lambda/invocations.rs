//! With what a function was invoked: on AWS a function would log that itself.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use jiff::Timestamp;

use crate::control::{FunctionEvent, FunctionInvocation, FunctionInvocations};

/// The most events that are kept of one function; the oldest go first. A trigger's has about a
/// kilobyte.
const EVENTS_MAX: usize = 1_000;
/// The most bytes of events that are kept of one function.
const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The invocations of one function: their number, and the newest events.
#[derive(Default)]
pub(crate) struct Invocations(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    count: u64,
    events: VecDeque<(Timestamp, Bytes)>,
    bytes: usize,
}

impl Invocations {
    /// Notes one.
    pub(super) fn note(&self, at: Timestamp, event: Bytes) {
        self.with(|kept| {
            kept.count += 1;
            kept.bytes += event.len();
            kept.events.push_back((at, event));
            while kept.events.len() > EVENTS_MAX || kept.bytes > EVENT_BYTES_MAX {
                let Some((_, oldest)) = kept.events.pop_front() else {
                    break;
                };
                kept.bytes -= oldest.len();
            }
        });
    }

    /// What is known of them.
    pub(crate) fn told(&self) -> FunctionInvocations {
        let (count, events) = self.with(|kept| (kept.count, kept.events.clone()));
        let latest = events.into_iter().map(|(at, event)| FunctionInvocation {
            at,
            event: FunctionEvent::new(&event),
        });
        FunctionInvocations {
            count,
            latest: latest.collect(),
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        // The list is whole after any panic, so that a poisoned lock is still good.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Invocations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invocations").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_events_make_room_and_are_still_counted() {
        let invocations = Invocations::default();
        let note = |text: String| invocations.note(Timestamp::UNIX_EPOCH, text.into());
        (0..=EVENTS_MAX).for_each(|number| note(number.to_string()));
        let told = invocations.told();
        assert_eq!((told.count, told.latest.len()), (1_001, EVENTS_MAX));
        assert_eq!(told.latest[0].event.as_json(), "1");
        note(format!("\"{}\"", "x".repeat(EVENT_BYTES_MAX - 2)));
        assert_eq!(
            invocations.told().latest.len(),
            1,
            "the bytes are bounded, too"
        );
    }
}
