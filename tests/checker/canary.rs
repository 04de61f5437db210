//! Every secret of a run is known here, and searched for in all that the run leaves behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::Regex;
use reverify::cognito::{Client, Ledger};
use reverify::control::{self, Query};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{Endpoint, RunId, SystemClock};
use reverify::record::{Recorder, RunSetting, read_entries};
use reverify::report::{
    RunReport, Style, Terminal, TerminalOptions, annotations, html, json, junit, step_summary,
};
use reverify::steps::Target;
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};

/// Between them they have every kind of secret: passwords of users and administrators, client
/// secrets, tokens, sessions, second factors and codes of every purpose.
const FEATURES: [&str; 7] = [
    "sign_up",
    "secret_hash",
    "tokens",
    "mfa",
    "account_recovery",
    "admin_create_user",
    "user_management",
];

/// A scenario that fails with a verdict while codes and passwords are known: failures tell the most.
const FAILING: &str = "\
Feature: A mail that does not come
  Scenario: The settings were changed
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And the pool stops verifying e-mail addresses
    And Ada signs up again
    Then Ada receives a verification mail within 0.1 seconds
";

/// Members of requests and answers that nobody may read later.
const SECRET_MEMBERS: &str = r#""(?<name>Password|PASSWORD|NEW_PASSWORD|TemporaryPassword|PreviousPassword|ProposedPassword|ClientSecret|SecretHash|SECRET_HASH|AccessToken|IdToken|RefreshToken|Session|ConfirmationCode|SecretCode|UserCode|Code|EMAIL_OTP_CODE|SOFTWARE_TOKEN_MFA_CODE)"\s*:\s*"(?<value>[^"\\]+)""#;

/// A wire to the emulator that keeps all that goes over it.
struct Wire {
    address: SocketAddr,
    /// The bytes of each connection in each direction.
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Wire {
    fn to(endpoint: &str) -> Self {
        let upstream: SocketAddr = endpoint.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Self {
            address: listener.local_addr().unwrap(),
            heard: Arc::default(),
        };
        let heard = Arc::clone(&wire.heard);
        // It ends with the test's process; nobody connects by then.
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let server = TcpStream::connect(upstream).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                carry(from, to, Arc::clone(&heard));
                carry(server, client, Arc::clone(&heard));
            }
        });
        wire
    }

    /// The secrets that went over it, each with the member's name.
    fn secrets(&self) -> BTreeMap<String, String> {
        let members = Regex::new(SECRET_MEMBERS).unwrap();
        let mut secrets = BTreeMap::new();
        for bytes in self.heard.lock().unwrap().iter() {
            let text = String::from_utf8_lossy(bytes);
            for found in members.captures_iter(&text) {
                secrets.insert(found["value"].to_owned(), found["name"].to_owned());
            }
        }
        secrets
    }
}

/// Copies one direction until it ends, and keeps it.
fn carry(mut from: TcpStream, mut to: TcpStream, heard: Arc<Mutex<Vec<Vec<u8>>>>) {
    let place = {
        let mut heard = heard.lock().unwrap();
        heard.push(Vec::new());
        heard.len() - 1
    };
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        // A connection that breaks ends as one that is closed.
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            heard.lock().unwrap()[place].extend_from_slice(&buffer[..read]);
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
}

/// What is searched for: the secret as it is, and as encodings would hide it.
fn forms(secret: &str) -> Vec<String> {
    let escaped = |escape: char| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        let bytes = secret.bytes();
        bytes
            .map(|byte| {
                if plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("{escape}{byte:02X}")
                }
            })
            .collect()
    };
    let mut forms = vec![secret.to_owned(), escaped('%'), escaped('=')];
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let bytes = [&b"\0\0"[..before], secret.as_bytes()].concat();
            let encoded = engine.encode(&bytes);
            // The characters that no neighbour of the secret has a part in.
            let from = (before * 8).div_ceil(6);
            let until = bytes.len() * 8 / 6;
            forms.push(encoded[from..until].to_owned());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Whether a text holds a form. Digits alone count only where no digit, letter or dot is beside
/// them: the fraction of a second is no code.
fn holds(text: &str, form: &str) -> bool {
    let is_digits = form.bytes().all(|byte| byte.is_ascii_digit());
    text.match_indices(form).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + form.len()..].chars().next();
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        !is_digits || !(joins(before) || joins(after))
    })
}

#[test]
fn the_search_finds_what_is_there() {
    let secret = "s3cret/Value+1!";
    for text in [
        secret.to_owned(),
        "s3cret%2FValue%2B1%21".to_owned(),
        "s3cret=2FValue=2B1=21".to_owned(),
        STANDARD_NO_PAD.encode(format!("{secret} after")),
        STANDARD_NO_PAD.encode(format!("a{secret} after")),
        URL_SAFE_NO_PAD.encode(format!("ab{secret} after")),
    ] {
        assert!(
            forms(secret).iter().any(|form| holds(&text, form)),
            "{text}"
        );
    }
    assert!(holds("the code 123456, then", "123456"));
    assert!(!holds("at 12:00:00.123456Z", "123456"));
}

#[tokio::test]
async fn no_secret_of_a_run_is_in_anything_that_it_leaves_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, record) = (
        folder.path().join("ledger.sqlite"),
        folder.path().join("run.jsonl"),
    );
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let wire = Wire::to(&embedded.endpoint());
    let mut sources = Source::shipped();
    sources.retain(|source| {
        FEATURES
            .iter()
            .any(|name| source.path.ends_with(&format!("/{name}.feature")))
    });
    assert_eq!(sources.len(), FEATURES.len());
    sources.push(Source {
        path: "failing.feature".to_owned(),
        text: FAILING.into(),
    });
    let suite = Suite::of(sources);
    let plan = suite.plan().unwrap();
    let target = embedded.target();
    let recorder = Recorder::new(Arc::new(SystemClock)).to_file(fs::File::create(&record).unwrap());
    let run = Run {
        id: RunId::new("canary"),
        target: Arc::new(Target {
            cognito: Client::for_emulator(&Endpoint {
                region: target.region.clone(),
                url: format!("http://{}", wire.address),
            }),
            ..target
        }),
        ledger: Arc::new(Ledger::open(&ledger).unwrap()),
        recorder: recorder.clone(),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&plan, run).await;
    recorder.finish().unwrap();
    let all = summary.scenarios().len();
    assert_eq!(summary.passed(), all - 1, "all but one pass: {summary:#?}");

    let mut secrets = wire.secrets();
    let control = control::Client::new(&embedded.endpoint()).unwrap();
    let mails = control.mails(Query::all()).await.unwrap();
    let codes = mails.into_iter().filter_map(|mail| mail.code);
    secrets.extend(codes.map(|code| (code, "code of a mail".to_owned())));
    embedded.stop().unwrap();
    for kind in [
        "Password",
        "ClientSecret",
        "AccessToken",
        "Session",
        "ConfirmationCode",
        "code of a mail",
    ] {
        assert!(
            secrets.values().any(|name| name == kind),
            "no {kind} went over the wire"
        );
    }
    // Made-up values, which the scenarios themselves spell out, are no secrets.
    let features: String = plan_texts();
    secrets.retain(|secret, _| secret.len() >= 6 && !features.contains(secret.as_str()));
    assert!(secrets.len() > 50, "{} secrets", secrets.len());

    for (name, text) in outputs(&record, folder.path()) {
        for (secret, kind) in &secrets {
            let found = forms(secret).into_iter().find(|form| holds(&text, form));
            assert_eq!(found, None, "a {kind} is in the {name}");
        }
    }
}

fn plan_texts() -> String {
    Source::shipped()
        .iter()
        .map(|source| source.text.to_string())
        .collect()
}

/// All that a run leaves behind, and every report of it, by name.
fn outputs(record: &std::path::Path, folder: &std::path::Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(record).unwrap();
    let entries = read_entries(text.as_bytes()).unwrap();
    let report = RunReport::of(&entries).unwrap();
    let mut terminal = Vec::new();
    let options = TerminalOptions::new(Style::Plain, false);
    let mut writer = Terminal::new(&mut terminal, options);
    for entry in &entries {
        writer.entry(entry);
    }
    drop(writer);
    let mut outputs = vec![
        ("terminal".to_owned(), String::from_utf8(terminal).unwrap()),
        ("JUnit report".to_owned(), junit(&report).unwrap()),
        ("HTML report".to_owned(), html(&report, &[]).unwrap()),
        ("JSON report".to_owned(), json(&report).unwrap()),
        ("annotations".to_owned(), annotations(&report)),
        ("step summary".to_owned(), step_summary(&report)),
    ];
    // The record, and the ledger with what SQLite keeps beside it.
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        outputs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    outputs
}
