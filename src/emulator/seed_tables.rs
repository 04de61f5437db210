//! The tables of a seed file: taken apart, and read without passing over a key.

use serde::de::DeserializeOwned;

/// A text that does not say what should exist at the start, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStarting {
    /// Not TOML at all; the message has line and column.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// A key that nothing knows.
    #[error("unknown key `{key}` in {place}; keys are AWS's member names, in AWS's capitals")]
    UnknownKey {
        /// Which pool, client or user.
        place: String,
        /// The key.
        key: String,
    },
    /// A key whose value is wrong.
    #[error("{place}: {reason}")]
    Value {
        /// Which pool, client or user.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// An id that was given twice.
    #[error("the id `{0}` is given twice; give each pool, client and function its own")]
    DuplicateId(String),
}

/// Takes an array of tables out of a table.
pub(super) fn tables(
    table: &mut toml::Table,
    key: &str,
    place: &str,
) -> Result<Vec<toml::Table>, InvalidStarting> {
    let value = table.remove(key).map(toml::Value::try_into);
    value
        .unwrap_or_else(|| Ok(Vec::new()))
        .map_err(|_| InvalidStarting::Value {
            place: place.to_owned(),
            reason: format!("`{key}` must be written as `[[...]]`, once for each"),
        })
}

/// Takes an array of tables out of the file and reads each.
pub(super) fn all<T: DeserializeOwned>(
    file: &mut toml::Table,
    key: &str,
) -> Result<Vec<T>, InvalidStarting> {
    let numbered = tables(file, key, "the file")?.into_iter().enumerate();
    numbered
        .map(|(index, table)| strict(table, &format!("{key} {}", index + 1)))
        .collect()
}

/// Takes a table out of the file, if it is there.
pub(super) fn section<T: DeserializeOwned>(
    file: &mut toml::Table,
    key: &str,
) -> Result<Option<T>, InvalidStarting> {
    match file.remove(key) {
        None => Ok(None),
        Some(toml::Value::Table(table)) => strict(table, key).map(Some),
        Some(_) => Err(InvalidStarting::Value {
            place: "the file".to_owned(),
            reason: format!("`{key}` must be written as `[{key}]`"),
        }),
    }
}

/// Takes an id out of a table.
pub(super) fn text(
    table: &mut toml::Table,
    key: &str,
    place: &str,
    valid: fn(&str) -> bool,
) -> Result<Option<String>, InvalidStarting> {
    match table.remove(key) {
        None => Ok(None),
        Some(toml::Value::String(id)) if valid(&id) => Ok(Some(id)),
        Some(other) => Err(InvalidStarting::Value {
            place: place.to_owned(),
            reason: format!("{key} = {other} is not an id as AWS writes them"),
        }),
    }
}

/// Reads a table as [`strict`] does, which must also have a name: the API asks for one when a thing
/// is made, and not when it is changed.
pub(super) fn named<T: DeserializeOwned>(
    table: toml::Table,
    key: &str,
    place: &str,
) -> Result<T, InvalidStarting> {
    let given = table.contains_key(key);
    let read = strict(table, place)?;
    given.then_some(read).ok_or_else(|| InvalidStarting::Value {
        place: place.to_owned(),
        reason: format!("missing field `{key}`"),
    })
}

/// Reads a table into the type that the API's request has, refusing keys that the API would ignore.
pub(super) fn strict<T: DeserializeOwned>(
    table: toml::Table,
    place: &str,
) -> Result<T, InvalidStarting> {
    let mut unknown = None;
    let read = serde_ignored::deserialize(toml::Value::Table(table), |path| {
        // Optional members are written as a question mark on the way.
        unknown.get_or_insert_with(|| path.to_string().replace(".?", ""));
    });
    let wrong = |error: toml::de::Error| InvalidStarting::Value {
        place: place.to_owned(),
        reason: error.message().to_owned(),
    };
    match (read.map_err(wrong), unknown) {
        (_, Some(key)) => Err(unknown_key(place, &key)),
        (read, None) => read,
    }
}

pub(super) fn unknown_key(place: &str, key: &str) -> InvalidStarting {
    InvalidStarting::UnknownKey {
        place: place.to_owned(),
        key: key.to_owned(),
    }
}
