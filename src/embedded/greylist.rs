//! Lets the sink greylist whom the emulator's control interface says.

use crate::emulator;
use crate::inbox::sink::Reception;
use crate::model::EmailAddress;

/// The faults of the receiving server, as the sink asks for them.
#[derive(Debug)]
pub(super) struct Greylist(pub(super) emulator::Reception);

impl Reception for Greylist {
    fn defers(&self, recipient: &EmailAddress) -> bool {
        self.0.defers(recipient.as_str())
    }
}
