//! From what a configuration says to targets that can be tested, and inboxes that can be read.
//!
//! Here the configuration meets the rest: what is plain data there becomes clients, secrets are looked
//! up, and servers of this process are started.

mod error;
mod ground;
mod open_inbox;
mod open_target;
mod referenced;

pub use error::TargetError;
pub use ground::ground;
pub use open_inbox::{OpenInbox, open_inbox};
pub use open_target::{OpenTarget, log_places, open_target, sources};
pub use referenced::Referenced;
