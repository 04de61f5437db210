//! The page of one scenario.

use std::fmt::Write as _;

use super::super::exit::Exit;
use super::super::list::print;
use super::super::state_dir::StateDir;
use super::args::ShowArgs;
use super::command::{Refusal, runs};
use super::plot::plot;
use super::text;
use crate::history::{Deliveries, Point, ScenarioPast};

/// Scenarios that are named where several fit.
const NAMED_MAX: usize = 10;
/// Runs that have a line of their own.
const LINES_MAX: usize = 15;

/// Prints a scenario's past on each target.
pub(super) fn show(folder: &StateDir, args: &ShowArgs) -> Result<Exit, Refusal> {
    let runs = runs(folder, &args.scope)?;
    let all = ScenarioPast::of(&runs);
    let found = select(&all, &args.scenario)?;
    let pages: Vec<_> = found.into_iter().map(page).collect();
    Ok(print(&pages.join("\n")))
}

/// The one scenario that is meant, on each target: by its whole name or its place, or by a part of
/// its name in capital or small letters.
fn select<'a, 'b>(
    all: &'b [ScenarioPast<'a>],
    wanted: &str,
) -> Result<Vec<&'b ScenarioPast<'a>>, Refusal> {
    let is_named = |past: &&ScenarioPast<'_>| past.key == wanted || place(past) == wanted;
    let mut found: Vec<_> = all.iter().filter(is_named).collect();
    if found.is_empty() {
        let part = wanted.to_lowercase();
        let has_part = |past: &&ScenarioPast<'_>| past.key.to_lowercase().contains(&part);
        found = all.iter().filter(has_part).collect();
    }
    let mut keys: Vec<_> = found.iter().map(|past| past.key).collect();
    keys.sort_unstable();
    keys.dedup();
    match keys.len() {
        1 => Ok(found),
        0 => Err(Refusal::Nothing {
            what: format!("no scenario of these runs is called `{wanted}`"),
            help: "name its place as FILE:LINE, its name, or a part of it; --last N looks at more \
                   runs"
                .to_owned(),
        }),
        several => {
            keys.truncate(NAMED_MAX);
            let names: Vec<_> = keys.into_iter().map(text::one_line).collect();
            let names = names.join("\n      ");
            let more = several.saturating_sub(NAMED_MAX);
            let more = if more > 0 {
                format!("\n      and {more} more")
            } else {
                String::new()
            };
            Err(Refusal::Nothing {
                what: format!("`{wanted}` fits {several} scenarios"),
                help: format!("name one of them:\n      {names}{more}"),
            })
        }
    }
}

/// Where it stood in the newest run.
fn place(past: &ScenarioPast<'_>) -> String {
    let newest = past.points.last();
    newest
        .map(|point| point.result.place.to_string())
        .unwrap_or_default()
}

fn page(past: &ScenarioPast<'_>) -> String {
    let mut text = String::new();
    let runs = text::count(past.points.len(), "run");
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(
        text,
        "{}\n  {} on {}, {runs}\n",
        text::no_command(text::one_line(past.key)),
        text::one_line(&place(past)),
        text::one_line(past.target)
    );
    for (name, value) in facts(past) {
        let fact = text::no_command(format!("  {name:9} {value}"));
        let _ = writeln!(text, "{fact}");
    }
    let strip = past.points.iter().map(|point| text::letter(point.result));
    let _ = writeln!(text, "  {:9} {}\n", "runs", strip.collect::<String>());
    let times: Vec<Deliveries> = past.points.iter().map(deliveries).collect();
    if let Some(plot) = plot(&times) {
        let plot = plot.replace('\n', "\n  ");
        let _ = writeln!(text, "  delivery by run: o p50  ^ p95  8 both\n  {plot}\n");
    }
    let lines: Vec<_> = past.last(LINES_MAX).iter().map(line).collect();
    let heading = [
        "run",
        "started (UTC)",
        "commit",
        "result",
        "took",
        "mails",
        "why",
    ];
    let table = text::table(&heading, &lines);
    let _ = writeln!(text, "  {}", table.trim_end().replace('\n', "\n  "));
    let _ = writeln!(text, "\n  {}", text::STRIP_LEGEND);
    text
}

fn facts(past: &ScenarioPast<'_>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let (passed, counted) = (past.passed(), past.counted());
    if let Some(rate) = past.pass_rate() {
        let rate = text::percent(rate);
        facts.push(("passed", format!("{passed} of {counted} ({rate})")));
    }
    if let Some(rate) = past.flake_rate().filter(|rate| *rate > 0.0) {
        let rate = text::percent(rate);
        facts.push(("flaky", format!("{} of {counted} ({rate})", past.flaky())));
    }
    if let Some(first) = past.failing_since() {
        let before = match past.last_passed() {
            Some(point) => format!("; it last passed in {}", text::run(point.run)),
            None => "; it passed in none of these runs".to_owned(),
        };
        facts.push(("failing", format!("since {}{before}", text::run(first.run))));
        let why = first.result.failure.clone();
        facts.extend(why.map(|why| ("", first_line(&why))));
    }
    let times = past.deliveries();
    if let (Some(p50), Some(p95)) = (times.p50(), times.p95()) {
        let mails = text::count(times.count(), "mail");
        let (p50, p95) = (text::time(p50), text::time(p95));
        facts.push(("delivery", format!("p50 {p50}, p95 {p95}, {mails}")));
    }
    facts
}

fn deliveries(point: &Point<'_>) -> Deliveries {
    point.result.deliveries.iter().copied().collect()
}

fn line(point: &Point<'_>) -> Vec<String> {
    let Point { run, result } = point;
    let outcome = if result.passed_late() {
        format!("passed late ({} attempts)", result.attempts)
    } else {
        text::words(result.outcome).to_owned()
    };
    let mails: Vec<_> = result
        .deliveries
        .iter()
        .map(|time| text::time(*time))
        .collect();
    let cause = result.cause.as_ref().map(|cause| format!("{cause}: "));
    let why = result.failure.as_deref().map(first_line);
    vec![
        run.id.to_string(),
        text::moment(run.started),
        text::commit(run).unwrap_or_default(),
        outcome,
        text::time(result.took),
        mails.join(" "),
        format!("{}{}", cause.unwrap_or_default(), why.unwrap_or_default()),
    ]
}

/// A panic of a user's own step may have several lines.
fn first_line(text: &str) -> String {
    text::one_line(text.lines().next().unwrap_or_default())
}
