//! All causes in the order of a mail's way.

use super::super::cause::Cause;
use super::{checker, handover, not_asked, receiving, refused, ses};

/// Every cause of the catalogue, in the order of a mail's way.
pub fn all() -> impl Iterator<Item = &'static Cause> {
    [
        not_asked::SETTINGS,
        not_asked::USERS,
        not_asked::SIMULATED,
        refused::SETTINGS,
        refused::NAMES,
        refused::LIMITS,
        refused::TRIGGERS,
        handover::CAUSES,
        ses::ACCOUNT,
        ses::IDENTITY,
        ses::SUPPRESSION,
        ses::EVENTS,
        receiving::CAUSES,
        receiving::MAILBOX,
        checker::READING,
        checker::LIMITS,
    ]
    .into_iter()
    .flatten()
}

/// The cause with this stable name.
///
/// ```
/// use reverify::diagnosis::by_id;
///
/// assert!(by_id("auto-verify-off").is_some());
/// assert!(by_id("caching").is_none());
/// ```
pub fn by_id(id: &str) -> Option<&'static Cause> {
    all().find(|cause| cause.id == id)
}
