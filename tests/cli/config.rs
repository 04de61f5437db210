//! The configuration: what is told of it, and what it changes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::command::{Ended, Place};
use crate::installed::installed;

/// With this variable the generated files are written instead of compared.
const WRITE: &str = "REVERIFY_WRITE_DOCS";

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder of fixtures, sorted.
fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = package().join("fixtures/config").join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Shows a fixture, under a name that is the same everywhere.
fn shown(file: &Path) -> Ended {
    let text = std::fs::read_to_string(file).unwrap();
    let place = Place::new().with("reverify.toml", &text);
    place.run(&["config", "show"])
}

#[test]
fn good_files_are_read_and_what_is_shown_of_them_is_good_again() {
    for file in fixtures("good") {
        let ended = shown(&file);
        ended.assert(0, &[]);
        let place = Place::new().with("reverify.toml", &ended.stdout);
        let again = place.run(&["config", "show"]);
        again.assert(0, &[]);
        let settings = |text: &str| {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let settings = lines.map(|line| line.split("  #").next().unwrap().trim().to_owned());
            settings.collect::<Vec<_>>()
        };
        assert_eq!(
            settings(&ended.stdout),
            settings(&again.stdout),
            "{}",
            file.display()
        );
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for folder in ["bad/shape", "bad/meaning"] {
        for file in fixtures(folder) {
            let ended = shown(&file);
            ended.assert(96, &["in the configuration"]);
            assert!(!ended.stderr.contains("correct horse"), "{}", ended.stderr);
            let name = file.file_stem().unwrap().to_str().unwrap();
            insta::assert_snapshot!(format!("config_{name}"), ended.stderr);
        }
    }
}

#[test]
fn a_setting_is_shown_with_who_says_it() {
    let text = "[profile.nightly]\ntarget = \"staging\"\njobs = 4\n\n[target.staging]\nkind = \"embedded\"\n";
    let place = Place::new().with("reverify.toml", text).with(
        "reverify.local.toml",
        "[profile.nightly]\nfail-fast = true\n",
    );
    let mut command = place.reverify(&["config", "show", "-P", "nightly"]);
    let output = command.env("REVERIFY_RETRIES", "2").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!("config_show", said);
    let other = place.run(&["config", "show", "--profile", "nightly", "-T", "embedded"]);
    other.assert(0, &[]);
    assert!(other.stdout.contains("# --target"), "{}", other.stdout);
    let unknown = place.run(&["config", "show", "--profile", "nightli"]);
    unknown.assert(
        96,
        &["there is no profile `nightli`; did you mean `nightly`?"],
    );
    let nowhere = place.run(&["config", "show", "--config", "none.toml"]);
    nowhere.assert(96, &["`none.toml` cannot be read"]);
}

#[test]
fn the_generated_files_are_up_to_date() {
    let schema = Place::new().run(&["config", "schema"]);
    schema.assert(0, &[]);
    up_to_date("docs/reverify.schema.json", |_| schema.stdout.clone());
    // What stands before the tables is written by hand.
    up_to_date("docs/configuration.md", |found| {
        let tables = reverify::config::document();
        let first = tables.lines().next().unwrap();
        let by_hand = found.split(first).next().unwrap().trim_end();
        format!("{by_hand}\n\n{}\n", tables.trim_end())
    });
}

fn up_to_date(name: &str, expected: impl Fn(&str) -> String) {
    let path = package().join(name);
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = expected(&found);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    assert!(
        found == expected,
        "{name} is not what the keys say; write it with {WRITE}=1"
    );
}

#[test]
fn the_examples_of_the_page_are_read() {
    let page = std::fs::read_to_string(package().join("docs/configuration.md")).unwrap();
    let examples: Vec<_> = page.split("```toml\n").skip(1).collect();
    assert!(examples.len() > 1);
    for example in examples {
        let text = example.split("```").next().unwrap();
        let place = Place::new().with("reverify.toml", text);
        place.run(&["config", "show"]).assert(0, &[]);
    }
}

#[test]
fn what_init_writes_can_be_used_as_it_is_commented() {
    let path = package().join("src/cli/init/template/reverify.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| {
        let setting = line.strip_prefix("# ").filter(|rest| {
            let first = rest.split(' ').next().unwrap_or_default();
            rest.starts_with('[') || rest[first.len()..].starts_with(" = ")
        });
        setting.unwrap_or(line)
    });
    let lines: Vec<_> = lines.collect();
    let place = Place::new().with("reverify.toml", &lines.join("\n"));
    let ended = place.run(&["config", "show", "-P", "nightly"]);
    ended.assert(0, &[]);
    assert!(
        ended.stdout.contains("allow = [\"sign-up\", \"delete\"]"),
        "{}",
        ended.stdout
    );
}

/// Another program's reading of the schema.
const VALIDATE: &str = "\
import json, sys, tomllib
import jsonschema
schema = json.load(open(sys.argv[1]))
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
for path in sys.argv[2:]:
    with open(path, 'rb') as file:
        errors = list(validator(schema).iter_errors(tomllib.load(file)))
    print('bad' if errors else 'good', path)
";

#[test]
fn a_validator_takes_the_good_files_and_refuses_the_bad() {
    let Some(python) = installed("REVERIFY_PYTHON", "the JSON schema, with jsonschema") else {
        return;
    };
    for (folder, word) in [("good", "good"), ("bad/shape", "bad")] {
        let files = fixtures(folder);
        let mut command = Command::new(&python);
        command
            .args(["-c", VALIDATE])
            .arg(package().join("docs/reverify.schema.json"));
        let output = command.args(&files).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said.lines().count(), files.len());
        assert!(said.lines().all(|line| line.starts_with(word)), "{said}");
    }
}

#[test]
fn a_profile_says_how_scenarios_are_run() {
    let text = "[profile.quick]\ntags = \"@mails:0\"\nstate-dir = \"kept\"\njobs = 2\n";
    let place = Place::new()
        .with("reverify.toml", text)
        .with("a.feature", "Feature: A\n  @mails:0\n  Scenario: One\n    Given a new user Ada\n  @mails:1\n  Scenario: Two\n    Given a new user Ada\n");
    let ended = place.run(&["run", "a.feature", "-P", "quick"]);
    ended.assert(0, &["1/1 scenarios run: 1 passed", "Record kept/runs/"]);
    let record = std::fs::read_dir(place.path("kept/runs"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let record = std::fs::read_to_string(record.path().join("run.jsonl")).unwrap();
    assert!(
        record
            .lines()
            .next()
            .unwrap()
            .contains("\"profile\":\"quick\""),
        "{record}"
    );
    // Whoever looks for a run looks where it was put, from folders below too.
    std::fs::create_dir(place.path("below")).unwrap();
    for command in ["report", "history"] {
        let mut command = place.reverify(&[command, "-P", "quick"]);
        let below = Ended::of(&command.current_dir(place.path("below")).output().unwrap());
        below.assert(0, &[]);
    }
    place
        .run(&["sweep", "-P", "quick"])
        .assert(0, &["there is no ledger at `kept/ledger.sqlite`"]);
    place.run(&["report"]).assert(94, &["below `.reverify`"]);
    // An argument goes before it.
    let ended = place.run(&[
        "run",
        "a.feature",
        "-P",
        "quick",
        "--tags",
        "@mails:1",
        "--state-dir",
        "other",
    ]);
    ended.assert(
        0,
        &["1/1 scenarios run: 1 passed", "Two", "Record other/runs/"],
    );
    let listed = place.run(&["list", "a.feature", "-P", "quick"]);
    listed.assert(0, &[]);
    assert_eq!(listed.stdout.lines().count(), 1, "{}", listed.stdout);
    // A mistake is told before anything is run.
    let place = place.with("reverify.toml", "[profile.quick]\njob = 2\n");
    for command in ["run", "list", "check"] {
        place
            .run(&[command, "a.feature"])
            .assert(96, &["unknown key `job`", "did you mean `jobs`?"]);
    }
}
