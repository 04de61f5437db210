//! The mailbox's thread: one connection, read for all who wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;

use super::super::requests::{Request, Requests, StopOnDrop, Turn};
use super::super::waiters::Waiters;
use super::super::{Folder, InboxError};
use super::error::{Exchange, ImapError};
use super::folders;
use super::mailbox::ReadUids;
use super::places::{Place, Places, Recent};
use super::session::Session;
use super::settings::ImapSettings;
use super::tls;

/// Pause between two looks while somebody waits, in multiples of the time that the server takes to
/// answer: it works for us a tenth of the time at most.
const PAUSE_FACTOR: u32 = 10;

/// Shortest pause between two looks.
const PAUSE_MIN: Duration = Duration::from_millis(3);

/// The same for a server on this machine, which serves nobody else.
const OWN_PAUSE_FACTOR: u32 = 2;

/// Longest pause between two looks while somebody waits: some servers never push.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// Shortest pause that is spent in IDLE, which costs two round trips itself.
const IDLE_PAUSE_MIN: Duration = Duration::from_millis(100);

/// How often the folders besides the inbox are looked at while somebody waits, and the inbox even
/// if the server tells of nothing new.
const THOROUGH_INTERVAL: Duration = Duration::from_secs(1);

/// Pause while mail is expected, but nobody waits for it at this moment.
const EXPECTED_PAUSE: Duration = Duration::from_secs(2);

/// Pause while no mail is expected: often enough that routers keep the connection.
const KEEP_ALIVE_PAUSE: Duration = Duration::from_mins(1);

/// Pauses between attempts to connect again: doubled from the first to the last.
const RECONNECT_PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// Reads a mailbox until it is told to stop.
pub(super) struct Reader {
    pub(super) settings: ImapSettings,
    pub(super) requests: Arc<Requests>,
    pub(super) waiters: Waiters,
    /// Made once; `None` before the first connection.
    tls: Option<Arc<ClientConfig>>,
    pub(super) session: Option<Session>,
    /// How far the folders were read; kept over connections, and forgotten with who waits.
    pub(super) places: Option<Places>,
    pub(super) recent: Recent,
    pub(super) read: ReadUids,
    pending: Vec<Request>,
    outage: Option<Outage>,
    /// How long the server takes to answer, smoothed.
    latency: Duration,
    next_thorough: Instant,
}

/// Since when the mailbox is out of reach.
#[derive(Debug, Clone, Copy)]
struct Outage {
    began: Instant,
    pause: Duration,
}

impl Reader {
    pub(super) fn new(settings: ImapSettings, requests: Arc<Requests>, waiters: Waiters) -> Self {
        Self {
            settings,
            requests,
            waiters,
            tls: None,
            session: None,
            places: None,
            recent: Recent::default(),
            read: ReadUids::default(),
            pending: Vec::new(),
            outage: None,
            latency: Duration::ZERO,
            next_thorough: Instant::now(),
        }
    }

    /// Works until it is stopped.
    pub(super) fn run(mut self) {
        let _stop = StopOnDrop(Arc::clone(&self.requests));
        let mut pause = KEEP_ALIVE_PAUSE;
        loop {
            let idles = self.idles(pause);
            match self
                .requests
                .next(if idles { Duration::ZERO } else { pause })
            {
                Turn::Stop => break,
                Turn::Look(asked) => self.pending.extend(asked),
            }
            let idles = idles && self.pending.is_empty() && !self.requests.are_pressing();
            // The crate asserts what it expects of servers, and a server is not to end the thread.
            let done = catch_unwind(AssertUnwindSafe(|| {
                if idles {
                    self.idle(pause)?;
                }
                self.look()
            }));
            pause = match done.unwrap_or_else(|_| Err(self.garbled())) {
                Ok(()) => self.after_success(),
                Err(error) => self.after_failure(error),
            };
        }
        self.waiters.stop();
        for request in self.pending.drain(..) {
            request.refuse(InboxError::Stopped);
        }
        if let Some(session) = self.session.take() {
            session.log_out();
        }
    }

    /// Whether the coming pause is better spent in IDLE.
    fn idles(&self, pause: Duration) -> bool {
        let can_idle = self.session.as_ref().is_some_and(Session::can_idle);
        can_idle && pause >= IDLE_PAUSE_MIN && self.requests.somebody_waits()
    }

    fn idle(&mut self, pause: Duration) -> Result<(), ImapError> {
        let requests = Arc::clone(&self.requests);
        let until = Instant::now() + pause;
        let session = self.session.as_mut();
        session.map_or(Ok(()), |session| {
            session.idle(until, || requests.are_pressing())
        })
    }

    fn garbled(&self) -> ImapError {
        let server = &self.settings.server;
        ImapError::Garbled {
            server: format!("{}:{}", server.host, server.port),
            exchange: Exchange::Fetch,
            reason: "it contradicts the protocol".to_owned(),
        }
    }

    /// Looks for new mail, delivers it, and does what was asked.
    fn look(&mut self) -> Result<(), ImapError> {
        let is_hurried = self.requests.take_hurry();
        if self.session.is_none() {
            if self.pending.is_empty() && self.waiters.is_empty() {
                return Ok(());
            }
            self.connect()?;
            self.next_thorough = Instant::now();
        }
        let (Some(session), Some(places)) = (&mut self.session, &self.places) else {
            return Ok(());
        };
        let began = Instant::now();
        let has_news = session.has_news()?;
        self.latency = (self.latency * 3 + began.elapsed()) / 4;
        let is_thorough = is_hurried || !self.pending.is_empty() || began >= self.next_thorough;
        let moved: Vec<Place> = if is_thorough {
            self.next_thorough = began + THOROUGH_INTERVAL;
            let elsewhere = places.elsewhere.clone();
            moved(session, elsewhere)?
        } else {
            Vec::new()
        };
        if has_news || is_thorough {
            self.read_inbox()?;
        }
        if !moved.is_empty() {
            self.read_elsewhere(moved)?;
        }
        self.answer()
    }

    fn connect(&mut self) -> Result<(), ImapError> {
        let tls = match &self.tls {
            Some(tls) => Arc::clone(tls),
            None => tls::config(self.settings.trusted.as_deref())?,
        };
        self.tls = Some(Arc::clone(&tls));
        let mut session = Session::open(&self.settings, &tls)?;
        let name = &self.settings.server.folder;
        let listed = match &self.places {
            Some(_) => Vec::new(),
            None => session.list()?,
        };
        let opened = session.examine(name);
        let opened = opened.map_err(|error| error.with_folders(&listed))?;
        if let Some(places) = &self.places {
            places.inbox.continue_as(opened)?;
        } else {
            let inbox = Place::new(Folder::Inbox, name, opened);
            let mut places = Places {
                inbox,
                elsewhere: Vec::new(),
            };
            for folder in folders::elsewhere(&listed, name) {
                let (Folder::Junk(name) | Folder::Other(name)) = &folder else {
                    continue;
                };
                let name = name.clone();
                match session.status(&name) {
                    Ok(opened) => places.elsewhere.push(Place::new(folder, &name, opened)),
                    // Not every folder that is listed can be read.
                    Err(ImapError::Refused { .. } | ImapError::Folder { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            self.places = Some(places);
        }
        self.session = Some(session);
        Ok(())
    }

    fn after_success(&mut self) -> Duration {
        if self.outage.take().is_some() {
            self.requests.note_trouble(None);
        }
        if self.requests.somebody_waits() {
            let factor = if self.settings.server.is_on_this_machine() {
                OWN_PAUSE_FACTOR
            } else {
                PAUSE_FACTOR
            };
            (self.latency * factor).clamp(PAUSE_MIN, PAUSE_MAX)
        } else if self.waiters.is_empty() {
            KEEP_ALIVE_PAUSE
        } else {
            EXPECTED_PAUSE
        }
    }

    /// Tries again for a while what may pass; otherwise tells all who wait.
    fn after_failure(&mut self, error: ImapError) -> Duration {
        self.session = None;
        let now = Instant::now();
        let [first, last] = RECONNECT_PAUSES;
        let outage = self.outage.map_or(
            Outage {
                began: now,
                pause: first,
            },
            |outage| Outage {
                pause: (outage.pause * 2).min(last),
                ..outage
            },
        );
        let patience = self.settings.limits.reconnect_time_max;
        // A mailbox that never was in reach is rather a mistake in its address than an outage.
        let may_pass = error.is_passing() && self.places.is_some();
        let is_wanted = !self.pending.is_empty() || !self.waiters.is_empty();
        if may_pass && is_wanted && now.duration_since(outage.began) < patience {
            self.outage = Some(outage);
            self.requests.note_trouble(Some(error.into()));
            return outage.pause;
        }
        self.outage = None;
        self.requests.note_trouble(None);
        // Nobody waits any more from a position in it.
        self.places = None;
        self.read.clear();
        let error = InboxError::from(error);
        self.waiters.fail(&error);
        for request in self.pending.drain(..) {
            request.refuse(error.clone());
        }
        KEEP_ALIVE_PAUSE
    }

    /// What was asked, to be answered from what is known now.
    pub(super) fn take_pending(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.pending)
    }

    /// Looks thoroughly at the next occasion: the inbox was opened anew, and what came with that is not
    /// told again.
    pub(super) fn look_thoroughly(&mut self) {
        self.next_thorough = Instant::now();
    }

    /// Puts back what could not be answered.
    pub(super) fn put_back(&mut self, requests: impl IntoIterator<Item = Request>) {
        self.pending.extend(requests);
    }
}

/// The folders in which something happened since they were read.
fn moved(session: &mut Session, elsewhere: Vec<Place>) -> Result<Vec<Place>, ImapError> {
    let mut moved = Vec::new();
    for place in elsewhere {
        match session.status(&place.name) {
            Ok(now) if place.continue_as(now).is_err() || now.uid_next > place.next => {
                moved.push(place);
            }
            // Folders besides the inbox may be deleted; nothing arrives in one that is gone.
            Ok(_) | Err(ImapError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(moved)
}
