//! The history where something goes wrong: a message, nothing lost, and never a damaged file.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::command::{Ended, Place};
use super::history::{FEATURE, assert_shows, four_nights, record};

/// What some other user of the machine is called.
const NOBODY: u32 = 65_534;

fn history(place: &Place) -> PathBuf {
    place.path(".reverify/history.sqlite")
}

fn assert_whole(place: &Place) {
    let connection = Connection::open(history(place)).unwrap();
    let check = connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(check.as_deref(), Ok("ok"));
}

#[test]
fn two_runs_at_once_are_both_kept() {
    let place = Place::new().with("mail.feature", FEATURE);
    let both = [(); 2].map(|()| place.start(&["run", "mail.feature:2"]));
    for run in both {
        run.end().assert(0, &["1 passed"]);
    }
    let list = place.run(&["history"]);
    assert_eq!(list.stdout.lines().count(), 1 + 2, "{}", list.stdout);
    let nothing = place.run(&["history", "compare", "last-pass", "zz"]);
    nothing.assert(94, &["the history has no run `zz`"]);
    assert_whole(&place);
}

#[test]
fn a_record_that_was_cut_is_taken_in_and_completed_later() {
    let place = four_nights();
    let path = record(&place, "cc05", 5, [Ok(1000.0), Ok(1000.0)]);
    let whole = fs::read(&path).unwrap();
    // Killed in the middle of the line that tells how the second scenario ended.
    let end = whole.len() - 150;
    fs::write(&path, &whole[..end]).unwrap();
    place
        .run(&["history"])
        .assert(0, &["1 record", "reverify history import"]);
    let taken = place.run(&["history", "import"]);
    assert_shows(
        &taken,
        0,
        &[
            "cc05",
            "cut: the record has no end",
            "1 run taken in, 4 known before",
        ],
    );
    assert_shows(
        &place.run(&["history"]),
        0,
        &["1 passed, 1 not run, mail p95 1.00s, cut"],
    );
    assert_eq!(fs::read(&path).unwrap(), whole[..end]);
    fs::write(&path, &whole).unwrap();
    let taken = place.run(&[
        "history",
        "import",
        path.parent().unwrap().to_str().unwrap(),
    ]);
    assert_shows(&taken, 0, &["1 run taken in, 0 known before"]);
    assert_shows(&place.run(&["history"]), 0, &["2 passed, mail p95 1.00s\n"]);
    // What cannot be read is named, and the rest is taken in.
    let damaged = place.path(".reverify/runs/aa01/run.jsonl");
    fs::write(
        &damaged,
        format!("nonsense\n{}", String::from_utf8(whole).unwrap()),
    )
    .unwrap();
    fs::write(place.path("empty.jsonl"), "").unwrap();
    let taken = place.run(&["history", "import"]);
    taken.assert(110, &["aa01", "line 1 of the record is not an entry"]);
    assert_shows(&taken, 110, &["0 runs taken in, 4 known before"]);
    let empty = place.run(&["history", "import", "empty.jsonl"]);
    empty.assert(
        110,
        &[
            "`empty.jsonl` is not taken into the history",
            "ends before its first entry",
        ],
    );
}

#[test]
fn a_history_that_is_newer_or_damaged_is_refused_and_stays_as_it_is() {
    let place = Place::new().with("mail.feature", FEATURE);
    place
        .run(&["history"])
        .assert(94, &["there is no history", "reverify history import"]);
    fs::create_dir_all(place.path(".reverify")).unwrap();
    let connection = Connection::open(history(&place)).unwrap();
    connection
        .execute_batch("CREATE TABLE later (a); PRAGMA user_version = 7")
        .unwrap();
    drop(connection);
    let newer = fs::read(history(&place)).unwrap();
    let cases = [
        (
            newer,
            [
                "has version 7, this reverify knows up to 1",
                "use the version of reverify that made it",
            ],
        ),
        (
            b"no database ".repeat(99),
            ["is damaged or no history of reverify", "move the file away"],
        ),
    ];
    for (bytes, said) in cases {
        fs::write(history(&place), &bytes).unwrap();
        place.run(&["history"]).assert(110, &said);
        // The run itself is not lost.
        place
            .run(&["run", "mail.feature:2"])
            .assert(110, &["1 passed", said[0], said[1]]);
        assert_eq!(fs::read(history(&place)).unwrap(), bytes);
    }
    fs::remove_file(history(&place)).unwrap();
    assert_shows(&place.run(&["history", "import"]), 0, &["2 runs taken in"]);
}

#[test]
fn a_read_only_folder_is_read_and_not_written() {
    let place = four_nights();
    record(&place, "cc05", 5, [Ok(1000.0), Ok(1000.0)]);
    let folders = [place.path("."), place.path(".reverify")];
    let allow = |mode| {
        for path in &folders {
            fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(0o555);
    let run = |arguments: &[&str]| {
        let mut command = place.reverify(arguments);
        if fs::metadata(place.path(".")).unwrap().uid() == 0 {
            // Root writes everywhere.
            command.uid(NOBODY);
        }
        command.output().map(|output| Ended::of(&output))
    };
    let Ok(list) = run(&["history"]) else {
        allow(0o755);
        let why = "another user cannot start the program where it lies";
        crate::skipped::skipped("read-only history", why);
        return;
    };
    let before = fs::read(history(&place)).unwrap();
    let import = run(&["history", "import"]).unwrap();
    let ran = run(&["run", "mail.feature:2"]).unwrap();
    let prune = run(&["history", "prune", "--keep", "1"]).unwrap();
    allow(0o755);
    assert_shows(&list, 0, &["bb04"]);
    import.assert(110, &["cannot be written", "--state-dir"]);
    ran.assert(110, &["cannot be written below `.reverify`", "--state-dir"]);
    prune.assert(110, &["cannot be removed"]);
    assert_eq!(fs::read(history(&place)).unwrap(), before);
    assert_whole(&place);
}

#[test]
fn a_full_disk_leaves_the_history_as_it_was() {
    let place = four_nights();
    let path = record(&place, "cc05", 5, [Ok(1000.0), Ok(1000.0)]);
    many_scenarios(&path);
    let before = fs::read(history(&place)).unwrap();
    // A file may not grow beyond 200 blocks, of 512 or 1024 bytes; the signal for that is ignored, so
    // that a write fails as it does on a full disk.
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" history import";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_reverify")])
        .current_dir(place.path("."))
        .output();
    let ended = Ended::of(&output.unwrap());
    ended.assert(
        110,
        &[
            "cannot be written",
            "`reverify history import` takes in what is missing",
        ],
    );
    assert_eq!(fs::read(history(&place)).unwrap(), before);
    assert_whole(&place);
    // With room, nothing is missing.
    assert_shows(
        &place.run(&["history", "import"]),
        0,
        &["1 run taken in, 4 known before"],
    );
}

/// Plans many more scenarios in a record.
fn many_scenarios(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let more = (0..3000).fold(String::new(), |more, line| {
        format!(r#"{more},{{"id":"m.feature:{line}","feature":"M","name":"One of very many scenarios {line}","tags":[],"mails":0}}"#)
    });
    let text = text.replacen("}],\"commit\"", &format!("}}{more}],\"commit\""), 1);
    fs::write(path, text).unwrap();
}
