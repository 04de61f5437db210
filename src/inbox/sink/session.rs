//! One connection: bytes in, replies out in as few writes as possible.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::acknowledge::Acknowledger;
use super::dialogue::{Dialogue, Next};
use super::framing::{DataReader, Line, next_line, skip_line};
use super::mailstore::Mailstore;
use super::settings::SinkSettings;

/// Room for one read: a whole verification mail with its envelope, and a big mail in few reads.
const READ_BYTES: usize = 64 * 1024;

/// How much of a mail that is too large is read before the connection is cut, as a multiple of the
/// largest mail: a client that waits for its reply gets it, one that never ends does not.
const OVERSIZE_FACTOR: usize = 4;

/// What the client's bytes are part of.
enum Expected {
    Line,
    RestOfOverlongLine,
    Data { reader: DataReader, bytes: usize },
}

/// A client's connection and what it has said so far.
pub(super) struct Session {
    stream: TcpStream,
    settings: Arc<SinkSettings>,
    store: Mailstore,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Session {
    pub(super) fn new(stream: TcpStream, settings: Arc<SinkSettings>, store: Mailstore) -> Self {
        Self {
            stream,
            settings,
            store,
            input: Vec::with_capacity(READ_BYTES),
            output: Vec::with_capacity(512),
        }
    }

    /// Serves the client until it leaves, falls silent or errs too often.
    ///
    /// # Errors
    /// The connection's, when it breaks; a mail whose data did not end is not kept.
    pub(super) async fn serve(mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        let settings = Arc::clone(&self.settings);
        let mut dialogue = Dialogue::open(&settings, &mut self.output);
        let mut expected = Expected::Line;
        let acknowledger = Acknowledger::of(&self.stream);
        loop {
            let open = self.answer(&mut dialogue, &mut expected);
            // Replies wait until all that was read is answered: a pipelining client gets one
            // packet for one packet (RFC 2920 §3.2).
            self.flush().await?;
            if !open {
                return self.stream.shutdown().await;
            }
            if matches!(expected, Expected::Data { .. }) {
                acknowledger.acknowledge();
            }
            self.input.reserve(READ_BYTES);
            let read = self.stream.read_buf(&mut self.input);
            match timeout(settings.limits.idle_time_max, read).await {
                Ok(Ok(0)) => return Ok(()),
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    dialogue.idle(&mut self.output);
                    self.flush().await?;
                    return self.stream.shutdown().await;
                }
            }
        }
    }

    /// Answers everything in the input buffer that is complete; false when the connection ends.
    fn answer(&mut self, dialogue: &mut Dialogue<'_>, expected: &mut Expected) -> bool {
        let limits = &self.settings.limits;
        let mut start = 0;
        let open = loop {
            let rest = &self.input[start..];
            match expected {
                Expected::Line => match next_line(rest, limits.command_line_bytes_max) {
                    Line::Partial => break true,
                    Line::Overlong => {
                        *expected = Expected::RestOfOverlongLine;
                        if dialogue.overlong_line(&mut self.output) == Next::Close {
                            break false;
                        }
                    }
                    Line::Whole { line, taken } => {
                        let next = dialogue.line(line, &mut self.output);
                        start += taken;
                        match next {
                            Next::Line => {}
                            Next::Close => break false,
                            Next::Data { bytes_expected } => {
                                let reader =
                                    DataReader::new(limits.message_bytes_max, bytes_expected);
                                *expected = Expected::Data { reader, bytes: 0 };
                            }
                        }
                    }
                },
                Expected::RestOfOverlongLine => {
                    let (taken, ended) = skip_line(rest);
                    start += taken;
                    if !ended {
                        break true;
                    }
                    *expected = Expected::Line;
                }
                Expected::Data { reader, bytes } => {
                    let (taken, data) = reader.take(rest);
                    start += taken;
                    *bytes += taken;
                    if *bytes > limits.message_bytes_max.saturating_mul(OVERSIZE_FACTOR) {
                        break false;
                    }
                    let Some(data) = data else { break true };
                    *expected = Expected::Line;
                    if let Some((envelope, mail)) = dialogue.data(data, &mut self.output) {
                        self.store.keep(&envelope, mail, self.settings.clock.now());
                        Dialogue::accepted(&mut self.output);
                    } else if dialogue.exhausted() {
                        break false;
                    }
                }
            }
        };
        self.input.drain(..start);
        open
    }

    async fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let write = self.stream.write_all(&self.output);
        timeout(self.settings.limits.idle_time_max, write)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        self.output.clear();
        Ok(())
    }
}
