//! The faults of the receiving mail server.

use std::fmt;
use std::sync::Arc;

use super::scope::{Occurrence, Stage};
use super::table::Faults;
use crate::control::Effect;
use crate::emulator::service::Service;

/// What an emulator's control interface lets go wrong at the receiving mail server.
///
/// The emulator sends mail over SMTP and does not know the server. The one who starts both hands
/// this to the server, which asks it for each recipient, and to the emulator by
/// [`Settings::reception`](crate::emulator::Settings::reception), so that one list of faults covers
/// both.
#[derive(Clone, Default)]
pub struct Reception(pub(crate) Arc<Faults>);

impl Reception {
    /// The effects of the faults that strike at this recipient's server, in the order in which they
    /// were injected; all are of a receiving server's kind.
    pub fn strike(&self, recipient: &str) -> Vec<Effect> {
        if !self.0.any() {
            return Vec::new();
        }
        let occurrence = Occurrence {
            // A receiving server knows no more than the address.
            service: Service::UserPools,
            operations: &[],
            pool: None,
            addresses: &[recipient],
            caller: None,
            asks_iam: false,
        };
        self.0.strike(Stage::Reception, &occurrence, None)
    }
}

impl fmt::Debug for Reception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reception")
    }
}
