//! Secrets of a configuration for those who log in with them.

use crate::config::SecretRef;
use crate::inbox::imap::{SecretSource, SecretUnavailable};
use crate::model::Secret;

/// A secret that is looked up for each login, since tokens expire.
#[derive(Debug, Clone)]
pub struct Referenced(pub SecretRef);

impl SecretSource for Referenced {
    fn secret(&self) -> Result<Secret<String>, SecretUnavailable> {
        let secret = self.0.resolve();
        secret.map_err(|error| SecretUnavailable(error.to_string()))
    }
}
