//! The mails of `fixtures/eml` with what is expected of each.

use std::fs;
use std::path::Path;

use reverify::mail::{Extraction, How, Message, Template, extract};
use reverify::model::ConfirmationCode;
use serde::Deserialize;

/// A mail of the corpus.
pub(crate) struct CorpusMail {
    /// The name of its file.
    pub(crate) name: String,
    /// Its bytes, with LF as they are kept.
    pub(crate) lf: Vec<u8>,
    pub(crate) expected: Expected,
}

/// What is expected of a mail, and why the mail is in the corpus.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// What the mail is an example of.
    pub(crate) group: String,
    /// Why the mail is hard.
    pub(crate) why: String,
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

/// All mails of the corpus, in order.
pub(crate) fn corpus() -> Vec<CorpusMail> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/eml");
    let entries = fs::read_dir(folder).unwrap();
    let mut mails: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    mails.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    mails.sort();
    let mail = |path: std::path::PathBuf| {
        let json = fs::read_to_string(path.with_extension("json")).unwrap();
        let expected: Expected = serde_json::from_str(&json)
            .unwrap_or_else(|error| panic!("{}: {error}", path.with_extension("json").display()));
        CorpusMail {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            lf: fs::read(&path).unwrap(),
            expected,
        }
    };
    mails.into_iter().map(mail).collect()
}

/// The mail as it crosses the wire.
pub(crate) fn with_crlf(lf: &[u8]) -> Vec<u8> {
    lf.iter()
        .flat_map(|&byte| {
            let line_end = byte == b'\n';
            line_end.then_some(b'\r').into_iter().chain([byte])
        })
        .collect()
}

impl Expected {
    /// The template of the mail's pool, where it is known.
    pub(crate) fn templates(&self) -> Vec<Template> {
        self.template
            .iter()
            .map(|text| Template::new(text.subject.as_deref(), &text.body).unwrap())
            .collect()
    }

    /// Whether the mail holds nothing to find.
    pub(crate) fn is_none(&self) -> bool {
        self.kind == "none"
    }

    /// Reads the mail; the difference, if it gives something else than expected.
    pub(crate) fn check(&self, bytes: &[u8]) -> Result<(), String> {
        let message = Message::parse(bytes);
        if let Some(subject) = self.subject.as_deref()
            && message.subject() != Some(subject)
        {
            let got = message.subject();
            return Err(format!("expected subject {subject:?}, got {got:?}"));
        }
        let extraction = extract(&message, &self.templates());
        let (kind, value, how) = match &extraction {
            Extraction::Code { code, how } => ("code", Some(code.expose()), Some(*how)),
            Extraction::Link { link, how } => ("link", Some(link.expose_url()), Some(*how)),
            Extraction::None => ("none", None, None),
            Extraction::Ambiguous { .. } => ("ambiguous", None, None),
        };
        let (wanted, got) = (shown(&self.kind, self.value.as_deref()), shown(kind, value));
        if wanted != got {
            let text = message.readable_text();
            return Err(format!("expected {wanted}, got {got}, from {text:?}"));
        }
        if self.by_template != matches!(how, Some(How::Template(_))) {
            let wanted = self.by_template;
            return Err(format!("expected by template: {wanted}, got {how:?}"));
        }
        if let Extraction::Ambiguous { candidates } = &extraction {
            let mut codes: Vec<&str> = candidates.iter().map(ConfirmationCode::expose).collect();
            codes.sort_unstable();
            if codes != self.candidates {
                let wanted = &self.candidates;
                return Err(format!("expected candidates {wanted:?}, got {codes:?}"));
            }
        }
        Ok(())
    }
}

fn shown(kind: &str, value: Option<&str>) -> String {
    value.map_or(kind.to_owned(), |value| format!("{kind} {value}"))
}
