//! Acknowledging a mail's bytes at once.

use tokio::net::TcpStream;

/// Makes the system acknowledge what was received without waiting for an answer to send along.
///
/// A client that sends a mail and its final dot in two writes, without `TCP_NODELAY`, holds the dot
/// back until the mail is acknowledged (Nagle, RFC 9293 §3.7.4), and Linux acknowledges data that
/// gets no answer after 40 ms. lettre is such a client: unhelped, each mail takes 40 ms.
#[cfg(target_os = "linux")]
pub(super) struct Acknowledger(Option<std::net::TcpStream>);

#[cfg(target_os = "linux")]
impl Acknowledger {
    /// Shares the connection's socket. Without it, mail is late but not lost.
    pub(super) fn of(stream: &TcpStream) -> Self {
        use std::os::fd::AsFd as _;
        Self(stream.as_fd().try_clone_to_owned().ok().map(Into::into))
    }

    /// Acknowledges what was read. The system forgets the wish with the next answer.
    pub(super) fn acknowledge(&self) {
        use std::os::linux::net::TcpStreamExt as _;
        if let Some(socket) = &self.0 {
            // A failure costs 40 ms and nothing else.
            let _ = socket.set_quickack(true);
        }
    }
}

/// Other systems offer no such switch for one read.
#[cfg(not(target_os = "linux"))]
pub(super) struct Acknowledger;

#[cfg(not(target_os = "linux"))]
impl Acknowledger {
    pub(super) fn of(_: &TcpStream) -> Self {
        Self
    }

    pub(super) fn acknowledge(&self) {}
}
