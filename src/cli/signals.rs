//! Ctrl-C and the requests to terminate.

use std::io;

use super::exit::Exit;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To end, with this code.
    End(Exit),
    /// To say what goes on: `SIGUSR1`, where there is one.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has the signal"))]
    Status,
}

/// Listens for signals that ask this process to end, or to say what it does.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
    #[cfg(unix)]
    user: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From now on signals no longer end the process by themselves. Needs a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            user: signal(SignalKind::user_defined1())?,
        })
    }

    /// Waits for the next signal and says with which code to exit after it.
    pub(super) async fn next(&mut self) -> Exit {
        loop {
            if let Asked::End(exit) = self.next_of_all().await {
                return exit;
            }
        }
    }

    /// Waits for the next signal.
    pub(super) async fn next_of_all(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::End(Exit::Interrupted),
            _ = self.terminate.recv() => Asked::End(Exit::Terminated),
            _ = self.hang_up.recv() => Asked::End(Exit::Terminated),
            _ = self.user.recv() => Asked::Status,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// From now on signals no longer end the process by themselves. Needs a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next signal and says with which code to exit after it.
    pub(super) async fn next(&mut self) -> Exit {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a handler there is nothing to wait for.
            std::future::pending::<()>().await;
        }
        Exit::Interrupted
    }

    /// Waits for the next signal.
    pub(super) async fn next_of_all(&mut self) -> Asked {
        Asked::End(self.next().await)
    }
}
