//! The log of a function: what it printed and what the platform said about it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::model::SharedClock;

/// The most events that are kept of one function; the oldest go first. A trigger writes about five
/// an invocation, so that this is the last two thousand.
pub const LOG_EVENTS_MAX: usize = 10_000;

/// The most bytes of messages that are kept of one function.
pub const LOG_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One event of a function's log, as CloudWatch Logs would have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// When it was written, by the host's clock.
    pub timestamp: Timestamp,
    /// The log stream, one for each environment: `2026/11/21/[$LATEST]0123...`.
    pub stream: Arc<str>,
    /// The text, which ends with a line end as in CloudWatch Logs.
    pub message: String,
}

/// Receives each event of each function as it is written.
///
/// It is called on the host's own tasks and must not block.
pub trait LogSink: Send + Sync {
    /// Takes one event of a log group, such as `/aws/lambda/welcome`.
    fn receive(&self, group: &str, event: &LogEvent);
}

#[derive(Default)]
struct Kept {
    events: VecDeque<LogEvent>,
    bytes: usize,
    dropped: u64,
    // Called under the lock, so that nothing is passed on after `close`.
    sink: Option<Arc<dyn LogSink>>,
}

/// The log of one function: the newest events, within [`LOG_EVENTS_MAX`] and [`LOG_BYTES_MAX`].
pub struct FunctionLog {
    group: String,
    kept: Mutex<Kept>,
}

impl FunctionLog {
    pub(super) fn new(group: String, sink: Option<Arc<dyn LogSink>>) -> Self {
        Self {
            group,
            kept: Mutex::new(Kept {
                sink,
                ..Kept::default()
            }),
        }
    }

    /// The name of the log group, `/aws/lambda/NAME`.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// The events that are kept, oldest first.
    pub fn events(&self) -> Vec<LogEvent> {
        self.lock().events.iter().cloned().collect()
    }

    /// How many events were dropped because newer ones needed their place.
    pub fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// Passes nothing on any more: a function that was removed may still be writing.
    pub(super) fn close(&self) {
        self.lock().sink = None;
    }

    fn append(&self, event: LogEvent) {
        let mut kept = self.lock();
        if let Some(sink) = &kept.sink {
            sink.receive(&self.group, &event);
        }
        kept.bytes += event.message.len();
        kept.events.push_back(event);
        while kept.events.len() > LOG_EVENTS_MAX || kept.bytes > LOG_BYTES_MAX {
            let Some(oldest) = kept.events.pop_front() else {
                break;
            };
            kept.bytes -= oldest.message.len();
            kept.dropped += 1;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // A list of events is whole after any panic, so that a poisoned lock is still good.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FunctionLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionLog")
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

/// The pen of one environment: writes into one stream of a function's log.
#[derive(Debug, Clone)]
pub(super) struct LogStream {
    log: Arc<FunctionLog>,
    name: Arc<str>,
    clock: SharedClock,
}

impl LogStream {
    /// A new stream, named by the day and 128 random bits as AWS names them.
    pub(super) fn open(log: Arc<FunctionLog>, clock: SharedClock, random: u128) -> Self {
        let day = clock.now().strftime("%Y/%m/%d").to_string();
        Self {
            log,
            name: format!("{day}/[$LATEST]{random:032x}").into(),
            clock,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn group(&self) -> &str {
        self.log.group()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Writes one event; the line end is added.
    pub(super) fn write(&self, text: &str) {
        self.log.append(LogEvent {
            timestamp: self.clock.now(),
            stream: Arc::clone(&self.name),
            message: format!("{text}\n"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SystemClock;

    fn stream() -> LogStream {
        let log = Arc::new(FunctionLog::new("/aws/lambda/f".to_owned(), None));
        LogStream::open(log, Arc::new(SystemClock), 0xab)
    }

    #[test]
    fn a_stream_is_named_by_day_and_version() {
        let name = stream().name().to_owned();
        assert!(
            name.ends_with("/[$LATEST]000000000000000000000000000000ab"),
            "{name}"
        );
        assert_eq!(name.find('['), Some("2026/11/21/".len()));
    }

    #[test]
    fn the_oldest_events_make_room() {
        let stream = stream();
        for number in 0..LOG_EVENTS_MAX + 2 {
            stream.write(&number.to_string());
        }
        assert_eq!(stream.log.dropped(), 2);
        assert_eq!(stream.log.events()[0].message, "2\n");

        stream.write(&"x".repeat(LOG_BYTES_MAX - 1));
        assert_eq!(stream.log.events().len(), 1, "the bytes are bounded, too");
    }
}
