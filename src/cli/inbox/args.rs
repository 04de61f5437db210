//! The arguments of `reverify inbox`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::cli::args::duration;
use crate::inbox::Position;
use crate::mail::CodePattern;
use crate::model::EmailAddress;

/// Printed below `--help`.
const SECRETS: &str = "\
The password is taken from the variable REVERIFY_INBOX_PASSWORD or from the output of
--password-command; for XOAUTH2 the token from REVERIFY_INBOX_TOKEN or --token-command. No
argument takes a secret itself: other users of a machine can read the arguments of its processes.";

/// `reverify inbox`.
#[derive(Debug, Args)]
#[command(after_help = SECRETS)]
pub(crate) struct InboxArgs {
    #[command(flatten)]
    pub(super) place: PlaceArgs,
    #[command(subcommand)]
    pub(super) command: InboxCommand,
}

/// Which inbox, and how to log in to it.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The inbox: `imaps://USER@HOST[:PORT][/FOLDER]`, the same with `imap+starttls:`, or on
    /// loopback with `imap:`; an `@` in USER is written `%40`. Or `maildir:PATH`, or
    /// `mailpit:http://HOST[:PORT]`.
    #[arg(long, value_name = "URL", env = "REVERIFY_INBOX", global = true)]
    pub(crate) inbox: Option<String>,
    /// A program with arguments, split at spaces, that prints the password.
    #[arg(
        long,
        value_name = "COMMAND",
        env = "REVERIFY_INBOX_PASSWORD_COMMAND",
        global = true,
        conflicts_with = "token_command"
    )]
    pub(super) password_command: Option<String>,
    /// A program with arguments, split at spaces, that prints an OAuth 2.0 access token.
    #[arg(
        long,
        value_name = "COMMAND",
        env = "REVERIFY_INBOX_TOKEN_COMMAND",
        global = true
    )]
    pub(super) token_command: Option<String>,
    /// Certificates in PEM to trust instead of the system's.
    #[arg(long, value_name = "FILE", env = "REVERIFY_INBOX_CA", global = true)]
    pub(super) ca: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum InboxCommand {
    /// Waits for the next mail to an address and prints its code.
    ///
    /// Start it before the request that sends the mail, or note `reverify inbox position` before
    /// and give it with `--since`: an older mail is never taken.
    Wait(WaitArgs),
    /// Prints how far the inbox has come, for `wait --since`.
    Position,
    /// Lists the newest mails: position, date, recipient, subject.
    List(ListArgs),
    /// Shows a mail as its reader sees it.
    Show(ShowArgs),
    /// Lists mails as they come, until it is ended.
    Watch(WatchArgs),
    /// Prints the code or the link of mails in files, as a line of JSON for each.
    Parse(ParseArgs),
}

#[derive(Debug, Args)]
pub(super) struct WaitArgs {
    /// To whom the mail goes.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) to: EmailAddress,
    /// Count mails from this position on, or from `now`.
    #[arg(long, value_name = "POSITION", default_value = "now", value_parser = since)]
    pub(super) since: Since,
    /// How long to wait.
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// Print the code; this is the default.
    #[arg(long, conflicts_with_all = ["link", "json"])]
    pub(super) code: bool,
    /// Print the link that confirms instead.
    #[arg(long, conflicts_with = "json")]
    pub(super) link: bool,
    /// Print what is known of the mail, as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 20,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) count: u16,
    /// Print a JSON object for each, one a line.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Where it is, as `list` prints it.
    #[arg(value_name = "POSITION")]
    pub(super) position: Position,
    /// Print the mail's bytes as they are.
    #[arg(long)]
    pub(super) raw: bool,
}

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// Only mails that name this recipient.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) to: Option<EmailAddress>,
    /// Print a JSON object for each, one a line.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ParseArgs {
    /// Mails as they were received (RFC 5322); `-` is standard input.
    #[arg(value_name = "FILE.eml", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The pool's message template, with `{####}` for the code or `{##text##}` for the link.
    #[arg(long, value_name = "TEXT")]
    pub(super) template: Option<String>,
    /// The pool's subject template.
    #[arg(long, value_name = "TEXT")]
    pub(super) subject_template: Option<String>,
    /// A regular expression of your own for the code, which is its group if it has one.
    #[arg(long, value_name = "REGEX", conflicts_with_all = ["template", "subject_template"])]
    pub(super) pattern: Option<CodePattern>,
    /// Prints JSON, which is the only form so far.
    #[arg(long = "json")]
    pub(super) _json: bool,
}

/// From where on mails count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    Now,
    Position(Position),
}

fn since(text: &str) -> Result<Since, String> {
    if text == "now" {
        return Ok(Since::Now);
    }
    let position = text.parse().map(Since::Position);
    position.map_err(|error: crate::inbox::InvalidPosition| format!("{error}; or write `now`"))
}
