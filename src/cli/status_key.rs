//! The key by which a person asks a run what it waits for.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::thread;

use tokio::sync::mpsc;

/// What is typed before Enter.
const KEY: &str = "t";
/// Questions that wait for an answer; further ones would get the same.
const QUESTIONS_MAX: usize = 1;

/// Hears `t` and Enter, where a person sits at the terminal.
#[derive(Debug)]
pub(super) struct StatusKey(mpsc::Receiver<()>);

impl StatusKey {
    /// Begins to listen. Without a terminal, or without a thread to read it, nothing is heard.
    pub(super) fn listen() -> Self {
        let (asked, questions) = mpsc::channel(QUESTIONS_MAX);
        if io::stdin().is_terminal() {
            let named = thread::Builder::new().name("status key".to_owned());
            // It ends with the process: there is no other way to end a read.
            let _ = named.spawn(move || read(&asked));
        }
        Self(questions)
    }

    /// Waits for the next question.
    pub(super) async fn pressed(&mut self) {
        if self.0.recv().await.is_none() {
            // Nobody reads the terminal any more.
            std::future::pending::<()>().await;
        }
    }
}

fn read(asked: &mpsc::Sender<()>) {
    be_refused_in_the_background();
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        if line.trim().eq_ignore_ascii_case(KEY) {
            // One that waits already is the same question.
            let _ = asked.try_send(());
        }
    }
}

/// A job in the background that reads its terminal is stopped, unless it blocks this signal: then
/// the read fails.
#[cfg(unix)]
fn be_refused_in_the_background() {
    use nix::sys::signal::{SigSet, Signal};
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGTTIN);
    // It cannot fail with a set of valid signals.
    let _ = signals.thread_block();
}

#[cfg(not(unix))]
fn be_refused_in_the_background() {}
