//! `reverify check`: whether features can be run, without running anything.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{CheckArgs, Color};
use super::exit::Exit;
use super::list::print;
use super::{mail_file, problem, selection};
use crate::config::Target;
use crate::mail::{CodePattern, Extraction, Message, extract_by_pattern};
use crate::suite::{Check, ReverifyWorld, Suite};
use crate::targets::ground;

/// Mails that Cognito's own sender sends an account in a day (COGNITO.md 5.4).
const DEFAULT_SENDER_MAILS_A_DAY: u32 = 50;
/// A mail with the text that Cognito sends for a pool without one of its own (COGNITO.md 5.1).
const COGNITOS_MAIL: &[u8] =
    b"Subject: Your verification code\r\n\r\nYour confirmation code is 123456\r\n";

/// Looks at features and a pattern, and says everything that is wrong at once.
pub(super) fn check(args: &CheckArgs, color: Color) -> Exit {
    let configuration = match args.target.config.load() {
        Ok(configuration) => configuration,
        Err(error) => return problem::config(&error, color),
    };
    let target = args.target.target.as_deref();
    let target = match target.map(|name| configuration.target(name)).transpose() {
        Ok(target) => target,
        Err(error) => return problem::config(&error, color),
    };
    let suite = match selection::files(&args.paths) {
        Ok(suite) => suite,
        Err(error) => return problem::suite(&error, color),
    };
    let check = suite.check(&args.known_tags);
    problem::features(&check.problems, &check.warnings, color);
    let there = target.map(|target| on_target(&suite, &check, target));
    let mut text = numbers(&check, there.as_ref());
    let mut exit = Exit::Ok;
    if let Some(pattern) = &args.code_pattern {
        let (tried, found) = try_pattern(pattern, args, color);
        text.push_str(&tried);
        exit = found;
    }
    let _ = writeln!(text, "{}", verdict(&check));
    let printed = print(&text);
    let doubtful = args.deny_warnings && !check.warnings.is_empty();
    if !check.problems.is_empty() || doubtful {
        Exit::Invalid
    } else if exit != Exit::Ok {
        exit
    } else {
        printed
    }
}

/// What becomes of the features on a target.
struct OnTarget<'a> {
    target: &'a Target,
    /// Scenarios that cannot be carried out there.
    apart: usize,
    /// The mails of the others.
    mails: u32,
}

fn on_target<'a>(suite: &Suite<ReverifyWorld>, check: &Check, target: &'a Target) -> OnTarget<'a> {
    let ground = ground(target);
    // Without a plan nothing can be run, and what keeps it from being made is told elsewhere.
    let known = suite.plan().ok().map(|plan| {
        let apart = suite.lacking(&plan, &ground).len();
        (apart, suite.mails_on(&plan, &ground))
    });
    let (apart, mails) = known.unwrap_or_else(|| (0, check.mails()));
    OnTarget {
        target,
        apart,
        mails,
    }
}

/// A line for each feature, and one for all; the mails against what a target may send in a run, or
/// against what Cognito sends by itself.
fn numbers(check: &Check, there: Option<&OnTarget<'_>>) -> String {
    let count = |number: usize, what: &str| match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    };
    let mails = |number: u32| count(usize::try_from(number).unwrap_or(usize::MAX), "mail");
    let width = check.features.iter().map(|one| one.path.chars().count());
    let width = width.max().unwrap_or_default();
    let mut text = String::new();
    for feature in &check.features {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(
            text,
            "{:width$}  {:>13}  {:>9}  {:>9}",
            feature.path,
            count(feature.scenarios, "scenario"),
            count(feature.steps, "step"),
            mails(feature.mails),
        );
    }
    let _ = writeln!(
        text,
        "{}: {}, {}, {}",
        count(check.features.len(), "feature"),
        count(check.scenarios(), "scenario"),
        count(check.steps(), "step"),
        mails(check.mails()),
    );
    if let Some(there) = there.filter(|there| there.apart > 0) {
        let _ = writeln!(
            text,
            "on {}: {} not applicable, {} of the others; `reverify list -T {}` says which",
            there.target.name,
            count(there.apart, "scenario"),
            mails(there.mails),
            there.target.name,
        );
    }
    let mails = there.map_or(check.mails(), |there| there.mails);
    text.push_str(&too_many(mails, there.map(|there| there.target)));
    text
}

/// What is said of more mails than may be sent.
fn too_many(mails: u32, target: Option<&Target>) -> String {
    let said = target.and_then(|target| Some((&target.name, target.budget.mails_per_run?)));
    match said {
        Some((name, max)) if mails > max => format!(
            "more than the {max} mails that a run may have {name} send, so they need a selection \
             (`--tags`) or a higher `mails-per-run`\n"
        ),
        None if mails > DEFAULT_SENDER_MAILS_A_DAY => format!(
            "more than the {DEFAULT_SENDER_MAILS_A_DAY} mails a day of Cognito's own sender, so against \
             AWS they need Amazon SES or a selection (`--tags`)\n"
        ),
        _ => String::new(),
    }
}

fn verdict(check: &Check) -> String {
    let count = |number: usize, what: &str| match number {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    };
    let problems = count(check.problems.len(), "problem");
    format!("{problems}, {}", count(check.warnings.len(), "warning"))
}

/// What the pattern finds in the mails that were given, or in Cognito's own.
fn try_pattern(pattern: &CodePattern, args: &CheckArgs, color: Color) -> (String, Exit) {
    let mut text = String::new();
    if args.mails.is_empty() {
        let found = extract_by_pattern(&Message::parse(COGNITOS_MAIL), pattern);
        let line = match found {
            Extraction::Code { .. } => "finds the code of the text that Cognito sends by itself",
            _ => {
                "finds no code in the text that Cognito sends by itself; that is right for a pool \
                 with a text of its own: try the pattern on a mail of it with --mail FILE.eml"
            }
        };
        let _ = writeln!(text, "the code pattern {line}");
        return (text, Exit::Ok);
    }
    let mut exit = Exit::Ok;
    for path in &args.mails {
        match try_on(pattern, path) {
            Ok(line) => {
                let _ = writeln!(text, "the code pattern {line} in {}", path.display());
            }
            Err((message, help, code)) => {
                problem::say(&message, help, color);
                exit = code;
            }
        }
    }
    (text, exit)
}

/// What the pattern finds in a mail; the code itself stays where it is.
fn try_on(pattern: &CodePattern, path: &Path) -> Result<String, (String, &'static str, Exit)> {
    let bytes = mail_file::read(path).map_err(|error| {
        let message = format!("{} cannot be read: {error}", path.display());
        (message, "", Exit::Invalid)
    })?;
    match extract_by_pattern(&Message::parse(&bytes), pattern) {
        Extraction::Code { code, .. } => Ok(format!(
            "finds one code of {} characters",
            code.expose().len()
        )),
        Extraction::Ambiguous { candidates } => Err((
            format!(
                "the code pattern finds {} codes in {}",
                candidates.len(),
                path.display()
            ),
            "make it say what stands before the code, as in `code is (\\d{6})`",
            Exit::NoCode,
        )),
        _ => Err((
            format!("the code pattern finds no code in {}", path.display()),
            "it is matched against the readable text and the subject, as `reverify inbox show` and \
             `reverify inbox parse` read them",
            Exit::NoCode,
        )),
    }
}
