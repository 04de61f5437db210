//! What mails tell about their delivery, in the record and as steps: an emulated pool mails
//! through a host that checks senders and filters spam, into a Maildir.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use reverify::inbox::PolledInbox;
use reverify::model::SystemClock;
use reverify::record::FailureKind::{Broken, Failed};
use reverify::record::{Event, FailureKind, MailFacts, Outcome, RunSummary, TemplateFact};
use reverify::steps::Target;

use crate::emulated::{Emulated, suite_of, unheard};

/// What the receiving host adds, by the person that the mail is for.
const STAMPS: [(&str, &str); 3] = [
    (
        "ada",
        "Authentication-Results: mx.test; spf=pass; dkim=pass header.d=a.test; dmarc=pass\r\n\
         X-Spam-Flag: NO\r\n",
    ),
    (
        "eve",
        "Authentication-Results: mx.test; spf=softfail; dkim=none\r\n\
         Authentication-Results: mx.test; dmarc=fail\r\nX-Spam-Status: Yes, score=9.1\r\n",
    ),
    (
        "tim",
        "Authentication-Results: mx.test; dmarc=temperror\r\n",
    ),
];

/// Takes mails as an SMTP server does, stamps them, and stores them; some twice. Answers where.
fn receiver(maildir: &Path) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let place = listener.local_addr().unwrap();
    let (maildir, number) = (maildir.to_owned(), Arc::new(Mutex::new(0)));
    // Ends with the process.
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (maildir, number) = (maildir.clone(), Arc::clone(&number));
            thread::spawn(move || converse(client, &maildir, &number));
        }
    });
    place
}

fn converse(mut out: TcpStream, maildir: &Path, number: &Mutex<u32>) {
    let mut lines = BufReader::new(out.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    let (mut say, mut to) = (
        |text: &str| write!(out, "{text}\r\n").unwrap(),
        String::new(),
    );
    say("220 mx.test");
    while let Some(line) = lines.next() {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say("250 mx.test"),
            "RCPT" => {
                line["RCPT TO:<".len()..]
                    .split('>')
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut to);
                say("250 ok");
            }
            "DATA" => {
                say("354 go on");
                let data: Vec<_> = lines.by_ref().take_while(|line| line != ".").collect();
                store(maildir, number, &to, &data.join("\r\n"));
                say("250 stored");
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok"),
        }
    }
}

fn store(maildir: &Path, number: &Mutex<u32>, to: &str, data: &str) {
    let person = to.split('.').next().unwrap_or_default();
    let stamp = STAMPS.iter().find(|(name, _)| *name == person);
    let stamp = stamp.map_or("", |(_, stamp)| stamp);
    let hop = "Return-Path: <bounces@relay.test>\r\n\
        Received: from relay.test by mx.test; Thu, 01 Jan 1970 00:00:00 +0000\r\n";
    let mut number = number.lock().unwrap();
    for _copy in 0..if person == "twice" { 2 } else { 1 } {
        *number += 1;
        let name = format!("{number:08}.M{number}.mx");
        let aside = maildir.join("tmp").join(&name);
        fs::write(&aside, format!("{stamp}{hop}{data}\r\n")).unwrap();
        fs::rename(&aside, maildir.join("new").join(&name)).unwrap();
    }
}

struct Outcomes {
    summary: RunSummary,
    events: Vec<Event>,
}

impl Outcomes {
    /// How the scenario of this name ended.
    fn of(&self, name: &str) -> &Outcome {
        let mut all = self.summary.scenarios();
        &all.find(|one| one.planned.name == name).unwrap().outcome
    }

    #[track_caller]
    fn assert(&self, name: &str, kind: FailureKind, message: &str) {
        let Outcome::Failed(failure) = self.of(name) else {
            panic!("{name}: {:?}", self.of(name))
        };
        assert_eq!(failure.kind, kind, "{failure:?}");
        assert!(failure.message.contains(message), "{failure:?}");
    }

    fn facts(&self, person: &str) -> Vec<&MailFacts> {
        let mails = self.events.iter().filter_map(|event| match event {
            Event::MailArrived { to, facts, .. } if to.starts_with(person) => Some(&**facts),
            _ => None,
        });
        mails.collect()
    }
}

/// Runs a feature whose scenarios are a name, a person and a step after the mail.
async fn run(scenarios: &[(&str, &str, &str)], trusted: Option<&str>) -> Outcomes {
    let text = scenarios.iter().map(|(name, person, step)| {
        format!(
            "\n  @mails:1\n  Scenario: {name}\n    Given a user pool that verifies e-mail \
             addresses with a code\n    And a new user {person}\n    When {person} signs up\n    \
             Then {person} receives a verification mail within 20 seconds\n    And {step}\n"
        )
    });
    let text = format!("Feature: Facts\n{}", text.collect::<String>());
    let folder = tempfile::tempdir().unwrap();
    let maildir: PathBuf = folder.path().to_owned();
    for name in ["cur", "new", "tmp"] {
        fs::create_dir(maildir.join(name)).unwrap();
    }
    let emulated = Emulated::mailing_to(receiver(&maildir));
    let inbox = PolledInbox::maildir(&maildir, Arc::new(SystemClock)).unwrap();
    let target = Target {
        receiver: trusted.map(str::to_owned),
        ..emulated.target(inbox, "{person}.{run}.{scenario}.{attempt}@mail.test")
    };
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&events);
    let recorder =
        unheard().to_listener(move |entry| heard.lock().unwrap().push(entry.event.clone()));
    let summary = emulated.run(&suite_of(text), target, recorder).await;
    let events = std::mem::take(&mut *events.lock().unwrap());
    Outcomes { summary, events }
}

/// Scenarios that pass: name, person, step.
#[rustfmt::skip]
const PASSING: [(&str, &str, &str); 9] = [
    ("dmarc", "Ada", "the mail passes DMARC"),
    ("spf", "Ada", "the mail passes SPF"),
    ("dkim", "Ada", "the mail passes DKIM"),
    ("ham", "Ada", "the mail is not marked as spam"),
    ("sender", "Ada", "the mail is sent by \"no-reply@verificationemail.com\""),
    ("subject", "Ada", "the mail's subject is \"Your verification code\""),
    ("part", "Ada", "the mail's subject contains \"verification\""),
    ("template", "Ada", "the mail follows the pool's template"),
    ("in time", "Ada", "the mail arrived within 20 seconds of the request"),
];

/// Scenarios that do not: name, person, step, kind of failure, part of its message.
#[rustfmt::skip]
const FAILING: [(&str, &str, &str, FailureKind, &str); 12] = [
    ("no dmarc", "Eve", "the mail passes DMARC", Failed, "mx.test says of DMARC: fail"),
    ("no spf", "Eve", "the mail passes SPF", Failed, "softfail"),
    ("no dkim", "Eve", "the mail passes DKIM", Failed, "mx.test says of DKIM: none"),
    ("spam", "Eve", "the mail is not marked as spam", Failed, "X-Spam-Status"),
    ("later", "Tim", "the mail passes DMARC", Broken, "temperror"),
    ("not by it", "Tim", "the mail passes SPF", Broken, "but not by SPF"),
    ("nobody", "Bob", "the mail passes DMARC", Broken, "nobody checked the sender"),
    ("no filter", "Bob", "the mail is not marked as spam", Broken, "no filter"),
    ("other", "Bob", "the mail is sent by \"a@b.test\"", Failed, "not by a@b.test"),
    ("title", "Bob", "the mail's subject is \"Code\"", Failed, "\"Your verification code\""),
    ("no part", "Bob", "the mail's subject contains \"Shop\"", Failed, "without \"Shop\""),
    ("late", "Bob", "the mail arrived within 0 seconds of the request", Failed, "not within"),
];

#[tokio::test]
async fn steps_hold_what_the_receiver_found() {
    let failing = FAILING.map(|(name, person, step, ..)| (name, person, step));
    let outcomes = run(&[&PASSING[..], &failing].concat(), None).await;
    for (name, ..) in PASSING {
        assert_eq!(*outcomes.of(name), Outcome::Passed, "{name}");
    }
    for (name, _, _, kind, message) in FAILING {
        outcomes.assert(name, kind, message);
    }
}

#[tokio::test]
async fn the_record_keeps_what_the_mail_tells() {
    let scenarios = [
        ("other host", "Ada", "the mail passes DMARC"),
        ("twice", "Twice", "the mail follows the pool's template"),
    ];
    let outcomes = run(&scenarios, Some("trusted.test")).await;
    outcomes.assert(
        "other host",
        FailureKind::Broken,
        "no Authentication-Results of trusted.test",
    );
    let [facts] = outcomes.facts("ada")[..] else {
        panic!("{:?}", outcomes.facts("ada"))
    };
    assert_eq!(facts.authentication, None);
    assert_eq!(facts.template, Some(TemplateFact::Followed));
    assert_eq!(facts.spam[0].is_spam, Some(false));
    assert_eq!(facts.envelope_from.as_deref(), Some("bounces@relay.test"));
    let hop = facts.hops.last().unwrap();
    let at = hop.at.unwrap();
    assert_eq!(hop.by.as_deref(), Some("mx.test"));
    // The host's clock stands at the beginning of 1970.
    assert!(at.after_ms >= 0.0 && at.skew_ms.unwrap() < -1e12, "{at:?}");
    let written = facts.written.unwrap();
    assert!(
        written.after_ms >= 0.0 && written.skew_ms.is_none(),
        "{written:?}"
    );
    let copies = outcomes.events.iter().filter_map(|event| match event {
        Event::MailDuplicated { to, after_ms, .. } => {
            Some((to.split('.').next(), *after_ms >= 0.0))
        }
        _ => None,
    });
    assert_eq!(copies.collect::<Vec<_>>(), [(Some("twice"), true)]);
    assert_eq!(outcomes.facts("twice").len(), 1);
}
