//! Where the password or the token of an inbox on the command line comes from.

use crate::config::{COMMAND_TIME_MAX, SecretRef};
use crate::inbox::imap::LoginMethod;
use crate::model::Secret;

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

/// The output of a program with its arguments, separated by spaces.
pub(super) fn of_command(line: &str) -> SecretRef {
    SecretRef::Command {
        argv: line.split_ascii_whitespace().map(str::to_owned).collect(),
        timeout: COMMAND_TIME_MAX,
    }
}
