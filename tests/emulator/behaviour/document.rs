//! `docs/emulator.md`: what the emulator does and how that is known, written from the table and from
//! what the emulator answers to each operation.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::case::{Case, Trust};
use super::table::Table;
use crate::operations::implementations;
use crate::world::World;

/// Writes the document in place of comparing it.
const WRITE: &str = "REVERIFY_WRITE_DOCS";

const INTRODUCTION: &str = "\
# What the emulator does, and how that is known

Written from the tables in `tests/emulator/behaviour`, which the emulator is tested against, by
`REVERIFY_WRITE_DOCS=1 cargo test --test emulator behaviour::document`; do not edit it. User pools come first,
then [the services around them](#the-services-around-user-pools).

Nobody outside AWS has read Cognito's source. Each behaviour here says how it is known:

| word | means |
| --- | --- |
| recorded | an answer of AWS that somebody published, or a test that was run against AWS |
| documented | AWS's guide, API reference or service model says so |
| corroborated | several unrelated programs rely on it, or another emulator's tests say so |
| guessed | inferred, or chosen because something had to be answered |

The sections are those of COGNITO.md, the project's notes on the service with all sources; a probe is the
item of its section 13 that settles a guess. In answers, `*` is any value, and what begins with `$` is
that of the request or of an earlier answer. A mail is the newest one to the user, and its body HTML.
";

const HEAD: &str = "| operation | case | answer | known |\n| --- | --- | --- | --- |\n";

const LIVE: &str = "
## Settling a guess

Whoever has a user pool can run the same table against it, and learns which guesses are right:

```console
$ export REVERIFY_LIVE=1 REVERIFY_LIVE_ADDRESS=me@example.com
$ export REVERIFY_LIVE_USER_POOL_ID=eu-west-1_AbCdEfGhI REVERIFY_LIVE_CLIENT_ID=3u2example
$ cargo test --test emulator behaviour::live
```

The region is the pool's, credentials come from where AWS's SDK finds them, and
`REVERIFY_LIVE_ENDPOINT` names another endpoint. The run signs up users with names and plus-addresses of
its own, deletes them again, and touches nothing else; it sends them mails and reads none. Every case
that it cannot run it names, with the reason. A case in which what is known is answered otherwise is
`DIFFERENT` and fails; a guess is `SETTLED` either way.

A pool settles the cases of its kind. The kinds, as members of `CreateUserPool` and
`CreateUserPoolClient`; functions go by their names, and do what `tests/emulator/behaviour/triggers.rs`
says:

";

fn document(table: &Table, implementations: &BTreeMap<String, bool>) -> String {
    let sections = sections(table);
    let mut text = INTRODUCTION.to_owned();
    counts(&mut text, &sections);
    operations(&mut text, implementations);
    text.push_str(LIVE);
    for pool in &table.pools {
        // Writing to a String cannot fail, here and below.
        let (settings, client) = (json!(pool.settings), json!(pool.client));
        let _ = writeln!(
            text,
            "- **{}**, {}: `{settings}`, `{client}`",
            pool.name, pool.what
        );
        if let Some(mfa) = &pool.mfa {
            let _ = writeln!(text, "  and for `SetUserPoolMfaConfig`: `{}`", json!(mfa));
        }
    }
    for (Section(_, section), cases) in &sections {
        let _ = write!(text, "\n## Section {section}\n\n{HEAD}");
        for case in cases {
            row(&mut text, case);
        }
    }
    text.push_str(&super::services::document());
    text
}

/// A section by its numbers, so that 3.10 comes after 3.9.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Section<'a>(Vec<u32>, &'a str);

type Sections<'a> = BTreeMap<Section<'a>, Vec<&'a Case>>;

fn sections(table: &Table) -> Sections<'_> {
    let mut sections = Sections::new();
    for case in &table.cases {
        let numbers = case
            .section
            .split('.')
            .map(|number| number.parse().unwrap());
        let section = Section(numbers.collect(), &case.section);
        sections.entry(section).or_default().push(case);
    }
    sections
}

fn counts(text: &mut String, sections: &Sections<'_>) {
    let of = |cases: &[&Case], trust| {
        let of = cases.iter().filter(|case| case.evidence.trust() == trust);
        of.count()
    };
    text.push_str("\n| section | recorded | documented | corroborated | guessed |\n");
    text.push_str("| --- | --- | --- | --- | --- |\n");
    for (Section(_, section), cases) in sections {
        let [r, d, c, g] = Trust::ALL.map(|trust| of(cases, trust));
        let _ = writeln!(text, "| {section} | {r} | {d} | {c} | {g} |");
    }
    let all: Vec<&Case> = sections.values().flatten().copied().collect();
    let [r, d, c, g] = Trust::ALL.map(|trust| of(&all, trust));
    let _ = writeln!(text, "| all | {r} | {d} | {c} | {g} |");
}

fn operations(text: &mut String, implementations: &BTreeMap<String, bool>) {
    let of = |is_implemented| {
        let of = implementations
            .iter()
            .filter(|(_, is)| **is == is_implemented);
        of.map(|(operation, _)| format!("`{operation}`"))
            .collect::<Vec<_>>()
    };
    let (here, missing) = (of(true), of(false));
    let _ = write!(
        text,
        "\n## Operations\n\nOf AWS's {} operations, these {} are implemented:\n\n{}.\n\nThese {} answer \
         `NotImplementedException` with status 501, never a made-up success:\n\n{}.\n",
        implementations.len(),
        here.len(),
        here.join(", "),
        missing.len(),
        missing.join(", "),
    );
}

fn row(text: &mut String, case: &Case) {
    let answer = match (&case.error, case.status) {
        (Some((name, message)), _) if message.is_empty() => format!("`{name}`"),
        (Some((name, message)), _) => format!("`{name}`: {}", code(message)),
        (None, None) if case.mail.is_some() || case.sms.is_some() => messages(case),
        (None, Some(status)) => format!("status {status}"),
        (None, None) => {
            let expected = case.answer.as_ref().filter(|members| !members.is_empty());
            let mut parts: Vec<_> = expected
                .map(|it| code(&json!(it).to_string()))
                .into_iter()
                .collect();
            parts.extend(case.absent.iter().map(|name| format!("no `{name}`")));
            if parts.is_empty() {
                "success".to_owned()
            } else {
                parts.join(", ")
            }
        }
    };
    let probe = case
        .probe
        .map(|item| format!(", probe {item}"))
        .unwrap_or_default();
    let about = case.claims_of.as_ref();
    let answer = about.map_or(answer.clone(), |token| {
        format!("claims of `{token}`: {answer}")
    });
    let Case {
        call,
        what,
        evidence,
        ..
    } = case;
    let trust = evidence.trust();
    let _ = writeln!(text, "| `{call}` | {what} | {answer} | {trust}{probe} |");
}

/// The messages that a case causes.
fn messages(case: &Case) -> String {
    let mail = case.mail.as_ref().map(|mail| format!("mail: {mail}"));
    let sms = case.sms.as_ref().map(|sms| format!("text message: {sms}"));
    let all: Vec<String> = mail.into_iter().chain(sms).collect();
    all.join("; ").replace('|', "\\|")
}

/// A text as code in a table, whatever is in it.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('\n', "\\n").replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

#[test]
fn the_document_is_that_of_the_table() {
    let written = document(&Table::read(), &implementations(&World::standard()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/emulator.md");
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &written).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = found
        .lines()
        .zip(written.lines())
        .find(|(found, written)| found != written);
    let how = format!("{WRITE}=1 cargo test --test emulator behaviour::document writes it");
    assert!(
        found == written,
        "docs/emulator.md is stale ({differing:?}); {how}"
    );
}
