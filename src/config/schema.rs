//! The JSON schema of `reverify.toml`, for editors.

use std::collections::BTreeMap;

use serde::Serialize;

use super::inbox::{ImapTable, MaildirTable, MailpitTable, SinkTable};
use super::profile::{GroupTable, ProfileTable};
use super::section::{Key, Section as _};
use super::setting::Kind;
use super::tables::TOP;
use super::target::{AwsTable, EmbeddedTable, EndpointTable};

/// The dialect (<https://json-schema.org/specification-links#draft-7>): the newest that most editors
/// read.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// As a person writes a length of time.
const DURATION: &str = r"^\s*([0-9]+(\.[0-9]+)?\s*[a-zµ]+[\s,]*)+$";

/// A schema, as far as it is needed here.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    dialect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "const", skip_serializing_if = "Option::is_none")]
    constant: Option<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    words: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<u32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<&'static str, Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Additional>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    one_of: Vec<Schema>,
}

/// What else may stand in a table.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Additional {
    Allowed(bool),
    Each(Box<Schema>),
}

/// The schema as a JSON text that ends with a line.
pub fn schema() -> String {
    let properties = TOP.iter().map(|(name, about)| {
        let each = Schema {
            description: Some((*about).to_owned()),
            kind: Some("object"),
            additional_properties: Some(Additional::Each(Box::new(named(name)))),
            ..Schema::default()
        };
        (*name, each)
    });
    let whole = Schema {
        dialect: Some(DIALECT),
        title: Some("reverify.toml"),
        kind: Some("object"),
        properties: properties.collect(),
        additional_properties: Some(Additional::Allowed(false)),
        ..Schema::default()
    };
    // Texts and numbers always have a form in JSON.
    serde_json::to_string_pretty(&whole).map_or_else(|_| String::new(), |text| text + "\n")
}

/// A table below `[NAME.…]`.
///
/// What a file lacks another may say, so only what tells the kinds apart is demanded.
fn named(name: &str) -> Schema {
    let kinds = |kinds: &[(&'static str, &'static [Key])]| Schema {
        one_of: kinds
            .iter()
            .map(|(kind, keys)| of_kind(kind, keys))
            .collect(),
        ..Schema::default()
    };
    match name {
        "profile" => table(ProfileTable::KEYS),
        "group" => table(GroupTable::KEYS),
        "target" => kinds(&[
            ("embedded", EmbeddedTable::KEYS),
            ("endpoint", EndpointTable::KEYS),
            ("aws", AwsTable::KEYS),
        ]),
        _ => kinds(&[
            ("imap", ImapTable::KEYS),
            ("maildir", MaildirTable::KEYS),
            ("mailpit", MailpitTable::KEYS),
            ("sink", SinkTable::KEYS),
        ]),
    }
}

fn of_kind(kind: &'static str, keys: &[Key]) -> Schema {
    let mut schema = table(keys);
    let word = Schema {
        constant: Some(kind),
        description: Some("What it is.".to_owned()),
        ..Schema::default()
    };
    schema.properties.insert("kind", word);
    schema
}

fn table(keys: &[Key]) -> Schema {
    let properties = keys.iter().map(|key| {
        let mut schema = of(key.kind);
        schema.description = Some(key.meaning.trim().to_owned());
        (key.name, schema)
    });
    let required = keys.iter().filter(|key| key.required);
    Schema {
        kind: Some("object"),
        properties: properties.collect(),
        required: required.map(|key| key.name).collect(),
        additional_properties: Some(Additional::Allowed(false)),
        ..Schema::default()
    }
}

fn typed(kind: &'static str) -> Schema {
    Schema {
        kind: Some(kind),
        ..Schema::default()
    }
}

fn of(kind: Kind) -> Schema {
    match kind {
        Kind::Flag => typed("boolean"),
        Kind::Count(minimum, maximum) => Schema {
            minimum: Some(minimum),
            maximum: Some(maximum),
            ..typed("integer")
        },
        Kind::Duration => Schema {
            pattern: Some(DURATION),
            ..typed("string")
        },
        Kind::Text(_) => typed("string"),
        Kind::OneOf(words) => Schema {
            words: Some(words.to_vec()),
            ..Schema::default()
        },
        Kind::List(item) => Schema {
            items: Some(Box::new(of(*item))),
            ..typed("array")
        },
        Kind::Secret => secret(),
        Kind::Table { keys, short } => match keys.first() {
            Some(first) if short => Schema {
                one_of: vec![of(first.kind), table(keys)],
                ..Schema::default()
            },
            _ => table(keys),
        },
    }
}

/// One of the three ways to say where a secret is.
fn secret() -> Schema {
    let way = |key: &'static str, schema: Schema, more: Option<(&'static str, Schema)>| Schema {
        properties: [(key, schema)].into_iter().chain(more).collect(),
        required: vec![key],
        additional_properties: Some(Additional::Allowed(false)),
        ..typed("object")
    };
    let argv = Schema {
        items: Some(Box::new(typed("string"))),
        min_items: Some(1),
        ..typed("array")
    };
    Schema {
        one_of: vec![
            way("env", typed("string"), None),
            way("command", argv, Some(("timeout", of(Kind::Duration)))),
            way("file", typed("string"), None),
        ],
        ..Schema::default()
    }
}
