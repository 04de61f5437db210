//! The rules of ARCHITECTURE.md as tables, and the functions that check one file against them.

use super::arrows::{ALL, ARROWS};
use super::source::{Form, Path, Reference, references};

/// A file of this many lines or more has more than one subject.
const FILE_LINES_LIMIT: usize = 400;

/// What a rule looks for in a path that leaves the crate.
enum Subject {
    /// A crate by name; a trailing `*` stands for any ending.
    Crate(&'static str),
    /// A path from its first segment on.
    Item(&'static [&'static str]),
    /// A path by its last segments.
    Call(&'static [&'static str]),
    /// A macro, written without `!`.
    Macro(&'static str),
}

/// Things that belong to some places only; code compiled for tests is free of these rules.
struct Confined {
    subjects: &'static [Subject],
    /// Modules, each with the reason why it may.
    places: &'static [(&'static str, &'static str)],
}

const CONFINED: &[Confined] = &[
    Confined {
        subjects: &[Subject::Crate("clap")],
        places: &[("cli", "it is the command line")],
    },
    Confined {
        subjects: &[Subject::Crate("libtest_mimic")],
        places: &[(
            "cli/harness",
            "it speaks the protocol of Rust's test harness",
        )],
    },
    Confined {
        subjects: &[Subject::Crate("cucumber"), Subject::Crate("gherkin")],
        places: &[
            ("steps", "it defines the vocabulary"),
            ("suite", "it runs the scenarios"),
            ("cli/harness", "its users have steps and hooks of their own"),
        ],
    },
    Confined {
        subjects: &[
            Subject::Crate("aws_sdk_*"),
            Subject::Crate("aws_smithy*"),
            Subject::Crate("aws_config"),
            Subject::Crate("aws_credential_types"),
        ],
        places: &[
            ("cognito", "it is the typed client over the SDK"),
            ("diagnosis/sources", "it collects evidence from AWS"),
        ],
    },
    Confined {
        subjects: &[Subject::Crate("maud")],
        places: &[
            ("report/html", "it writes HTML"),
            ("history/page", "it writes HTML"),
        ],
    },
    Confined {
        subjects: &[Subject::Item(&["maud", "PreEscaped"])],
        places: &[
            (
                "report/html/document",
                "our style, script and data are no text to escape",
            ),
            (
                "history/page/document",
                "our style and script are no text to escape",
            ),
        ],
    },
    Confined {
        subjects: &[Subject::Crate("quick_junit")],
        places: &[("report/junit", "it writes JUnit XML")],
    },
    Confined {
        subjects: &[Subject::Crate("axum")],
        places: &[("emulator", "it is the server that answers as Cognito")],
    },
    Confined {
        subjects: &[Subject::Crate("lettre")],
        places: &[
            ("emulator", "it sends mail as Cognito and SES do"),
            (
                "inbox/probe",
                "it sends the mail that shows whose inbox it is",
            ),
        ],
    },
    Confined {
        subjects: &[Subject::Crate("hyper*"), Subject::Crate("http_body_util")],
        places: &[
            ("emulator", "it is the server that answers as Cognito"),
            (
                "control/client",
                "it asks the emulator's control interface over HTTP",
            ),
            (
                "control/exchange",
                "it asks the emulator's control interface over HTTP",
            ),
            ("inbox/polled", "it asks a mail catcher for its mails"),
            ("cognito/confirm_link", "it opens the link of a mail"),
        ],
    },
    Confined {
        subjects: &[Subject::Crate("imap"), Subject::Crate("imap_proto")],
        places: &[("inbox/imap", "it reads mailboxes of mail servers")],
    },
    Confined {
        subjects: &[Subject::Crate("rustls_native_certs")],
        places: &[
            ("inbox/imap", "it reads mailboxes of mail servers"),
            ("cognito/confirm_link", "it opens the link of a mail"),
        ],
    },
    Confined {
        subjects: &[
            Subject::Crate("rustls"),
            Subject::Crate("tokio_rustls"),
            Subject::Crate("rcgen"),
        ],
        places: &[
            ("inbox/imap", "it reads mailboxes of mail servers"),
            ("inbox/sink", "it is a mail server"),
            ("cognito/confirm_link", "it opens the link of a mail"),
        ],
    },
    Confined {
        subjects: &[Subject::Crate("rusqlite")],
        places: &[
            (
                "cognito/ledger",
                "the ledger of created users survives a crash",
            ),
            ("history", "it keeps runs over time"),
        ],
    },
    Confined {
        subjects: &[
            Subject::Macro("println"),
            Subject::Macro("eprintln"),
            Subject::Macro("print"),
            Subject::Macro("eprint"),
        ],
        places: &[
            ("cli", "it talks to the person"),
            ("report", "it writes what was asked for"),
        ],
    },
    Confined {
        subjects: &[
            Subject::Item(&["std", "env"]),
            Subject::Call(&["SystemTime", "now"]),
            Subject::Call(&["Timestamp", "now"]),
            Subject::Call(&["Zoned", "now"]),
        ],
        places: &[
            (
                "cli",
                "the process starts here, and passes its environment and clock on",
            ),
            ("embedded", "it composes the parts"),
            ("config", "it resolves references to the environment"),
            ("model/clock", "it is the clock that is passed around"),
        ],
    },
    Confined {
        subjects: &[Subject::Call(&["Instant", "now"])],
        places: &[
            ("cli", "it times a command"),
            ("embedded", "it composes the parts"),
            ("config", "a command that yields a secret has a deadline"),
            ("model/clock", "it is the clock that is passed around"),
            ("inbox", "a wait for mail has a deadline"),
            ("steps", "a step measures what it waited for"),
            ("suite", "scenarios and runs have time limits"),
            ("emulator/lambda", "a function has five seconds to answer"),
            ("record", "an event carries its offset from the start"),
            ("cognito/call", "a call has a duration"),
            ("cognito/confirm_link", "opening a link has a duration"),
            ("cognito/server_clock", "a server's date has an age"),
            ("diagnosis/sources", "a question has a deadline"),
            ("inbox/probe", "a probe has a deadline"),
            ("emulator/mailer", "a pooled connection has an age"),
            ("report/terminal", "a silence has a length"),
        ],
    },
    Confined {
        subjects: &[
            Subject::Item(&["serde_json", "Value"]),
            Subject::Item(&["serde_json", "value", "Value"]),
            Subject::Item(&["serde_json", "*"]),
        ],
        places: &[
            ("emulator/validation", "it checks shapes before types exist"),
            (
                "record",
                "secrets are taken out of every text, whatever its field",
            ),
            (
                "emulator/ses/rendering",
                "the data of a template is whatever the caller gives",
            ),
            (
                "mirror",
                "it carries settings over by name, known to this version or not",
            ),
        ],
    },
];

/// Modules that decide and never touch the outside world.
const PURE: &[&str] = &["mail", "mirror", "model", "diagnosis/causes"];

const OUTSIDE_WORLD: &[Subject] = &[
    Subject::Crate("tokio"),
    Subject::Item(&["std", "fs"]),
    Subject::Item(&["std", "net"]),
    Subject::Item(&["std", "process"]),
];

/// Every broken rule of the file at `file`, a path relative to the package with `/` between its
/// parts, as `file:line: what is wrong`.
pub(crate) fn violations(file: &str, source: &str) -> Vec<String> {
    let mut found = everywhere(file, source);
    let Some(module) = file.strip_prefix("src/").map(module_of) else {
        return found
            .into_iter()
            .map(|(line, text)| format!("{file}:{line}: {text}"))
            .collect();
    };
    let file_is_test = module.last().is_some_and(|name| name == "tests");
    for reference in references(&module, source) {
        let broken = match &reference.path {
            Path::Inside(path) => arrow(&module, path, reference.form),
            Path::Outside(_) if reference.in_test || file_is_test => None,
            Path::Outside(path) => confinement(&module, path, reference.form),
        };
        found.extend(broken.map(|text| (reference.line, text)));
    }
    found
        .into_iter()
        .map(|(line, text)| format!("{file}:{line}: {text}"))
        .collect()
}

/// The rules that hold in `src` and in `tests` alike.
fn everywhere(file: &str, source: &str) -> Vec<(usize, String)> {
    let lines = source.lines().count();
    let mut found = Vec::new();
    if lines >= FILE_LINES_LIMIT {
        found.push((
            lines,
            format!("{lines} lines; a file stays under {FILE_LINES_LIMIT}"),
        ));
    }
    for reference in references(&module_of(file), source) {
        let Reference {
            path: Path::Outside(path),
            form,
            line,
            ..
        } = reference
        else {
            continue;
        };
        match (form, path[path.len() - 1].as_str()) {
            (Form::Macro, name @ ("todo" | "unimplemented")) => {
                found.push((
                    line,
                    format!("`{name}!` promises what the program does not do"),
                ));
            }
            (Form::Attribute, "ignore") => {
                found.push((
                    line,
                    "`#[ignore]` hides a test; make it pass or remove it".into(),
                ));
            }
            _ => {}
        }
    }
    found
}

/// The module that a file below `src/` holds: none for `lib.rs`, the front page, which may name all.
fn module_of(file: &str) -> Vec<String> {
    let mut module: Vec<String> = file
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    let last = module.last().map(String::as_str);
    if last == Some("mod") || (module.len() == 1 && last == Some("lib")) {
        module.pop();
    }
    module
}

/// Says why the module may not import `path` of this crate.
fn arrow(module: &[String], path: &[String], form: Form) -> Option<String> {
    let from = module.first()?;
    let Some(to) = path.first() else {
        return (form == Form::Use).then(|| "imports the whole crate; name the module".into());
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| name == from) else {
        return Some(format!(
            "`{from}` has no place in the table of arrows; give it one first"
        ));
    };
    if to == from || allowed.contains(&to.as_str()) {
        return None;
    }
    if !ALL.contains(&to.as_str()) {
        return Some(format!(
            "`crate::{to}` goes through the crate root; name the module"
        ));
    }
    let may = if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    };
    Some(format!(
        "`{from}` imports `crate::{}`; it may import {may}",
        path.join("::")
    ))
}

/// Says why the module may not use `path`, which leaves the crate.
fn confinement(module: &[String], path: &[String], form: Form) -> Option<String> {
    let is_in = |place: &str| {
        let place: Vec<&str> = place.split('/').collect();
        module.len() >= place.len() && module.iter().zip(&place).all(|(own, want)| own == want)
    };
    let shown = path.join("::");
    let here = if module.is_empty() {
        "crate root".to_owned()
    } else {
        module.join("/")
    };
    let is_named = |subjects: &[Subject]| subjects.iter().any(|s| names(s, path, form));
    if PURE.iter().any(|place| is_in(place)) && is_named(OUTSIDE_WORLD) {
        return Some(format!(
            "`{here}` is pure, and `{shown}` reaches the outside world"
        ));
    }
    let rule = CONFINED.iter().find(|rule| is_named(rule.subjects))?;
    if rule.places.iter().any(|(place, _)| is_in(place)) {
        return None;
    }
    let places: Vec<String> = rule
        .places
        .iter()
        .map(|(place, reason)| format!("{place} ({reason})"))
        .collect();
    Some(format!(
        "`{here}` uses `{shown}`, which belongs in {}",
        places.join(", ")
    ))
}

fn names(subject: &Subject, path: &[String], form: Form) -> bool {
    let is_path = matches!(form, Form::Use | Form::Inline);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match subject {
        Subject::Crate(name) => match name.strip_suffix('*') {
            Some(start) => path[0].starts_with(start),
            None => path[0] == *name,
        },
        Subject::Item(item) => is_path && path.starts_with(item),
        Subject::Call(call) => is_path && path.ends_with(call),
        Subject::Macro(name) => form == Form::Macro && path[path.len() - 1] == *name,
    }
}
