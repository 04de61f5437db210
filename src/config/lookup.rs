//! Looks secrets up: runs commands, and reads files.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::secret::SecretError;
use crate::model::{Secret, read_bounded};

/// Largest secret. Tokens of Microsoft have a few kilobytes.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// Between two looks whether a command has ended: it does so as a rule when it closes its output.
const END_PAUSE: Duration = Duration::from_millis(5);

/// What a program prints, if it ends well and in time.
pub(super) fn output(argv: &[String], time_max: Duration) -> Result<Secret<String>, SecretError> {
    let failed = |reason: String| SecretError::Command {
        command: argv.join(" "),
        reason,
    };
    let (program, arguments) = argv
        .split_first()
        .map_or(("", argv), |(first, rest)| (&**first, rest));
    let limit = Limit {
        began: Instant::now(),
        time_max,
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cannot be run: {error}")))?;
    let printed = printed(&mut child, &limit).and_then(|bytes| {
        await_end(&mut child, &limit)?;
        Ok(bytes)
    });
    if printed.is_err() {
        // It may have ended this moment; either way nothing of it stays.
        let _ = child.kill();
        let _ = child.wait();
    }
    let secret = secret_of(printed.map_err(failed)?);
    secret.map_err(|unfit| {
        let reason = match unfit {
            Unfit::Empty => "printed nothing",
            Unfit::NotUtf8 => "printed what is not UTF-8",
        };
        failed(reason.to_owned())
    })
}

/// How long a command may take, all in all.
struct Limit {
    began: Instant,
    time_max: Duration,
}

impl Limit {
    fn left(&self) -> Duration {
        self.time_max.saturating_sub(self.began.elapsed())
    }

    fn passed(&self, what: &str) -> String {
        format!("{what} within {} s", self.time_max.as_secs_f64())
    }
}

/// What a child prints until it closes its output.
fn printed(child: &mut Child, limit: &Limit) -> Result<Vec<u8>, String> {
    let unreadable = |error: io::Error| match error.kind() {
        ErrorKind::FileTooLarge => format!("printed more than {SECRET_BYTES_MAX} bytes"),
        _ => format!("printed what cannot be read: {error}"),
    };
    let Some(stdout) = child.stdout.take() else {
        return Ok(Vec::new());
    };
    let (sender, output) = mpsc::channel();
    // Ends with the child's output; nobody listens any more after the time.
    let reader = move || {
        let _ = sender.send(read_bounded(stdout, SECRET_BYTES_MAX));
    };
    let started = thread::Builder::new().spawn(reader);
    started.map_err(|error| format!("cannot be listened to: {error}"))?;
    let read = output.recv_timeout(limit.left());
    let read = read.map_err(|_| limit.passed("did not end"))?;
    read.map_err(unreadable)
}

/// Waits until a child has ended well.
fn await_end(child: &mut Child, limit: &Limit) -> Result<(), String> {
    loop {
        let status = child.try_wait();
        match status.map_err(|error| format!("cannot be waited for: {error}"))? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("failed ({status}); run it by hand to see why")),
            None => {}
        }
        let left = limit.left();
        if left.is_zero() {
            return Err(limit.passed("closed its output and did not end"));
        }
        thread::sleep(left.min(END_PAUSE));
    }
}

/// What a file holds, unless others may do more with it than they should.
pub(super) fn contents(path: &Path) -> Result<Secret<String>, SecretError> {
    let failed = |reason: String| SecretError::File {
        path: path.to_owned(),
        reason,
    };
    let unreadable = |error: io::Error| failed(format!("cannot be read: {error}"));
    let file = fs::File::open(path).map_err(unreadable)?;
    // Of the file that is open, so that no other can be put in its place meanwhile.
    if let Some(rights) = rights(&file).map_err(unreadable)?
        && let Some(objection) = rights.objection(path)
    {
        return Err(failed(objection));
    }
    let bytes = read_bounded(file, SECRET_BYTES_MAX).map_err(unreadable)?;
    secret_of(bytes).map_err(|unfit| {
        let reason = match unfit {
            Unfit::Empty => "is empty",
            Unfit::NotUtf8 => "is not UTF-8",
        };
        failed(reason.to_owned())
    })
}

/// Why bytes are no secret.
enum Unfit {
    Empty,
    NotUtf8,
}

/// The text without the end of the line. What is no text is not shown: it may be a secret all the same.
fn secret_of(bytes: Vec<u8>) -> Result<Secret<String>, Unfit> {
    let text = String::from_utf8(bytes).map_err(|_| Unfit::NotUtf8)?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(Unfit::Empty),
        secret => Ok(Secret::new(secret.to_owned())),
    }
}

/// The user id of root.
const ROOT: u32 = 0;

/// Who may do what with a file, where the system has that as numbers.
#[derive(Debug, Clone, Copy)]
struct Rights {
    /// The last nine bits are those of `chmod`.
    mode: u32,
    /// The user id of the file's owner.
    owner: u32,
    /// The user id of this process.
    user: u32,
}

impl Rights {
    /// Why a secret should not be taken from a file, and what to do about it.
    ///
    /// A file of root that is handed to a process of another user was put there by the platform:
    /// Kubernetes and Docker mount secrets with modes like 0440 and 0444, which the process cannot
    /// change. There only a right to write speaks against it.
    fn objection(self, path: &Path) -> Option<String> {
        let (mode, path) = (self.mode & 0o777, path.display());
        let is_handed_over = self.owner == ROOT && self.user != ROOT;
        let is_ours = self.owner == self.user || self.user == ROOT;
        let (refused, may, remedy) = if is_handed_over {
            let remedy = format!("let root take that right away: chmod go-w {path}");
            (0o022, "written", remedy)
        } else if is_ours {
            (
                0o077,
                "read",
                format!("take that right away: chmod 600 {path}"),
            )
        } else {
            let remedy = "it belongs to another user, so make a copy of your own with mode 600";
            (0o077, "read", remedy.to_owned())
        };
        let objection = format!("may be {may} by others (mode {mode:03o}); {remedy}");
        (mode & refused != 0).then_some(objection)
    }
}

#[cfg(unix)]
fn rights(file: &fs::File) -> io::Result<Option<Rights>> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = file.metadata()?;
    Ok(Some(Rights {
        mode: metadata.mode(),
        owner: metadata.uid(),
        user: nix::unistd::geteuid().as_raw(),
    }))
}

#[cfg(not(unix))]
fn rights(_: &fs::File) -> io::Result<Option<Rights>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    fn run(argv: &[&str], time_max: Duration) -> Result<String, String> {
        let argv: Vec<_> = argv.iter().map(|&word| word.to_owned()).collect();
        let secret = output(&argv, time_max).map_err(|error| error.to_string())?;
        Ok(secret.expose().to_owned())
    }

    #[test]
    fn a_command_ends_within_its_time_whatever_it_does_with_its_output() {
        let time_max = Duration::from_millis(200);
        for (script, said) in [
            ("echo x; exec sleep 20", "` did not end within 0.2 s"),
            (
                "echo x; exec >&-; exec sleep 20",
                "` closed its output and did not end within 0.2 s",
            ),
        ] {
            let began = Instant::now();
            let error = run(&["sh", "-c", script], time_max).unwrap_err();
            assert!(error.ends_with(said), "{error}");
            assert!(began.elapsed() < SOON, "{script}: {:?}", began.elapsed());
        }
        let late = "echo x; exec >&-; sleep 0.05; exit 3";
        let error = run(&["sh", "-c", late], SOON).unwrap_err();
        assert!(error.contains("failed (exit status: 3)"), "{error}");
        let late = "echo x; exec >&-; sleep 0.05";
        assert_eq!(run(&["sh", "-c", late], SOON).as_deref(), Ok("x"));
    }

    #[test]
    fn what_is_no_secret_is_refused_and_not_shown() {
        let error = run(&["printf", r"k\351nig"], SOON).unwrap_err();
        assert!(error.ends_with("printed what is not UTF-8"), "{error}");
        let error = run(&["yes"], SOON).unwrap_err();
        assert!(error.ends_with("printed more than 65536 bytes"), "{error}");

        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("secret");
        for (bytes, said) in [
            (
                vec![b'x'; 65_537],
                "cannot be read: it is larger than 65536 bytes",
            ),
            (b"k\xe9nig".to_vec(), "is not UTF-8"),
            (b"\r\n".to_vec(), "is empty"),
        ] {
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, permissions(0o600)).unwrap();
            let error = contents(&path).unwrap_err().to_string();
            assert!(error.ends_with(said), "{error}");
        }
        fs::write(&path, vec![b'x'; 65_536]).unwrap();
        assert_eq!(contents(&path).unwrap().expose().len(), 65_536);
    }

    fn permissions(mode: u32) -> fs::Permissions {
        std::os::unix::fs::PermissionsExt::from_mode(mode)
    }

    #[test]
    fn a_file_of_ones_own_is_private_and_one_that_root_hands_over_is_not_written() {
        const US: u32 = 65_532;
        const ANOTHER: u32 = 1000;
        let path = Path::new("/run/secrets/imap");
        for (mode, owner, user, said) in [
            // One's own.
            (0o100_600, US, US, ""),
            (0o100_400, US, US, ""),
            (0o100_640, US, US, "mode 640"),
            (0o100_604, US, US, "chmod 600 /run/secrets/imap"),
            (0o100_600, ROOT, ROOT, ""),
            (0o100_444, ROOT, ROOT, "chmod 600 /run/secrets/imap"),
            // Kubernetes with an fsGroup, without one; Docker.
            (0o100_440, ROOT, US, ""),
            (0o100_640, ROOT, US, ""),
            (0o100_644, ROOT, US, ""),
            (0o100_444, ROOT, US, ""),
            (0o100_660, ROOT, US, "chmod go-w /run/secrets/imap"),
            (0o100_646, ROOT, US, "may be written by others (mode 646)"),
            // Root reads everything, and may change it.
            (0o100_600, ANOTHER, ROOT, ""),
            (0o100_644, ANOTHER, ROOT, "chmod 600 /run/secrets/imap"),
            // A neighbour's.
            (0o100_644, ANOTHER, US, "it belongs to another user"),
        ] {
            let rights = Rights { mode, owner, user };
            let objection = rights.objection(path).unwrap_or_default();
            let fits = objection.contains(said) && objection.is_empty() == said.is_empty();
            assert!(fits, "{rights:?}: {objection}");
        }
    }
}
