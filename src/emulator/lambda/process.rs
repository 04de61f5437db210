//! Starts the process of an environment and follows what it prints and how it ends.

use std::io;
use std::io::PipeReader;
use std::os::fd::OwnedFd;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};

use super::function::Process;
use super::lines::Lines;
use super::log::LogStream;
use super::process_group::ProcessGroup;

/// How much of a function's output is read at once, in bytes; a pipe of Linux holds as much.
const READ_BYTES: usize = 64 * 1024;

/// What a process has where its variables do not say otherwise, as on AWS.
const VARIABLES_DEFAULT: [(&str, &str); 3] = [
    ("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin"),
    ("TZ", ":UTC"),
    ("LANG", "en_US.UTF-8"),
];

/// A function's process that was started.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) group: Arc<ProcessGroup>,
    pub(super) pid: Option<u32>,
    pub(super) children: Children,
    pub(super) output: Output,
}

/// Starts a function with the variables that the host sets, and nothing of the host's own.
///
/// stdout and stderr are one pipe, so that their lines keep their order.
pub(super) fn start(
    process: &Process,
    platform_variables: &[(&'static str, String)],
    stream: LogStream,
) -> io::Result<Started> {
    // Should a later step fail, the group is dropped, and so killed, before its leader is reaped.
    let (leader, group) = ProcessGroup::start()?;
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(&process.program);
    command
        .args(&process.args)
        .current_dir(&process.directory)
        .env_clear()
        .envs(VARIABLES_DEFAULT)
        .envs(
            process
                .variables
                .iter()
                .map(|(name, value)| (name, value.expose())),
        )
        .envs(platform_variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .process_group(group.id())
        .kill_on_drop(true);
    let function = command.spawn()?;
    // The command holds our copies of the pipe's writing end; with them the pipe would never end.
    drop(command);
    let pid = function.id();
    let output = Output::follow(reader, stream)?;
    let children = Children {
        group: Arc::clone(&group),
        function,
        leader,
    };
    Ok(Started {
        group,
        pid,
        children,
        output,
    })
}

/// The two children of an environment, to be reaped. Dropped before, it kills their group first.
#[derive(Debug)]
pub(super) struct Children {
    group: Arc<ProcessGroup>,
    function: Child,
    leader: Child,
}

impl Children {
    /// Waits until the function ends, and ends what is left of its group.
    pub(super) async fn wait(mut self) -> io::Result<ExitStatus> {
        let status = self.function.wait().await;
        self.group.end();
        let _reaped = self.leader.wait().await;
        status
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        self.group.end();
    }
}

/// What a function prints, on its way to the log.
#[derive(Debug)]
pub(super) struct Output {
    flushes: mpsc::Sender<oneshot::Sender<()>>,
}

impl Output {
    fn follow(reader: PipeReader, stream: LogStream) -> io::Result<Self> {
        let reader = pipe::Receiver::from_owned_fd(OwnedFd::from(reader))?;
        let (flushes, requests) = mpsc::channel(1);
        tokio::spawn(copy(reader, stream, requests));
        Ok(Self { flushes })
    }

    /// Waits until all that the function has printed so far is in the log.
    pub(super) async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.flushes.send(done).await.is_ok() {
            // An error means that the pipe was read to its end, which is as good.
            let _ended = flushed.await;
        }
    }
}

async fn copy(
    mut reader: pipe::Receiver,
    stream: LogStream,
    mut flushes: mpsc::Receiver<oneshot::Sender<()>>,
) {
    let mut lines = Lines::default();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        tokio::select! {
            // Reading comes first: a flush is answered only when the pipe is empty.
            biased;
            read = reader.read(&mut buffer) => match read {
                Ok(0) | Err(_) => break,
                Ok(bytes) => lines.push(&buffer[..bytes], |line| stream.write(line)),
            },
            Some(done) = flushes.recv() => {
                lines.finish(|line| stream.write(line));
                let _gone = done.send(());
            }
        }
    }
    lines.finish(|line| stream.write(line));
}

/// The most memory that a process ever had, in megabytes, where the system tells.
pub(super) fn memory_used_mb(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes.div_ceil(1024))
}
