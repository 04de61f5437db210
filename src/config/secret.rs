//! Secrets, by reference only.

use std::path::PathBuf;
use std::time::Duration;

use super::lookup::{contents, output};
use super::node::{Node, Table};
use super::origin::Located;
use super::problem::ConfigProblem;
use super::section::{Section as _, section};
use super::setting::{Kind, Setting};
use crate::model::Secret;

/// How long a command may take where nothing is said: it may have to ask a server, but not a person.
pub const COMMAND_TIME_MAX: Duration = Duration::from_secs(30);

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
    /// In a file, without the end of the line. Nobody else may read it, unless it is root's and this
    /// process is another user's: then nobody else may write it.
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

section! {
    /// A reference to a secret.
    SecretTable {
        /// The variable that holds it.
        env: String = "env";
        /// The program that prints it, with its arguments. No shell reads them.
        command: Vec<String> = "command";
        /// How long that program may take; 30 s where nothing is said.
        timeout: Duration = "timeout";
        /// The file that holds it, which nobody else may read, or which root alone may write.
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
