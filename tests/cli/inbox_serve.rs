//! `reverify inbox serve`: a mail comes in over SMTP and is read from the Maildir.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use nix::sys::signal::Signal;

use super::command::Place;

/// Says the lines one after the other and returns the last line of each reply.
fn smtp(address: &str, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    let mut replies = Vec::new();
    for line in [""].iter().chain(lines) {
        if !line.is_empty() {
            stream
                .get_mut()
                .write_all(format!("{line}\r\n").as_bytes())
                .unwrap();
        }
        let mut reply = String::new();
        while reply.as_bytes().get(3) != Some(&b' ') {
            reply.clear();
            assert_ne!(stream.read_line(&mut reply).unwrap(), 0, "closed");
        }
        replies.push(reply.trim_end().to_owned());
    }
    replies
}

#[test]
fn mail_for_an_accepted_domain_is_filed_and_none_is_relayed() {
    let place = Place::new();
    let mut server = place.start(&[
        "inbox",
        "serve",
        "--maildir",
        "mail",
        "--listen",
        "127.0.0.1:0",
        "--accept",
        "staging.example.com",
        "--tls-self-signed",
    ]);
    let said = server.until("Taking mail on ");
    assert!(
        said.contains(" for staging.example.com into mail; Ctrl-C ends it."),
        "{said}"
    );
    let address = said.split(' ').nth(3).unwrap().to_owned();
    let to = "ada@staging.example.com";
    let mut waiting = place
        .reverify(&["inbox", "--inbox", "maildir:mail", "wait", "--to", to])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut stderr = BufReader::new(waiting.stderr.take().unwrap());
    stderr.read_line(&mut said).unwrap();
    assert!(said.starts_with("Waiting for mail to"), "{said}");
    let replies = smtp(
        &address,
        &[
            "EHLO sender.example",
            "MAIL FROM:<app@example.com>",
            "RCPT TO:<ada@example.com>",
            "RCPT TO:<ada@staging.example.com>",
            "DATA",
            "Subject: x\r\n\r\nYour verification code is 123456.\r\n.",
            "QUIT",
        ],
    );
    let codes: Vec<_> = replies.iter().map(|reply| &reply[..3]).collect();
    assert_eq!(
        codes,
        ["220", "250", "250", "550", "250", "354", "250", "221"]
    );
    assert_eq!(replies[3], "550 5.7.1 relay denied");
    let found = waiting.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "123456\n");
    assert!(found.status.success());
    server.signal(Signal::SIGTERM);
    server.end().assert(0, &[]);
}

#[test]
fn what_keeps_from_taking_mail_is_told() {
    let place = Place::new().with("file", "");
    let cases: [(&[&str], i32, &[&str]); 6] = [
        (
            &["--listen", "0.0.0.0:0"],
            2,
            &["other machines", "no domain is accepted", "--accept"],
        ),
        (
            &["--accept", "*.example.com"],
            2,
            &["`*.example.com` is not a domain"],
        ),
        (&["--tls-cert", "file"], 2, &["--tls-key"]),
        (
            &["--tls-cert", "file", "--tls-key", "file"],
            96,
            &["file has no certificate in PEM", "--tls-self-signed"],
        ),
        (
            &["--maildir", "file"],
            96,
            &["the Maildir `file` cannot be made"],
        ),
        (&["--maildir-mib-max", "0"], 2, &["--maildir-mib-max"]),
    ];
    for (arguments, code, said) in cases {
        let maildir: &[&str] = if arguments[0] == "--maildir" {
            &[]
        } else {
            &["--maildir", "mail"]
        };
        let port: &[&str] = if arguments[0] == "--listen" {
            &[]
        } else {
            &["--listen", "127.0.0.1:0"]
        };
        let ended = place.run(&[&["inbox", "serve"], maildir, port, arguments].concat());
        ended.assert(code, said);
    }
}
