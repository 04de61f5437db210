//! The built `reverify emulate` as a process of its own, and its control interface.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tempfile::TempDir;

const START_DEADLINE: Duration = Duration::from_secs(20);
const MAIL_DEADLINE: Duration = Duration::from_secs(10);
const ANSWER_DEADLINE: Duration = Duration::from_secs(5);
/// Longer than an interpreter takes to start on a busy machine.
const FUNCTION_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A running emulator, stopped when dropped.
pub(crate) struct Emulator {
    child: Child,
    folder: TempDir,
    ports: Ports,
}

/// What the emulator writes into its port file once it is ready.
#[derive(Debug, Deserialize)]
struct Ports {
    endpoint: String,
    smtp: String,
    control: String,
    user_pool_id: String,
    client_id: String,
}

/// A mail as the control interface tells it; other fields are of no interest here.
#[derive(Debug, Deserialize)]
pub(crate) struct Mail {
    id: serde_json::Value,
    pub(crate) code: String,
    pub(crate) text: Option<String>,
}

impl Emulator {
    /// Starts the emulator on free loopback ports and waits until it is ready.
    pub(crate) fn start() -> Self {
        let folder = TempDir::with_prefix("reverify-clients-").unwrap_or_else(|e| panic!("{e}"));
        let port_file = folder.path().join("ports.json");
        let log_file = folder.path().join("emulator.log");
        let log = File::create(&log_file).unwrap_or_else(|e| panic!("{e}"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_reverify"))
            .args([
                "emulate",
                "--listen",
                "127.0.0.1:0",
                "--smtp",
                "127.0.0.1:0",
                "--port-file",
            ])
            .arg(&port_file)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| panic!("cannot start the emulator: {e}"));
        let deadline = Instant::now() + START_DEADLINE;
        let ports = loop {
            let written = fs::read(&port_file).unwrap_or_default();
            if let Ok(ports) = serde_json::from_slice(&written) {
                break ports;
            }
            let ended = child.try_wait().unwrap_or_else(|e| panic!("{e}"));
            if ended.is_some() || Instant::now() > deadline {
                let _ = child.kill();
                let _ = child.wait();
                let log = fs::read_to_string(&log_file).unwrap_or_default();
                let written = String::from_utf8_lossy(&written);
                panic!("no ports ({ended:?}); port file: {written:?}; its stderr:\n{log}");
            }
            std::thread::sleep(POLL_INTERVAL);
        };
        let emulator = Self {
            child,
            folder,
            ports,
        };
        emulator.ports.check();
        emulator
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.ports.endpoint
    }

    /// The address below which the control interface lives; it ends with a slash.
    pub(crate) fn control(&self) -> &str {
        &self.ports.control
    }

    /// The address at which mails for it are taken.
    pub(crate) fn smtp(&self) -> &str {
        &self.ports.smtp
    }

    /// A folder that goes with the emulator.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The region that the pool's id names.
    pub(crate) fn region(&self) -> &str {
        self.ports
            .user_pool_id
            .split('_')
            .next()
            .unwrap_or_default()
    }

    /// How many mails were sent so far, to anybody.
    pub(crate) fn count_mails(&self) -> usize {
        let body = fetch(&format!("{}mails", self.control()));
        let mails: Vec<Mail> = serde_json::from_slice(&body).unwrap_or_else(|e| panic!("{e}"));
        mails.len()
    }

    /// All mails to `address`, oldest first, once there are `count` of them.
    pub(crate) fn mails(&self, address: &str, count: usize) -> Vec<Mail> {
        let url = format!("{}mails?to={}", self.control(), address.replace('@', "%40"));
        let deadline = Instant::now() + MAIL_DEADLINE;
        loop {
            let body = fetch(&url);
            let mails: Vec<Mail> = serde_json::from_slice(&body)
                .unwrap_or_else(|e| panic!("{url}: {e}: {}", String::from_utf8_lossy(&body)));
            if mails.len() >= count {
                return mails;
            }
            assert!(
                Instant::now() < deadline,
                "{} of {count} mails to {address}",
                mails.len()
            );
            std::thread::sleep(POLL_INTERVAL);
        }
    }

    /// Deploys a handler of `folder` as a function that runs under AWS's own client for Python.
    pub(crate) fn deploy(&self, name: &str, folder: &std::path::Path, handler: &str) {
        let python = std::env::var("REVERIFY_PYTHON").unwrap_or_default();
        let definition = serde_json::json!({
            "Command": [python, "-m", "awslambdaric", handler],
            "Directory": folder,
            "Handler": handler,
            "Environment": {"Variables": {"PYTHONDONTWRITEBYTECODE": "1"}},
            "Timeout": FUNCTION_TIMEOUT.as_secs(),
        });
        let url = format!("{}functions/{name}", self.control());
        request("PUT", &url, &definition.to_string());
    }

    /// The `Message-ID` in the bytes of a mail.
    pub(crate) fn message_id(&self, mail: &Mail) -> String {
        let id = mail
            .id
            .as_str()
            .map_or_else(|| mail.id.to_string(), str::to_owned);
        let raw = fetch(&format!("{}mails/{id}/raw", self.control()));
        let raw = String::from_utf8_lossy(&raw);
        let header = raw.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("message-id")
                .then(|| value.trim().to_owned())
        });
        header.unwrap_or_else(|| panic!("no Message-ID in:\n{raw}"))
    }
}

impl Ports {
    /// Checks what every user of the port file relies on.
    fn check(&self) {
        assert!(self.endpoint.starts_with("http://127.0.0.1:"), "{self:?}");
        assert!(self.control.starts_with(&self.endpoint), "{self:?}");
        assert!(self.control.ends_with('/'), "{self:?}");
        assert!(
            TcpStream::connect(&self.smtp).is_ok(),
            "nobody answers at {}",
            self.smtp
        );
        assert!(
            self.user_pool_id.contains('_') && !self.client_id.is_empty(),
            "{self:?}"
        );
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The body of the answer to a GET.
fn fetch(url: &str) -> Vec<u8> {
    request("GET", url, "")
}

/// The body of the answer to a request. HTTP 1.0 asks for one plain body and then the end.
fn request(method: &str, url: &str, body: &str) -> Vec<u8> {
    let exchange = || -> std::io::Result<Vec<u8>> {
        let rest = url.trim_start_matches("http://");
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(ANSWER_DEADLINE))?;
        let length = body.len();
        write!(
            stream,
            "{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    let answer = exchange().unwrap_or_else(|e| panic!("{method} {url}: {e}"));
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.map_or(answer.len(), |end| end + 4));
    let head = String::from_utf8_lossy(head);
    assert_eq!(
        head.split(' ').nth(1),
        Some("200"),
        "{method} {url}:\n{head}"
    );
    body.to_vec()
}
