//! The stream below the protocol: TCP or TLS, with a deadline that is never lifted.
//!
//! The `imap` crate reads without a time limit, and a limit on a socket starts anew with every
//! byte. Here each exchange has one deadline and one bound on what the server may send, however it
//! trickles.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::rc::Rc;
use std::time::{Duration, Instant};

use memchr::memchr;
use rustls::{ClientConnection, StreamOwned};

/// Longest line that we read ourselves: greetings and what comes during IDLE are short.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// What is read at a time where a line is looked for.
const READ_BYTES: usize = 4 * 1024;

/// Shortest time-out that a socket takes; zero would mean none.
const SOCKET_TIMEOUT_MIN: Duration = Duration::from_millis(1);

/// A connection to a server; clones share it.
///
/// The protocol crate holds one clone and reads through it; we keep another to set the deadline of
/// each exchange, and to speak the parts that the crate does not.
#[derive(Debug, Clone)]
pub(super) struct Wire(Rc<RefCell<Inner>>);

#[derive(Debug)]
struct Inner {
    stream: Stream,
    deadline: Instant,
    /// How many bytes more the server may send in this exchange.
    bytes_left: usize,
    /// Read, but not by the protocol crate.
    unread: Vec<u8>,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    /// While it is changed from one to the other, and if that fails.
    None,
}

impl Wire {
    pub(super) fn new(socket: TcpStream) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            stream: Stream::Plain(socket),
            deadline: Instant::now(),
            bytes_left: 0,
            unread: Vec::new(),
        })))
    }

    /// Begins an exchange: it has to end within `time_max`, with at most `reply_bytes_max` bytes
    /// from the server.
    pub(super) fn begin(&self, time_max: Duration, reply_bytes_max: usize) {
        let mut inner = self.0.borrow_mut();
        inner.deadline = Instant::now() + time_max;
        inner.bytes_left = reply_bytes_max;
    }

    /// Switches to TLS, handshake included, within the present exchange.
    ///
    /// # Errors
    /// When the server sent more than was read: what came in clear must not count as protected.
    pub(super) fn secure(&self, tls: ClientConnection) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        let Stream::Plain(socket) = std::mem::replace(&mut inner.stream, Stream::None) else {
            return Err(io::Error::from(io::ErrorKind::NotConnected));
        };
        if !inner.unread.is_empty() {
            let text = "the server sent something in clear after it agreed to TLS";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        let mut stream = Box::new(StreamOwned::new(tls, socket));
        while stream.conn.is_handshaking() {
            inner.limit(&stream.sock)?;
            let StreamOwned { conn, sock } = &mut *stream;
            match conn.complete_io(sock) {
                Ok(_) => {}
                Err(error) => return Err(timed_out(error)),
            }
        }
        inner.stream = Stream::Tls(stream);
        Ok(())
    }

    /// Sends a line of ours.
    pub(super) fn say(&self, line: &str) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        inner.write_all(format!("{line}\r\n").as_bytes())?;
        inner.flush()
    }

    /// The next line without its end, within the present exchange.
    pub(super) fn line(&self) -> io::Result<Vec<u8>> {
        let deadline = self.0.borrow().deadline;
        let line = self.line_until(deadline)?;
        line.ok_or_else(|| io::ErrorKind::TimedOut.into())
    }

    /// The next line, if it is whole before `until`; half a line is kept for the next call.
    pub(super) fn line_until(&self, until: Instant) -> io::Result<Option<Vec<u8>>> {
        let mut inner = self.0.borrow_mut();
        let exchange = inner.deadline;
        inner.deadline = until;
        let line = inner.line();
        inner.deadline = exchange;
        match line {
            Ok(line) => Ok(Some(line)),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

impl Inner {
    /// Gives the socket what is left of the exchange's time.
    fn limit(&self, socket: &TcpStream) -> io::Result<()> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let left = Some(left.max(SOCKET_TIMEOUT_MIN));
        socket.set_read_timeout(left)?;
        socket.set_write_timeout(left)
    }

    fn limited(&self) -> io::Result<()> {
        match &self.stream {
            Stream::Plain(socket) => self.limit(socket),
            Stream::Tls(stream) => self.limit(&stream.sock),
            Stream::None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            if let Some(at) = memchr(b'\n', &self.unread[searched..]) {
                let mut line: Vec<u8> = self.unread.drain(..=searched + at).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            searched = self.unread.len();
            if searched > LINE_BYTES_MAX {
                return Err(too_much());
            }
            let mut bytes = [0; READ_BYTES];
            let count = self.receive(&mut bytes)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.unread.extend_from_slice(&bytes[..count]);
        }
    }

    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.limited()?;
            let read = match &mut self.stream {
                Stream::Plain(socket) => socket.read(buffer),
                Stream::Tls(stream) => stream.read(buffer),
                Stream::None => Err(io::ErrorKind::NotConnected.into()),
            };
            match read {
                Ok(count) if count > self.bytes_left => return Err(too_much()),
                Ok(count) => {
                    self.bytes_left -= count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The socket's time-out is rounded; the deadline is not.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(timed_out(error)),
            }
        }
    }
}

impl Read for Inner {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.unread.is_empty() {
            return self.receive(buffer);
        }
        let count = buffer.len().min(self.unread.len());
        buffer[..count].copy_from_slice(&self.unread[..count]);
        self.unread.drain(..count);
        Ok(count)
    }
}

impl Write for Inner {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.limited()?;
        let written = match &mut self.stream {
            Stream::Plain(socket) => socket.write(bytes),
            Stream::Tls(stream) => stream.write(bytes),
            Stream::None => Err(io::ErrorKind::NotConnected.into()),
        };
        written.map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match &mut self.stream {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(stream) => stream.flush(),
            Stream::None => Err(io::ErrorKind::NotConnected.into()),
        };
        flushed.map_err(timed_out)
    }
}

/// Systems name a socket's time-out differently.
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

fn too_much() -> io::Error {
    let text = "it is larger than any answer that was asked for";
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn pair() -> (Wire, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (Wire::new(client), listener.accept().unwrap().0)
    }

    #[test]
    fn half_a_line_is_kept_until_the_rest_comes() {
        let (wire, mut server) = pair();
        wire.begin(Duration::from_secs(20), 1_000);
        server.write_all(b"* OK rea").unwrap();
        let soon = Instant::now() + Duration::from_millis(20);
        assert_eq!(wire.line_until(soon).unwrap(), None);
        server.write_all(b"dy\r\n* 1 EXISTS\r\nmore").unwrap();
        assert_eq!(wire.line().unwrap(), b"* OK ready");
        assert_eq!(wire.line().unwrap(), b"* 1 EXISTS");
        // What is left is read by the protocol crate.
        let mut rest = [0; 8];
        assert_eq!(wire.clone().read(&mut rest).unwrap(), 4);
        assert_eq!(&rest[..4], b"more");
    }

    #[test]
    fn a_trickle_does_not_outlast_the_deadline() {
        let (wire, mut server) = pair();
        let trickle = std::thread::spawn(move || {
            // Ends when the client is gone.
            while server.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let began = Instant::now();
        wire.begin(Duration::from_millis(60), 1_000_000);
        assert_eq!(wire.line().unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(began.elapsed() < Duration::from_secs(5));
        drop(wire);
        trickle.join().unwrap();
    }

    #[test]
    fn a_flood_is_cut() {
        let (wire, mut server) = pair();
        wire.begin(Duration::from_secs(20), 10);
        server.write_all(b"0123456789 and more\r\n").unwrap();
        assert_eq!(wire.line().unwrap_err().kind(), io::ErrorKind::InvalidData);
        drop(server);
        let (wire, server) = pair();
        wire.begin(Duration::from_secs(20), 10);
        drop(server);
        assert_eq!(
            wire.line().unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
    }
}
