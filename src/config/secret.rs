//! Secrets, by reference only.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::node::{Node, Table};
use super::origin::Located;
use super::problem::ConfigProblem;
use super::section::{Section as _, section};
use super::setting::{Kind, Setting};
use crate::model::Secret;

/// How long a command may take where nothing is said: it may have to ask a server, but not a person.
pub const COMMAND_TIME_MAX: Duration = Duration::from_secs(30);

/// Largest secret. Tokens of Microsoft have a few kilobytes.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// How an inline secret is to be written instead.
const HOW_TO_WRITE: &str = "write { env = \"VARIABLE\" }, { command = [\"PROGRAM\", \"ARGUMENT\"] } or \
                            { file = \"PATH\" }";

/// Where a secret is. It is looked up when it is needed, and never before.
///
/// ```no_run
/// use reverify::config::SecretRef;
///
/// let secret = SecretRef::Env("QA_PASSWORD".to_owned()).resolve()?;
/// # Ok::<(), reverify::config::SecretError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretRef {
    /// In a variable of the environment.
    Env(String),
    /// In what a program prints, without the end of the line. No shell reads the arguments.
    Command {
        /// The program and its arguments.
        argv: Vec<String>,
        /// How long it may take.
        timeout: Duration,
    },
    /// In a file that nobody else may read, without the end of the line.
    File(PathBuf),
}

/// Why there is no secret: what was tried, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable is not there, or is empty.
    #[error("the variable {0} is not set")]
    NotSet(String),
    /// The command gave none.
    #[error("`{command}` {reason}")]
    Command {
        /// The program with its arguments.
        command: String,
        /// Why.
        reason: String,
    },
    /// The file gave none.
    #[error("`{}` {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl SecretRef {
    /// The secret as it is now. It may block for as long as a command may take.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn resolve(&self) -> Result<Secret<String>, SecretError> {
        match self {
            Self::Env(name) => {
                let value = std::env::var(name).ok().filter(|value| !value.is_empty());
                let value = value.ok_or_else(|| SecretError::NotSet(name.clone()))?;
                Ok(Secret::new(value))
            }
            Self::Command { argv, timeout } => output(argv, *timeout),
            Self::File(path) => contents(path),
        }
    }
}

/// What a program prints, if it ends well and in time.
fn output(argv: &[String], time_max: Duration) -> Result<Secret<String>, SecretError> {
    let failed = |reason: String| SecretError::Command {
        command: argv.join(" "),
        reason,
    };
    let (program, arguments) = argv
        .split_first()
        .map_or(("", argv), |(first, rest)| (&**first, rest));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cannot be run: {error}")))?;
    let output = first_output(&mut child, time_max);
    if output.is_none() {
        // It may have ended this moment; either way it is waited for below.
        let _ = child.kill();
    }
    let status = child
        .wait()
        .map_err(|error| failed(format!("cannot be waited for: {error}")))?;
    let Some(output) = output else {
        let seconds = time_max.as_secs_f64();
        return Err(failed(format!("did not end within {seconds} s")));
    };
    if !status.success() {
        let reason = format!("failed ({status}); run it by hand to see why");
        return Err(failed(reason));
    }
    match output.trim_end_matches(['\r', '\n']) {
        "" => Err(failed("printed nothing".to_owned())),
        secret => Ok(Secret::new(secret.to_owned())),
    }
}

/// What a child prints until it closes its output, if that is within the time.
fn first_output(child: &mut Child, time_max: Duration) -> Option<String> {
    let stdout = child.stdout.take()?;
    let (sender, output) = mpsc::channel();
    // Ends with the child's output, which ends with the child at the latest.
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.take(SECRET_BYTES_MAX).read_to_string(&mut text);
        // Nobody listens any more after the time.
        let _ = sender.send(read.map_or_else(|_| String::new(), |_| text));
    });
    output.recv_timeout(time_max).ok()
}

/// What a file of one's own holds.
fn contents(path: &Path) -> Result<Secret<String>, SecretError> {
    let failed = |reason: String| SecretError::File {
        path: path.to_owned(),
        reason,
    };
    let unreadable = |error: std::io::Error| failed(format!("cannot be read: {error}"));
    let file = fs::File::open(path).map_err(unreadable)?;
    // Of the file that is open, so that no other can be put in its place meanwhile.
    if let Some(mode) = mode(&file).map_err(unreadable)?
        && mode & 0o077 != 0
    {
        let path = path.display();
        return Err(failed(format!(
            "may be read by others (mode {:03o}); take that right away: chmod 600 {path}",
            mode & 0o777
        )));
    }
    let mut text = String::new();
    file.take(SECRET_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(failed("is empty".to_owned())),
        secret => Ok(Secret::new(secret.to_owned())),
    }
}

/// The rights of a file, where the system has them as numbers.
#[cfg(unix)]
fn mode(file: &fs::File) -> std::io::Result<Option<u32>> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(Some(file.metadata()?.mode()))
}

#[cfg(not(unix))]
fn mode(_: &fs::File) -> std::io::Result<Option<u32>> {
    Ok(None)
}

section! {
    /// A reference to a secret.
    SecretTable {
        /// The variable that holds it.
        env: String = "env";
        /// The program that prints it, with its arguments. No shell reads them.
        command: Vec<String> = "command";
        /// How long that program may take; 30 s where nothing is said.
        timeout: Duration = "timeout";
        /// The file that holds it, which nobody else may read.
        file: PathBuf = "file";
    }
}

impl Setting for SecretRef {
    const KIND: Kind = Kind::Secret;

    fn read(found: &Located<Node>, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let Node::Table(table) = &found.value else {
            let problem = ConfigProblem::at(&found.origin, "a secret stands in the configuration");
            let label = "only a reference to it may stand here";
            problems.push(problem.label(label).help(HOW_TO_WRITE));
            return None;
        };
        reference(found, table, problems)
    }
}

fn reference(
    found: &Located<Node>,
    table: &Table,
    problems: &mut Vec<ConfigProblem>,
) -> Option<SecretRef> {
    let before = problems.len();
    let read = SecretTable::of_table(table, problems);
    if problems.len() > before {
        return None;
    }
    let SecretTable {
        env,
        command,
        timeout,
        file,
    } = read;
    match (env, command, file, timeout) {
        (Some(name), None, None, None) if !name.is_empty() => Some(SecretRef::Env(name)),
        (None, Some(argv), None, timeout) if !argv.is_empty() => Some(SecretRef::Command {
            argv,
            timeout: timeout.unwrap_or(COMMAND_TIME_MAX),
        }),
        (None, None, Some(path), None) => Some(SecretRef::File(path)),
        _ => {
            let problem = ConfigProblem::at(&found.origin, "this does not say where the secret is");
            let label = "it has to have one of `env`, `command` and `file`";
            problems.push(problem.label(label).help(HOW_TO_WRITE));
            None
        }
    }
}
