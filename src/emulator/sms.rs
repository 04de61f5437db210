//! The text messages that were sent: there is no network to send them through, so they are kept.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::control::SmsMessage;

/// Messages kept: a test run reads them soon, and at 140 characters each they stay under 3 MB.
const MESSAGES_MAX: usize = 10_000;

/// The newest text messages, oldest first.
#[derive(Default)]
pub(crate) struct SmsOutbox(Mutex<Sent>);

#[derive(Default)]
struct Sent {
    messages: VecDeque<SmsMessage>,
    next: u64,
}

impl SmsOutbox {
    /// Keeps a message; the oldest makes room for it.
    pub(crate) fn send(&self, to: String, text: String, code: Option<String>, now: Timestamp) {
        self.with(|sent| {
            if sent.messages.len() == MESSAGES_MAX {
                sent.messages.pop_front();
            }
            let id = sent.next.to_string();
            sent.next += 1;
            sent.messages.push_back(SmsMessage {
                id,
                to,
                text,
                sent_at: now,
                code,
            });
        });
    }

    /// The messages to this number, or all; the newest alone if `latest`.
    pub(crate) fn messages(&self, to: Option<&str>, latest: bool) -> Vec<SmsMessage> {
        self.with(|sent| {
            let wanted = |message: &&SmsMessage| to.is_none_or(|to| message.to == to);
            let count = if latest { 1 } else { MESSAGES_MAX };
            let newest = sent.messages.iter().rev().filter(wanted).take(count);
            let mut messages: Vec<_> = newest.cloned().collect();
            messages.reverse();
            messages
        })
    }

    /// Forgets all messages.
    pub(crate) fn forget(&self) {
        self.with(|sent| *sent = Sent::default());
    }

    fn with<T>(&self, work: impl FnOnce(&mut Sent) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_message_makes_room() {
        let outbox = SmsOutbox::default();
        for number in 0..=MESSAGES_MAX {
            let to = format!("+{}", number % 2);
            outbox.send(to, "text".to_owned(), None, Timestamp::UNIX_EPOCH);
        }
        let all = outbox.messages(None, false);
        assert_eq!((all.len(), &*all[0].id), (MESSAGES_MAX, "1"));
        let latest = outbox.messages(Some("+1"), true);
        assert_eq!((latest.len(), &*latest[0].id), (1, "9999"));
        outbox.forget();
        assert!(outbox.messages(None, false).is_empty());
    }
}
