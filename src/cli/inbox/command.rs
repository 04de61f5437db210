//! Runs one of the commands, and says what keeps it from running.

use super::args::{InboxArgs, InboxCommand, Since};
use super::{browse, open, parse, serve, wait};
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::problem;
use crate::inbox::{Browse, InboxError};

/// Opens the inbox and does what was asked.
pub(crate) fn inbox(args: &InboxArgs, color: Color) -> Exit {
    // Files need no inbox.
    if let InboxCommand::Parse(args) = &args.command {
        return parse::parse(args, color);
    }
    // This is an inbox itself.
    if let InboxCommand::Serve(args) = &args.command {
        return serve::serve(args, color);
    }
    let target = match args.target.load() {
        Ok(target) => target,
        Err(error) => return problem::config(&error, color),
    };
    let configured = target.as_ref().and_then(|target| target.inbox.as_ref());
    if let (Some(target), None, None) = (&target, configured, &args.place.inbox) {
        let text = format!(
            "the mails of target `{}` are in the process of a run",
            target.name
        );
        problem::say(
            &text,
            "name another target, or an inbox with --inbox",
            color,
        );
        return Exit::Configuration;
    }
    let inbox = match open::open(&args.place, configured) {
        Ok(inbox) => inbox,
        Err(error) => {
            problem::say(&error.message, error.help, color);
            return Exit::Configuration;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(run(&args.command, inbox.as_ref(), color)),
        Err(error) => {
            problem::say(&format!("no runtime could be started: {error}"), "", color);
            Exit::Internal
        }
    }
}

async fn run(command: &InboxCommand, inbox: &dyn Browse, color: Color) -> Exit {
    if asks_for_position(command) && !inbox.keeps_positions() {
        let text = format!(
            "a position in the {} means nothing to the next command",
            inbox.describe()
        );
        let help = "mails have no numbers of their own there: start `reverify inbox wait` without --since before \
                    the request, and read a file with `reverify inbox parse`";
        problem::say(&text, help, color);
        return Exit::Usage;
    }
    let done = match command {
        InboxCommand::Wait(args) => wait::wait(args, inbox, color).await,
        InboxCommand::Position => browse::position(inbox).await,
        InboxCommand::List(args) => browse::list(args, inbox).await,
        InboxCommand::Show(args) => browse::show(args, inbox, color).await,
        InboxCommand::Watch(args) => browse::watch(args, inbox, color).await,
        InboxCommand::Serve(args) => return serve::serve(args, color),
        InboxCommand::Parse(args) => return parse::parse(args, color),
    };
    done.unwrap_or_else(|error| unreadable(&error, inbox, color))
}

/// Whether a command takes a position from an earlier one, or prints one for a later.
fn asks_for_position(command: &InboxCommand) -> bool {
    match command {
        InboxCommand::Position | InboxCommand::Show(_) => true,
        InboxCommand::Wait(args) => matches!(args.since, Since::Position(_)),
        InboxCommand::List(_)
        | InboxCommand::Watch(_)
        | InboxCommand::Serve(_)
        | InboxCommand::Parse(_) => false,
    }
}

/// Says why the inbox cannot be read.
pub(super) fn unreadable(error: &InboxError, inbox: &dyn Browse, color: Color) -> Exit {
    let text = format!("the {} cannot be read: {error}", inbox.describe());
    problem::say(&text, "", color);
    Exit::Broken
}
