//! Mails that come after nobody waits for them any more.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;

use super::people::Waiting;
use crate::inbox::Watch;
use crate::record::{Event, ScenarioRecorder, millis};

/// The watches that ended without their mail, kept until the run ends: that a mail came late is
/// another finding than that none came. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct LateMails(Arc<Mutex<Vec<Unanswered>>>);

#[derive(Debug)]
struct Unanswered {
    watch: Watch,
    requested: Timestamp,
    recorder: ScenarioRecorder,
}

impl LateMails {
    /// Keeps a wait whose scenario has ended, unless its mail came.
    pub(super) fn keep(&self, waiting: Waiting, recorder: ScenarioRecorder) {
        let Waiting {
            watch, requested, ..
        } = waiting;
        if watch.has_yielded() {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(Unanswered {
            watch,
            requested,
            recorder,
        });
    }

    /// Looks once more, records what came late, and forgets the watches.
    pub async fn record(&self) {
        let kept = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *kept)
        };
        // All at once: an inbox that has to be asked is asked once for all.
        join_all(kept.into_iter().map(Unanswered::record)).await;
    }
}

impl Unanswered {
    async fn record(mut self) {
        let now = Instant::now();
        while let Ok(arrival) = self.watch.next(now).await {
            let delivery = arrival.received_at.duration_since(self.requested);
            self.recorder.record(Event::MailLate {
                to: arrival.envelope_to.to_string(),
                delivery_ms: millis(delivery.try_into().unwrap_or_default()),
            });
        }
    }
}
