//! The logs of Lambda functions as invocations (CAUSES.md, evidence source 3).
//!
//! The platform's lines, in the text format and in JSON:
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html>.

use jiff::Timestamp;

use super::function_line::{Mark, mark, request_id};
use super::insights::Line;
use super::person::Person;
use super::shown::shown;
use crate::diagnosis::{Invocation, InvocationEnd};

/// Lines of one invocation that are kept: a function that logs its event and an error has fewer.
const LINES_MAX: usize = 20;

/// Words of a line that is worth keeping although it names nobody (CAUSES.md, query Q6).
const FAULT_WORDS: [&str; 5] = [
    "ERROR",
    "Error",
    "Exception",
    "AccessDenied",
    "InvalidCiphertext",
];

/// An invocation while its lines are read.
struct Open<'a> {
    began: Timestamp,
    ended: Option<Timestamp>,
    stream: &'a str,
    id: &'a str,
    lines: Vec<&'a str>,
    end: InvocationEnd,
}

/// The invocations in a function's log that began from `since` on, in order, without those that name
/// somebody else and not the person.
///
/// Lines that belong to no invocation, such as those of an environment's start, are left out.
pub(super) fn invocations(lines: &[Line], since: Timestamp, person: &Person) -> Vec<Invocation> {
    let mut open = Vec::new();
    for line in lines {
        if let Some(id) = request_id(&line.message) {
            record(&mut open, line, id);
        }
    }
    // Lines with the same millisecond come in any order, so that those without an id find their
    // invocation only when the bounds of all are known.
    for line in lines {
        if request_id(&line.message).is_none() {
            attach(&mut open, line);
        }
    }
    open.sort_by_key(|one| one.began);
    let own = open
        .into_iter()
        .filter(|one| one.began >= since && !person.is_another(&one.lines));
    own.map(|one| Invocation {
        at: one.began,
        request_id: one.id.to_owned(),
        lines: telling(&one.lines, person),
        end: one.end,
    })
    .collect()
}

/// Notes a line that names its invocation.
fn record<'a>(open: &mut Vec<Open<'a>>, line: &'a Line, id: &'a str) {
    let index = open.iter().position(|one| one.id == id);
    let index = index.unwrap_or_else(|| {
        open.push(Open {
            began: line.at,
            ended: None,
            stream: &line.stream,
            id,
            lines: Vec::new(),
            end: InvocationEnd::Unfinished,
        });
        open.len() - 1
    });
    let Some(one) = open.get_mut(index) else {
        return;
    };
    one.began = one.began.min(line.at);
    if mark(&line.message) == Mark::Ended {
        one.ended = Some(line.at);
    }
    note(one, line);
}

/// Gives a line without an id to the invocation that ran in its environment at that time.
fn attach<'a>(open: &mut [Open<'a>], line: &'a Line) {
    let ran = |one: &&mut Open<'_>| {
        one.stream == line.stream
            && one.began <= line.at
            && one.ended.is_none_or(|ended| line.at <= ended)
    };
    if let Some(one) = open.iter_mut().filter(ran).max_by_key(|one| one.began) {
        note(one, line);
    }
}

/// Takes a line into account. The worst that was said stays: a function that was stopped, then one
/// that failed, then one that ended; and of two lines that say the same, the one with the reason.
fn note<'a>(one: &mut Open<'a>, line: &'a Line) {
    let text = line.message.trim_end();
    let said = || shown(text);
    match (mark(text), &one.end) {
        (Mark::TimedOut, InvocationEnd::TimedOut { line }) if !is_report(line) => {}
        (Mark::TimedOut, _) => one.end = InvocationEnd::TimedOut { line: said() },
        (_, InvocationEnd::TimedOut { .. }) => {}
        (Mark::Failed, InvocationEnd::Error { line }) if !is_report(line) => {}
        (Mark::Failed, InvocationEnd::Error { .. }) if is_report(text) => {}
        (Mark::Failed, _) => one.end = InvocationEnd::Error { line: said() },
        (Mark::Ended, InvocationEnd::Unfinished) => one.end = InvocationEnd::Clean,
        _ => {}
    }
    one.lines.push(text);
}

/// Whether a line is the platform's summary, which says that something failed and not why.
fn is_report(line: &str) -> bool {
    line.starts_with("REPORT RequestId: ") || line.starts_with("INIT_REPORT ")
}

/// The lines that name the person or a fault, without the platform's own.
fn telling(lines: &[&str], person: &Person) -> Vec<String> {
    let tells =
        |line: &&&str| person.is_named(line) || FAULT_WORDS.iter().any(|word| line.contains(word));
    let own = lines.iter().filter(|line| !is_platform(line));
    own.filter(tells)
        .take(LINES_MAX)
        .map(|line| shown(line))
        .collect()
}

fn is_platform(line: &str) -> bool {
    let starts = ["START RequestId: ", "END RequestId: ", "INIT_START "];
    is_report(line)
        || starts.iter().any(|start| line.starts_with(start))
        || line.contains("\"type\":\"platform.")
}

#[cfg(test)]
mod tests;
