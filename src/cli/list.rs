//! `reverify list`: what could be run, and where it would not be.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

use super::args::{Color, ListArgs, StepsArgs};
use super::exit::Exit;
use super::settings::Choice;
use super::{problem, selection, steps};
use crate::model::ScenarioId;
use crate::steps::Ground;
use crate::suite::{Plan, SuiteError};
use crate::targets::ground;

/// Lists scenarios, one a line: place, name, tags, and on which of the chosen targets they do not apply.
pub(super) fn list(args: &ListArgs, color: Color) -> Exit {
    if args.steps {
        return steps::steps(&StepsArgs { words: Vec::new() }, color);
    }
    let choice = match args.choice.load() {
        Ok(choice) => choice,
        Err(error) => return problem::config(&error, color),
    };
    match scenario_list(args, &choice) {
        Ok((text, remarks)) => {
            let printed = print(&text);
            for remark in &remarks {
                problem::note(remark);
            }
            printed
        }
        Err(error) => problem::suite(&error, color),
    }
}

/// A target, and what scenarios lack there.
struct Place {
    ground: Ground,
    lacking: BTreeMap<ScenarioId, &'static str>,
}

/// The lines, and what is to be said of each target.
fn scenario_list(args: &ListArgs, choice: &Choice) -> Result<(String, Vec<String>), SuiteError> {
    let suite = selection::suite(&args.selection, &choice.profile)?;
    let plan = suite.plan()?;
    let grounds = choice.targets.iter().map(ground);
    let places = grounds.map(|ground| Place {
        lacking: suite.lacking(&plan, &ground),
        ground,
    });
    let places: Vec<_> = places.collect();
    let remarks = places.iter().filter_map(|place| remark(place, &plan));
    Ok((lines(&plan, &places), remarks.collect()))
}

fn lines(plan: &Plan, places: &[Place]) -> String {
    let mut text = String::new();
    for scenario in plan.scenarios() {
        let tags: Vec<_> = scenario.tags.iter().map(|tag| format!("@{tag}")).collect();
        let lacks = |place: &Place| {
            let lacks = place.lacking.get(&scenario.id)?;
            Some(format!(
                "  [not applicable on {}: {lacks}]",
                place.ground.target
            ))
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}  {}  {}{}",
            scenario.id,
            scenario.name,
            tags.join(" "),
            places.iter().filter_map(lacks).collect::<String>(),
        );
    }
    text
}

/// How many scenarios can be run on a target, and what only its pool can tell; nothing where all can.
fn remark(place: &Place, plan: &Plan) -> Option<String> {
    let (all, apart) = (plan.scenarios().len(), place.lacking.len());
    let name = &place.ground.target;
    let pool = place.ground.existing_pool.as_ref();
    let asked = pool.map(|pool| {
        format!(
            "; whether {pool} is as they presume is checked when they run, and those for which it is not \
             are not applicable either"
        )
    });
    (apart > 0 || asked.is_some()).then(|| {
        format!(
            "{name}: {} of {all} scenarios can be run there{}",
            all - apart,
            asked.unwrap_or_default()
        )
    })
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
