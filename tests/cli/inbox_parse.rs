//! `reverify inbox parse`: a line of JSON for each mail.

use std::io::Write as _;
use std::process::Stdio;

use super::command::Place;

const CODE: &str = "Subject: Welcome\n\nYour verification code is 123456.\n";
const NONE: &str = "Subject: Welcome\n\nNothing to see here.\n";

#[test]
fn prints_what_a_mail_holds() {
    let link = "https://d.example/confirmUser/?client_id=c&user_name=u&confirmation_code=123456";
    let by_link = format!("Subject: x\n\nOpen {link}\n");
    let two = "Subject: x\n\nYour code is 111111.\nYour code is 222222.\n";
    let template: &[&str] = &["--template", "Dial {####}"];
    let subject: &[&str] = &["--subject-template", "{####} it is", "--json"];
    let pattern: &[&str] = &["--pattern", r"secret (\d+)"];
    let cases = [
        (
            CODE,
            &[][..],
            0,
            r#"{"kind":"code","value":"123456","how":"words","candidates":[]}"#,
        ),
        (
            NONE,
            &[],
            107,
            r#"{"kind":"none","value":null,"how":null,"candidates":[]}"#,
        ),
        (
            two,
            &[],
            107,
            r#"{"kind":"ambiguous","value":null,"how":null,"candidates":["222222","111111"]}"#,
        ),
        (
            "Subject: x\n\nDial 123456, order 654321\n",
            template,
            0,
            r#"{"kind":"code","value":"123456","how":"template","candidates":[]}"#,
        ),
        (
            "Subject: 123456 it is\n\nHello\n",
            subject,
            0,
            r#"{"kind":"code","value":"123456","how":"subject-template","candidates":[]}"#,
        ),
        (
            "Subject: x\n\nThe secret 123456\n",
            pattern,
            0,
            r#"{"kind":"code","value":"123456","how":"pattern","candidates":[]}"#,
        ),
    ];
    for (mail, arguments, code, line) in cases {
        let place = Place::new().with("a.eml", mail);
        let ended = place.run(&[&["inbox", "parse", "a.eml"], arguments].concat());
        ended.assert(code, &[]);
        assert_eq!(ended.stdout, format!("{line}\n"), "{mail}");
    }
    let place = Place::new().with("a.eml", &by_link);
    let ended = place.run(&["inbox", "parse", "a.eml"]);
    assert!(ended.stdout.contains(r#""kind":"link""#) && ended.stdout.contains(link));
}

#[test]
fn several_mails_give_a_line_each() {
    let place = Place::new().with("a.eml", NONE).with("b.eml", CODE);
    let ended = place.run(&["inbox", "parse", "a.eml", "b.eml"]);
    ended.assert(0, &[]);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(
        lines[0].contains(r#""file":"a.eml","kind":"none""#),
        "{lines:?}"
    );
    assert!(
        lines[1].contains(r#""file":"b.eml","kind":"code""#),
        "{lines:?}"
    );
    let ended = place.run(&["inbox", "parse", "missing.eml", "b.eml"]);
    ended.assert(94, &["missing.eml cannot be read"]);
    assert_eq!(ended.stdout.lines().count(), 1);
}

#[test]
fn reads_standard_input() {
    let place = Place::new();
    let mut command = place.reverify(&["inbox", "parse", "-"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(CODE.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("123456"));
}

#[test]
fn arguments_that_make_no_sense_are_told() {
    let place = Place::new().with("a.eml", CODE);
    let parse = |arguments: &[&str]| place.run(&[&["inbox", "parse", "a.eml"], arguments].concat());
    parse(&["--template", "no place for it"]).assert(2, &["{####}", "as the pool has it"]);
    parse(&["--pattern", "("]).assert(2, &["regular expression"]);
    parse(&["--pattern", "(a)(b)"]).assert(2, &["2 groups"]);
    place.run(&["inbox", "parse"]).assert(2, &["FILE.eml"]);
}
