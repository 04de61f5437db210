//! The event history: the calls of 90 days, as many as there is room for.

use std::cmp::Reverse;
use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::call::Call;
use super::lookup::{Lookup, Position};

/// How long AWS keeps the event history (CAUSES.md, evidence source 2).
const KEPT_HOURS: i64 = 90 * 24;
/// Calls that are kept: several times those of a large suite, in some ten megabytes.
pub(super) const CALLS_MAX: usize = 50_000;
/// Bytes of the requests that are kept with them.
pub(super) const REQUEST_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The calls that were recorded, oldest first.
#[derive(Default)]
pub(super) struct History {
    calls: VecDeque<Call>,
    request_bytes: usize,
    next: u64,
    dropped: u64,
}

/// One page of what a look-up finds.
pub(super) struct Found<'a> {
    /// The newest first.
    pub(super) calls: Vec<&'a Call>,
    pub(super) more: bool,
}

impl History {
    /// Keeps a call; the oldest ones go if there is no room.
    pub(super) fn add(&mut self, mut call: Call) {
        call.number = self.next;
        self.next += 1;
        self.request_bytes += call.extra_bytes();
        self.calls.push_back(call);
        while self.calls.len() > CALLS_MAX || self.request_bytes > REQUEST_BYTES_MAX {
            self.remove_first();
            self.dropped += 1;
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many calls are kept.
    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }

    /// How many made room for newer ones.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Lets go of what is too old.
    pub(super) fn expire(&mut self, now: Timestamp) {
        let kept = SignedDuration::from_hours(KEPT_HOURS);
        while (self.calls.front()).is_some_and(|call| now.duration_since(call.began) > kept) {
            self.remove_first();
        }
    }

    /// The calls that are visible by now and that a look-up asks for.
    ///
    /// The work is linear in what is kept.
    pub(super) fn find(&self, lookup: &Lookup, now: Timestamp) -> Found<'_> {
        let asked = |call: &&Call| call.visible_at <= now && lookup.asks_for(call);
        let mut calls: Vec<&Call> = self.calls.iter().filter(asked).collect();
        // Calls are kept as they end, and sorted as they begin.
        calls.sort_unstable_by_key(|call| Reverse(Position::of(call)));
        let more = calls.len() > lookup.max_results;
        calls.truncate(lookup.max_results);
        Found { calls, more }
    }

    fn remove_first(&mut self) {
        if let Some(call) = self.calls.pop_front() {
            self.request_bytes -= call.extra_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::Bytes;
    use axum::http::HeaderMap;
    use uuid::Uuid;

    use super::*;
    use crate::emulator::cloudtrail::call::Asked;
    use crate::emulator::cloudtrail::identity::Caller;
    use crate::emulator::validation;

    fn call(second: i64, body: usize) -> Call {
        let at = Timestamp::from_second(second).unwrap();
        let operation = validation::operation("SignUp").unwrap();
        Call {
            id: Uuid::nil(),
            number: 0,
            began: at,
            visible_at: at,
            caller: Arc::new(Caller::of(&HeaderMap::new())),
            address: None,
            asked: Asked::user_pools(operation, None, Bytes::from(vec![b' '; body])),
            error: None,
            request_id: Uuid::nil(),
        }
    }

    #[test]
    fn calls_make_room_by_number_by_size_and_by_age() {
        let mut history = History::default();
        for second in 0..=50_000 {
            history.add(call(second, 0));
        }
        assert_eq!((history.len(), history.dropped()), (CALLS_MAX, 1));

        let ninety_days = 90 * 24 * 60 * 60;
        let at = |second| Timestamp::from_second(second).unwrap();
        history.expire(at(ninety_days + 1));
        assert_eq!(history.len(), CALLS_MAX);
        history.expire(at(ninety_days + 11));
        assert_eq!((history.len(), history.dropped()), (CALLS_MAX - 10, 1));

        history.clear();
        for second in 0..200 {
            history.add(call(second, 100 * 1024));
        }
        assert_eq!((history.len(), history.dropped()), (163, 37));
        // What is too large to be kept leaves its event all the same.
        history.clear();
        history.add(call(0, 100 * 1024 + 1));
        assert_eq!((history.len(), history.request_bytes), (1, 0));
    }
}
