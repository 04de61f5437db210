//! `reverify list`: what could be run.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

use super::args::{Color, ListArgs, StepsArgs};
use super::exit::Exit;
use super::{problem, selection, steps};
use crate::config::Profile;
use crate::suite::SuiteError;

/// Lists scenarios, one a line: place, name, tags.
pub(super) fn list(args: &ListArgs, color: Color) -> Exit {
    if args.steps {
        return steps::steps(&StepsArgs { words: Vec::new() }, color);
    }
    let choice = match args.choice.load() {
        Ok(choice) => choice,
        Err(error) => return problem::config(&error, color),
    };
    match scenario_list(args, &choice.profile) {
        Ok(text) => print(&text),
        Err(error) => problem::suite(&error, color),
    }
}

fn scenario_list(args: &ListArgs, profile: &Profile) -> Result<String, SuiteError> {
    let plan = selection::suite(&args.selection, profile)?.plan()?;
    let mut text = String::new();
    for scenario in plan.scenarios() {
        let tags: Vec<_> = scenario.tags.iter().map(|tag| format!("@{tag}")).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}  {}  {}",
            scenario.id,
            scenario.name,
            tags.join(" ")
        );
    }
    Ok(text)
}

/// Writes to standard output what was asked for.
pub(super) fn print(text: &str) -> Exit {
    print_bytes(text.as_bytes())
}

/// The same for what need not be text.
pub(super) fn print_bytes(bytes: &[u8]) -> Exit {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(bytes).and_then(|()| output.flush());
    match written {
        Ok(()) => Exit::Ok,
        // `reverify list | head` closes the pipe early.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Ok,
        // In no colour, which not every caller knows.
        Err(error) => {
            problem::note(&format!(
                "error: standard output cannot be written: {error}"
            ));
            Exit::ReportNotWritten
        }
    }
}
