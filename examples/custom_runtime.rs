//! A Lambda function that needs nothing but the standard library: it speaks the Lambda Runtime API
//! over a plain socket. Any program that does the same can be a trigger.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html>

use std::error::Error;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

/// The work that the Runtime API hands out.
#[derive(Debug)]
pub(crate) struct Invocation {
    /// The id under which the answer is sent.
    pub(crate) request_id: String,
    /// When the time is over, in milliseconds since the Unix epoch.
    pub(crate) deadline_ms: u128,
    /// The event.
    pub(crate) payload: Vec<u8>,
}

/// What the Runtime API answers to a call.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// A header by its name in lower case.
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A connection to the Runtime API.
#[derive(Debug)]
pub(crate) struct RuntimeClient {
    address: String,
    stream: BufReader<TcpStream>,
}

impl RuntimeClient {
    /// Connects to the address in `AWS_LAMBDA_RUNTIME_API`.
    ///
    /// # Errors
    ///
    /// When the variable is missing or nobody listens there.
    pub(crate) fn connect() -> Result<Self, Box<dyn Error>> {
        let address = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
        let stream = BufReader::new(TcpStream::connect(&address)?);
        Ok(Self { address, stream })
    }

    /// Asks for the next invocation and waits for it.
    ///
    /// # Errors
    ///
    /// When the host is gone, or answers what is no invocation.
    pub(crate) fn next(&mut self) -> Result<Invocation, Box<dyn Error>> {
        let answer = self.call("GET", "invocation/next", &[])?;
        let header = |name| {
            answer
                .header(name)
                .ok_or_else(|| format!("status {} without {name}", answer.status))
        };
        Ok(Invocation {
            request_id: header("lambda-runtime-aws-request-id")?.to_owned(),
            deadline_ms: header("lambda-runtime-deadline-ms")?.parse()?,
            payload: answer.body,
        })
    }

    /// Calls one path of the Runtime API.
    ///
    /// # Errors
    ///
    /// When the connection breaks or the answer is not HTTP.
    pub(crate) fn call(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<Answer> {
        let head = format!(
            "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(&[head.as_bytes(), body].concat())?;
        let malformed = || io::Error::from(io::ErrorKind::InvalidData);
        let status_line = self.line()?;
        let status = status_line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok());
        let status = status.ok_or_else(malformed)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(malformed)?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .and_then(|length| length.parse().ok());
        answer.body = vec![0; length.ok_or_else(malformed)?];
        self.stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

/// Answers each event with itself, which is what a trigger does that changes nothing.
///
/// # Errors
///
/// When the host is gone; the function then has nothing left to do.
pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let mut runtime = RuntimeClient::connect()?;
    loop {
        let invocation = runtime.next()?;
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let left_ms = invocation.deadline_ms.saturating_sub(now_ms);
        // What a function prints is a line of its log.
        writeln!(
            io::stdout(),
            "{} bytes, {left_ms} ms left",
            invocation.payload.len()
        )?;
        let path = format!("invocation/{}/response", invocation.request_id);
        runtime.call("POST", &path, &invocation.payload)?;
    }
}
