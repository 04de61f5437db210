//! `reverify steps`, and `docs/steps.md`, which is made of the same table.

use std::fmt::Write as _;
use std::path::Path;

use reverify::steps::{Reach, StepEntry, Topic, catalogue};
use reverify::suite::KNOWN_TAGS;

use super::command::Place;

/// Writes the document in place of comparing it.
const WRITE: &str = "REVERIFY_WRITE_DOCS";

const INTRODUCTION: &str = r#"# What a scenario can say

Written from the table of steps by `REVERIFY_WRITE_DOCS=1 cargo test --test cli steps::document`; do not
edit it. `reverify steps` says the same on a terminal, and `reverify steps WORD` only what speaks of a word.

Each step is shown as an example. What may differ in it:

- A **name** (`Ada`, `Grace`) is one word that begins with a capital. It stands for the same person in all
  steps of a scenario.
- A **time** is in seconds: `1 second`, `0.5 seconds`, `60 seconds`, at most 3600. The limits of a run
  (`--step-timeout`, `--scenario-timeout`) may end it earlier.
- A **number** is written in digits.
- A **text** stands between quotation marks (`"ada@example.com"`) and has none in it.
- A **status**, an **exception**, a **trigger** and a **cause** have the names that AWS or
  [causes.md](causes.md) give them.
- A step that ends with a colon has a table or a text below it.

`And` and `But` continue the kind of the step before; `*` is always a `Given`. A line `# language: de` at the top
of a file makes the keywords German, or those of any other [language of
Gherkin](https://cucumber.io/docs/gherkin/languages); the steps' own words stay as they are here.
"#;

const TAGS: &str = "
## Tags

They stand above a feature, a rule, a scenario or its examples, and choose scenarios: `reverify run --tags
'@mails:2 and not @pause'`. `reverify check` counts the mails and warns of tags that are not listed here,
unless they are named with `--known-tag`.

";

const ON_A_POOL_OF_AWS: &str = "
## On a pool of AWS

A target may name a user pool that was there before. It is neither changed nor deleted; only the users that a
scenario created are deleted from it, each if it still is the one in the ledger. A username or a
`preferred_username` that a scenario writes gets the names of the run and of the scenario behind it there, so that it
is nobody else's. A target with a `seed` is treated as such a pool, too: what can be said of the one can be said of
the other.

There a `Given` about the pool or its app client is **checked**: before the first `When` or `Then` the pool must be
as all of them say together, and as every scenario presumes that does not say otherwise (sign-up is open and
verifies addresses with a code, and nothing is required but what the people give). Otherwise, or where a step needs
what AWS does not let a test do, the scenario is **not applicable**: it is shown as `NOT HERE` with the reason, counted
on its own, and neither passed nor failed. Where no scenario applies, nothing was tested, and the exit code is 4.

| Given | on a pool of AWS |
| --- | --- |
";

const NOT_ON_A_POOL_OF_AWS: &str = "
Scenarios with one of these steps are not applicable either:

";

fn document() -> String {
    let mut text = INTRODUCTION.to_owned();
    let steps = catalogue();
    for topic in Topic::ALL {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "\n## {}\n", topic.title());
        for step in steps.iter().filter(|step| step.topic() == topic) {
            let _ = writeln!(text, "{}", entry(step));
        }
    }
    text.push_str(ON_A_POOL_OF_AWS);
    let (given, others): (Vec<_>, Vec<_>) = steps
        .iter()
        .partition(|step| format!("{:?}", step.kind) == "Given");
    for step in given {
        let there = step.reach().on_existing_pool();
        let _ = writeln!(text, "| {} | {there} |", step.example);
    }
    text.push_str(NOT_ON_A_POOL_OF_AWS);
    for step in others {
        if matches!(step.reach(), Reach::OwnPool | Reach::Emulator) {
            let _ = writeln!(text, "- {:?} {}", step.kind, step.example);
        }
    }
    text.push_str(TAGS);
    for (tag, meaning) in KNOWN_TAGS {
        let _ = writeln!(text, "- `@{tag}`  \n  {meaning}");
    }
    text
}

fn entry(step: &StepEntry) -> String {
    let written = step.written();
    if !written.contains('\n') {
        return format!("- `{written}`  \n  {}", step.meaning);
    }
    let block = written.replace('\n', "\n    ");
    format!("- {}\n\n  ```gherkin\n  {block}\n  ```\n", step.meaning)
}

#[test]
fn document_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/steps.md");
    let expected = document();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/steps.md is not what the table of steps says; write it with {WRITE}=1"
    );
}

#[test]
fn every_step_is_listed_with_its_meaning() {
    let place = Place::new();
    let all = place.run(&["steps"]);
    all.assert(0, &[]);
    assert!(
        all.stdout.contains("When Ada signs up\n    Signs up"),
        "{}",
        all.stdout
    );
    let rows = "Given these new users:\n  | name  | address           |\n  | Ada   |";
    assert!(all.stdout.contains(rows), "{}", all.stdout);
    for step in catalogue() {
        assert!(all.stdout.contains(step.meaning), "{}", step.meaning);
    }
    let topics = all
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("# "));
    let topics: Vec<_> = topics.collect();
    assert_eq!(topics, Topic::ALL.map(Topic::title), "each once, in order");
    assert_eq!(place.run(&["list", "--steps"]).stdout, all.stdout);
    let help = place.run(&["list", "--help"]).stdout;
    assert!(!help.contains("--steps"), "{help}");
}

#[test]
fn words_choose_steps() {
    let place = Place::new();
    let found = place.run(&["steps", "Capitals", "pool"]);
    found.assert(0, &[]);
    let examples = found
        .stdout
        .lines()
        .filter(|line| !line.starts_with([' ', '#']));
    let examples: Vec<_> = examples.collect();
    let expected = [
        "Given a user pool that ignores capitals in usernames",
        "Given a user pool that respects capitals in usernames",
    ];
    assert_eq!(examples, expected);
    place
        .run(&["steps", "delte"])
        .assert(94, &["no step speaks of `delte`", "did you mean `delet"]);
    place
        .run(&["steps", "capitals", "diagnosis"])
        .assert(94, &["no step has all of these words"]);
}
