//! The processes of one environment, which end together and never outlive the host.

use std::io;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, ChildStdin, Command};

/// What the watching shell runs: it waits until the host's end of its pipe is closed, which the
/// kernel does however the host ends, and kills the group that it is itself in.
const WATCH: &str = "read -r _; kill -KILL 0";

/// A process group that is killed when this is dropped.
///
/// The group is led by a shell that watches the host. It is there before the function is, and it is
/// reaped last, so that the group's id cannot have been given to anyone else when it is killed.
#[derive(Debug)]
pub(super) struct ProcessGroup {
    id: Pid,
    // False once the leader was reaped; after that the id may belong to others.
    is_ours: Mutex<bool>,
    _host_end: ChildStdin,
}

impl ProcessGroup {
    /// Starts the group with its watching shell, which is returned so that someone reaps it.
    pub(super) fn start() -> io::Result<(Child, Arc<Self>)> {
        let mut leader = Command::new("/bin/sh")
            .args(["-c", WATCH])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let id = leader
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .map(Pid::from_raw);
        match (id, leader.stdin.take()) {
            (Some(id), Some(host_end)) => {
                let group = Self {
                    id,
                    is_ours: Mutex::new(true),
                    _host_end: host_end,
                };
                Ok((leader, Arc::new(group)))
            }
            _ => Err(io::Error::other(
                "the shell that watches the host ended at once",
            )),
        }
    }

    /// The group's id, for [`Command::process_group`].
    pub(super) fn id(&self) -> i32 {
        self.id.as_raw()
    }

    /// Kills every process of the group, unless it was [ended](Self::end) before.
    pub(super) fn kill(&self) {
        drop(self.kill_if_ours());
    }

    /// Kills every process of the group for the last time, before its leader is reaped.
    pub(super) fn end(&self) {
        *self.kill_if_ours() = false;
    }

    fn kill_if_ours(&self) -> MutexGuard<'_, bool> {
        let is_ours = self.is_ours.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_ours {
            // The only error is that no process is left.
            let _none_left = killpg(self.id, Signal::SIGKILL);
        }
        is_ours
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}
