//! From a URL to an inbox.

use std::path::Path;
use std::sync::Arc;

use super::args::PlaceArgs;
use super::secrets;
use crate::config::{self, InboxKind};
use crate::inbox::imap::{ImapSettings, Login, LoginMethod};
use crate::inbox::{Browse, ImapInbox, PolledInbox};
use crate::model::SystemClock;
use crate::targets::{OpenInbox, Referenced, open_inbox};

/// Why there is no inbox to look at, and what to do.
#[derive(Debug)]
pub(crate) struct NoInbox {
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

/// Opens the inbox that the arguments or the environment name, or else the configured one.
pub(crate) fn open(
    args: &PlaceArgs,
    configured: Option<&config::Inbox>,
) -> Result<Arc<dyn Browse>, NoInbox> {
    let Some(url) = &args.inbox else {
        return match configured {
            Some(inbox) => open_configured(inbox),
            None => Err(NoInbox {
                message: "no inbox is named".to_owned(),
                help: "give --inbox imaps://USER@HOST or --target NAME, or set REVERIFY_INBOX",
            }),
        };
    };
    let clock = || Arc::new(SystemClock);
    let no_thread = |error: std::io::Error| NoInbox {
        message: format!("no thread for the inbox: {error}"),
        help: "",
    };
    if let Some(folder) = url.strip_prefix("maildir:") {
        let inbox = PolledInbox::maildir(Path::new(folder), clock());
        return Ok(Arc::new(inbox.map_err(no_thread)?));
    }
    if let Some(address) = url.strip_prefix("mailpit:") {
        let address = address.parse().map_err(|error| NoInbox {
            message: format!("`{url}`: {error}"),
            help: "an example: mailpit:http://127.0.0.1:8025",
        })?;
        let inbox = PolledInbox::mailpit(address, clock());
        return Ok(Arc::new(inbox.map_err(no_thread)?));
    }
    let server = url.parse().map_err(|error| NoInbox {
        message: format!("`{}`: {error}", without_password(url)),
        help: "an example: imaps://qa%40example.com@imap.example.com/INBOX",
    })?;
    let mut settings = ImapSettings::new(server, login(args)?);
    settings.trusted.clone_from(&args.ca);
    let inbox = ImapInbox::open(settings).map_err(no_thread)?;
    Ok(Arc::new(inbox))
}

fn open_configured(inbox: &config::Inbox) -> Result<Arc<dyn Browse>, NoInbox> {
    let no_mails = || NoInbox {
        message: format!("the inbox `{}` has mails during a run alone", inbox.name),
        help: "`reverify inbox serve` files them for longer, in a Maildir",
    };
    if let InboxKind::Sink(_) = inbox.kind {
        return Err(no_mails());
    }
    match open_inbox(inbox) {
        Ok(OpenInbox::Mailbox(mailbox)) => Ok(mailbox),
        Ok(OpenInbox::Sink(_)) => Err(no_mails()),
        Err(error) => Err(NoInbox {
            message: error.to_string(),
            help: "`reverify config show` says who says so",
        }),
    }
}

fn login(args: &PlaceArgs) -> Result<Login, NoInbox> {
    let command = |line: &String, method| Login {
        method,
        secret: Arc::new(Referenced(secrets::of_command(line))),
    };
    // What stands on the command line was meant for this call.
    if let Some(line) = &args.token_command {
        return Ok(command(line, LoginMethod::XOAuth2));
    }
    if let Some(line) = &args.password_command {
        return Ok(command(line, LoginMethod::Password));
    }
    let Some((method, secret)) = secrets::of_environment() else {
        return Err(NoInbox {
            message: "there is no password for the inbox".to_owned(),
            help: "set REVERIFY_INBOX_PASSWORD, or give --password-command or --token-command",
        });
    };
    let secret = Arc::new(secret);
    Ok(Login { method, secret })
}

/// The URL as it may be shown when somebody wrote a password into it.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else {
        return url.to_owned();
    };
    match user.split_once(':') {
        Some((user_name, _)) => {
            let after = &rest[user.len()..];
            format!("{scheme}://{user_name}:••••{after}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        let cases = [
            ("imaps://qa:secret@h/INBOX", "imaps://qa:••••@h/INBOX"),
            ("imaps://qa:se@cret@h", "imaps://qa:••••@h"),
            ("imaps://qa@h:993", "imaps://qa@h:993"),
            ("nonsense", "nonsense"),
        ];
        for (url, expected) in cases {
            assert_eq!(without_password(url), expected);
        }
    }
}
