//! The tables of all files put together, by name.

use std::collections::BTreeMap;

use super::files::Layers;
use super::inbox::{ImapTable, InboxWord, MaildirTable, MailpitTable, SinkTable};
use super::node::{Entry, Node, Table};
use super::origin::Located;
use super::problem::{ConfigProblem, nearest};
use super::profile::{GroupTable, ProfileTable};
use super::section::{Key, Section as _, over, value};
use super::setting::{Kind, Setting};
use super::target::{AwsTable, EmbeddedTable, EndpointTable, TargetWord};

/// What a file may hold, and what stands below each.
pub(super) const TOP: [(&str, &str); 4] = [
    ("profile", "How scenarios are run."),
    ("target", "What is tested."),
    ("inbox", "Where mails arrive."),
    (
        "group",
        "Scenarios that share something of which there is only so much.",
    ),
];

/// Tables by their names.
pub(super) type Named = BTreeMap<String, Table>;

/// All tables, each put together from what the files say of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    pub(super) profiles: Named,
    pub(super) targets: Named,
    pub(super) inboxes: Named,
    pub(super) groups: Named,
}

impl Tables {
    /// Puts the layers together, the strongest first.
    pub(super) fn of(layers: &Layers, problems: &mut Vec<ConfigProblem>) -> Self {
        let mut tables = Self::default();
        for layer in &layers.layers {
            for (name, entry) in &layer.table.entries {
                let named = match name.as_str() {
                    "profile" => &mut tables.profiles,
                    "target" => &mut tables.targets,
                    "inbox" => &mut tables.inboxes,
                    "group" => &mut tables.groups,
                    _ => {
                        problems.push(unknown(name, entry));
                        continue;
                    }
                };
                add(named, name, &entry.value, problems);
            }
        }
        tables
    }
}

fn unknown(name: &str, entry: &Entry) -> ConfigProblem {
    let label = match nearest(name, TOP.iter().map(|(name, _)| *name)) {
        Some(near) => format!("did you mean `[{near}.NAME]`?"),
        None => "nothing is called so here".to_owned(),
    };
    ConfigProblem::at(&entry.key, format!("unknown table `{name}`"))
        .label(label)
        .help("write [profile.NAME], [target.NAME], [inbox.NAME] or [group.NAME]")
}

fn add(named: &mut Named, what: &str, value: &Located<Node>, problems: &mut Vec<ConfigProblem>) {
    let wanted = || format!("write [{what}.NAME] above it");
    let Node::Table(found) = &value.value else {
        let problem = ConfigProblem::at(&value.origin, format!("`{what}` is not a table"));
        problems.push(
            problem
                .label(format!("this is {}", value.value.kind()))
                .help(wanted()),
        );
        return;
    };
    for (name, entry) in &found.entries {
        let Node::Table(table) = &entry.value.value else {
            let problem = ConfigProblem::at(&entry.key, format!("`{name}` stands in no table"));
            let label = format!("[{what}] has no keys of its own");
            problems.push(problem.label(label).help(wanted()));
            continue;
        };
        if !is_name(name) {
            let problem = ConfigProblem::at(&entry.key, format!("`{name}` is not a name"));
            problems.push(problem.label("a name has letters, digits, `-`, `_` and `.`"));
        }
        let mut table = table.clone();
        let keys = keys(what, &table, named.get(name));
        expand_short(&mut table, keys);
        let merged = match named.remove(name) {
            // The kind is another one, so nothing that is said below it fits.
            Some(above) if kinds_differ(&above, &table) => above,
            Some(above) => over(above, &table, keys),
            None => table,
        };
        named.insert(name.clone(), merged);
    }
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && name.chars().all(allowed)
}

fn kinds_differ(above: &Table, below: &Table) -> bool {
    let kind = |table: &Table| Some(table.entries.get("kind")?.value.value.clone());
    matches!((kind(above), kind(below)), (Some(one), Some(other)) if one != other)
}

/// The keys that a table may have; those of its kind, where it has one.
pub(super) fn keys(what: &str, table: &Table, above: Option<&Table>) -> &'static [Key] {
    let kind = |table: &Table| table.entries.contains_key("kind");
    let table = above.filter(|above| kind(above)).unwrap_or(table);
    match what {
        "profile" => ProfileTable::KEYS,
        "group" => GroupTable::KEYS,
        "target" => target_keys(word(table)),
        _ => inbox_keys(word(table)),
    }
}

/// The word at `kind`, where there is a right one.
pub(super) fn word<T: Setting>(table: &Table) -> Option<T> {
    value(table, "kind", &mut Vec::new())
}

pub(super) fn target_keys(word: Option<TargetWord>) -> &'static [Key] {
    match word {
        Some(TargetWord::Endpoint) => EndpointTable::KEYS,
        Some(TargetWord::Aws) => AwsTable::KEYS,
        Some(TargetWord::Embedded) | None => EmbeddedTable::KEYS,
    }
}

pub(super) fn inbox_keys(word: Option<InboxWord>) -> &'static [Key] {
    match word {
        Some(InboxWord::Imap) => ImapTable::KEYS,
        Some(InboxWord::Mailpit) => MailpitTable::KEYS,
        Some(InboxWord::Sink) => SinkTable::KEYS,
        Some(InboxWord::Maildir) | None => MaildirTable::KEYS,
    }
}

/// Writes out what stands for a table: `retries = 2` is `retries = { count = 2 }`.
pub(super) fn expand_short(table: &mut Table, keys: &[Key]) {
    for (name, entry) in &mut table.entries {
        let Some(key) = keys.iter().find(|key| key.name == name) else {
            continue;
        };
        match (&mut entry.value.value, key.kind) {
            (Node::Number(_), Kind::Table { keys, short: true }) => {
                let first = keys.first().map_or("", |key| key.name);
                let origin = entry.value.origin.clone();
                let value = Entry {
                    key: entry.key.clone(),
                    value: entry.value.clone(),
                };
                entry.value.value = Node::Table(Table {
                    origin,
                    entries: BTreeMap::from([(first.to_owned(), value)]),
                });
            }
            (Node::List(items), Kind::List(Kind::Table { keys, .. })) => {
                for item in items {
                    if let Node::Table(inner) = &mut item.value {
                        expand_short(inner, keys);
                    }
                }
            }
            _ => {}
        }
    }
}
