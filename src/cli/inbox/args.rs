//! The arguments of `reverify inbox`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::cli::args::duration;
use crate::cli::settings::TargetArgs;
use crate::inbox::Position;
use crate::inbox::sink::MailDomain;
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
    pub(super) target: TargetArgs,
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
    /// Takes mail over SMTP into a Maildir, alone, until it is ended.
    ///
    /// It can be the mail exchanger of a staging domain. It never relays: what is for other domains
    /// is refused with `550 5.7.1`.
    Serve(ServeArgs),
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
pub(super) struct ServeArgs {
    /// Where to file the mails; read them with `--inbox maildir:DIR`. It is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(super) maildir: PathBuf,
    /// Where to take mail; port 0 takes a free one. An address that other machines can reach needs
    /// `--accept`.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:1025")]
    pub(super) listen: SocketAddr,
    /// Take mail for this domain alone; may be given several times [default: every domain].
    #[arg(long, value_name = "DOMAIN")]
    pub(super) accept: Vec<MailDomain>,
    /// The name that the server gives itself.
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    pub(super) host_name: MailDomain,
    /// The certificate for STARTTLS in PEM, with those that lead to its authority after it.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The private key of that certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// Offer STARTTLS with a certificate that is made now, for senders that encrypt without looking
    /// at certificates, as most mail servers do.
    #[arg(long, conflicts_with = "tls_cert")]
    pub(super) tls_self_signed: bool,
    /// Take no more mail while the Maildir holds so many MiB.
    #[arg(long, value_name = "MIB", default_value_t = 1_024,
          value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    pub(super) maildir_mib_max: u64,
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
