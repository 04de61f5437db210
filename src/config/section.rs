//! Tables of the configuration: each key once, with its type and its meaning.
//!
//! What is declared here is read, refused where it is misspelt, shown by `reverify config show`, and
//! written into `docs/configuration.md` and the JSON schema.

use super::node::{Node, Table};
use super::origin::Located;
use super::problem::{ConfigProblem, nearest};
use super::setting::{Kind, Setting};

/// A key of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Sentences, from the documentation of the field.
    pub(super) meaning: &'static str,
    pub(super) required: bool,
}

/// A table with fixed keys.
pub(super) trait Section: Sized {
    /// Its keys.
    const KEYS: &'static [Key];

    /// Reads what is there, and says what should not be.
    fn of_table(table: &Table, problems: &mut Vec<ConfigProblem>) -> Self;
}

/// Declares a table: a struct whose fields hold what is there.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $name:ident {
            $($(#[doc = $meaning:literal])+ $field:ident: $kind:ty = $key:literal $($required:ident)?;)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        pub(super) struct $name {
            $($(#[doc = $meaning])+ pub(super) $field: Option<$kind>,)+
        }

        impl $crate::config::section::Section for $name {
            const KEYS: &'static [$crate::config::section::Key] = &[
                $($crate::config::section::Key {
                    name: $key,
                    kind: <$kind as $crate::config::setting::Setting>::KIND,
                    meaning: concat!($($meaning),+),
                    required: $crate::config::section::required!($($required)?),
                },)+
            ];

            fn of_table(
                table: &$crate::config::node::Table,
                problems: &mut Vec<$crate::config::problem::ConfigProblem>,
            ) -> Self {
                $crate::config::section::refuse_unknown(table, Self::KEYS, problems);
                Self {
                    $($field: $crate::config::section::value(table, $key, problems),)+
                }
            }
        }

        impl $crate::config::setting::Setting for $name {
            const KIND: $crate::config::setting::Kind = $crate::config::setting::Kind::Table {
                keys: <Self as $crate::config::section::Section>::KEYS,
                short: false,
            };

            fn read(
                value: &$crate::config::origin::Located<$crate::config::node::Node>,
                problems: &mut Vec<$crate::config::problem::ConfigProblem>,
            ) -> Option<Self> {
                $crate::config::section::nested(value, problems)
            }
        }
    };
}
pub(super) use section;

macro_rules! required {
    () => {
        false
    };
    (required) => {
        true
    };
}
pub(super) use required;

/// Says of each key that is none of these what it may have been meant to be.
pub(super) fn refuse_unknown(table: &Table, keys: &[Key], problems: &mut Vec<ConfigProblem>) {
    for (name, entry) in &table.entries {
        if keys.iter().any(|key| key.name == name) {
            continue;
        }
        let known = keys.iter().map(|key| key.name);
        let label = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "nothing is called so here".to_owned(),
        };
        let known: Vec<_> = known.collect();
        let problem = ConfigProblem::at(&entry.key, format!("unknown key `{name}`"));
        problems.push(
            problem
                .label(label)
                .help(format!("the keys are {}", known.join(", "))),
        );
    }
}

/// The value at a key, if there is one and it is right.
pub(super) fn value<T: Setting>(
    table: &Table,
    key: &str,
    problems: &mut Vec<ConfigProblem>,
) -> Option<T> {
    let entry = table.entries.get(key)?;
    T::read(&entry.value, problems)
}

/// A table inside a table.
pub(super) fn nested<T: Section>(
    value: &Located<Node>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<T> {
    if let Node::Table(table) = &value.value {
        return Some(T::of_table(table, problems));
    }
    super::setting::mismatch(value, "a table", problems);
    None
}

/// Says which keys are missing from a table that nothing else is added to.
pub(super) fn refuse_incomplete<T: Section>(
    table: &Table,
    what: &str,
    problems: &mut Vec<ConfigProblem>,
) {
    for key in T::KEYS.iter().filter(|key| key.required) {
        if !table.entries.contains_key(key.name) {
            let problem = ConfigProblem::at(&table.origin, format!("{what} has no `{}`", key.name));
            problems.push(
                problem
                    .label("it has to be said here")
                    .help(key.meaning.trim()),
            );
        }
    }
}

/// One table over another: what it says goes before, key by key.
pub(super) fn over(mut above: Table, below: &Table, keys: &[Key]) -> Table {
    for (name, entry) in &below.entries {
        let kind = keys.iter().find(|key| key.name == name).map(|key| key.kind);
        match (above.entries.get_mut(name), kind) {
            (None, _) => {
                above.entries.insert(name.clone(), entry.clone());
            }
            (Some(own), Some(Kind::Table { keys, .. })) => {
                let both = (&own.value.value, &entry.value.value);
                if let (Node::Table(upper), Node::Table(lower)) = both {
                    own.value.value = Node::Table(over(upper.clone(), lower, keys));
                }
            }
            // The first that fits counts, so those of the table above come first.
            (Some(own), Some(Kind::List(Kind::Table { .. }))) => {
                if let (Node::List(upper), Node::List(lower)) =
                    (&mut own.value.value, &entry.value.value)
                {
                    upper.extend(lower.iter().cloned());
                }
            }
            (Some(_), _) => {}
        }
    }
    above
}
