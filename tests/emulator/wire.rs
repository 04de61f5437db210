//! Requests as bytes, for what an SDK hides.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A signature as far as this emulator looks at it.
pub(crate) const SIGNED: &str = "Authorization: AWS4-HMAC-SHA256 Credential=test\r\n";

/// A response, its header names in small letters.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The exception's name and message.
    pub(crate) fn error(&self) -> (String, String) {
        let json = self.json();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        (text("__type"), text("message"))
    }
}

/// Calls an operation with a signature.
pub(crate) fn call(endpoint: &str, operation: &str, body: &Value) -> Reply {
    let target = format!("X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n");
    send(
        endpoint,
        "POST",
        "/",
        &format!("{target}{SIGNED}"),
        body.to_string().as_bytes(),
    )
}

/// A request whose connection is expected to be cut.
pub(crate) struct Severed<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a str,
    pub(crate) body: &'a str,
}

/// All that comes back on a connection after a call of user pools: nothing if it is cut.
pub(crate) fn answer(endpoint: &str, operation: &str, body: &Value) -> String {
    let target = format!("X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n");
    let request = Severed {
        method: "POST",
        path: "/",
        headers: &format!("{SIGNED}{target}"),
        body: &body.to_string(),
    };
    answer_to(endpoint, &request)
}

/// All that comes back on a connection after a request: nothing if it is cut.
pub(crate) fn answer_to(endpoint: &str, request: &Severed<'_>) -> String {
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let Severed {
        method,
        path,
        headers,
        body,
    } = request;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    // The connection may also end by a reset, which is a cut as well.
    let _ = stream.read_to_string(&mut answer);
    answer
}

/// Sends one request on a connection of its own.
pub(crate) fn send(endpoint: &str, method: &str, path: &str, headers: &str, body: &[u8]) -> Reply {
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let response = String::from_utf8(response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_lowercase(), value.trim().to_owned())
    };
    Reply {
        status,
        headers: lines.map(header).collect(),
        body: body.to_owned(),
    }
}
