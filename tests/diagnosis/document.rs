//! `docs/causes.md`: the catalogue, with the confidence that each cause reached in these tests.
//! Where a scenario brings the cause about, that is the confidence of whole runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use reverify::diagnosis::{self, Confidence, Evidence, SourceName, Stage, Verdict};

use super::catalogue::produced;
use super::produced_by;
use super::runs::{self, Runs};
use super::scene::{Produced, evidence_of};
use super::verdicts::deny;

/// Writes the document in place of comparing it.
const WRITE: &str = "REVERIFY_WRITE_DOCS";

const INTRODUCTION: &str = "\
# What can keep a verification mail away

Written from the catalogue in `src/diagnosis/causes` and from its tests, by
`REVERIFY_WRITE_DOCS=1 cargo test --test diagnosis document`; do not edit it. `reverify causes ID` says
the same on a terminal.

A finding is **certain** when an answer or a log says so in as many words about this very mail,
**likely** when the state fits and nothing speaks against it, and **possible** when it is only
compatible with what was seen. What is absent from a log proves nothing, because logs are late or lost.
A cause whose evidence could not be read is **unknown**, never excluded.

\"Caching\" is not here. It is often said that Cognito caches the address of a deleted user. No
documentation, log or measurement shows it. What looks like it, a mail that stays away for a while and
comes again later, has documented causes: per-destination-throttle, resend-to-deleted-user-simulated,
default-mail-daily-quota and cognito-default-suppressed.
";

const LOGS: [SourceName; 4] = [
    SourceName::NotificationLog,
    SourceName::FunctionLogs,
    SourceName::Trail,
    SourceName::SesEvents,
];
/// What `ses:*` opens; SES's events are in a log group.
const SES: [SourceName; 5] = [
    SourceName::SesAccount,
    SourceName::SesSender,
    SourceName::SesRecipient,
    SourceName::SesConfigurationSet,
    SourceName::SesSuppression,
];

const SURENESS: &str = "
## How sure each became in the tests

With all sources, without any log, and without SES. **Runs**: in the scenarios below, on the embedded
target, as records keep the verdicts, while AWS denies the diagnosis nothing, `logs:*` and
`cloudtrail:*`, or `ses:*`. **Evidence**: on evidence made for the cause, where no scenario brings it
about.

| cause | all sources | without logs | without SES | from |
| --- | --- | --- | --- | --- |
";

/// The surest that a cause became in its stories, with some sources denied.
fn reached(stories: &[Produced], id: &str, denied: &[SourceName]) -> String {
    let of = |one: &Produced| {
        let mut evidence: Evidence = evidence_of(one);
        for source in denied {
            deny(&mut evidence, *source);
        }
        let verdict = Verdict::of(&evidence);
        let mut findings = verdict.findings.iter();
        findings
            .find(|found| found.cause.id == id)
            .map(|found| found.opinion.confidence)
    };
    let own = stories.iter().filter(|one| one.id == id);
    let surest: Option<Confidence> = own.filter_map(of).min();
    surest.map_or_else(|| "see tests".to_owned(), |one| one.to_string())
}

/// The surest that a cause became in the scenarios of these names.
fn reached_in(runs: &Runs, names: &[&str], id: &str) -> &'static str {
    const FALLING: [&str; 3] = ["certain", "likely", "possible"];
    let own = runs.values().filter(|ended| names.contains(&&*ended.name));
    let verdicts = own.flat_map(|ended| &ended.verdicts);
    let standings: Vec<_> = verdicts
        .map(|verdict| runs::standing(verdict, id))
        .collect();
    let mut falling = FALLING.into_iter();
    let surest = falling.find(|word| standings.contains(&Some(*word)));
    surest.unwrap_or_else(|| {
        let is_excluded = standings
            .iter()
            .all(|standing| *standing == Some("ruled out"));
        if is_excluded { "ruled out" } else { "unknown" }
    })
}

/// The row of a cause in the table of [`SURENESS`].
fn sureness(stories: &[Produced], id: &str) -> String {
    let (cells, from) = if let Some(names) = produced_by::scenarios().get(id) {
        let all = [
            runs::with_all_sources(),
            runs::without_logs(),
            runs::without_ses(),
        ];
        let cells = all.map(|runs| reached_in(runs, names, id).to_owned());
        (cells, "runs")
    } else {
        let cells = [&[], &LOGS[..], &SES[..]].map(|denied| reached(stories, id, denied));
        (cells, "evidence")
    };
    format!("| {id} | {} | {from} |\n", cells.join(" | "))
}

fn document() -> String {
    let stories = produced();
    let mut text = INTRODUCTION.to_owned();
    let mut counts: BTreeMap<Confidence, usize> = BTreeMap::new();
    for stage in Stage::ALL {
        let mut title = stage.to_string();
        title[..1].make_ascii_uppercase();
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "\n## {title}\n");
        for cause in diagnosis::all().filter(|cause| cause.stage == stage) {
            *counts.entry(cause.reaches).or_default() += 1;
            let _ = writeln!(
                text,
                "### {}\n\n{}. {}\n\n**What to do:** {}.",
                cause.id,
                capital(cause.title),
                cause.meaning,
                cause.fix
            );
            if !cause.sources.is_empty() {
                let _ = writeln!(text, "\n**Sources:** {}.", cause.sources.join("; "));
            }
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text.push_str(SURENESS);
    for cause in diagnosis::all() {
        text.push_str(&sureness(&stories, cause.id));
    }
    text.push_str(&produced_by::table());
    text
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[test]
fn the_document_is_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/causes.md");
    let expected = document();
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(found.lines());
    let differs = differs
        .filter(|(expected, found)| expected != found)
        .take(3);
    assert!(
        found == expected,
        "docs/causes.md is not what the catalogue says; write it with {WRITE}=1: {:#?}",
        differs.collect::<Vec<_>>()
    );
}
