//! The thread that lists an inbox for all who wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::store::{Found, Store};
use crate::inbox::recipients::Recipients;
use crate::inbox::requests::{Request, Requests, StopOnDrop, Turn};
use crate::inbox::waiters::Waiters;
use crate::inbox::watch::Starts;
use crate::inbox::{Arrival, ArrivalId, InboxError, MailSummary, MailboxFacts, Position};
use crate::model::{EmailAddress, SharedClock};

/// Pause between two looks while somebody waits, in multiples of the time that a look takes.
const PAUSE_FACTOR: u32 = 10;

/// Bounds of that pause.
const PAUSES: [Duration; 2] = [Duration::from_millis(5), Duration::from_secs(1)];

/// Pause while mail is expected, but nobody waits for it at this moment.
const EXPECTED_PAUSE: Duration = Duration::from_secs(2);

/// Pause while no mail is expected. Nothing depends on it.
const IDLE_PAUSE: Duration = Duration::from_mins(10);

/// How long an inbox that was there before may be out of reach: a restart takes less.
const OUTAGE_TIME_MAX: Duration = Duration::from_secs(20);

/// Pause before an inbox that is out of reach is tried again.
const OUTAGE_PAUSE: Duration = Duration::from_millis(200);

/// Polls a store until it is told to stop.
pub(super) struct Reader<S> {
    pub(super) store: S,
    pub(super) requests: Arc<Requests>,
    pub(super) waiters: Waiters,
    pub(super) clock: SharedClock,
    /// When the inbox was opened.
    pub(super) generation: u64,
    /// What it is, for messages.
    pub(super) name: String,
    /// Every mail that was seen, in order; its place is its offset.
    mails: Vec<Found>,
    /// How many of them were handed on, or were there before.
    delivered: usize,
    /// Whether a look has ever succeeded: what the first one finds is old.
    is_known: bool,
    pending: Vec<Request>,
    outage: Option<Instant>,
    look_took: Duration,
}

impl<S: Store> Reader<S> {
    pub(super) fn new(
        store: S,
        requests: Arc<Requests>,
        waiters: Waiters,
        clock: SharedClock,
        name: String,
    ) -> Self {
        let generation = u64::try_from(clock.now().as_millisecond()).unwrap_or_default();
        Self {
            store,
            requests,
            waiters,
            clock,
            generation,
            name,
            mails: Vec::new(),
            delivered: 0,
            is_known: false,
            pending: Vec::new(),
            outage: None,
            look_took: Duration::ZERO,
        }
    }

    /// Works until it is stopped.
    pub(super) fn run(mut self) {
        let _stop = StopOnDrop(Arc::clone(&self.requests));
        let mut pause = IDLE_PAUSE;
        while let Turn::Look(asked) = self.requests.next(pause) {
            self.pending.extend(asked);
            // Every look is a whole one, so it serves those who begin to wait too.
            self.requests.take_hurry();
            let began = Instant::now();
            pause = match self.look() {
                Ok(()) => {
                    self.outage = None;
                    self.requests.note_trouble(None);
                    self.look_took = began.elapsed();
                    self.pause()
                }
                Err(error) => self.after_failure(&error),
            };
        }
        self.waiters.stop();
        for request in self.pending.drain(..) {
            request.refuse(InboxError::Stopped);
        }
    }

    fn pause(&self) -> Duration {
        let [min, max] = PAUSES;
        if self.requests.somebody_waits() {
            (self.look_took * PAUSE_FACTOR).clamp(min, max)
        } else if self.waiters.is_empty() {
            IDLE_PAUSE
        } else {
            EXPECTED_PAUSE
        }
    }

    fn after_failure(&mut self, error: &InboxError) -> Duration {
        let began = *self.outage.get_or_insert_with(Instant::now);
        let is_wanted = !self.pending.is_empty() || !self.waiters.is_empty();
        // A place that never was in reach is rather a mistake in its name than an outage.
        if self.is_known && is_wanted && began.elapsed() < OUTAGE_TIME_MAX {
            self.requests.note_trouble(Some(error.clone()));
            return OUTAGE_PAUSE;
        }
        self.outage = None;
        self.requests.note_trouble(None);
        self.waiters.fail(error);
        for request in self.pending.drain(..) {
            request.refuse(error.clone());
        }
        IDLE_PAUSE
    }

    fn look(&mut self) -> Result<(), InboxError> {
        self.mails.extend(self.store.new_mails()?);
        if !self.is_known || self.waiters.is_empty() {
            // Nobody can want them: who registers later begins behind them.
            self.delivered = self.mails.len();
        }
        self.is_known = true;
        while let Some(found) = self.mails.get(self.delivered).cloned() {
            self.deliver(self.delivered as u64 + 1, &found)?;
            self.delivered += 1;
        }
        for request in std::mem::take(&mut self.pending) {
            self.answer(request);
        }
        Ok(())
    }

    /// Hands a mail to those who wait for it.
    fn deliver(&mut self, offset: u64, found: &Found) -> Result<(), InboxError> {
        let Some(raw) = self.store.raw(&found.name)? else {
            return Ok(());
        };
        let recipients = Recipients::of(&raw).with_stamped(&found.recipients);
        let mut whose = recipients.awaited(|address| self.waiters.is_awaited(address));
        if whose.is_empty() {
            whose.extend(recipients.shown());
        }
        if whose.is_empty() {
            self.waiters.pass();
        }
        let raw: Arc<[u8]> = raw.into();
        for recipient in whose {
            let arrival = self.arrival(offset, recipient, found, Arc::clone(&raw));
            self.waiters.deliver(&recipient.mailbox_key(), &arrival);
        }
        Ok(())
    }

    fn arrival(
        &self,
        offset: u64,
        recipient: &EmailAddress,
        found: &Found,
        raw: Arc<[u8]>,
    ) -> Arrival {
        let position = self.at(offset);
        Arrival {
            id: ArrivalId::new(position.to_string()),
            position,
            envelope_from: None,
            envelope_to: recipient.clone(),
            received_at: self.clock.now(),
            folder: found.folder.clone(),
            raw,
        }
    }

    fn at(&self, offset: u64) -> Position {
        Position::new(self.generation, offset)
    }

    /// Behind the last mail.
    fn present(&self) -> Position {
        self.at(self.mails.len() as u64 + 1)
    }

    /// From one place on in all folders, since their mails are counted together.
    fn starts(&self, inbox: Position) -> Starts {
        let folders = self.store.junk_folders().into_iter();
        Starts {
            inbox,
            elsewhere: folders.map(|folder| (folder, inbox)).collect(),
        }
    }

    /// Does what was asked.
    fn answer(&mut self, request: Request) {
        let starts = self.starts(self.present());
        // Who does not wait for an answer any more needs none.
        match request {
            Request::Look(reply) => drop(reply.send(Ok(starts))),
            Request::Since {
                recipient,
                start,
                reply,
            } => {
                let checked = start.in_generation_of(starts.inbox, || self.name.clone());
                let stored = checked.and_then(|()| self.stored_for(&recipient, start));
                let answer = stored.map(|mails| (self.starts(start), mails));
                drop(reply.send(answer));
            }
            Request::Newest { count, reply } => drop(reply.send(self.newest(count))),
            Request::Mail { position, reply } => drop(reply.send(self.mail(position))),
            // Neither has a quota, or remembers what it had.
            Request::Mailbox { reply, .. } => drop(reply.send(Ok(MailboxFacts::default()))),
        }
    }

    fn stored_for(
        &mut self,
        recipient: &EmailAddress,
        start: Position,
    ) -> Result<Vec<Arrival>, InboxError> {
        let mut stored = Vec::new();
        for (offset, found) in (1..).zip(self.mails.clone()) {
            if !self.at(offset).reached(start) {
                continue;
            }
            let Some(raw) = self.store.raw(&found.name)? else {
                continue;
            };
            let recipients = Recipients::of(&raw).with_stamped(&found.recipients);
            let theirs = recipients.awaited(|address| address.same_mailbox(recipient));
            if !theirs.is_empty() {
                stored.push(self.arrival(offset, recipient, &found, raw.into()));
            }
        }
        Ok(stored)
    }

    fn newest(&mut self, count: usize) -> Result<Vec<MailSummary>, InboxError> {
        let mut newest = Vec::new();
        let newest_first = self.mails.clone().into_iter().enumerate().rev();
        for (index, found) in newest_first.take(count) {
            let offset = index as u64 + 1;
            // Those that were deleted meanwhile are left out.
            let Some(raw) = self.store.raw(&found.name)? else {
                continue;
            };
            newest.push(MailSummary {
                position: self.at(offset),
                size_bytes: raw.len() as u64,
                headers: headers(&raw).into(),
            });
        }
        newest.reverse();
        Ok(newest)
    }

    fn mail(&mut self, position: Position) -> Result<Option<Arc<[u8]>>, InboxError> {
        let index = usize::try_from(position.offset()).ok();
        let index = index.and_then(|offset| offset.checked_sub(1));
        let found = index.and_then(|index| self.mails.get(index)).cloned();
        match found {
            Some(found) if self.at(position.offset()) == position => {
                Ok(self.store.raw(&found.name)?.map(Into::into))
            }
            _ => Ok(None),
        }
    }
}

/// A mail up to the empty line that ends its headers.
fn headers(raw: &[u8]) -> &[u8] {
    let crlf = memchr::memmem::find(raw, b"\r\n\r\n").map(|at| at + 4);
    let lf = memchr::memmem::find(raw, b"\n\n").map(|at| at + 2);
    let end = crlf.into_iter().chain(lf).min();
    &raw[..end.unwrap_or(raw.len())]
}
