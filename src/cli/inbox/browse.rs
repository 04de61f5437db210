//! `reverify inbox position`, `list`, `show` and `watch`: what is in the inbox.

use std::io::Write as _;
use std::time::Duration;

use super::args::{ListArgs, ShowArgs, WatchArgs};
use super::reading::{self, Outline};
use super::wait::print_json;
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::list::print;
use crate::cli::problem;
use crate::inbox::{Browse, InboxError, MailSummary};
use crate::mail::Message;

/// How often `watch` looks: a person reads along.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// How many mails `watch` shows of one look. More come at once only when a mailbox is filled.
const NEW_MAILS_MAX: usize = 200;

/// Prints how far the inbox has come.
pub(super) async fn position(inbox: &dyn Browse) -> Result<Exit, InboxError> {
    Ok(print(&format!("{}\n", inbox.position().await?)))
}

/// Prints a line for each of the newest mails.
pub(super) async fn list(args: &ListArgs, inbox: &dyn Browse) -> Result<Exit, InboxError> {
    for mail in inbox.newest(usize::from(args.count)).await? {
        let printed = print_outline(&outline(&mail).1, args.json);
        if printed != Exit::Ok {
            return Ok(printed);
        }
    }
    Ok(Exit::Ok)
}

/// Prints a mail.
pub(super) async fn show(
    args: &ShowArgs,
    inbox: &dyn Browse,
    color: Color,
) -> Result<Exit, InboxError> {
    let Some(raw) = inbox.mail(args.position).await? else {
        let text = format!(
            "no mail is at {} in the {}",
            args.position,
            inbox.describe()
        );
        problem::say(&text, "`reverify inbox list` shows where mails are", color);
        return Ok(Exit::Invalid);
    };
    if args.raw {
        let written = std::io::stdout().lock().write_all(&raw);
        return Ok(written.map_or(Exit::ReportNotWritten, |()| Exit::Ok));
    }
    Ok(print(&reading::whole(args.position, &raw)))
}

/// Prints a line for each mail that comes.
pub(super) async fn watch(
    args: &WatchArgs,
    inbox: &dyn Browse,
    color: Color,
) -> Result<Exit, InboxError> {
    let mut next = inbox.position().await?;
    problem::note(&format!("Watching the {} from {next} on", inbox.describe()));
    loop {
        // Not every kind of inbox announces its mails, so each is asked.
        tokio::time::sleep(LOOK_INTERVAL).await;
        // A generation of its own makes all positions new, and the old ones useless.
        let now = inbox.position().await?;
        if now == next {
            continue;
        }
        if now.partial_cmp(&next).is_none() {
            let text = format!("the mailbox was made anew: it had come to {next}, now to {now}");
            problem::say(&text, "start again", color);
            return Ok(Exit::Broken);
        }
        for mail in inbox.newest(NEW_MAILS_MAX).await? {
            let (message, outline) = outline(&mail);
            let is_theirs = args.to.as_ref().is_none_or(|address| {
                let mut named = message.to().iter();
                named.any(|mailbox| mailbox.address.same_mailbox(address))
            });
            if mail.position.reached(next) && !mail.position.reached(now) && is_theirs {
                let printed = print_outline(&outline, args.json);
                if printed != Exit::Ok {
                    return Ok(printed);
                }
            }
        }
        next = now;
    }
}

fn outline(mail: &MailSummary) -> (Message, Outline) {
    let message = Message::parse(&mail.headers);
    let outline = Outline::of(mail.position, &message);
    (message, outline)
}

fn print_outline(outline: &Outline, as_json: bool) -> Exit {
    if as_json {
        print_json(outline)
    } else {
        print(&outline.line())
    }
}
