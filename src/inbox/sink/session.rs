//! One connection: bytes in, replies out in as few writes as possible.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::acknowledge::Acknowledger;
use super::command::Refusal;
use super::connection::Connection;
use super::dialogue::{Accepted, Dialogue, Next};
use super::filing::FilingDesk;
use super::framing::{DataReader, Line, next_line, skip_line};
use super::next_hop::NotHandedOn;
use super::settings::SinkSettings;
use super::tls::SinkTls;
use super::transaction::Envelope;

/// Room for one read: a whole verification mail with its envelope, and a big mail in few reads.
const READ_BYTES: usize = 64 * 1024;

/// How much of a mail that is too large is read before the connection is cut, as a multiple of the
/// largest mail: a client that waits for its reply gets it, one that never ends does not.
const OVERSIZE_FACTOR: usize = 4;

const NOT_STORED: Refusal = Refusal::new("452 4.3.1 the mail cannot be stored at present");
const NEXT_HOP_AWAY: Refusal =
    Refusal::new("451 4.4.1 the mail server behind this one does not answer");

/// What the client's bytes are part of.
enum Expected {
    Line,
    RestOfOverlongLine,
    Data {
        reader: DataReader,
        bytes: usize,
    },
    /// A mail's data, with whose first bytes the connection ends.
    CutWithin,
}

/// What has to be done before more of the input can be answered.
enum Turn {
    /// Everything is answered that is complete.
    Read,
    /// A mail has come whole.
    Keep(Accepted),
    /// The replies are held back for so long.
    Pause(Duration),
    /// The client may begin with TLS.
    Encrypt,
    /// The connection ends.
    Close,
    /// The connection ends without a farewell.
    Cut,
}

/// A client's connection and what it has said so far.
pub(super) struct Session {
    connection: Connection,
    acknowledger: Acknowledger,
    settings: Arc<SinkSettings>,
    desk: FilingDesk,
    input: Vec<u8>,
    expected: Expected,
    output: Vec<u8>,
}

impl Session {
    pub(super) fn new(stream: TcpStream, settings: Arc<SinkSettings>, desk: FilingDesk) -> Self {
        Self {
            acknowledger: Acknowledger::of(&stream),
            connection: Connection::Plain(stream),
            settings,
            desk,
            input: Vec::with_capacity(READ_BYTES),
            expected: Expected::Line,
            output: Vec::with_capacity(512),
        }
    }

    /// Serves the client until it leaves, falls silent or errs too often.
    ///
    /// # Errors
    /// The connection's, when it breaks; a mail whose data did not end is not kept.
    pub(super) async fn serve(mut self) -> io::Result<()> {
        if let Connection::Plain(stream) = &self.connection {
            stream.set_nodelay(true)?;
        }
        let settings = Arc::clone(&self.settings);
        let mut dialogue = Dialogue::open(&settings, &mut self.output);
        loop {
            let turn = self.answer(&mut dialogue);
            for (to, answer) in dialogue.take_refused() {
                self.desk.note_refused(to, answer);
            }
            match turn {
                Turn::Read => {
                    // Replies wait until all that was read is answered: a pipelining client gets
                    // one packet for one packet (RFC 2920 §3.2).
                    self.flush().await?;
                    if !self.read(&dialogue).await? {
                        return Ok(());
                    }
                }
                Turn::Keep(mail) => {
                    let cut = mail.cut;
                    let kept = self.keep(mail).await;
                    if cut {
                        return self.flush().await;
                    }
                    match kept {
                        Ok(()) => Dialogue::accepted(&mut self.output),
                        Err(refusal) => Dialogue::not_kept(&refusal, &mut self.output),
                    }
                }
                Turn::Pause(pause) => sleep(pause).await,
                Turn::Encrypt => {
                    self.flush().await?;
                    if let Some(tls) = &settings.tls {
                        self = self.encrypted(tls).await?;
                        dialogue.encrypted();
                    }
                }
                Turn::Close => {
                    self.flush().await?;
                    return self.connection.close().await;
                }
                Turn::Cut => return self.flush().await,
            }
        }
    }

    /// Reads what the client sends next; false when the connection is over.
    async fn read(&mut self, dialogue: &Dialogue<'_>) -> io::Result<bool> {
        if matches!(self.expected, Expected::Data { .. }) {
            self.acknowledger.acknowledge();
        }
        self.input.reserve(READ_BYTES);
        let read = self.connection.read(&mut self.input);
        if let Ok(read) = timeout(self.settings.limits.idle_time_max, read).await {
            return Ok(read? > 0);
        }
        dialogue.idle(&mut self.output);
        self.flush().await?;
        self.connection.close().await?;
        Ok(false)
    }

    /// Hands a mail on and keeps it.
    ///
    /// # Errors
    /// What its sender is told instead.
    async fn keep(&self, accepted: Accepted) -> Result<(), Refusal> {
        let Accepted { envelope, mail, .. } = accepted;
        self.hand_on(&envelope, &mail).await?;
        let Some(maildir) = &self.settings.maildir else {
            return self.file(&envelope, mail);
        };
        let (maildir, now) = (Arc::clone(maildir), self.settings.clock.now());
        // A disk can be slow, and other connections are served by this thread.
        let filed = spawn_blocking(move || {
            let filed = maildir.keep(&envelope, &mail, now);
            filed.map(|()| (envelope, mail))
        });
        let trouble = match filed.await {
            Ok(Ok((envelope, mail))) => return self.file(&envelope, mail),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        self.desk.note_trouble(trouble);
        Err(NOT_STORED)
    }

    fn file(&self, envelope: &Envelope, mail: Vec<u8>) -> Result<(), Refusal> {
        let is_filed = self.desk.file(envelope, mail);
        is_filed.then_some(()).ok_or(NOT_STORED)
    }

    /// Hands a mail on to the server behind this one, if there is one. Those of several recipients who
    /// come before one that is refused get it again when the sender tries again.
    async fn hand_on(&self, envelope: &Envelope, mail: &[u8]) -> Result<(), Refusal> {
        let Some(next_hop) = &self.settings.next_hop else {
            return Ok(());
        };
        let sender = envelope.sender.as_ref();
        let recipients = envelope.recipients.iter();
        for addressee in recipients.filter(|to| !to.filing.discarded) {
            let recipient = addressee.mailbox();
            match next_hop.hand_on(sender, &recipient, mail).await {
                Ok(()) => {}
                Err(NotHandedOn::Refused(reply)) => {
                    let answer = reply.to_string();
                    self.desk.note_refused(recipient, answer.clone());
                    return Err(Refusal(answer.into()));
                }
                Err(NotHandedOn::Unreachable(reason)) => {
                    self.desk.note_trouble(reason);
                    return Err(NEXT_HOP_AWAY);
                }
            }
        }
        Ok(())
    }

    /// The same session over TLS, from its beginning.
    async fn encrypted(self, tls: &SinkTls) -> io::Result<Self> {
        let handshake = self.connection.encrypt(tls);
        let connection = timeout(self.settings.limits.idle_time_max, handshake)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        Ok(Self {
            connection,
            input: Vec::with_capacity(READ_BYTES),
            ..self
        })
    }

    /// Answers everything in the input buffer that is complete, up to where something has to be
    /// done first.
    fn answer(&mut self, dialogue: &mut Dialogue<'_>) -> Turn {
        let mut start = 0;
        let turn = loop {
            let rest = &self.input[start..];
            let turn = match &mut self.expected {
                Expected::Line => {
                    let (taken, turn) = self.line(dialogue, start);
                    start += taken;
                    turn
                }
                Expected::RestOfOverlongLine => {
                    let (taken, ended) = skip_line(rest);
                    start += taken;
                    if ended {
                        self.expected = Expected::Line;
                    }
                    (!ended).then_some(Turn::Read)
                }
                Expected::CutWithin if rest.is_empty() => Some(Turn::Read),
                Expected::CutWithin => Some(Turn::Cut),
                Expected::Data { reader, bytes } => {
                    let (taken, data) = reader.take(rest);
                    start += taken;
                    *bytes += taken;
                    let bytes_max = self.settings.limits.message_bytes_max;
                    if *bytes > bytes_max.saturating_mul(OVERSIZE_FACTOR) {
                        break Turn::Close;
                    }
                    let Some(data) = data else { break Turn::Read };
                    self.expected = Expected::Line;
                    match dialogue.data(data, &mut self.output) {
                        Ok(mail) => Some(Turn::Keep(mail)),
                        Err(next) => (next == Next::Close).then_some(Turn::Close),
                    }
                }
            };
            if let Some(turn) = turn {
                break turn;
            }
        };
        self.input.drain(..start);
        turn
    }

    /// Answers the line at `start`, if it is there: how many bytes to drop, and what is to be done.
    fn line(&mut self, dialogue: &mut Dialogue<'_>, start: usize) -> (usize, Option<Turn>) {
        let limits = &self.settings.limits;
        let rest = &self.input[start..];
        let (taken, next) = match next_line(rest, limits.command_line_bytes_max) {
            Line::Partial => return (0, Some(Turn::Read)),
            Line::Overlong => {
                self.expected = Expected::RestOfOverlongLine;
                (0, dialogue.overlong_line(&mut self.output))
            }
            Line::Whole { line, taken } => {
                let is_last = taken == rest.len();
                (taken, dialogue.line(line, is_last, &mut self.output))
            }
        };
        let turn = match next {
            Next::Line => None,
            Next::Close => Some(Turn::Close),
            Next::Encrypt => Some(Turn::Encrypt),
            Next::Pause(pause) => Some(Turn::Pause(pause)),
            Next::Cut => Some(Turn::Cut),
            Next::CutData => {
                self.expected = Expected::CutWithin;
                None
            }
            Next::Data { bytes_expected } => {
                let reader = DataReader::new(limits.message_bytes_max, bytes_expected);
                self.expected = Expected::Data { reader, bytes: 0 };
                None
            }
        };
        (taken, turn)
    }

    async fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let write = self.connection.write(&self.output);
        timeout(self.settings.limits.idle_time_max, write)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        self.output.clear();
        Ok(())
    }
}
