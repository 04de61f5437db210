//! The corpus of mails in `fixtures/eml`: each `NNN.eml` has its expected result in `NNN.json`.

use std::fs;
use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reverify::mail::{Extraction, How, Message, Template, extract};
use reverify::model::ConfirmationCode;
use serde::Deserialize;

/// What is expected of a mail, and why the mail is in the corpus.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Why the mail is hard.
    why: String,
    #[serde(default)]
    template: Option<TemplateText>,
    kind: String,
    #[serde(default)]
    value: Option<String>,
    /// Whether the template must be what finds the value.
    #[serde(default)]
    by_template: bool,
    #[serde(default)]
    candidates: Vec<String>,
    #[serde(default)]
    subject: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateText {
    #[serde(default)]
    subject: Option<String>,
    body: String,
}

#[test]
fn each_mail_gives_what_is_expected_of_it() {
    let mut failures = Vec::new();
    let mails = mails();
    assert!(
        mails.len() >= 25,
        "only {} mails in the corpus",
        mails.len()
    );
    for path in mails {
        let json = fs::read_to_string(path.with_extension("json")).unwrap();
        let expected: Expected = serde_json::from_str(&json)
            .unwrap_or_else(|error| panic!("{}: {error}", path.with_extension("json").display()));
        let lf = fs::read(&path).unwrap();
        assert!(!lf.contains(&b'\r'), "{} is kept with LF", path.display());
        for (form, bytes) in [("LF", lf.clone()), ("CRLF", with_crlf(&lf))] {
            if let Err(difference) = check(&bytes, &expected) {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                failures.push(format!(
                    "{name} ({form}): {difference}\n  why: {}",
                    expected.why
                ));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn mails() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/eml");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut mails: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    mails.sort();
    mails
}

fn with_crlf(lf: &[u8]) -> Vec<u8> {
    lf.iter()
        .flat_map(|&byte| {
            if byte == b'\n' {
                vec![b'\r', b'\n']
            } else {
                vec![byte]
            }
        })
        .collect()
}

fn check(bytes: &[u8], expected: &Expected) -> Result<(), String> {
    let message = Message::parse(bytes);
    if let Some(subject) = expected.subject.as_deref()
        && message.subject() != Some(subject)
    {
        return Err(format!(
            "expected subject {subject:?}, got {:?}",
            message.subject()
        ));
    }
    let templates: Vec<Template> = expected
        .template
        .iter()
        .map(|text| Template::new(text.subject.as_deref(), &text.body).unwrap())
        .collect();
    let extraction = extract(&message, &templates);
    let (kind, value, how) = match &extraction {
        Extraction::Code { code, how } => ("code", Some(code.expose().to_owned()), Some(*how)),
        Extraction::Link { link, how } => ("link", Some(link.expose_url().to_owned()), Some(*how)),
        Extraction::None => ("none", None, None),
        Extraction::Ambiguous { .. } => ("ambiguous", None, None),
    };
    let shown = |kind: &str, value: &Option<String>| match value {
        Some(value) => format!("{kind} {value}"),
        None => kind.to_owned(),
    };
    let (wanted, got) = (shown(&expected.kind, &expected.value), shown(kind, &value));
    if wanted != got {
        return Err(format!(
            "expected {wanted}, got {got}, from {:?}",
            message.readable_text()
        ));
    }
    if expected.by_template != matches!(how, Some(How::Template(_))) {
        return Err(format!(
            "expected by template: {}, got {how:?}",
            expected.by_template
        ));
    }
    if let Extraction::Ambiguous { candidates } = extraction {
        let mut codes: Vec<&str> = candidates.iter().map(ConfirmationCode::expose).collect();
        codes.sort_unstable();
        if codes != expected.candidates {
            return Err(format!(
                "expected candidates {:?}, got {codes:?}",
                expected.candidates
            ));
        }
    }
    Ok(())
}

/// Mails with bytes changed, cut out and doubled, by a generator that begins alike in each run.
#[test]
fn no_damage_to_a_mail_makes_its_reading_fail() {
    const DAMAGED_MAILS: usize = 150;
    let mut random = StdRng::seed_from_u64(20_261_121);
    let mails: Vec<Vec<u8>> = mails().iter().map(|path| fs::read(path).unwrap()).collect();
    let template = Template::new(None, "Your confirmation code is {####}").unwrap();
    for _ in 0..DAMAGED_MAILS {
        let mut mail = mails[random.random_range(0..mails.len())].clone();
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
