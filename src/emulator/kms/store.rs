//! The keys of an account, and their aliases.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::key::Key;

/// Keys in an account. AWS's quota is 100,000; a laptop's tests need a few.
pub(super) const KEYS_MAX: usize = 10_000;
/// Aliases of one key, AWS's quota:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>.
pub(super) const ALIASES_OF_KEY_MAX: usize = 50;

/// A second name of a key.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    pub(super) key: Uuid,
    pub(super) created: Timestamp,
}

/// Keys and aliases, both in the order in which they are listed.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) by_id: BTreeMap<Uuid, Key>,
    /// By name, `alias/` included.
    pub(super) aliases: BTreeMap<String, Alias>,
}

impl Keys {
    /// How many aliases a key has.
    pub(super) fn aliases_of(&self, key: Uuid) -> usize {
        let aliases = self.aliases.values();
        aliases.filter(|alias| alias.key == key).count()
    }
}
