//! Reads the crate's own source and fails on what ARCHITECTURE.md forbids, with file and line.
//!
//! The rules are tables in `architecture/rules.rs`; a new module is added there first.

use std::path::{Path, PathBuf};

#[path = "architecture/arrows.rs"]
mod arrows;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use rules::violations;

#[test]
fn the_source_keeps_to_the_architecture() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = rust_files(package, &["src", "tests", "benches"]);
    assert!(
        files.len() > 10,
        "only {} files found under {}",
        files.len(),
        package.display()
    );
    let mut found = Vec::new();
    for path in files {
        let source = std::fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(package).unwrap();
        found.extend(violations(
            &file.to_string_lossy().replace('\\', "/"),
            &source,
        ));
    }
    assert!(
        found.is_empty(),
        "{} rules broken:\n{}",
        found.len(),
        found.join("\n")
    );
}

fn rust_files(package: &Path, folders: &[&str]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| package.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        // Not every package has every folder.
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.map(|entry| entry.map(|entry| entry.path())) {
            let Ok(path) = path else {
                panic!("cannot list {}", folder.display())
            };
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Checks each row, `file:line | snippet | words`: the snippet breaks one rule, at that line, and
/// the message says the words. `\n` in a snippet is a line break.
#[track_caller]
fn assert_broken(table: &str) {
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let [place, snippet, words] = row.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("not three cells: {row}")
        };
        let file = place.trim_end_matches(|c: char| c == ':' || c.is_ascii_digit());
        assert_breaks(file, &snippet.replace(r"\n", "\n"), place, words);
    }
}

#[track_caller]
fn assert_breaks(file: &str, source: &str, place: &str, words: &str) {
    let found = violations(file, source);
    let [only] = found.as_slice() else {
        panic!("{place}: {source}\nbreaks {found:#?}")
    };
    assert!(
        only.starts_with(&format!("{place}: ")),
        "{only}\nis not at {place}"
    );
    assert!(only.contains(words), "{only}\ndoes not say: {words}");
}

/// Checks that no row, `file | snippet`, breaks a rule.
#[track_caller]
fn assert_allowed(table: &str) {
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let Some((file, snippet)) = row.split_once(" | ") else {
            panic!("not two cells: {row}")
        };
        let found = violations(file, &snippet.replace(r"\n", "\n"));
        assert!(found.is_empty(), "{row}\nbreaks {found:#?}");
    }
}

#[test]
fn each_way_to_write_an_import_is_seen() {
    assert_broken(
        r"
        src/inbox/sink.rs:2 | \nuse crate::emulator::Pool; | `inbox` imports `crate::emulator::Pool`; it may import mail, model, record
        src/inbox/sink.rs:1 | pub(crate) use crate::emulator::Pool as P; | `crate::emulator::Pool`
        src/inbox/sink.rs:2 | use crate::{model::Clock,\n emulator::{Pool}}; | `crate::emulator::Pool`
        src/inbox/sink.rs:1 | use crate::{emulator::{self}, model::{self}}; | `crate::emulator`
        src/inbox/sink.rs:1 | use {crate::emulator::Pool}; | `crate::emulator::Pool`
        src/inbox/sink.rs:1 | fn a() { crate::emulator::Pool::new() } | `crate::emulator::Pool::new`
        src/inbox/sink.rs:1 | fn a(p: &crate\n::emulator::Pool) {} | `crate::emulator::Pool`
        src/inbox/sink.rs:1 | use super::super::emulator::Pool; | `crate::emulator::Pool`
        src/inbox/mod.rs:1 | use super::emulator::Pool; | `crate::emulator::Pool`
        src/inbox/mod.rs:1 | mod wire { use super::super::emulator::Pool; } | `crate::emulator::Pool`
        src/inbox/mod.rs:2 | mod wire {}\nuse super::emulator::Pool; | `crate::emulator::Pool`
        src/inbox/mod.rs:1 | use crate::emulator::*; | `crate::emulator::*`
        src/inbox/mod.rs:1 | #[cfg(test)] mod tests { use crate::emulator::Pool; } | `crate::emulator::Pool`
        src/inbox/mod.rs:1 | #[derive(crate::emulator::Pool)] struct A; | `crate::emulator::Pool`
        src/inbox/mod.rs:1 | macro_rules! a { () => { $crate::emulator::Pool } } | `crate::emulator::Pool`
        src/inbox/mod.rs:1 | use crate::Pool; | `crate::Pool` goes through the crate root
        src/inbox/mod.rs:1 | use crate::*; | goes through the crate root
        src/inbox/mod.rs:1 | use crate as all; | imports the whole crate
        src/inbox/mod.rs:1 | use reverify::suite::Run; | `inbox` imports `crate::suite::Run`
        src/tools/mod.rs:1 | use crate::model::Clock; | `tools` has no place in the table
        src/suite/run.rs:1 | use crate::embedded::Target; | `suite` imports
        src/report/html.rs:1 | use crate::cognito::Pool; | may import model, record
        src/model/ids.rs:1 | use crate::record::Event; | it may import nothing
        src/main.rs:1 | fn main() { reverify::suite::run() } | `main` imports `crate::suite::run`
        ",
    );
    assert_allowed(
        r"
        src/inbox/sink.rs | use crate::{mail::Text, model::Clock, record};
        src/inbox/mod.rs | mod wire { use super::Sink; use super::super::model::Clock; }
        src/inbox/mod.rs | #[cfg(test)] mod tests { use super::*; }
        src/inbox/mod.rs | pub(super) struct A; pub(crate) fn b<'a>() -> impl C + use<'a> {}
        src/embedded/mod.rs | use crate::{emulator, inbox};
        src/cli/run.rs | use crate::embedded::Target;
        src/lib.rs | pub mod emulator; pub use emulator::Pool; pub use crate::suite::Run;
        src/main.rs | fn main() -> std::process::ExitCode { reverify::cli::main() }
        ",
    );
}

#[test]
fn comments_and_literals_are_no_imports() {
    assert_allowed(
        r###"
        src/inbox/mod.rs | // use crate::emulator::Pool;\n/* a /* b */ crate::emulator::A */
        src/inbox/mod.rs | /// [`crate::emulator::Pool`]\nstruct A;
        src/inbox/mod.rs | const A: &str = "\" use crate::emulator::Pool;";
        src/inbox/mod.rs | const A: &[u8] = br##"" # "# crate::emulator::Pool"##;
        src/inbox/mod.rs | const A: [char; 3] = ['"', '\'', '\u{22}']; struct B<'a>(&'a u8);
        "###,
    );
    assert_broken(
        r##"
        src/inbox/mod.rs:2 | const A: char = '"';\nuse crate::emulator::Pool; | `crate::emulator::Pool`
        src/inbox/mod.rs:2 | const A: u8 = b'"';\nuse crate::emulator::Pool; | `crate::emulator::Pool`
        src/inbox/mod.rs:2 | const A: &str = r#"""#;\nuse crate::emulator::Pool; | `crate::emulator::Pool`
        src/inbox/mod.rs:3 | /* a\n */ fn r#use<'a>() {}\nuse crate::emulator::Pool; | `crate::emulator::Pool`
        "##,
    );
}

#[test]
fn crates_stay_where_they_belong() {
    assert_broken(
        r"
        src/suite/run.rs:1 | use clap::Parser; | belongs in cli (it is the command line)
        src/suite/run.rs:1 | #[derive(clap::Parser)] struct A; | `clap::Parser`
        src/suite/run.rs:1 | extern crate clap; | `clap`
        src/report/html.rs:1 | use cucumber::event::Event; | belongs in steps
        src/report/html.rs:1 | use gherkin as syntax; | belongs in steps
        src/steps/user.rs:1 | use aws_sdk_cognitoidentityprovider::Client; | belongs in cognito
        src/diagnosis/rank.rs:1 | fn a(b: aws_smithy_types::Blob) {} | diagnosis/sources
        src/inbox/smtp.rs:1 | use axum::Router; | belongs in emulator
        src/inbox/smtp.rs:1 | use hyper_util::rt::TokioIo; | belongs in emulator
        src/inbox/smtp.rs:1 | use lettre::Message; | belongs in emulator
        src/cognito/client.rs:1 | use rusqlite::Connection; | belongs in cognito/ledger
        ",
    );
    assert_allowed(
        r"
        src/cli/mod.rs | use clap::Parser;
        src/cognito/ledger.rs | use rusqlite::Connection;
        src/cognito/ledger/rows.rs | use rusqlite::Row;
        src/diagnosis/sources/logs.rs | use aws_sdk_cloudwatchlogs::Client;
        src/suite/run.rs | fn a(clap: u8) { clap; }
        src/inbox/smtp.rs | #[cfg(test)]\nmod tests { use lettre::Message; }
        src/inbox/smtp/tests.rs | use lettre::Message;
        ",
    );
}

#[test]
fn the_outside_world_is_passed_in() {
    assert_broken(
        r#"
        src/inbox/mod.rs:1 | fn a() { println!("b"); } | belongs in cli
        src/inbox/mod.rs:1 | fn a() { std::eprint! {"b"} } | `std::eprint`
        src/inbox/mod.rs:1 | use std::{env, io}; | uses `std::env`
        src/inbox/mod.rs:1 | fn a() { std::env::var("B"); } | uses `std::env::var`
        src/inbox/mod.rs:1 | fn a() { std::time::SystemTime::now(); } | model/clock
        src/inbox/mod.rs:1 | fn a() { b.unwrap_or_else(Timestamp::now) } | model/clock
        src/emulator/users.rs:1 | fn a() { Instant::now(); } | emulator/lambda
        src/emulator/users.rs:1 | use serde_json::{Value, json}; | emulator/validation
        src/emulator/users.rs:1 | fn a(b: &serde_json::Value) {} | emulator/validation
        src/emulator/users.rs:1 | #[cfg(not(test))] fn a() { Instant::now(); } | `Instant::now`
        src/emulator/users.rs:2 | #[cfg(test)] fn a() {}\nfn b() { Instant::now(); } | `Instant::now`
        src/mail/mime.rs:1 | use std::fs; | `mail/mime` is pure
        src/diagnosis/causes/ses.rs:1 | use tokio::time; | `diagnosis/causes/ses` is pure
        "#,
    );
    assert_allowed(
        r#"
        src/report/terminal.rs | fn a() { println!("b"); }
        src/inbox/mod.rs | fn a() { let b = env!("B"); Instant::now(); print != b; }
        src/emulator/validation/body.rs | use serde_json::Value;
        src/emulator/users.rs | use serde_json::value::RawValue;
        src/emulator/users.rs | #[cfg(test)] mod tests { fn a() { Instant::now(); } }
        "#,
    );
}

#[test]
fn nothing_is_unfinished_hidden_or_endless() {
    assert_broken(
        r#"
        src/mail/mime.rs:1 | fn a() { todo!() } | `todo!` promises
        tests/cli/main.rs:1 | fn a() { unimplemented!() } | `unimplemented!` promises
        tests/cli/main.rs:2 | #[test]\n#[ignore = "slow"]\nfn a() {} | hides a test
        "#,
    );
    let lines = |count: usize| "//\n".repeat(count);
    assert_breaks(
        "src/mail/a.rs",
        &lines(400),
        "src/mail/a.rs:400",
        "400 lines; a file stays",
    );
    assert_breaks("tests/a.rs", &lines(812), "tests/a.rs:812", "812 lines");
    assert_eq!(violations("src/mail/a.rs", &lines(399)), [""; 0]);
}
