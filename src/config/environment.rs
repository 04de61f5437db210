//! What the environment says of a profile: `REVERIFY_` and the key in capitals.

use std::collections::BTreeMap;

use super::node::{Entry, Node, Table};
use super::origin::{Located, Origin};
use super::profile::ProfileTable;
use super::section::{Key, Section as _};
use super::setting::Kind;

/// What stands before each key.
const PREFIX: &str = "REVERIFY";

/// The environment as a layer above the profiles.
pub(super) fn layer(variable: &dyn Fn(&str) -> Option<String>) -> Table {
    let mut table = of(ProfileTable::KEYS, PREFIX, variable);
    // Which profile others stand on is for the file to say.
    table.entries.remove("inherits");
    table
}

/// The variable of a key below others.
pub(super) fn name(prefix: &str, key: &str) -> String {
    let key = key.to_uppercase().replace('-', "_");
    format!("{prefix}_{key}")
}

/// The variable of a profile's key, if one is looked at.
pub(super) fn variable_of(path: &[&str], kind: Kind) -> Option<String> {
    let looked_at = match kind {
        Kind::List(_) => false,
        Kind::Table { short, .. } => short,
        _ => path != ["inherits"],
    };
    let all = path
        .iter()
        .fold(PREFIX.to_owned(), |prefix, key| name(&prefix, key));
    looked_at.then_some(all)
}

fn of(keys: &[Key], prefix: &str, variable: &dyn Fn(&str) -> Option<String>) -> Table {
    let mut entries = BTreeMap::new();
    for key in keys {
        let name = name(prefix, key.name);
        let origin = Origin::Variable(name.clone());
        let said = variable(&name).filter(|text| !text.is_empty());
        let value = match key.kind {
            Kind::List(_) => None,
            Kind::Table { keys, short } => {
                let mut table = of(keys, &name, variable);
                if let (Some(text), Some(first), true) = (said, keys.first(), short) {
                    let value = entry(&origin, node(&text, first.kind));
                    table.entries.insert(first.name.to_owned(), value);
                }
                (!table.entries.is_empty()).then_some(Node::Table(table))
            }
            kind => said.map(|text| node(&text, kind)),
        };
        if let Some(value) = value {
            entries.insert(key.name.to_owned(), entry(&origin, value));
        }
    }
    Table {
        origin: Origin::Variable(prefix.to_owned()),
        entries,
    }
}

fn entry(origin: &Origin, value: Node) -> Entry {
    Entry {
        key: origin.clone(),
        value: Located {
            value,
            origin: origin.clone(),
        },
    }
}

/// A text as what the key takes; one that is not that stays a text, and is refused as such.
fn node(text: &str, kind: Kind) -> Node {
    let text_itself = || Node::Text(text.to_owned());
    match kind {
        Kind::Flag => match text {
            "true" | "1" => Node::Flag(true),
            "false" | "0" => Node::Flag(false),
            _ => text_itself(),
        },
        Kind::Count(..) => text.parse().map_or_else(|_| text_itself(), Node::Number),
        _ => text_itself(),
    }
}
