//! A Dovecot of the test's own: unprivileged, on loopback, gone with the test.

use std::fs;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use reverify::inbox::ImapInbox;
use reverify::inbox::imap::{ImapLimits, ImapSettings, Login, LoginMethod};
use reverify::model::Secret;
use tempfile::TempDir;

use super::certificates::Certificates;
use super::lmtp::Lmtp;
use crate::PATIENCE;
use crate::installed::installed;

/// Whom a Dovecot runs as that root starts: `nobody`, without any right.
const NOBODY: u32 = 65_534;

/// Every mailbox has this password.
pub(crate) const PASSWORD: &str = "correct-horse";

/// The mailbox of a test that needs one only.
pub(crate) const USER: &str = "qa@example.test";

/// Addresses whose mails that mailbox gets, by its recipient delimiter.
pub(crate) const ADDRESSES: &str = "qa+{person}.{run}.{scenario}.{attempt}@example.test";

/// A running server.
pub(crate) struct Dovecot {
    program: PathBuf,
    folder: TempDir,
    child: Child,
    pub(crate) ports: Ports,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) imap: u16,
    pub(crate) imaps: u16,
    pub(crate) lmtp: u16,
}

/// Past the harness, which keeps what a passing test prints.
fn say(text: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = io::stderr().write_all(format!("\n{text}\n").as_bytes());
}

impl Dovecot {
    /// Starts a server with a valid certificate.
    pub(crate) fn start(test: &str) -> Option<Self> {
        Self::start_with(test, &Certificates::valid())
    }

    /// Starts one that files all mail in the usual mailbox, whoever it is for.
    pub(crate) fn start_catching_all(test: &str) -> Option<Self> {
        let everybody = format!("auth_username_format = {USER}\n");
        Self::start_configured(test, &Certificates::valid(), &everybody)
    }

    /// Starts one whose mailboxes take so many mails and put further ones off, as a full mailbox does.
    pub(crate) fn start_limited(test: &str, messages: u32) -> Option<Self> {
        let quota = format!(
            "mail_plugins = quota\nquota_full_tempfail = yes\n\
             protocol imap {{\n  mail_plugins = quota imap_quota\n}}\n\
             plugin {{\n  quota = maildir:User quota\n  quota_rule = *:messages={messages}\n}}\n"
        );
        Self::start_configured(test, &Certificates::valid(), &quota)
    }

    pub(crate) fn start_with(test: &str, certificates: &Certificates) -> Option<Self> {
        Self::start_configured(test, certificates, "")
    }

    /// Starts a server with further lines in its configuration.
    fn start_configured(test: &str, certificates: &Certificates, more: &str) -> Option<Self> {
        let program = installed("REVERIFY_DOVECOT", test)?;
        let folder = TempDir::with_prefix("reverify-dovecot-").unwrap();
        // All three are bound at once, so that no two of them are the same.
        let free = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [imap, imaps, lmtp] = free.map(|one| one.local_addr().unwrap().port());
        let ports = Ports { imap, imaps, lmtp };
        for name in ["run", "state", "log", "mail", "tls"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("tls/cert.pem"), &certificates.chain).unwrap();
        fs::write(folder.path().join("tls/key.pem"), &certificates.key).unwrap();
        fs::write(folder.path().join("tls/ca.pem"), &certificates.authority).unwrap();
        fs::write(
            folder.path().join("dovecot.conf"),
            configuration(folder.path(), ports) + "\n" + more,
        )
        .unwrap();
        let child = spawn(&program, folder.path());
        let server = Self {
            program,
            folder,
            child,
            ports,
        };
        server.await_ready();
        Some(server)
    }

    /// Ends the server with all its connections, and starts it again on the same mailboxes.
    pub(crate) fn restart(&mut self) {
        self.stop();
        self.resume();
    }

    pub(crate) fn stop(&mut self) {
        let group = Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        // It may have ended by itself; the log says why.
        let _ = killpg(group, Signal::SIGTERM);
        self.child.wait().unwrap();
        // A process that serves a connection outlives the master.
        let _ = killpg(group, Signal::SIGKILL);
    }

    pub(crate) fn resume(&mut self) {
        self.child = spawn(&self.program, self.folder.path());
        self.await_ready();
    }

    fn await_ready(&self) {
        let until = Instant::now() + PATIENCE;
        for port in [self.ports.imap, self.ports.imaps, self.ports.lmtp] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(Instant::now() < until, "no Dovecot: {}", self.log());
                std::thread::yield_now();
            }
        }
    }

    pub(crate) fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log/dovecot.log"));
        log.unwrap_or_default()
    }

    pub(crate) fn lmtp(&self) -> Lmtp {
        Lmtp::connect(self.ports.lmtp)
    }

    /// The folder of a user's mail, in the format Maildir.
    pub(crate) fn maildir(&self, user: &str) -> PathBuf {
        self.folder.path().join("mail").join(user).join("Maildir")
    }

    /// Makes a Maildir before the user's first login, with what `fill` writes into `cur`.
    pub(crate) fn fill_maildir(&self, user: &str, fill: impl Fn(&Path)) {
        let maildir = self.maildir(user);
        for name in ["cur", "new", "tmp"] {
            fs::create_dir_all(maildir.join(name)).unwrap();
        }
        fill(&maildir.join("cur"));
        hand_over(self.folder.path());
        hand_over(&self.folder.path().join("mail"));
        hand_over(&self.folder.path().join("mail").join(user));
        for folder in [
            maildir.clone(),
            maildir.join("cur"),
            maildir.join("new"),
            maildir.join("tmp"),
        ] {
            hand_over(&folder);
        }
    }

    /// Removes all mails of the usual mailbox, as another program does that reads it.
    pub(crate) fn remove_mails(&self) {
        for name in ["new", "cur"] {
            for mail in fs::read_dir(self.maildir(USER).join(name)).unwrap() {
                fs::remove_file(mail.unwrap().path()).unwrap();
            }
        }
    }

    /// Puts a mail into a folder of the usual mailbox, as a filter would.
    pub(crate) fn put_into(&self, folder: &str, name: &str, mail: &str) {
        let folder = self.maildir(USER).join(folder);
        let unfinished = folder.join("tmp").join(name);
        fs::write(&unfinished, mail).unwrap();
        hand_over(&unfinished);
        fs::rename(&unfinished, folder.join("new").join(name)).unwrap();
    }

    /// Gives a stopped mailbox another UIDVALIDITY, as a server does that lost its indexes.
    pub(crate) fn renumber(&self, user: &str) {
        for entry in fs::read_dir(self.maildir(user))
            .unwrap()
            .map(Result::unwrap)
        {
            let name = entry.file_name().into_string().unwrap();
            if name.starts_with("dovecot.index") {
                fs::remove_file(entry.path()).unwrap();
            } else if name == "dovecot-uidlist" {
                // Its first line: `3 V1795244581 N2 G...`.
                let list = fs::read_to_string(entry.path()).unwrap();
                fs::write(entry.path(), list.replacen("V1", "V2", 1)).unwrap();
            }
        }
    }

    /// How often somebody logged in.
    pub(crate) fn logins(&self) -> usize {
        let log = fs::read_to_string(self.folder.path().join("log/info.log")).unwrap_or_default();
        log.lines()
            .filter(|line| line.contains("imap-login: Info: Login:"))
            .count()
    }

    pub(crate) fn authority_file(&self) -> PathBuf {
        self.folder.path().join("tls/ca.pem")
    }

    /// The mailbox over TLS.
    pub(crate) fn tls(&self, user: &str) -> ImapSettings {
        let user = user.replace('@', "%40");
        let mut settings = settings(&format!("imaps://{user}@localhost:{}", self.ports.imaps));
        settings.trusted = Some(self.authority_file());
        settings
    }

    /// The usual mailbox, without TLS.
    pub(crate) fn inbox(&self) -> ImapInbox {
        ImapInbox::open(plain(self.ports.imap)).unwrap()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            say(&format!("Dovecot's log:\n{}", self.log()));
        }
    }
}

/// The usual mailbox without TLS, through `port`, which may be a proxy's.
pub(crate) fn plain(port: u16) -> ImapSettings {
    let user = USER.replace('@', "%40");
    settings(&format!("imap://{user}@127.0.0.1:{port}"))
}

/// Settings with limits for tests: a fault is to be noticed soon.
pub(crate) fn settings(url: &str) -> ImapSettings {
    let secret = Arc::new(Secret::new(PASSWORD.to_owned()));
    let method = LoginMethod::Password;
    let mut settings = ImapSettings::new(url.parse().unwrap(), Login { method, secret });
    settings.limits = ImapLimits {
        connect_time_max: PATIENCE,
        command_time_max: PATIENCE,
        reconnect_time_max: PATIENCE,
    };
    settings
}

pub(crate) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Whether this test may give files away.
fn is_root() -> bool {
    let own = fs::metadata("/proc/self").unwrap();
    own.uid() == 0
}

/// Gives a file to the server's user.
fn hand_over(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

fn spawn(program: &Path, folder: &Path) -> Child {
    let mut pending = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        // What Dovecot made itself is its own already.
        if fs::metadata(&path).unwrap().uid() == NOBODY {
            continue;
        }
        if path.is_dir() {
            pending.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
        hand_over(&path);
    }
    let mut command = Command::new(program);
    command.arg("-F").arg("-c").arg(folder.join("dovecot.conf"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.process_group(0);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.spawn().unwrap()
}

fn named(flag: &str) -> String {
    if is_root() {
        return if flag == "-un" { "nobody" } else { "nogroup" }.to_owned();
    }
    let output = Command::new("id").arg(flag).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn configuration(folder: &Path, ports: Ports) -> String {
    let Ports { imap, imaps, lmtp } = ports;
    let (base, user, group) = (folder.display(), named("-un"), named("-gn"));
    let (base, imap, imaps) = (base.to_string(), imap.to_string(), imaps.to_string());
    let values = [
        ("@BASE@", base.as_str()),
        ("@USER@", &user),
        ("@GROUP@", &group),
        ("@PASSWORD@", PASSWORD),
        ("@IMAP@", &imap),
        ("@IMAPS@", &imaps),
        ("@LMTP@", &lmtp.to_string()),
    ];
    let template = include_str!("dovecot.conf").to_owned();
    let fill = |text: String, (name, value): (&str, &str)| text.replace(name, value);
    values.into_iter().fold(template, fill)
}
