//! A Postfix of the test's own: on loopback, in a folder, gone with the test.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

use super::say;
use crate::PATIENCE;
use crate::installed::installed;

/// The account that Postfix's package makes.
const MAIL_OWNER: &str = "postfix";

/// The processes of a server that takes mail from this machine and hands it on.
const PROCESSES: &str = "\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A server that hands everything on to one other.
pub(super) struct Postfix {
    folder: TempDir,
    child: Child,
    /// Where it takes mail.
    pub(super) address: SocketAddr,
}

impl Postfix {
    /// Starts a server that hands mail on to `next`; nothing, with a line that says so, where that
    /// cannot be.
    pub(super) fn start(test: &str, next: SocketAddr) -> Option<Self> {
        let program = installed("REVERIFY_POSTFIX", test)?;
        let folder = TempDir::with_prefix("reverify-postfix-").unwrap();
        // Its processes give their rights away and still have to get there.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), open).unwrap();
        for name in ["etc", "queue", "data"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        chown(folder.path().join("data"), Some(mail_owner()), None).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let etc = folder.path().join("etc");
        fs::write(etc.join("main.cf"), configuration(folder.path(), next)).unwrap();
        let listening = format!("{address} inet n - n - - smtpd\n{PROCESSES}");
        fs::write(etc.join("master.cf"), listening).unwrap();
        let child = Command::new(program)
            .args([Path::new("-c"), &etc, Path::new("start-fg")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            folder,
            child,
            address,
        };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < until, "no Postfix: {}", server.log());
            std::thread::yield_now();
        }
        Some(server)
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Waits until the log contains this.
    pub(super) fn await_log(&self, text: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.log().contains(text) {
            assert!(Instant::now() < until, "not logged: {text}\n{}", self.log());
            std::thread::yield_now();
        }
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // The server makes a session and a process group of its own, and writes down their number.
        let number = fs::read_to_string(self.folder.path().join("queue/pid/master.pid"));
        let master = number.ok().and_then(|text| text.trim().parse().ok());
        if let Some(group) = master.map(Pid::from_raw) {
            // It may have ended by itself; the log says why.
            let _ = killpg(group, Signal::SIGTERM);
            let _ = self.child.wait();
            // A process that serves a connection outlives the master.
            let _ = killpg(group, Signal::SIGKILL);
        } else {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            say(&format!("Postfix's log:\n{}", self.log()));
        }
    }
}

/// The number of the account to which Postfix wants its data to belong.
fn mail_owner() -> u32 {
    let output = Command::new("id")
        .args(["-u", MAIL_OWNER])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().parse().unwrap()
}

fn configuration(folder: &Path, next: SocketAddr) -> String {
    let (folder, ip, port) = (folder.display(), next.ip(), next.port());
    format!(
        "compatibility_level = 3.6\n\
         queue_directory = {folder}/queue\n\
         data_directory = {folder}/data\n\
         mail_owner = {MAIL_OWNER}\n\
         maillog_file = {folder}/log\n\
         maillog_file_prefixes = {folder}\n\
         inet_interfaces = 127.0.0.1\n\
         inet_protocols = ipv4\n\
         myhostname = sender.test\n\
         mydestination =\n\
         local_recipient_maps =\n\
         smtpd_peername_lookup = no\n\
         alias_maps =\n\
         alias_database =\n\
         mynetworks = 127.0.0.0/8\n\
         disable_dns_lookups = yes\n\
         relayhost = [{ip}]:{port}\n\
         smtp_tls_security_level = may\n\
         smtp_tls_loglevel = 1\n\
         smtputf8_enable = yes\n\
         queue_run_delay = 1s\n\
         minimal_backoff_time = 1s\n\
         maximal_backoff_time = 1s\n"
    )
}
