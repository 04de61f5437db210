//! What a run costs, and how fast a mail becomes a code: `cargo bench --bench measures`.
//!
//! Prints figures and asserts nothing: a machine that is busy with something else is no defect.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement talks to a person, and stops at what it did not expect"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use nix::sys::resource::{UsageWho, getrusage};
use reverify::inbox::sink::SinkSettings;
use reverify::inbox::{Inbox as _, SmtpSink};
use reverify::mail::{Extraction, Message, Template, extract};
use reverify::model::EmailAddress;

/// Runs of the whole suite; the median is told.
const RUNS: usize = 7;
/// Mails whose way is measured.
const MAILS: usize = 2_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("reverify run, embedded target, {RUNS} runs each, median:");
    measure_run(
        "without deliberate pauses",
        &["--tags", "not @pause"],
        folder.path(),
    );
    measure_run("all scenarios", &[], folder.path());
    println!("\nmail accepted by the sink to code in hand, {MAILS} mails:");
    measure_delivery();
}

fn measure_run(what: &str, arguments: &[&str], folder: &std::path::Path) {
    let mut walls = Vec::new();
    let mut cpus = Vec::new();
    for _ in 0..RUNS {
        let before = cpu_of_children();
        let started = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_reverify"))
            .arg("run")
            .args(arguments)
            .current_dir(folder)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        walls.push(started.elapsed());
        cpus.push(cpu_of_children().saturating_sub(before));
        assert!(status.success(), "{status}");
    }
    // The kernel counts in kibibytes, and keeps the largest of all children.
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    println!(
        "  {what:<26} wall {:>7.1} ms   cpu {:>7.1} ms   peak memory {:>5.1} MB",
        millis(median(&mut walls)),
        millis(median(&mut cpus)),
        f64::from(i32::try_from(peak).unwrap()) * 1024.0 / 1e6,
    );
}

fn cpu_of_children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let micros = |value: nix::sys::time::TimeVal| {
        let micros = value.tv_sec() * 1_000_000 + value.tv_usec();
        Duration::from_micros(u64::try_from(micros).unwrap())
    };
    micros(usage.user_time()) + micros(usage.system_time())
}

fn measure_delivery() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sink = SmtpSink::start(listener, SinkSettings::default()).unwrap();
    let inbox = sink.inbox();
    let template = Template::new(None, "Your confirmation code is {####}").unwrap();
    let templates = [template];
    let mut sender = Sender::connect(sink.address());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let mut times = Vec::with_capacity(MAILS);
    for number in 0..MAILS {
        let to: EmailAddress = format!("ada.{number}@mail.test").parse().unwrap();
        let code = format!("{:06}", 100_000 + number);
        let mut watch = runtime.block_on(inbox.watch(&to)).unwrap();
        let sending = std::thread::scope(|scope| {
            let (sender, code) = (&mut sender, &code);
            let to = &to;
            scope.spawn(move || sender.send(to, code));
            let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
            let arrival = runtime.block_on(watch.next(deadline)).unwrap();
            let found = extract(&Message::parse(&arrival.raw), &templates);
            let Extraction::Code { code: found, .. } = found else {
                unreachable!("the mail has a code")
            };
            assert_eq!(found.expose(), code);
            Timestamp::now().duration_since(arrival.received_at)
        });
        times.push(Duration::try_from(sending).unwrap_or_default());
    }
    sink.stop().unwrap();
    times.sort();
    let at = |share: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index below two thousand"
        )]
        let index = ((times.len() - 1) as f64 * share) as usize;
        millis(times[index])
    };
    println!(
        "  p50 {:.3} ms   p99 {:.3} ms   max {:.3} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// The least client that can hand over a mail.
struct Sender {
    stream: TcpStream,
    replies: BufReader<TcpStream>,
}

impl Sender {
    fn connect(address: std::net::SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let replies = BufReader::new(stream.try_clone().unwrap());
        let mut sender = Self { stream, replies };
        sender.reply();
        sender.say("HELO bench\r\n");
        sender
    }

    fn send(&mut self, to: &EmailAddress, code: &str) {
        self.say("MAIL FROM:<no-reply@verificationemail.com>\r\n");
        self.say(&format!("RCPT TO:<{to}>\r\n"));
        self.say("DATA\r\n");
        self.say(&format!(
            "From: no-reply@verificationemail.com\r\nTo: {to}\r\nSubject: Your verification code\r\n\
             Content-Type: text/html; charset=UTF-8\r\n\r\nYour confirmation code is {code}\r\n.\r\n"
        ));
    }

    fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
        self.reply();
    }

    fn reply(&mut self) {
        let mut line = String::new();
        self.replies.read_line(&mut line).unwrap();
        assert!(line.starts_with(['2', '3']), "{line}");
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
