//! Runs a query over the events of some groups.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::fields::EventView;
use super::pipeline::Pipeline;
use super::plan::Plan;
use super::results::{Pointer, Results, Stopped};
use crate::emulator::logs::group::{Place, Snapshot};

/// Events after which a query looks whether it was stopped.
const EVENTS_BETWEEN_LOOKS: usize = 256;

/// How far a query is; others read it while it runs.
#[derive(Debug, Default)]
pub(in crate::emulator::logs) struct Progress {
    stop: AtomicBool,
    matched: AtomicU64,
    scanned: AtomicU64,
    bytes: AtomicU64,
}

/// The figures of `GetQueryResults`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::emulator::logs) struct Statistics {
    /// Events that passed the filters.
    pub(in crate::emulator::logs) matched: u64,
    /// Events that were read.
    pub(in crate::emulator::logs) scanned: u64,
    /// Bytes of text that were read.
    pub(in crate::emulator::logs) bytes: u64,
}

impl Progress {
    /// Makes the query end soon.
    pub(in crate::emulator::logs) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub(in crate::emulator::logs) fn statistics(&self) -> Statistics {
        Statistics {
            matched: self.matched.load(Ordering::Relaxed),
            scanned: self.scanned.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }

    fn tell(&self, statistics: Statistics) -> Result<(), Stopped> {
        self.matched.store(statistics.matched, Ordering::Relaxed);
        self.scanned.store(statistics.scanned, Ordering::Relaxed);
        self.bytes.store(statistics.bytes, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            return Err(Stopped::OnRequest);
        }
        Ok(())
    }
}

/// What a query reads.
#[derive(Debug)]
pub(in crate::emulator::logs) struct Input {
    pub(in crate::emulator::logs) groups: Vec<Snapshot>,
    /// `ACCOUNT:GROUP` of each.
    pub(in crate::emulator::logs) logs: Vec<String>,
    /// The first and the one after the last millisecond.
    pub(in crate::emulator::logs) start: i64,
    pub(in crate::emulator::logs) end: i64,
    /// The moment at which it begins, in seconds.
    pub(in crate::emulator::logs) now: f64,
}

/// Runs a query over all events of its groups, the newest first.
///
/// # Errors
/// [`Stopped`].
pub(in crate::emulator::logs) fn run(
    plan: &Plan,
    input: &Input,
    progress: &Progress,
) -> Result<Results, Stopped> {
    let places = places(input);
    let mut pipeline = Pipeline::new(plan, input.now);
    let mut row = pipeline.empty_row();
    let mut statistics = Statistics::default();
    for (count, (group, place)) in places.into_iter().rev().enumerate() {
        if count % EVENTS_BETWEEN_LOOKS == 0 {
            progress.tell(statistics)?;
        }
        let (Some(snapshot), Some(log)) = (input.groups.get(group), input.logs.get(group)) else {
            continue;
        };
        let Some(event) = snapshot.event(place) else {
            continue;
        };
        let stamp = event.stamp;
        let view = EventView {
            at: stamp.at,
            ingested: stamp.ingested,
            message: event.message,
            stream: snapshot.stream_name(stamp.stream),
            log,
        };
        let pointer = Pointer {
            group,
            at: stamp.at,
            id: stamp.id,
        };
        pipeline.take(view, pointer, &mut row)?;
        statistics.scanned += 1;
        statistics.bytes += event.message.len() as u64;
        statistics.matched = pipeline.matched();
    }
    progress.tell(statistics)?;
    pipeline.finish()
}

/// Where the events lie, by time over all groups.
fn places(input: &Input) -> Vec<(usize, Place)> {
    let mut places = Vec::new();
    for (index, group) in input.groups.iter().enumerate() {
        let group = group.between(input.start, input.end).into_iter();
        places.extend(group.map(|place| (index, place)));
    }
    if input.groups.len() > 1 {
        places.sort_by_key(|(_, place)| place.at);
    }
    places
}
