//! `reverify inbox wait`: the code of the next mail to an address.

use tokio::time::Instant;

use super::args::{Since, WaitArgs};
use super::command::unreadable;
use super::reading::{self, Reading};
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::list::print;
use crate::cli::problem;
use crate::inbox::{Arrival, Browse, InboxError, Missing, WaitEnd};
use crate::mail::Extraction;

/// Waits and prints.
pub(super) async fn wait(
    args: &WaitArgs,
    inbox: &dyn Browse,
    color: Color,
) -> Result<Exit, InboxError> {
    let mut watch = match args.since {
        Since::Now => inbox.watch(&args.to).await?,
        Since::Position(start) => inbox.watch_since(&args.to, start).await?,
    };
    // A script that sees this line may make the request: no mail of it can be missed now.
    problem::note(&format!(
        "Waiting for mail to {} after {} in the {}",
        args.to,
        watch.position(),
        inbox.describe()
    ));
    match watch.next(Instant::now() + args.timeout).await {
        Ok(arrival) => Ok(tell(args, &arrival, color)),
        Err(missing) => Ok(tell_missing(&missing, inbox, color)),
    }
}

fn tell(args: &WaitArgs, arrival: &Arrival, color: Color) -> Exit {
    let (message, extraction) = reading::read(&arrival.raw);
    if args.json {
        let reading = Reading::of(arrival, &message, &extraction);
        let printed = print_json(&reading);
        let is_found = matches!(
            extraction,
            Extraction::Code { .. } | Extraction::Link { .. }
        );
        return if printed == Exit::Ok && !is_found {
            Exit::NoCode
        } else {
            printed
        };
    }
    let wanted = match (&extraction, args.link) {
        (Extraction::Code { code, .. }, false) => Some(code.expose()),
        // A link holds a code too, and ConfirmSignUp takes it.
        (Extraction::Link { link, .. }, false) => Some(link.code.expose()),
        (Extraction::Link { link, .. }, true) => Some(link.expose_url()),
        _ => None,
    };
    if let Some(wanted) = wanted {
        return print(&format!("{wanted}\n"));
    }
    let subject = message.subject().unwrap_or_default();
    let what = if args.link { "link" } else { "code" };
    let text = format!(
        "a mail to {} came at {} ({subject:?}), but without the {what} that was asked for: {}",
        arrival.envelope_to,
        arrival.position,
        reading::found(&extraction)
    );
    let help = format!("see it with: reverify inbox show {}", arrival.position);
    problem::say(&text, &help, color);
    Exit::NoCode
}

fn tell_missing(missing: &Missing, inbox: &dyn Browse, color: Color) -> Exit {
    match &missing.end {
        WaitEnd::Unreadable(error) => unreadable(error, inbox, color),
        WaitEnd::DeadlinePassed => {
            let help = if missing.elsewhere.is_empty() {
                "see what is there with: reverify inbox list"
            } else {
                "the mail was sent, and put aside on the way; look at its sender's SPF and DKIM"
            };
            problem::say(&missing.to_string(), help, color);
            Exit::NoMail
        }
        WaitEnd::InboxStopped | WaitEnd::Overrun { .. } => {
            problem::say(&missing.to_string(), "", color);
            Exit::Broken
        }
    }
}

/// Prints one line of JSON.
pub(super) fn print_json(value: &impl serde::Serialize) -> Exit {
    match serde_json::to_string(value) {
        Ok(text) => print(&format!("{text}\n")),
        // Texts and numbers always have a form in JSON.
        Err(_) => Exit::Internal,
    }
}
