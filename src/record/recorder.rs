//! Takes events in, cleans and stamps them, and hands them on.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{Entry, Event, Redactor, millis};
use crate::model::{ConfirmationCode, ScenarioId, Secret, SharedClock};

type Listener = Box<dyn FnMut(&Entry) + Send>;

/// Where the events of a run go in. Clones share the run.
#[derive(Clone)]
pub struct Recorder {
    shared: Arc<Mutex<State>>,
}

struct State {
    clock: SharedClock,
    began: Instant,
    seq: u64,
    redactor: Redactor,
    file: Option<Box<dyn Write + Send>>,
    lost: Option<std::io::Error>,
    listeners: Vec<Listener>,
}

impl Recorder {
    /// A recorder that keeps nothing yet: give it a file or a listener.
    pub fn new(clock: SharedClock) -> Self {
        let state = State {
            clock,
            began: Instant::now(),
            seq: 0,
            redactor: Redactor::default(),
            file: None,
            lost: None,
            listeners: Vec::new(),
        };
        Self {
            shared: Arc::new(Mutex::new(state)),
        }
    }

    /// Also writes each entry to `file`, a line each, as it happens.
    #[must_use]
    pub fn to_file(self, file: impl Write + Send + 'static) -> Self {
        self.state().file = Some(Box::new(file));
        self
    }

    /// Also shows each entry to `listener`, as it happens.
    ///
    /// A listener must be quick and must not record: the recorder is locked meanwhile.
    #[must_use]
    pub fn to_listener(self, listener: impl FnMut(&Entry) + Send + 'static) -> Self {
        self.state().listeners.push(Box::new(listener));
        self
    }

    /// From now on a text is never written; `name` stands in its place.
    pub fn hide(&self, secret: &Secret<String>, name: &str) {
        let shown = format!("[{name}]");
        self.state().redactor.learn(secret.expose(), &shown);
    }

    /// From now on a code shows its last two digits only.
    pub fn hide_code(&self, code: &ConfirmationCode) {
        let mut state = self.state();
        state.redactor.learn(code.expose(), &code.masked());
    }

    /// Records an event of the run as a whole.
    pub fn record(&self, event: Event) {
        self.state().record(None, None, event);
    }

    /// A recorder for one attempt of one scenario.
    pub fn scenario(&self, scenario: ScenarioId, attempt: u32) -> ScenarioRecorder {
        ScenarioRecorder {
            recorder: self.clone(),
            scenario,
            attempt,
        }
    }

    /// The text as it would be recorded.
    pub fn clean(&self, text: &str) -> String {
        self.state().redactor.clean(text)
    }

    /// The time since the run began.
    pub fn elapsed(&self) -> Duration {
        self.state().began.elapsed()
    }

    /// Ends the writing of the file.
    ///
    /// # Errors
    ///
    /// The first error that writing met: a full disk loses the record, not the run.
    pub fn finish(&self) -> std::io::Result<()> {
        let mut state = self.state();
        if let Some(mut file) = state.file.take() {
            file.flush()?;
        }
        state.lost.take().map_or(Ok(()), Err)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A listener that panicked leaves whole entries behind; the run's record goes on.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn record(&mut self, scenario: Option<ScenarioId>, attempt: Option<u32>, event: Event) {
        self.seq += 1;
        let entry = self.cleaned(Entry {
            seq: self.seq,
            at: self.clock.now(),
            elapsed_ms: millis(self.began.elapsed()),
            scenario,
            attempt,
            event,
        });
        self.write(&entry);
        for listener in &mut self.listeners {
            listener(&entry);
        }
    }

    fn cleaned(&self, entry: Entry) -> Entry {
        Entry {
            event: redacted(&self.redactor, &entry.event),
            ..entry
        }
    }

    fn write(&mut self, entry: &Entry) {
        let Some(file) = &mut self.file else { return };
        let written = serde_json::to_vec(entry)
            .map_err(std::io::Error::from)
            .and_then(|mut line| {
                line.push(b'\n');
                // One write a line: a run that is killed leaves whole lines, at most one cut.
                file.write_all(&line)
            });
        if let Err(error) = written {
            self.lost.get_or_insert(error);
            self.file = None;
        }
    }
}

/// An event without what a redactor knows.
///
/// Only strings change, so it reads back. One that cannot become JSON, or whose masked text does not
/// fit its type, is dropped in favour of a note rather than shown unredacted. The error may quote what
/// it should not, so the note is cleaned too.
fn redacted(redactor: &Redactor, event: &impl Serialize) -> Event {
    let cleaned = serde_json::to_value(event).and_then(|mut value| {
        redactor.clean_value(&mut value);
        serde_json::from_value(value)
    });
    cleaned.unwrap_or_else(|error| Event::LeftBehind {
        what: redactor.clean(&format!("an event that could not be redacted: {error}")),
    })
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

/// A [`Recorder`] that stamps its entries with an attempt of a scenario.
#[derive(Debug, Clone)]
pub struct ScenarioRecorder {
    recorder: Recorder,
    scenario: ScenarioId,
    attempt: u32,
}

impl ScenarioRecorder {
    /// Records an event of this attempt.
    pub fn record(&self, event: Event) {
        self.recorder
            .state()
            .record(Some(self.scenario.clone()), Some(self.attempt), event);
    }

    /// The scenario.
    pub fn scenario(&self) -> &ScenarioId {
        &self.scenario
    }

    /// Which try, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The recorder of the whole run.
    pub fn run(&self) -> &Recorder {
        &self.recorder
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::mpsc;

    use super::*;
    use crate::model::SystemClock;

    fn recorder() -> (Recorder, mpsc::Receiver<Entry>) {
        let (sender, receiver) = mpsc::channel();
        let recorder = Recorder::new(Arc::new(SystemClock))
            .to_listener(move |entry| sender.send(entry.clone()).unwrap());
        (recorder, receiver)
    }

    #[test]
    fn a_secret_is_gone_before_anybody_sees_the_entry() {
        let (recorder, entries) = recorder();
        let code: ConfirmationCode = "271828".parse().unwrap();
        recorder.hide_code(&code);
        recorder.hide(&Secret::new("hunter2-hunter2".into()), "password");
        let what = "271828 and hunter2-hunter2".to_owned();
        recorder.record(Event::LeftBehind { what });
        let what = "••••28 and [password]".to_owned();
        assert_eq!(entries.recv().unwrap().event, Event::LeftBehind { what });
    }

    #[test]
    fn an_event_that_cannot_become_json_leaves_a_note() {
        struct Unfit;
        impl Serialize for Unfit {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no JSON for hunter2-hunter2"))
            }
        }
        let mut redactor = Redactor::default();
        redactor.learn("hunter2-hunter2", "[password]");
        let what = "an event that could not be redacted: no JSON for [password]".to_owned();
        assert_eq!(redacted(&redactor, &Unfit), Event::LeftBehind { what });
    }

    #[test]
    fn a_full_disk_is_reported_at_the_end_and_stops_nothing() {
        struct Full;
        impl io::Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (recorder, entries) = recorder();
        let recorder = recorder.to_file(Full);
        let scoped = recorder.scenario(ScenarioId::new("a.feature", 3), 1);
        scoped.record(Event::ScenarioStarted);
        scoped.record(Event::ScenarioStarted);
        assert_eq!(
            entries.iter().take(2).map(|e| e.seq).collect::<Vec<_>>(),
            [1, 2]
        );
        let error = recorder.finish().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
