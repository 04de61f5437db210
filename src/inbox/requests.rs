//! What is asked of a mailbox's thread, and by how many it is waited for.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::pull::Pull;
use super::watch::Starts;
use super::{Arrival, InboxError, MailSummary, MailboxFacts, Position};
use crate::model::EmailAddress;

/// How long a last look may take after a deadline; then the end of the wait is uncertain.
const LAST_LOOK_TIME_MAX: Duration = Duration::from_secs(10);

/// An answer on its way.
pub(super) type Reply<T> = oneshot::Sender<Result<T, InboxError>>;

/// Something to do for one who asked.
#[derive(Debug)]
pub(super) enum Request {
    /// Deliver what is stored by now, and say how far the folders have come.
    Look(Reply<Starts>),
    /// The same, with what is stored for a recipient since a position.
    Since {
        recipient: EmailAddress,
        start: Position,
        reply: Reply<(Starts, Vec<Arrival>)>,
    },
    /// What the newest mails are.
    Newest {
        count: usize,
        reply: Reply<Vec<MailSummary>>,
    },
    /// The bytes of one mail of the inbox, if it is there.
    Mail {
        position: Position,
        reply: Reply<Option<Arc<[u8]>>>,
    },
    /// What the mailbox as a whole tells, since a position.
    Mailbox {
        start: Position,
        reply: Reply<MailboxFacts>,
    },
}

impl Request {
    /// Answers that it cannot be done.
    pub(super) fn refuse(self, error: InboxError) {
        // Who does not wait for the answer any more needs none.
        match self {
            Self::Look(reply) => drop(reply.send(Err(error))),
            Self::Since { reply, .. } => drop(reply.send(Err(error))),
            Self::Newest { reply, .. } => drop(reply.send(Err(error))),
            Self::Mail { reply, .. } => drop(reply.send(Err(error))),
            Self::Mailbox { reply, .. } => drop(reply.send(Err(error))),
        }
    }
}

/// What the thread has to do next.
#[derive(Debug)]
pub(super) enum Turn {
    /// Do these, if any, and look for new mail.
    Look(Vec<Request>),
    /// End.
    Stop,
}

/// Where those who wait meet the mailbox's thread.
#[derive(Debug, Default)]
pub(super) struct Requests {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    asked: Vec<Request>,
    waiting: usize,
    /// A wait began, and wants a look at once.
    hurried: bool,
    stopped: bool,
    /// Why the mailbox is out of reach at present, if it is.
    trouble: Option<InboxError>,
}

impl Requests {
    /// Asks the thread for something; without an answer the thread has ended.
    pub(super) async fn ask<T>(
        &self,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, InboxError> {
        let (reply, answer) = oneshot::channel();
        {
            let mut state = self.lock();
            if state.stopped {
                return Err(InboxError::Stopped);
            }
            state.asked.push(request(reply));
        }
        self.changed.notify_all();
        answer.await.unwrap_or(Err(InboxError::Stopped))
    }

    /// What to do next, after `pause` at the latest.
    pub(super) fn next(&self, pause: Duration) -> Turn {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        loop {
            if state.stopped {
                return Turn::Stop;
            }
            let left = until.saturating_duration_since(Instant::now());
            if state.hurried || !state.asked.is_empty() || left.is_zero() {
                return Turn::Look(std::mem::take(&mut state.asked));
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether there is something to do at once.
    pub(super) fn are_pressing(&self) -> bool {
        let state = self.lock();
        state.stopped || state.hurried || !state.asked.is_empty()
    }

    /// Whether a wait began since this was asked last.
    pub(super) fn take_hurry(&self) -> bool {
        std::mem::take(&mut self.lock().hurried)
    }

    /// Whether somebody waits for mail.
    pub(super) fn somebody_waits(&self) -> bool {
        self.lock().waiting > 0
    }

    /// Notes why the mailbox is out of reach, or that it is not.
    pub(super) fn note_trouble(&self, trouble: Option<InboxError>) {
        self.lock().trouble = trouble;
    }

    /// Ends the thread; whatever is asked and not done is refused.
    pub(super) fn stop(&self) {
        let asked = {
            let mut state = self.lock();
            state.stopped = true;
            std::mem::take(&mut state.asked)
        };
        self.changed.notify_all();
        for request in asked {
            request.refuse(InboxError::Stopped);
        }
    }

    // Each change is one push or one number, so a panic leaves whole values behind.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pull for Requests {
    fn begin_wait(&self) {
        let mut state = self.lock();
        state.waiting += 1;
        state.hurried = true;
        self.changed.notify_all();
    }

    fn end_wait(&self) {
        self.lock().waiting -= 1;
    }

    fn look(&self) -> futures::future::BoxFuture<'_, Result<(), InboxError>> {
        Box::pin(async {
            let asked = tokio::time::timeout(LAST_LOOK_TIME_MAX, self.ask(Request::Look)).await;
            match asked {
                Ok(looked) => looked.map(|_| ()),
                Err(_) => Err(match self.lock().trouble.clone() {
                    Some(error) => error,
                    None => InboxError::Slow {
                        waited: LAST_LOOK_TIME_MAX,
                    },
                }),
            }
        })
    }
}

/// Stops when dropped, so that nobody waits for a thread that has ended.
pub(super) struct StopOnDrop(pub(super) Arc<Requests>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}
