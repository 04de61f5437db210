//! Accounts for single scenarios: an emulator and a sink each.

use super::{Embedded, EmbeddedSettings};
use crate::diagnosis::LogPlaces;
use crate::steps::{Accounts, NoAccount, OwnAccount};

/// Starts an embedded target for each account.
#[derive(Debug)]
pub(super) struct EmbeddedAccounts;

impl Accounts for EmbeddedAccounts {
    fn open(&self, places: LogPlaces) -> Result<OwnAccount, NoAccount> {
        let embedded = Embedded::start(EmbeddedSettings::default());
        let embedded = embedded.map_err(|error| NoAccount {
            reason: error.to_string(),
        })?;
        Ok(OwnAccount {
            target: embedded.target_with(places),
            keeper: Box::new(embedded),
        })
    }
}
