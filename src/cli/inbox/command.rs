//! Runs one of the commands, and says what keeps it from running.

use super::args::{InboxArgs, InboxCommand};
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

/// Says why the inbox cannot be read.
pub(super) fn unreadable(error: &InboxError, inbox: &dyn Browse, color: Color) -> Exit {
    let text = match error {
        // It names the inbox itself.
        InboxError::Unreadable { .. } => error.to_string(),
        _ => format!("the {} cannot be read: {error}", inbox.describe()),
    };
    problem::say(&text, "", color);
    Exit::Broken
}
