//! The services' part of `docs/emulator.md`.

use std::fmt::Write as _;

use serde_json::json;

use super::super::case::Trust;
use super::super::document::code;
use super::case::Case;
use super::insights::QueryCase;
use super::table::{queries, tables};

const ABOUT_QUERIES: &str = "\
All queries run over the last hour of one group, at 09:00:00 on 2040-01-01; the groups have one event a
second, the last one at that moment. Rows are shown as `name=value`, without `@ptr`, which each row has.
";

/// The tables of all services.
pub(in super::super) fn document() -> String {
    let tables = tables();
    let mut text = "\n# The services around user pools\n\n\
        | service | recorded | documented | corroborated | guessed | not here |\n\
        | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for table in &tables {
        let known = table.cases.iter().map(|case| case.known);
        counts(&mut text, &table.title, known);
        if table.title == LOGS {
            let known = queries().cases.into_iter().map(|case| case.known);
            counts(&mut text, INSIGHTS, known);
        }
    }
    text.push_str("\nWhat is not here is refused by this emulator alone: AWS has it.\n");
    for table in &tables {
        // Writing to a String cannot fail, here and below.
        let _ = write!(text, "\n## {}\n\n{}", table.title, table.about);
        text.push_str("\n| operation | case | answer | known |\n| --- | --- | --- | --- |\n");
        for case in &table.cases {
            let known = known(case.known, case.source.as_deref());
            let Case { call, what, .. } = case;
            let _ = writeln!(text, "| `{call}` | {what} | {} | {known} |", answer(case));
        }
        if table.title == LOGS {
            insights(&mut text);
        }
    }
    text
}

fn insights(text: &mut String) {
    let queries = queries();
    let _ = write!(text, "\n## {INSIGHTS}\n\n{ABOUT_QUERIES}");
    for (group, messages) in &queries.groups {
        let messages = messages.join("\n");
        let _ = write!(
            text,
            "\nThe events of `{group}`:\n\n```text\n{messages}\n```\n"
        );
    }
    text.push_str("\n| case | query | gives | known |\n| --- | --- | --- | --- |\n");
    for case in &queries.cases {
        let QueryCase { what, query, .. } = case;
        let known = known(case.known, case.source.as_deref());
        let _ = writeln!(
            text,
            "| {what} | {} | {} | {known} |",
            code(query),
            gives(case)
        );
    }
}

const LOGS: &str = "CloudWatch Logs";
const INSIGHTS: &str = "Logs Insights";

fn counts(text: &mut String, title: &str, known: impl Iterator<Item = Option<Trust>>) {
    let known: Vec<Option<Trust>> = known.collect();
    let of = |trust| known.iter().filter(|it| **it == trust).count();
    let [r, d, c, g] = Trust::ALL.map(|trust| of(Some(trust)));
    let _ = writeln!(text, "| {title} | {r} | {d} | {c} | {g} | {} |", of(None));
}

/// How a behaviour is known, with its source.
fn known(trust: Option<Trust>, source: Option<&str>) -> String {
    let Some(trust) = trust else {
        return "not here".to_owned();
    };
    match source {
        None => trust.to_string(),
        Some(url) if url.starts_with("https://") => format!("[{trust}]({url})"),
        Some(section) => format!("{trust}: {section}"),
    }
}

fn answer(case: &Case) -> String {
    if let Some(error) = &case.error {
        return refusal(error);
    }
    let mut parts = Vec::new();
    let expected = case.answer.as_ref().filter(|members| !members.is_empty());
    parts.extend(expected.map(|members| code(&json!(members).to_string())));
    parts.extend(case.absent.iter().map(|name| format!("no `{name}`")));
    if let (Some(path), false) = (&case.json_at, parts.is_empty()) {
        parts = vec![format!("in `{path}`: {}", parts.join(", "))];
    }
    parts.extend(case.mails.as_ref().map(|mails| list("mails to", mails)));
    parts.extend(case.events.as_ref().map(|events| list("events:", events)));
    parts.join("; ")
}

fn list(what: &str, items: &[String]) -> String {
    if items.is_empty() {
        let what = what.split([' ', ':']).next().unwrap_or_default();
        return format!("no {what}");
    }
    let items: Vec<String> = items.iter().map(|item| code(item)).collect();
    format!("{what} {}", items.join(", "))
}

fn refusal((name, message): &(String, String)) -> String {
    if message.is_empty() {
        return format!("`{name}`");
    }
    format!("`{name}`: {}", code(message))
}

fn gives(case: &QueryCase) -> String {
    if let Some(error) = &case.error {
        let refused = refusal(error);
        return match case.location {
            Some((from, to)) => format!("{refused}, from {from} to {to}"),
            None => refused,
        };
    }
    let rows = case.rows.as_deref().unwrap_or_default();
    if rows.is_empty() {
        return "no rows".to_owned();
    }
    let shown = |row: &String| match row.as_str() {
        "" => "a row without fields".to_owned(),
        row => code(&row.replace('|', ", ")),
    };
    let rows: Vec<String> = rows.iter().map(shown).collect();
    rows.join("<br>")
}
