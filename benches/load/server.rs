//! The server's process: its start, its memory, its CPU time.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::api;

/// Longest wait for the first answer.
const START_SECONDS_MAX: u64 = 60;
/// Pause between two attempts to connect: short beside the times that are measured.
const ATTEMPT_PAUSE: Duration = Duration::from_micros(200);
/// Ticks of the CPU times in `/proc/PID/stat`: the same on all systems that Rust's tier 1 has.
const TICKS_PER_SECOND: u32 = 100;

/// A running server, ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) first_answer: Duration,
    /// Its working directory: some write files there.
    _folder: TempDir,
}

impl Server {
    /// Runs a shell command with a free port and waits for the first answer of any kind.
    pub(crate) fn start(command: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let command = command.replace("{port}", &address.port().to_string());
        let began = Instant::now();
        let child = Command::new("sh")
            // The process that is killed has to be the server itself.
            .args(["-c", &format!("exec {command}")])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            address,
            first_answer: Duration::ZERO,
            _folder: folder,
        };
        while !answers(address) {
            let ended = server.child.try_wait().unwrap();
            assert!(ended.is_none(), "`{command}` ended: {ended:?}");
            let waited = began.elapsed();
            assert!(
                waited.as_secs() < START_SECONDS_MAX,
                "`{command}` gives no answer on {address}"
            );
            std::thread::sleep(ATTEMPT_PAUSE);
        }
        server.first_answer = began.elapsed();
        server
    }

    /// The memory that the process occupies; nothing where the system does not tell.
    pub(crate) fn resident_bytes(&self) -> Option<usize> {
        let status = self.file("status")?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// The CPU time of the process up to now, of the user and of the system.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        let stat = self.file("stat")?;
        // The second field is the name, in parentheses, which may hold anything.
        let fields = stat.rsplit_once(')')?.1;
        let ticks = |field: usize| fields.split_whitespace().nth(field)?.parse::<u32>().ok();
        let ticks = ticks(11)? + ticks(12)?;
        Some(Duration::from_secs(1) * ticks / TICKS_PER_SECOND)
    }

    fn file(&self, name: &str) -> Option<String> {
        fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What else the machine does, in the system's words.
pub(crate) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg");
    text.map_or_else(
        |_| "not known".to_owned(),
        |text| text.split(' ').take(3).collect::<Vec<_>>().join(" "),
    )
}

fn free_address() -> SocketAddr {
    // The port is free again when the listener is dropped.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}

/// Whether any HTTP answer comes to a question about a pool that does not exist.
fn answers(address: SocketAddr) -> bool {
    let body = "{\"UserPoolId\":\"us-east-1_Missing00\"}";
    let request = api::request(address, "DescribeUserPool", true, body);
    let mut start = [0; 5];
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_secs(START_SECONDS_MAX)))?;
        stream.write_all(request.as_bytes())?;
        stream.read_exact(&mut start)
    });
    asked.is_ok() && start == *b"HTTP/"
}
