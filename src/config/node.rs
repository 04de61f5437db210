//! TOML as values with their places.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::origin::{File, Located, Origin};
use super::problem::ConfigProblem;

/// A value that has no type yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<Located<Node>>),
    Table(Table),
    /// What no setting is made of, by its name in TOML.
    Other(&'static str),
}

/// A table, with the place of its header or its brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) origin: Origin,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// What stands at a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The place of the key itself.
    pub(super) key: Origin,
    pub(super) value: Located<Node>,
}

impl Node {
    /// What it is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(name) => name,
        }
    }
}

/// As TOML has it, in one line.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", toml::Value::from(text.as_str())),
            Self::Number(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", item.value)?;
                }
                f.write_str("]")
            }
            Self::Table(table) => {
                f.write_str("{")?;
                for (index, (key, entry)) in table.entries.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma} {key} = {}", entry.value.value)?;
                }
                f.write_str(" }")
            }
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// Parses a file's text, which is not always what may be shown of it.
///
/// # Errors
///
/// What keeps it from being TOML.
pub(super) fn parse(text: &str, file: &Arc<File>) -> Result<Table, ConfigProblem> {
    let at = |span: Range<usize>| Origin::File {
        file: Arc::clone(file),
        span,
    };
    match DeTable::parse(text) {
        Ok(parsed) => Ok(table(parsed.get_ref(), at(parsed.span()), &at)),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            Err(ConfigProblem::at(&at(span), "this is not TOML")
                .label(error.message().to_owned())
                .help("TOML is described at https://toml.io"))
        }
    }
}

fn table(table: &DeTable<'_>, origin: Origin, at: &impl Fn(Range<usize>) -> Origin) -> Table {
    let entries = table.iter().map(|(key, value)| {
        let entry = Entry {
            key: at(key.span()),
            value: node(value, at),
        };
        (key.get_ref().to_string(), entry)
    });
    Table {
        origin,
        entries: entries.collect(),
    }
}

fn node(value: &Spanned<DeValue<'_>>, at: &impl Fn(Range<usize>) -> Origin) -> Located<Node> {
    let origin = at(value.span());
    let node = match value.get_ref() {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Node::Number(number),
            Err(_) => Node::Other("a number too large"),
        },
        DeValue::Boolean(flag) => Node::Flag(*flag),
        DeValue::Array(items) => Node::List(items.iter().map(|item| node(item, at)).collect()),
        DeValue::Table(inner) => Node::Table(table(inner, origin.clone(), at)),
        DeValue::Float(_) => Node::Other("a number with a decimal point"),
        DeValue::Datetime(_) => Node::Other("a date or time"),
    };
    Located {
        value: node,
        origin,
    }
}
