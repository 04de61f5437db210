//! Standard output that takes nothing.

use std::fs::File;
use std::process::Stdio;

use super::command::{Ended, Place};

/// Commands that print what is asked for.
const PRINTING: [&[&str]; 4] = [&["list"], &["steps"], &["config", "show"], &["man"]];

fn run_into(arguments: &[&str], stdout: Stdio) -> Ended {
    let place = Place::new();
    let mut command = place.reverify(arguments);
    Ended::of(&command.stdout(stdout).output().unwrap())
}

#[test]
fn what_cannot_be_printed_is_told() {
    for arguments in PRINTING {
        // Each write to it fails as on a full disk.
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = run_into(arguments, full.into());
        let said = ["error: standard output cannot be written: No space left"];
        ended.assert(110, &said);
    }
}

#[test]
fn whoever_has_read_enough_is_told_nothing() {
    for arguments in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = run_into(arguments, writer.into());
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{arguments:?}");
    }
}
