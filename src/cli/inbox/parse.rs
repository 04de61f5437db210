//! `reverify inbox parse`: what mails in files hold.

use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;

use super::args::ParseArgs;
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::mail_file;
use crate::cli::problem;
use crate::mail::{
    Extraction, How, InvalidTemplate, Message, Place, Template, extract, extract_by_pattern,
};
use crate::model::ConfirmationCode;

/// Prints what each file holds. As with `grep`, it is a success if there was something in one.
pub(super) fn parse(args: &ParseArgs, color: Color) -> Exit {
    let templates = match templates(args) {
        Ok(templates) => templates,
        Err(error) => {
            let help = "write the template as the pool has it, with {####} where the code goes";
            problem::say(&error.to_string(), help, color);
            return Exit::Usage;
        }
    };
    let (mut found, mut unread) = (false, false);
    for path in &args.files {
        let bytes = match mail_file::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                problem::say(&message, "", color);
                unread = true;
                continue;
            }
        };
        let message = Message::parse(&bytes);
        let extraction = match &args.pattern {
            Some(pattern) => extract_by_pattern(&message, pattern),
            None => extract(&message, &templates),
        };
        let result = ParseResult::of(&extraction, path, args.files.len() > 1);
        found |= result.value.is_some();
        match print(&result) {
            Ok(()) => {}
            // `reverify inbox parse *.eml | head` closes the pipe early.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Ok,
            Err(_) => return Exit::ReportNotWritten,
        }
    }
    match (unread, found) {
        (true, _) => Exit::Invalid,
        (false, true) => Exit::Ok,
        (false, false) => Exit::NoCode,
    }
}

fn templates(args: &ParseArgs) -> Result<Vec<Template>, InvalidTemplate> {
    let subject = args.subject_template.as_deref();
    if args.template.is_none() && subject.is_none() {
        return Ok(Vec::new());
    }
    let body = args.template.as_deref().unwrap_or_default();
    Template::new(subject, body).map(|template| vec![template])
}

fn print(result: &ParseResult<'_>) -> io::Result<()> {
    let mut line = serde_json::to_vec(result)?;
    line.push(b'\n');
    io::stdout().lock().write_all(&line)
}

/// What is printed of a mail.
#[derive(Debug, Serialize)]
struct ParseResult<'a> {
    /// Which of several files.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    kind: &'static str,
    /// The code, or the link's address.
    value: Option<&'a str>,
    how: Option<&'static str>,
    /// The codes of which none is used.
    candidates: Vec<&'a str>,
}

impl<'a> ParseResult<'a> {
    fn of(extraction: &'a Extraction, path: &Path, several: bool) -> Self {
        let (kind, value, how, candidates): (_, _, _, &[ConfirmationCode]) = match extraction {
            Extraction::Code { code, how } => ("code", Some(code.expose()), Some(*how), &[]),
            Extraction::Link { link, how } => ("link", Some(link.expose_url()), Some(*how), &[]),
            Extraction::None => ("none", None, None, &[]),
            Extraction::Ambiguous { candidates } => ("ambiguous", None, None, candidates),
        };
        Self {
            file: several.then(|| path.display().to_string()),
            kind,
            value,
            how: how.map(shown),
            candidates: candidates.iter().map(ConfirmationCode::expose).collect(),
        }
    }
}

fn shown(how: How) -> &'static str {
    match how {
        How::Template(Place::Body) => "template",
        How::Template(Place::Subject) => "subject-template",
        How::Template(Place::Link) => "template-link",
        How::Cues => "words",
        How::LinkForm => "link",
        How::Pattern => "pattern",
    }
}
