//! Every secret of a run is known here, and searched for in all that the run leaves behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use regex::Regex;
use reverify::cognito::{Client, Ledger};
use reverify::control::{self, Query};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::history::{History, PastRun};
use reverify::model::{Endpoint, RunId, SystemClock};
use reverify::record::{Recorder, RunSetting, read_entries};
use reverify::report::{
    RunReport, Style, Terminal, TerminalOptions, annotations, html, json, junit, step_summary,
};
use reverify::steps::Target;
use reverify::suite::{Cancel, RetryPolicy, Run, RunOptions, Source, Suite};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::secret_search::{SHORTEST, Search};

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
    Then Ada receives a verification mail within 60 seconds
    When an administrator deletes Ada
    And the pool stops verifying e-mail addresses
    And Ada signs up again
    Then Ada receives a verification mail within 0.1 seconds
";

/// Scenarios at once. The SDK gives a call ten seconds; with sixteen at once on one thread, and a
/// machine that builds other things, the first calls of all of them together took longer.
const JOBS: usize = 2;

/// Further attempts of a scenario: what a busy machine delays is no matter here.
const RETRIES: u32 = 2;

/// The name by which the scenario that fails is shown.
const FAILING_NAME: &str = "The settings were changed";

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

#[tokio::test]
async fn no_secret_of_a_run_is_in_anything_that_it_leaves_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, record) = (
        folder.path().join("ledger.sqlite"),
        folder.path().join("run.jsonl"),
    );
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let wire = Wire::to(&embedded.endpoint());
    let suite = Suite::of(sources());
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
        options: patient(),
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
    secrets.retain(|secret, _| secret.len() >= SHORTEST && !features.contains(secret.as_str()));
    assert!(secrets.len() > 50, "{} secrets", secrets.len());

    let search = Search::of(&secrets);
    for (name, bytes) in outputs(&record, folder.path()) {
        assert_eq!(search.first_in(&bytes), None, "in the {name}");
    }
}

fn sources() -> Vec<Source> {
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
    sources
}

/// Few scenarios at once, and further attempts.
fn patient() -> RunOptions {
    RunOptions {
        jobs: JOBS,
        retry: RetryPolicy {
            count: RETRIES,
            delay: Duration::from_millis(10),
            ..RetryPolicy::default()
        },
        ..RunOptions::default()
    }
}

fn plan_texts() -> String {
    Source::shipped()
        .iter()
        .map(|source| source.text.to_string())
        .collect()
}

/// All that a run leaves behind, and every report of it and of its history, by name.
fn outputs(record: &Path, folder: &Path) -> Vec<(String, Vec<u8>)> {
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
        ("terminal".to_owned(), terminal),
        ("JUnit report".to_owned(), junit(&report).unwrap().into()),
        ("HTML report".to_owned(), html(&report, &[]).unwrap().into()),
        ("JSON report".to_owned(), json(&report).unwrap().into()),
        ("annotations".to_owned(), annotations(&report).into()),
        ("step summary".to_owned(), step_summary(&report).into()),
    ];
    let run = PastRun::of(&entries).unwrap();
    let file = folder.join("history.sqlite");
    let mut history = History::open(&file).unwrap();
    history.take(&run).unwrap();
    // The same once more, to be compared with.
    let later = PastRun {
        id: RunId::new("later"),
        started: run.started + run.took,
        ..run
    };
    history.take(&later).unwrap();
    drop(history);
    outputs.extend(history_outputs(folder));
    for name in ["history.sqlite", "ledger.sqlite"] {
        outputs.push((format!("cells of {name}"), cells(&folder.join(name))));
    }
    // The record, and the files of SQLite with what it keeps beside them, as they are.
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        outputs.push((name, fs::read(&path).unwrap()));
    }
    outputs
}

/// What each command prints of the history of a folder. The scenario that failed is in all of it.
fn history_outputs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let commands: [&[&str]; 4] = [
        &["show", FAILING_NAME],
        &["compare", "canary", "later"],
        &["export", "--csv", "-"],
        &["html", "-"],
    ];
    let printed = commands.map(|arguments| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reverify"));
        command.arg("history").args(arguments);
        let output = command.arg("--state-dir").arg(folder).output().unwrap();
        let name = format!("history {}", arguments[0]);
        assert!(output.status.success(), "{name}: {output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(FAILING_NAME), "{name}: {text}");
        (name, [output.stdout, output.stderr].concat())
    });
    printed.into()
}

/// Every value of every table, one a line: in the file a long one may lie in pieces.
fn cells(path: &Path) -> Vec<u8> {
    let connection = Connection::open(path).unwrap();
    let query = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut tables = connection.prepare(query).unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut cells = Vec::new();
    for name in names {
        let query = format!("SELECT * FROM \"{}\"", name.unwrap());
        let mut statement = connection.prepare(&query).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => cells.extend_from_slice(bytes),
                    ValueRef::Integer(number) => cells.extend(number.to_string().bytes()),
                    ValueRef::Real(_) | ValueRef::Null => {}
                }
                cells.push(b'\n');
            }
        }
    }
    assert!(!cells.is_empty(), "{} is empty", path.display());
    cells
}
