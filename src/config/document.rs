//! The reference of all keys, as `docs/configuration.md` has it.

use std::fmt::Write as _;

use super::environment;
use super::files;
use super::inbox::{ImapTable, MaildirTable, MailpitTable, SinkTable};
use super::node::{Node, Table};
use super::profile::{GroupTable, ProfileTable};
use super::section::{Key, Section as _};
use super::setting::Kind;
use super::target::{AwsTable, EmbeddedTable, EndpointTable};

/// A part of the reference: its header, what it is about, its keys.
struct Part {
    header: &'static str,
    about: &'static str,
    keys: &'static [Key],
}

const PARTS: [Part; 9] = [
    Part {
        header: "[profile.NAME]",
        about: "How scenarios are run. `default` holds where no other is chosen, and below all others.",
        keys: ProfileTable::KEYS,
    },
    Part {
        header: "[group.NAME]",
        about: "Scenarios that share something of which there is only so much, such as a mailbox. An \
                override puts scenarios into it.",
        keys: GroupTable::KEYS,
    },
    Part {
        header: "[target.NAME], kind = \"embedded\"",
        about: "The emulator and an SMTP sink, started in the process of the run. The target \
                `embedded` is always there.",
        keys: EmbeddedTable::KEYS,
    },
    Part {
        header: "[target.NAME], kind = \"endpoint\"",
        about: "A URL that speaks Cognito's protocol: `reverify emulate`, or another emulator.",
        keys: EndpointTable::KEYS,
    },
    Part {
        header: "[target.NAME], kind = \"aws\"",
        about: "A user pool of AWS.",
        keys: AwsTable::KEYS,
    },
    Part {
        header: "[inbox.NAME], kind = \"imap\"",
        about: "A mailbox of a mail server.",
        keys: ImapTable::KEYS,
    },
    Part {
        header: "[inbox.NAME], kind = \"maildir\"",
        about: "A Maildir, such as `reverify inbox serve` and `reverify emulate --maildir` fill.",
        keys: MaildirTable::KEYS,
    },
    Part {
        header: "[inbox.NAME], kind = \"mailpit\"",
        about: "A Mailpit.",
        keys: MailpitTable::KEYS,
    },
    Part {
        header: "[inbox.NAME], kind = \"sink\"",
        about: "An SMTP server in the process of the run, to which the target's mails are sent.",
        keys: SinkTable::KEYS,
    },
];

/// All tables of keys in Markdown.
pub fn document() -> String {
    let default = files::built_in();
    let default = default
        .as_ref()
        .and_then(|table| descend(table, &["profile", "default"]));
    let mut text = String::new();
    for part in PARTS {
        let is_profile = part.header.starts_with("[profile");
        // Writing to a string cannot fail, here and below.
        let _ = write!(text, "## `{}`\n\n{}\n\n", part.header, part.about);
        let _ = writeln!(
            text,
            "| key | value | default | meaning |\n| --- | --- | --- | --- |"
        );
        let default = if is_profile { default } else { None };
        rows(&mut text, &[], part.keys, default, is_profile);
        text.push('\n');
    }
    text
}

fn descend<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Table> {
    path.iter().try_fold(table, |table, key| {
        match &table.entries.get(*key)?.value.value {
            Node::Table(inner) => Some(inner),
            _ => None,
        }
    })
}

fn rows(
    text: &mut String,
    path: &[&str],
    keys: &[Key],
    default: Option<&Table>,
    has_variables: bool,
) {
    for key in keys {
        let own: Vec<_> = path.iter().copied().chain([key.name]).collect();
        let entry = default.and_then(|table| table.entries.get(key.name));
        let value = entry.map(|entry| &entry.value.value);
        let shown = match value {
            _ if key.required => "required".to_owned(),
            Some(Node::Table(_)) | None => String::new(),
            Some(value) => format!("`{value}`"),
        };
        let variable = environment::variable_of(&own, key.kind).filter(|_| has_variables);
        let variable = variable.map_or_else(String::new, |name| format!(" Variable: `{name}`."));
        let _ = writeln!(
            text,
            "| `{}` | {} | {shown} | {}{variable} |",
            own.join("."),
            kind_shown(key.kind),
            key.meaning.trim(),
        );
        match key.kind {
            Kind::Table { keys, .. } => {
                let default = default.and_then(|table| descend(table, &[key.name]));
                rows(text, &own, keys, default, has_variables);
            }
            Kind::List(Kind::Table { keys, .. }) => rows(text, &own, keys, None, false),
            _ => {}
        }
    }
}

fn kind_shown(kind: Kind) -> String {
    match kind {
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Count(min, max) => format!("{min} to {max}"),
        Kind::Duration => "time, such as `\"90s\"`".to_owned(),
        Kind::Text(what) => what.to_owned(),
        Kind::OneOf(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(", ")
        }
        Kind::List(Kind::Table { .. }) => "tables, each `[[…]]`".to_owned(),
        Kind::List(item) => format!("list of: {}", kind_shown(*item)),
        Kind::Secret => "reference to a secret".to_owned(),
        Kind::Table { short: true, .. } => "number, or table".to_owned(),
        Kind::Table { .. } => "table".to_owned(),
    }
}
