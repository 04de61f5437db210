//! Queries that were started: their states, their results, and the few that run at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::insights::{Input, Plan, Progress, Results, Statistics, Stopped, run};

/// Queries that run at once, each on a thread of its own; more are `Scheduled`.
const RUNNING_MAX: usize = 2;
/// Queries that have not come to their end, as AWS's quota:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>.
pub(super) const UNFINISHED_MAX: usize = 100;
/// Queries that are kept with their results; AWS keeps those of seven days.
const KEPT_MAX: usize = 1_000;
/// Bytes of the results of all queries that are kept.
const RESULTS_BYTES_MAX: usize = 128 * 1024 * 1024;
/// How long a query may run. AWS gives it 60 minutes.
const RUN_SECONDS_MAX: u64 = 60;

/// Where a query is on its way.
#[derive(Debug, Clone)]
pub(super) enum State {
    Scheduled,
    Running,
    Complete(Arc<Results>),
    /// It needs more memory than a query may have.
    Failed,
    Cancelled,
    Timeout,
}

impl State {
    /// The state as the API names it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Scheduled => "Scheduled",
            Self::Running => "Running",
            Self::Complete(_) => "Complete",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Timeout => "Timeout",
        }
    }

    fn is_finished(&self) -> bool {
        !matches!(self, Self::Scheduled | Self::Running)
    }
}

/// A query that was started.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) text: String,
    /// The names of its groups.
    pub(super) groups: Vec<Arc<str>>,
    /// When it was started, in milliseconds.
    pub(super) created: i64,
    progress: Progress,
    state: Mutex<State>,
}

impl Query {
    pub(super) fn new(id: String, text: String, groups: Vec<Arc<str>>, created: i64) -> Self {
        Self {
            id,
            text,
            groups,
            created,
            progress: Progress::default(),
            state: Mutex::new(State::Scheduled),
        }
    }

    pub(super) fn state(&self) -> State {
        self.lock().clone()
    }

    /// What it has read so far.
    pub(super) fn statistics(&self) -> Statistics {
        self.progress.statistics()
    }

    /// Stops it; false if it had come to its end before.
    pub(super) fn cancel(&self) -> bool {
        let was_running = self.becomes(State::Cancelled);
        self.progress.stop();
        was_running
    }

    /// Changes the state, unless it is a last one.
    fn becomes(&self, next: State) -> bool {
        let mut state = self.lock();
        let changes = !state.is_finished();
        if changes {
            *state = next;
        }
        changes
    }

    fn result_bytes(&self) -> usize {
        match &*self.lock() {
            State::Complete(results) => results.bytes,
            _ => 0,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A state is whole after any panic, so that a poisoned lock is still good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All queries, the oldest first.
#[derive(Debug)]
pub(super) struct Queries {
    kept: Mutex<VecDeque<Arc<Query>>>,
    running: Arc<Semaphore>,
}

impl Queries {
    pub(super) fn new() -> Self {
        Self {
            kept: Mutex::default(),
            running: Arc::new(Semaphore::new(RUNNING_MAX)),
        }
    }

    /// The query of this id.
    pub(super) fn query(&self, id: &str) -> Option<Arc<Query>> {
        self.lock().iter().find(|query| query.id == id).cloned()
    }

    /// All queries, the newest first.
    pub(super) fn all(&self) -> Vec<Arc<Query>> {
        self.lock().iter().rev().cloned().collect()
    }

    /// Takes a query in, and lets it run when there is a place. False if [`UNFINISHED_MAX`] have not
    /// come to their end.
    ///
    /// It needs a Tokio runtime with time.
    pub(super) fn start(&self, query: Arc<Query>, plan: Plan, input: Input) -> bool {
        let mut kept = self.lock();
        let unfinished = kept.iter().filter(|query| !query.state().is_finished());
        if unfinished.count() >= UNFINISHED_MAX {
            return false;
        }
        let mut bytes: usize = kept.iter().map(|query| query.result_bytes()).sum();
        while kept.len() >= KEPT_MAX || bytes > RESULTS_BYTES_MAX {
            let oldest = kept.iter().position(|query| query.state().is_finished());
            let Some(oldest) = oldest.and_then(|index| kept.remove(index)) else {
                break;
            };
            bytes = bytes.saturating_sub(oldest.result_bytes());
        }
        kept.push_back(Arc::clone(&query));
        drop(kept);
        tokio::spawn(lead(Arc::clone(&self.running), query, plan, input));
        true
    }

    /// Stops and forgets all queries.
    pub(super) fn clear(&self) {
        for query in self.lock().drain(..) {
            query.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Query>>> {
        // The list is whole after any panic, so that a poisoned lock is still good.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leads a query to its end, off the threads that answer requests.
async fn lead(running: Arc<Semaphore>, query: Arc<Query>, plan: Plan, input: Input) {
    let Ok(place) = running.acquire_owned().await else {
        return;
    };
    if !query.becomes(State::Running) {
        return;
    }
    let worker = Arc::clone(&query);
    let work = tokio::task::spawn_blocking(move || {
        // The place is free again when the work is done, not when nobody waits for it.
        let _place = place;
        run(&plan, &input, &worker.progress)
    });
    let end = match tokio::time::timeout(Duration::from_secs(RUN_SECONDS_MAX), work).await {
        Ok(Ok(Ok(results))) => State::Complete(Arc::new(results)),
        Ok(Ok(Err(Stopped::OnRequest))) => State::Cancelled,
        Ok(Ok(Err(Stopped::TooLarge)) | Err(_)) => State::Failed,
        Err(_) => State::Timeout,
    };
    query.becomes(end);
    query.progress.stop();
}
