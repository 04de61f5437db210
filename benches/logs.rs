//! What log events cost: ingest through `PutLogEvents`, and Logs Insights over a million events beside
//! `grep` and `jq` on the same lines, in one run: `cargo bench --bench logs`.
//!
//! Prints figures and asserts only that both sides count the same: a machine that is busy with
//! something else is no defect.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement talks to a person, and stops at what it did not expect"
)]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

/// Events in all.
const EVENTS: u32 = 1_000_000;
/// Events of one request: as many as 1 MiB has room for.
const BATCH: usize = 3_000;
/// Shares of the events over which a query is timed, to see that its cost is linear.
const SHARES: [u32; 3] = [250_000, 500_000, 1_000_000];
/// Longest wait for the emulator to be ready, and for one query.
const WAIT_SECONDS_MAX: u64 = 60;
/// Pause between two looks at a query: short beside the times that are measured.
const LOOK_PAUSE: Duration = Duration::from_millis(2);

/// What is asked: a name, the query, and the commands that count the same lines, if there are such.
struct Question {
    name: &'static str,
    query: &'static str,
    grep: Option<&'static [&'static str]>,
    jq: Option<&'static str>,
}

const QUESTIONS: [Question; 4] = [
    Question {
        name: "text",
        query: "filter @message like \"ResendConfirmationCode\" | stats count(*) as n",
        grep: Some(&["-F", "-c", "ResendConfirmationCode"]),
        jq: None,
    },
    Question {
        name: "regular expression",
        query: r"filter @message like /sub-[0-9]*77[0-9]/ | stats count(*) as n",
        grep: Some(&["-E", "-c", "sub-[0-9]*77[0-9]"]),
        jq: None,
    },
    Question {
        name: "nested member",
        query: "filter additionalEventData.sub = \"sub-777\" | stats count(*) as n",
        grep: None,
        jq: Some("select(.additionalEventData.sub == \"sub-777\") | 1"),
    },
    Question {
        name: "grouped by member and minute",
        query: "stats count(*) as c by eventName, bin(1m) | stats sum(c) as n",
        grep: None,
        jq: Some("[.eventName, (.eventTime | .[0:16])] | 1"),
    },
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines.json");
    let first = Timestamp::now().as_millisecond() - i64::from(EVENTS);
    write_lines(&lines, first);
    let bytes = std::fs::metadata(&lines).unwrap().len();
    println!("{EVENTS} events, {} MB of text", bytes / 1_000_000);

    let mut emulator = Emulator::start(folder.path());
    let before = emulator.resident_megabytes();
    ingest(&mut emulator, &lines, first);
    println!(
        "  resident {} MB before, {} MB after",
        before,
        emulator.resident_megabytes()
    );
    println!("\nLogs Insights over all events, and the same lines in a file:");
    for question in &QUESTIONS {
        ask(&mut emulator, question, &lines, first);
    }
    println!("\nthe nested member over the newest events:");
    for share in SHARES {
        let from = first + i64::from(EVENTS - share);
        let (time, answer) = emulator.query(QUESTIONS[2].query, from);
        let scanned = &answer["statistics"]["recordsScanned"];
        println!("  {scanned:>9} scanned {:>8.1} ms", millis(time));
    }
    println!("  resident {} MB at the end", emulator.resident_megabytes());
}

/// Events of a trail, one a line and one a millisecond.
fn write_lines(path: &Path, first: i64) {
    let names = [
        "SignUp",
        "ConfirmSignUp",
        "AdminDeleteUser",
        "ResendConfirmationCode",
        "InitiateAuth",
    ];
    let mut file = std::io::BufWriter::new(File::create(path).unwrap());
    for (number, name) in (0..EVENTS).zip(names.iter().cycle()) {
        let at = Timestamp::from_millisecond(first + i64::from(number)).unwrap();
        writeln!(
            file,
            r#"{{"eventVersion":"1.08","eventTime":"{at:.3}","eventSource":"cognito-idp.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","requestID":"{number:032x}","additionalEventData":{{"sub":"sub-{}"}},"requestParameters":{{"clientId":"1example23456789"}}}}"#,
            number % 1_000
        )
        .unwrap();
    }
    file.flush().unwrap();
}

fn ingest(emulator: &mut Emulator, lines: &Path, first: i64) {
    let stream = json!({"logGroupName": "trail", "logStreamName": "bench"});
    emulator.call(
        "CreateLogGroup",
        &json!({"logGroupName": "trail"}).to_string(),
    );
    emulator.call("CreateLogStream", &stream.to_string());
    let lines: Vec<String> = BufReader::new(File::open(lines).unwrap())
        .lines()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut bodies = Vec::new();
    let mut at = first..;
    for messages in lines.chunks(BATCH) {
        let events: Vec<Value> = messages
            .iter()
            .zip(&mut at)
            .map(|(message, at)| json!({"timestamp": at, "message": message}))
            .collect();
        let mut body = stream.clone();
        body["logEvents"] = json!(events);
        bodies.push(body.to_string());
    }
    let began = Instant::now();
    for body in &bodies {
        let answer = emulator.call("PutLogEvents", body);
        assert!(answer["rejectedLogEventsInfo"].is_null(), "{answer}");
    }
    let time = began.elapsed();
    println!(
        "ingest {:.0} events/s on one connection ({:.2} s)",
        f64::from(EVENTS) / time.as_secs_f64(),
        time.as_secs_f64()
    );
}

fn ask(emulator: &mut Emulator, question: &Question, lines: &Path, first: i64) {
    let (time, answer) = emulator.query(question.query, first);
    let counted = answer["results"][0][0]["value"]
        .as_str()
        .unwrap_or("0")
        .to_owned();
    println!(
        "  {:<30} insights {:>8.1} ms   n={counted}",
        question.name,
        millis(time)
    );
    if let Some(arguments) = question.grep {
        let (time, found) = count(Command::new("grep").args(arguments).arg(lines));
        println!(
            "  {:<30} grep     {:>8.1} ms   n={}",
            "",
            millis(time),
            found.trim()
        );
        assert_eq!(found.trim(), counted);
    }
    let Some(filter) = question.jq else {
        return;
    };
    if Command::new("jq")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("  {:<30} jq       skipped: it is not installed", "");
        return;
    }
    let (time, found) = count(Command::new("jq").args(["-c", filter]).arg(lines));
    let found = found.lines().count();
    println!("  {:<30} jq       {:>8.1} ms   n={found}", "", millis(time));
    assert_eq!(found.to_string(), counted);
}

fn count(command: &mut Command) -> (Duration, String) {
    let began = Instant::now();
    let output = command.output().unwrap();
    (began.elapsed(), String::from_utf8(output.stdout).unwrap())
}

/// The built emulator as a process of its own, and one connection to it.
struct Emulator {
    child: Child,
    host: String,
    connection: BufReader<TcpStream>,
}

impl Emulator {
    fn start(folder: &Path) -> Self {
        let port_file = folder.join("ports.json");
        let child = Command::new(env!("CARGO_BIN_EXE_reverify"))
            .args([
                "emulate",
                "--listen",
                "127.0.0.1:0",
                "--smtp",
                "127.0.0.1:0",
                "--port-file",
            ])
            .arg(&port_file)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(WAIT_SECONDS_MAX);
        let ports = loop {
            let text = std::fs::read_to_string(&port_file).unwrap_or_default();
            if let Ok(ports) = serde_json::from_str::<Value>(&text) {
                break ports;
            }
            assert!(Instant::now() < deadline, "the emulator does not start");
            std::thread::sleep(LOOK_PAUSE);
        };
        let endpoint = ports["endpoint"].as_str().unwrap();
        let host = endpoint.strip_prefix("http://").unwrap().to_owned();
        let stream = TcpStream::connect(&host).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            child,
            host,
            connection: BufReader::new(stream),
        }
    }

    /// Calls an operation of CloudWatch Logs.
    fn call(&mut self, operation: &str, body: &str) -> Value {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nX-Amz-Target: Logs_20140328.{operation}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=bench\r\nContent-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        let stream = self.connection.get_mut();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let (mut status, mut length) = (String::new(), 0);
        self.connection.read_line(&mut status).unwrap();
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line).unwrap();
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        self.connection.read_exact(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(status.contains(" 200 "), "{status}{answer}");
        serde_json::from_str(&answer).unwrap_or(Value::Null)
    }

    /// Runs a query over the events from a moment on, in milliseconds, and waits for its end.
    fn query(&mut self, text: &str, from: i64) -> (Duration, Value) {
        let end = Timestamp::now().as_second() + 3_600;
        let start = json!({"logGroupName": "trail", "startTime": from / 1_000, "endTime": end,
            "queryString": text});
        let began = Instant::now();
        let started = self.call("StartQuery", &start.to_string());
        let asked = json!({"queryId": started["queryId"]}).to_string();
        loop {
            let answer = self.call("GetQueryResults", &asked);
            if answer["status"] == "Complete" {
                return (began.elapsed(), answer);
            }
            let is_late = began.elapsed().as_secs() > WAIT_SECONDS_MAX;
            assert!(!is_late, "{text}: {}", answer["status"]);
            std::thread::sleep(LOOK_PAUSE);
        }
    }

    /// The memory that the process occupies; zero where the system does not tell.
    fn resident_megabytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kibibytes.unwrap_or(0) * 1_024 / 1_000_000
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
