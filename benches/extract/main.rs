//! How fast and how rightly a mail becomes a code: `cargo bench --bench extract`.
//!
//! Prints figures and asserts nothing: a machine that is busy with something else is no defect.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement talks to a person, and stops at what it did not expect"
)]

#[path = "../../tests/inbox/expected.rs"]
mod expected;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use expected::{CorpusMail, corpus, with_crlf};
use reverify::mail::{Message, Template, extract};

/// How long each thing is repeated; the best time of each mail counts, as the machine may not be
/// ours alone.
const TIME_PER_MEASURE: Duration = Duration::from_millis(1_500);

/// The size of the large mails, in bytes.
const LARGE_BYTES: usize = 10_000_000;

fn main() {
    let corpus = corpus();
    measure_first();
    measure_corpus(&corpus);
    measure_large();
    print_accuracy(&corpus);
}

/// The first mail of a process pays for what is built once.
fn measure_first() {
    let mail = b"Subject: Hello\r\n\r\nThe code that you asked for is 123456.\r\n";
    let mail = Message::parse(mail);
    let started = Instant::now();
    black_box(extract(&mail, &[]));
    let first = millis(started.elapsed());
    let started = Instant::now();
    black_box(extract(&mail, &[]));
    let second = millis(started.elapsed());
    println!("first mail weighed by its words: {first:.3} ms, the second: {second:.3} ms");
}

fn measure_corpus(corpus: &[CorpusMail]) {
    let mails: Vec<Vec<u8>> = corpus.iter().map(|mail| with_crlf(&mail.lf)).collect();
    let templates: Vec<Vec<Template>> = corpus
        .iter()
        .map(|mail| mail.expected.templates())
        .collect();
    let bytes: usize = mails.iter().map(Vec::len).sum();
    println!("\nthe corpus, {} mails, {bytes} bytes:", mails.len());
    println!("                                  messages/s     MB/s   times bare mailparse");
    let bare = best_of_each(&mails, |_, mail| bare_mailparse(mail));
    let row = |what: &str, time: f64| {
        println!(
            "  {what:<30} {:>11.0} {:>8.1} {:>8.2}",
            mails.len() as f64 / time,
            bytes as f64 / time / 1e6,
            time / bare,
        );
    };
    row("bare mailparse, bodies decoded", bare);
    let parse = best_of_each(&mails, |_, mail| {
        black_box(Message::parse(mail));
    });
    row("Message::parse", parse);
    let cues = best_of_each(&mails, |_, mail| {
        black_box(extract(&Message::parse(mail), &[]));
    });
    row("to the code, by words", cues);
    let by_template = best_of_each(&mails, |index, mail| {
        black_box(extract(&Message::parse(mail), &templates[index]));
    });
    row("to the code, known templates", by_template);
    match python(corpus) {
        Some(time) => row("Python email and re", time),
        None => println!("  Python email and re             (no python3 here)"),
    }
}

/// What any reader of mails has to do: find the parts and decode their text.
fn bare_mailparse(mail: &[u8]) {
    let Ok(mail) = mailparse::parse_mail(mail) else {
        return;
    };
    for part in mail.parts().filter(|part| part.subparts.is_empty()) {
        if part.ctype.mimetype.starts_with("text/") {
            black_box(part.get_body().ok());
        }
    }
}

/// The seconds that Python takes for one pass over the corpus.
fn python(corpus: &[CorpusMail]) -> Option<f64> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        .arg(root.join("benches/extract/baseline.py"))
        .args(
            corpus
                .iter()
                .map(|mail| root.join("fixtures/eml").join(&mail.name)),
        )
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(2)?.parse().ok()
}

fn measure_large() {
    println!("\nmails of {} MB, in ms:", LARGE_BYTES / 1_000_000);
    println!("                                  mailparse   to the code");
    let sentence = "We are glad to have you with us since 2024, customer 7788990 of 123456. ";
    let long = sentence.repeat(LARGE_BYTES / sentence.len());
    let lines = sentence
        .replace(". ", ".\r\n")
        .repeat(LARGE_BYTES / sentence.len());
    let html = format!("<p style=\"margin:0\">{sentence}</p>");
    let html = html.repeat(LARGE_BYTES / html.len());
    let text = "Subject: Hello\r\nContent-Type: text/plain; charset=utf-8\r\n";
    let code = "Your code is 204519.\r\n";
    let attachment = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx\r\n";
    let attachment = attachment.repeat(LARGE_BYTES / attachment.len());
    let mails = [
        ("plain text in lines", format!("{text}\r\n{code}{lines}")),
        ("plain text, one line", format!("{text}\r\n{code}{long}")),
        (
            "quoted-printable",
            format!("{text}Content-Transfer-Encoding: quoted-printable\r\n\r\n{code}{lines}"),
        ),
        (
            "HTML",
            format!("Content-Type: text/html\r\n\r\n{code}{html}"),
        ),
        (
            "an attachment in base64",
            format!(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{code}\r\n--b\r\n\
                 Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                 {attachment}\r\n--b--\r\n"
            ),
        ),
    ];
    for (what, mail) in mails {
        let bare = best(|| bare_mailparse(mail.as_bytes()));
        let whole = best(|| {
            black_box(extract(&Message::parse(mail.as_bytes()), &[]));
        });
        println!("  {what:<30} {:>10.1} {:>13.1}", bare * 1e3, whole * 1e3);
    }
}

fn print_accuracy(corpus: &[CorpusMail]) {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    let mut wrong = Vec::new();
    for mail in corpus {
        let difference = mail.expected.check(&with_crlf(&mail.lf)).err();
        let entries = [mail.expected.group.as_str(), "(all)"];
        for name in entries {
            let group = groups.entry(name).or_default();
            group.mails += 1;
            group.without += usize::from(mail.expected.is_none());
            group.right += usize::from(difference.is_none());
        }
        let why = &mail.expected.why;
        wrong.extend(difference.map(|text| format!("  {}: {text}\n    {why}", mail.name)));
    }
    println!("\naccuracy by group of the corpus:");
    println!("  group                 mails   without code   as expected");
    for (name, group) in &groups {
        let Group {
            mails,
            without,
            right,
        } = group;
        println!("  {name:<20} {mails:>6} {without:>14} {right:>13}");
    }
    for text in wrong {
        println!("{text}");
    }
}

#[derive(Default)]
struct Group {
    mails: usize,
    without: usize,
    right: usize,
}

/// The seconds that all mails take, each at its best of many passes.
fn best_of_each(mails: &[Vec<u8>], mut read: impl FnMut(usize, &[u8])) -> f64 {
    let started = Instant::now();
    let mut best = vec![f64::INFINITY; mails.len()];
    while started.elapsed() < TIME_PER_MEASURE || best[0].is_infinite() {
        for (index, mail) in mails.iter().enumerate() {
            let mail_started = Instant::now();
            read(index, mail);
            best[index] = best[index].min(mail_started.elapsed().as_secs_f64());
        }
    }
    best.iter().sum()
}

/// The seconds that the best of many passes takes.
fn best(mut pass: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut best = f64::INFINITY;
    while started.elapsed() < TIME_PER_MEASURE || best.is_infinite() {
        let pass_started = Instant::now();
        pass();
        best = best.min(pass_started.elapsed().as_secs_f64());
    }
    best
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
