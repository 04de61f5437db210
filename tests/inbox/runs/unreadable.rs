//! What keeps a run from reading its inbox is told once, before anything is asked of the target.

use super::scene::{assert_hidden, configuration, folder, free_address, run};
use crate::command::{Ended, Place};
use crate::dovecot::server::{ADDRESSES, Dovecot, PASSWORD, USER};

/// Nothing listens there.
const TARGET: &str = "http://127.0.0.1:9";

/// A folder with a configuration whose inbox is this.
fn with_inbox(inbox: &str) -> Place {
    folder().with("reverify.toml", &configuration(TARGET, inbox))
}

/// The run ends with this code and says this once; what it would have caused was not caused.
#[track_caller]
fn assert_refused(inbox: &str, code: i32, said: &[&str]) -> (Place, Ended) {
    let place = with_inbox(inbox);
    let ended = run(&place, &["run", "-T", "staging"]);
    ended.assert(code, said);
    let all = [
        "error: the inbox `qa` of the target `staging` cannot be used: ",
        "help: nothing was run; put [inbox.qa] right, and try it alone: reverify inbox list --target staging",
    ];
    for line in all {
        assert_eq!(ended.stderr.matches(line).count(), 1, "{}", ended.stderr);
    }
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    assert!(!place.path(".reverify/runs").exists());
    assert_hidden(&place, &ended, PASSWORD);
    // The command that the help names says the same.
    let alone = run(&place, &["inbox", "list", "--target", "staging"]);
    alone.assert(105, &said[..1]);
    (place, ended)
}

#[test]
fn a_mailbox_that_cannot_be_read_is_told_with_what_to_do() {
    let Some(dovecot) = Dovecot::start("runs whose mailbox cannot be read") else {
        return;
    };
    let (port, authority) = (dovecot.ports.imaps, dovecot.authority_file());
    let authority = format!("certificates = \"{}\"", authority.display());
    let inbox = |port: u16, more: &str| {
        format!(
            "kind = \"imap\"\nhost = \"localhost\"\nport = {port}\nusername = \"{USER}\"\n\
             address = \"{ADDRESSES}\"\n{more}"
        )
    };
    let right = "password = { env = \"QA_PASSWORD\" }";
    let guess = "password = { command = [\"printf\", \"guess-%s\", \"work\"] }";
    let place = format!("localhost:{port}");
    let refused = format!("{place} refuses the login of {USER}");
    let (folder, ended) = assert_refused(
        &inbox(port, &format!("{authority}\n{guess}")),
        105,
        &[&refused, "check user and password"],
    );
    assert_hidden(&folder, &ended, "guess-work");
    let nowhere = format!("{place} cannot open the folder `Nowhere`");
    assert_refused(
        &inbox(port, &format!("{authority}\n{right}\nfolder = \"Nowhere\"")),
        105,
        &[&nowhere, "there are ", "`INBOX`", "`Werbung`"],
    );
    let closed = free_address().port();
    let down = format!("localhost:{closed} cannot be reached: ");
    assert_refused(
        &inbox(closed, right),
        105,
        &[&down, "is it the right host and port?"],
    );
    let untrusted = format!("the certificate of {place} is not valid");
    assert_refused(&inbox(port, right), 105, &[&untrusted]);
    let unset = "the variable NO_SUCH_PASSWORD is not set";
    assert_refused(
        &inbox(
            port,
            &format!("{authority}\npassword = {{ env = \"NO_SUCH_PASSWORD\" }}"),
        ),
        96,
        &[unset, &place],
    );
    let failing = "password = { command = [\"false\"] }";
    assert_refused(
        &inbox(port, &format!("{authority}\n{failing}")),
        96,
        &["`false` failed", &place],
    );
    // Nobody got further than the two commands that named a wrong folder.
    assert_eq!(dovecot.logins(), 2);
}

#[test]
fn a_folder_or_a_mailpit_that_is_not_there_is_told() {
    let address = "address = \"{person}.{run}.{scenario}.{attempt}@mail.test\"";
    assert_refused(
        &format!("kind = \"maildir\"\npath = \"nomail\"\n{address}"),
        105,
        &["nomail/new: No such file", "is it a Maildir"],
    );
    let closed = free_address();
    let said = format!("the Mailpit at http://{closed} cannot be read: ");
    assert_refused(
        &format!("kind = \"mailpit\"\nurl = \"http://{closed}\"\n{address}"),
        105,
        &[&said, "is it running there?"],
    );
}
