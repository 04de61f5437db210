//! The conditions under which the emulator works, all of which the control interface can change.

use std::sync::Arc;

use super::agenda::Agenda;
use super::clock::MovableClock;
use super::cloudtrail::Trail;
use super::delivery::HeldMails;
use super::event_queue::EventQueue;
use super::faults::Faults;
use super::quotas::QuotaMeter;
use crate::control::{Quotas, TrailSettings};

/// Clock, faults, quotas, the trail of calls, and what is to happen later.
pub(crate) struct Conditions {
    pub(crate) clock: Arc<MovableClock>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) quotas: QuotaMeter,
    pub(crate) trail: Trail,
    pub(crate) agenda: Agenda,
    pub(crate) held: HeldMails,
    pub(crate) events: EventQueue,
}

impl Conditions {
    /// Conditions without faults or quotas.
    pub(crate) fn new(clock: Arc<MovableClock>, faults: Arc<Faults>, trail: Trail) -> Self {
        Self {
            clock,
            faults,
            quotas: QuotaMeter::default(),
            trail,
            agenda: Agenda::default(),
            held: HeldMails::default(),
            events: EventQueue::default(),
        }
    }

    /// Brings back the conditions of the start.
    pub(crate) fn reset(&self, quotas: Quotas, trail: TrailSettings) {
        self.agenda.clear();
        self.held.clear();
        self.faults.clear();
        self.quotas.reset(quotas);
        self.trail.reset(trail);
        self.clock.reset();
    }
}
