//! The least HTTP/1.1 client: one request at a time over a connection that is kept.
//!
//! A client library would cost as much CPU as the server that is measured.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use memchr::memmem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest wait for one answer.
const ANSWER_SECONDS_MAX: u64 = 60;

/// A connection to a server, opened when it is needed.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    answer: Vec<u8>,
}

/// Status and body of an answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// What the head of an answer says.
struct Head {
    status: u16,
    /// Where the body begins and ends.
    body: (usize, usize),
    close: bool,
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            answer: Vec::with_capacity(4_096),
        }
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// The system's; a server that does not answer in time, or with something else than HTTP/1.1
    /// with a Content-Length.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
        // Put back at the end only: after a failure, the next request gets a new connection.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.address).await?,
        };
        let exchange = async {
            stream.write_all(request).await?;
            read(&mut stream, &mut self.answer).await
        };
        let head = tokio::time::timeout(limit, exchange).await??;
        if !head.close {
            self.stream = Some(stream);
        }
        Ok(Answer {
            status: head.status,
            body: &self.answer[head.body.0..head.body.1],
        })
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) -> io::Result<Head> {
    answer.clear();
    let mut head = None;
    loop {
        if stream.read_buf(answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if head.is_none() {
            head = parse(answer)?;
        }
        if let Some(head) = head.take_if(|head| answer.len() >= head.body.1) {
            return Ok(head);
        }
    }
}

/// The head, once it is whole.
fn parse(answer: &[u8]) -> io::Result<Option<Head>> {
    let Some(end) = memmem::find(answer, b"\r\n\r\n") else {
        return Ok(None);
    };
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let text = std::str::from_utf8(&answer[..end]).map_err(|_| wrong("the head is not text"))?;
    let status = text.get(9..12).and_then(|status| status.parse().ok());
    let header = |name: &str| {
        let mut headers = text.lines().filter_map(|line| line.split_once(':'));
        headers
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let length = header("content-length").and_then(|length| length.parse::<usize>().ok());
    let length = length.ok_or_else(|| wrong("the answer has no Content-Length"))?;
    Ok(Some(Head {
        status: status.ok_or_else(|| wrong("the answer has no status"))?,
        body: (end + 4, end + 4 + length),
        close: header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")),
    }))
}
