//! `reverify inbox` on a Maildir; on a real server it is tested with Dovecot, in `tests/inbox/`.

use std::fs;

use super::command::Place;

const MAIL: &str = "From: app@example.com\r\nTo: ada@example.com\r\nSubject: Verify\u{1b}[31m\r\n\r\n\
                    Your verification code is 123456.\r\n";

fn maildir() -> Place {
    let place = Place::new();
    for name in ["mail/cur", "mail/new", "mail/tmp"] {
        fs::create_dir_all(place.path(name)).unwrap();
    }
    fs::write(place.path("mail/new/1.M1.host"), MAIL).unwrap();
    place
}

#[test]
fn a_maildir_is_listed() {
    let listed = maildir().run(&["inbox", "--inbox", "maildir:mail", "list"]);
    listed.assert(0, &[]);
    assert!(
        listed
            .stdout
            .ends_with(":1  -  ada@example.com  Verify[31m\n"),
        "{}",
        listed.stdout
    );
}

#[test]
fn a_wait_ends_with_a_code_of_its_own() {
    // The mail was there before.
    let wait = ["wait", "--to", "ada@example.com", "--timeout", "50ms"];
    let ended = maildir().run(&[&["inbox", "--inbox", "maildir:mail"], &wait[..]].concat());
    ended.assert(
        106,
        &["Waiting for mail to ada@example.com", "no message to"],
    );
    assert_eq!(ended.stdout, "");
}

#[test]
fn what_keeps_from_reading_is_told() {
    let place = maildir();
    let cases: [(&[&str], i32, &str); 8] = [
        (&["list"], 96, "no inbox is named"),
        (
            &["--inbox", "maildir:nowhere", "list"],
            105,
            "is it a Maildir",
        ),
        (&["--inbox", "imaps://h", "list"], 96, "no user"),
        (&["--inbox", "imaps://qa@h", "list"], 96, "no password"),
        (&["--inbox", "imap://qa:guess@h", "list"], 96, "qa:••••@h"),
        (
            &["--inbox", "mailpit:ftp://h", "list"],
            96,
            "over http only",
        ),
        (
            &["--inbox", "maildir:mail", "show", "1:1"],
            2,
            "means nothing to the next command",
        ),
        (
            &["--inbox", "maildir:mail", "position"],
            2,
            "start `reverify inbox wait` without --since",
        ),
    ];
    for (arguments, code, said) in cases {
        let ended = place.run(&[&["inbox"], arguments].concat());
        ended.assert(code, &[said]);
        assert!(!ended.stderr.contains("guess"), "{}", ended.stderr);
    }
}
