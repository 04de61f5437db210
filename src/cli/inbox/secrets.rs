//! Where the password or the token comes from.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::inbox::imap::{LoginMethod, SecretSource, SecretUnavailable};
use crate::model::Secret;

/// How long a command may take; it may have to ask a server, but not a person.
const COMMAND_TIME_MAX: Duration = Duration::from_secs(30);

/// Longest output of a command. Tokens of Microsoft have a few kilobytes.
const OUTPUT_BYTES_MAX: u64 = 64 * 1024;

/// Variables that hold a secret, and what it is for.
const VARIABLES: [(&str, LoginMethod); 2] = [
    ("REVERIFY_INBOX_PASSWORD", LoginMethod::Password),
    ("REVERIFY_INBOX_TOKEN", LoginMethod::XOAuth2),
];

/// What the environment holds, if it holds one.
pub(super) fn of_environment() -> Option<(LoginMethod, Secret<String>)> {
    VARIABLES.into_iter().find_map(|(name, method)| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
        Some((method, Secret::new(value)))
    })
}

/// The output of a command, which is run for each login: tokens expire.
#[derive(Debug)]
pub(super) struct SecretCommand {
    /// The program and its arguments, separated by spaces. No shell reads it.
    pub(super) line: String,
}

impl SecretSource for SecretCommand {
    fn secret(&self) -> Result<Secret<String>, SecretUnavailable> {
        let failed = |what: String| SecretUnavailable(format!("`{}` {what}", self.line));
        let mut words = self.line.split_ascii_whitespace();
        let program = words.next().unwrap_or_default();
        let mut child = Command::new(program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(format!("cannot be run: {error}")))?;
        let output = first_output(&mut child, COMMAND_TIME_MAX);
        if output.is_none() {
            // It may have ended this moment; either way it is waited for below.
            let _ = child.kill();
        }
        let status = child
            .wait()
            .map_err(|error| failed(format!("cannot be waited for: {error}")))?;
        let Some(output) = output else {
            let seconds = COMMAND_TIME_MAX.as_secs();
            return Err(failed(format!("did not end within {seconds} s")));
        };
        if !status.success() {
            return Err(failed(format!(
                "failed ({status}); run it by hand to see why"
            )));
        }
        match output.trim_end_matches(['\r', '\n']) {
            "" => Err(failed("printed nothing".to_owned())),
            secret => Ok(Secret::new(secret.to_owned())),
        }
    }
}

/// What a child prints until it closes its output, if that is within the time.
fn first_output(child: &mut Child, time_max: Duration) -> Option<String> {
    let stdout = child.stdout.take()?;
    let (sender, output) = mpsc::channel();
    // Ends with the child's output, which ends with the child at the latest.
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.take(OUTPUT_BYTES_MAX).read_to_string(&mut text);
        // Nobody listens any more after the time.
        let _ = sender.send(read.map_or_else(|_| String::new(), |_| text));
    });
    output.recv_timeout(time_max).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<String, String> {
        let line = line.to_owned();
        let secret = SecretCommand { line }.secret();
        secret
            .map(|secret| secret.expose().clone())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_output_without_its_line_end_is_the_secret() {
        assert_eq!(run("echo correct  horse").unwrap(), "correct horse");
    }

    #[test]
    fn a_command_without_a_secret_is_told() {
        let cases = [
            ("", "cannot be run"),
            ("/nowhere/at-all", "cannot be run"),
            ("true", "printed nothing"),
            ("false", "failed (exit status: 1)"),
        ];
        for (line, expected) in cases {
            let error = run(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }
}
