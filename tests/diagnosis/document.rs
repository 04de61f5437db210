//! `docs/causes.md`: the catalogue, with the confidence that each cause reached in these tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use reverify::diagnosis::{self, Confidence, Evidence, SourceName, Stage, Verdict};

use super::catalogue::produced;
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
const SES: [SourceName; 6] = [
    SourceName::SesAccount,
    SourceName::SesSender,
    SourceName::SesRecipient,
    SourceName::SesConfigurationSet,
    SourceName::SesSuppression,
    SourceName::SesEvents,
];

/// The surest that a cause became in its stories, with some sources denied.
fn reached(stories: &[Produced], id: &str, denied: &[SourceName]) -> Option<Confidence> {
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
    stories
        .iter()
        .filter(|one| one.id == id)
        .filter_map(of)
        .min()
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
    text.push_str(
        "\n## How sure each became in the tests\n\nOn evidence made for each cause: with all sources, \
         without any log, and without SES.\n\n| cause | all sources | without logs | without SES |\n\
         | --- | --- | --- | --- |\n",
    );
    for cause in diagnosis::all() {
        let cell = |denied: &[SourceName]| {
            let surest = reached(&stories, cause.id, denied);
            surest.map_or_else(|| "see tests".to_owned(), |one| one.to_string())
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            cause.id,
            cell(&[]),
            cell(&LOGS),
            cell(&SES)
        );
    }
    text.push_str(&super::produced_by::table());
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
    assert!(
        found == expected,
        "docs/causes.md is not what the catalogue says; write it with {WRITE}=1"
    );
}
