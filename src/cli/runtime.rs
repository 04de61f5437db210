//! The runtime on which a command waits.

use std::io;

use tokio::runtime::{Builder, Runtime};

use super::args::Color;
use super::exit::Exit;
use super::problem;

/// What to look at: a runtime costs a few file descriptors and nothing else.
pub(super) const HELP: &str =
    "the process may have as many files open as it is allowed: see `ulimit -n`";

/// The system gives no runtime.
#[derive(Debug, thiserror::Error)]
#[error("no runtime could be started: {0}")]
pub(super) struct NoRuntime(io::Error);

impl NoRuntime {
    /// Says so, and answers with which code to exit.
    pub(super) fn say(&self, color: Color) -> Exit {
        problem::say(&self.to_string(), HELP, color);
        Exit::Internal
    }
}

/// A runtime of this thread: a command waits more than it works.
pub(super) fn start() -> Result<Runtime, NoRuntime> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(NoRuntime)
}
