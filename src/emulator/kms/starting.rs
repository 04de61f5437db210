//! The keys that exist before the first request.

use serde::Deserialize;
use uuid::Uuid;

/// A `[[kms_key]]` of a seed file. Its material is new at each start.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartingKey {
    /// The id instead of a drawn one, so that a pool's `KMSKeyID` can name the key.
    pub(super) key_id: Option<Uuid>,
    pub(super) description: Option<String>,
    /// Another name, `alias/...`.
    pub(super) alias_name: Option<String>,
}

impl StartingKey {
    /// A key of this id, with no other name.
    pub(crate) fn of(id: Uuid) -> Self {
        Self {
            key_id: Some(id),
            description: None,
            alias_name: None,
        }
    }
}
