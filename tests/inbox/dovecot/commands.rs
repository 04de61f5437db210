//! `reverify inbox` on a real mailbox, as a shell script uses it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};

use super::lmtp::mail;
use super::server::{Dovecot, PASSWORD, USER};

/// The command on the usual mailbox over TLS.
fn reverify(dovecot: &Dovecot, arguments: &[&str]) -> Command {
    let url = format!(
        "imaps://qa%40example.test@localhost:{}",
        dovecot.ports.imaps
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_reverify"));
    command.args(["inbox", "--inbox", &url]).args(arguments);
    command
        .env("REVERIFY_INBOX_PASSWORD", PASSWORD)
        .env("REVERIFY_INBOX_CA", dovecot.authority_file())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts it and returns when the inbox's position is noted.
fn waiting(dovecot: &Dovecot, arguments: &[&str]) -> Waiting {
    let mut child = reverify(dovecot, arguments).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.starts_with("Waiting for mail to "), "{line}");
    Waiting { child, stderr }
}

struct Waiting {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
}

impl Waiting {
    fn end(mut self) -> (Option<i32>, String, String) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut stdout)
            .unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        (self.child.wait().unwrap().code(), stdout, stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn assert_ended(output: &Output, code: i32, said: &str) {
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(said), "{stderr}\ndoes not say: {said}");
    assert!(!stderr.contains(PASSWORD), "{stderr}");
}

#[test]
fn wait_prints_the_code_of_the_next_mail() {
    let Some(dovecot) = Dovecot::start("reverify inbox wait") else {
        return;
    };
    let mut lmtp = dovecot.lmtp();
    lmtp.code("ada@example.com", "111111");
    let before = text(&reverify(&dovecot, &["position"]).output().unwrap().stdout);
    let started = waiting(&dovecot, &["wait", "--to", "ada@example.com"]);
    lmtp.code("bob@example.com", "222222");
    lmtp.code("ada@example.com", "333333");
    let (code, stdout, stderr) = started.end();
    assert_eq!((code, stdout.as_str()), (Some(0), "333333\n"), "{stderr}");

    // From a position that was noted before.
    let since = [
        "wait",
        "--to",
        "bob@example.com",
        "--json",
        "--since",
        before.trim(),
    ];
    let output = reverify(&dovecot, &since).output().unwrap();
    assert_ended(&output, 0, "Waiting for mail to bob@example.com");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&json["kind"], &json["value"]),
        (&"code".into(), &"222222".into())
    );
    assert_eq!(json["to"], "bob@example.com");

    let output = reverify(&dovecot, &["list"]).output().unwrap();
    let listed = text(&output.stdout);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let position = listed.lines().last().unwrap().split(' ').next().unwrap();
    let shown = text(
        &reverify(&dovecot, &["show", position])
            .output()
            .unwrap()
            .stdout,
    );
    for line in [
        "To: ada@example.com",
        "Found: code 333333",
        "Your verification code is",
    ] {
        assert!(shown.contains(line), "{shown}\nhas no {line}");
    }
    let raw = text(
        &reverify(&dovecot, &["show", position, "--raw"])
            .output()
            .unwrap()
            .stdout,
    );
    assert!(
        raw.contains("\r\nYour verification code is 333333.\r\n"),
        "{raw}"
    );
}

#[test]
fn each_way_to_fail_has_its_exit_code() {
    let Some(dovecot) = Dovecot::start("exit codes of reverify inbox") else {
        return;
    };
    let wait = ["wait", "--to", "ada@example.com", "--timeout", "1s"];
    let output = reverify(&dovecot, &wait).output().unwrap();
    assert_ended(&output, 106, "no message to ada@example.com after 1.");

    let started = waiting(&dovecot, &["wait", "--to", "ada@example.com"]);
    let welcome = "To: ada@example.com\r\nSubject: Welcome\r\n\r\nNice to see you.";
    dovecot.lmtp().store(USER, welcome);
    let (code, stdout, stderr) = started.end();
    assert_eq!((code, stdout.as_str()), (Some(107), ""), "{stderr}");
    assert!(stderr.contains("neither code nor link"), "{stderr}");

    let started = waiting(&dovecot, &["wait", "--to", "ada@example.com", "--link"]);
    dovecot
        .lmtp()
        .store(USER, &mail("ada@example.com", "123456"));
    let (code, stdout, stderr) = started.end();
    assert_eq!((code, stdout.as_str()), (Some(107), ""), "{stderr}");

    let mut wrong = reverify(&dovecot, &["list"]);
    wrong.env("REVERIFY_INBOX_PASSWORD", "guess-work");
    let output = wrong.output().unwrap();
    assert_ended(&output, 105, "refuses the login of qa@example.test");
    let mut without = reverify(&dovecot, &["list"]);
    without.env_remove("REVERIFY_INBOX_PASSWORD");
    assert_ended(&without.output().unwrap(), 96, "--password-command");
    let mut command = reverify(&dovecot, &["list", "--password-command", "false"]);
    assert_ended(&command.output().unwrap(), 105, "`false` failed");
    let mut command = reverify(&dovecot, &["list", "--password-command"]);
    command.arg(format!("echo {PASSWORD}"));
    assert_eq!(command.output().unwrap().status.code(), Some(0));
    let output = reverify(&dovecot, &["show", "1:99"]).output().unwrap();
    assert_ended(&output, 94, "no mail is at 1:99");
    let since = [&wait[..], &["--since", "1:1"]].concat();
    let output = reverify(&dovecot, &since).output().unwrap();
    assert_ended(&output, 105, "1:1 is no position in INBOX");
}
