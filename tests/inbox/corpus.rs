//! The corpus of mails in `fixtures/eml`: each `NNN.eml` has its expected result in `NNN.json`.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reverify::mail::{Extraction, Message, Template, extract};

use crate::expected::{CorpusMail, corpus, with_crlf};

#[test]
fn each_mail_gives_what_is_expected_of_it() {
    let mut failures = Vec::new();
    for mail in corpus() {
        let (name, why) = (&mail.name, &mail.expected.why);
        assert!(!mail.lf.contains(&b'\r'), "{name} is kept with LF");
        for (form, bytes) in [("LF", mail.lf.clone()), ("CRLF", with_crlf(&mail.lf))] {
            if let Err(difference) = mail.expected.check(&bytes) {
                failures.push(format!("{name} ({form}): {difference}\n  why: {why}"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_corpus_has_enough_of_each() {
    let corpus = corpus();
    let without = corpus.iter().filter(|mail| mail.expected.is_none());
    let (all, without) = (corpus.len(), without.count());
    assert!(
        all >= 150 && without >= 40,
        "{all} mails, {without} without a code"
    );
    for mail in &corpus {
        let alike = |other: &&CorpusMail| other.expected.group == mail.expected.group;
        let group = &mail.expected.group;
        assert!(
            corpus.iter().filter(alike).count() > 1,
            "{}: {group}",
            mail.name
        );
    }
}

/// Mails with bytes changed, cut out and doubled, by a generator that begins alike in each run.
#[test]
fn no_damage_to_a_mail_makes_its_reading_fail() {
    const DAMAGED_MAILS: usize = 150;
    let mut random = StdRng::seed_from_u64(20_261_121);
    let mails = corpus();
    let template = Template::new(None, "Your confirmation code is {####}").unwrap();
    for _ in 0..DAMAGED_MAILS {
        let mut mail = mails[random.random_range(0..mails.len())].lf.clone();
        for _ in 0..random.random_range(1..8) {
            let at = random.random_range(0..mail.len());
            let end = random.random_range(at..mail.len().min(at + 40));
            match random.random_range(0..4) {
                0 => mail[at] = random.random(),
                1 => mail[at] = b"\r\n =?<>\"-0"[random.random_range(0..10)],
                2 => drop(mail.drain(at..end)),
                _ => mail.extend_from_within(at..end),
            }
        }
        let message = Message::parse(&mail);
        let extraction = extract(&message, std::slice::from_ref(&template));
        if let Extraction::Code { code, .. } = extraction {
            assert!(code.expose().len() >= 4);
        }
    }
}
