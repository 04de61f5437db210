//! Events that are not visible yet: a log that lags behind what it tells of.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Events that may be on their way at a time; beyond it an event is visible at once.
const LATE_EVENTS_MAX: usize = 100_000;

/// An event on its way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LateEvent {
    /// When it becomes visible, in milliseconds since the epoch.
    pub(super) visible_at: i64,
    pub(super) group: String,
    pub(super) stream: String,
    pub(super) at: i64,
    pub(super) message: String,
}

/// The events that are on their way.
#[derive(Debug, Default)]
pub(super) struct Late {
    events: BinaryHeap<Numbered>,
    next: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Numbered {
    event: LateEvent,
    number: u64,
}

impl Late {
    /// Keeps an event until it is visible; gives it back if there is no room.
    pub(super) fn add(&mut self, event: LateEvent) -> Result<(), LateEvent> {
        if self.events.len() >= LATE_EVENTS_MAX {
            return Err(event);
        }
        let number = self.next;
        self.next += 1;
        self.events.push(Numbered { event, number });
        Ok(())
    }

    /// The next event that is visible by now.
    pub(super) fn visible(&mut self, now: i64) -> Option<LateEvent> {
        if self.events.peek()?.event.visible_at > now {
            return None;
        }
        self.events.pop().map(|numbered| numbered.event)
    }

    /// Forgets them.
    pub(super) fn clear(&mut self) {
        self.events.clear();
    }
}

/// The heap's greatest is the one that is visible first; of two at one moment, the first to be added.
impl Ord for Numbered {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = |numbered: &Self| (numbered.event.visible_at, numbered.number);
        order(other).cmp(&order(self))
    }
}

impl PartialOrd for Numbered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_become_visible_at_their_time_and_in_order() {
        let mut late = Late::default();
        for (visible_at, message) in [(20, "c"), (10, "a"), (20, "d"), (10, "b")] {
            let event = LateEvent {
                visible_at,
                group: String::new(),
                stream: String::new(),
                at: 0,
                message: message.to_owned(),
            };
            late.add(event).unwrap();
        }
        assert_eq!(late.visible(9), None);
        let mut seen = String::new();
        while let Some(event) = late.visible(20) {
            seen.push_str(&event.message);
        }
        assert_eq!(seen, "abcd");
    }
}
