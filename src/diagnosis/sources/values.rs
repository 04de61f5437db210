//! Values of the SDK as this crate's.

use aws_sdk_cognitoidentityprovider::primitives::DateTime;
use jiff::Timestamp;

use crate::diagnosis::Source;

/// A moment of the SDK, to the millisecond; nothing for one that no calendar has.
pub(super) fn moment(moment: Option<&DateTime>) -> Option<Timestamp> {
    let milliseconds = moment?.to_millis().ok()?;
    Timestamp::from_millisecond(milliseconds).ok()
}

/// Words of an enumeration, as AWS spells them.
pub(super) fn names<T: AsRef<str>>(words: &[T]) -> Vec<String> {
    words.iter().map(|word| word.as_ref().to_owned()).collect()
}

/// The outcome of a place that depends on another one which was not read.
pub(super) fn unread<T>(other: &Source<()>) -> Source<T> {
    match other.clone() {
        Source::Denied { permission } => Source::Denied { permission },
        Source::NotConfigured { setting } => Source::NotConfigured { setting },
        Source::TimedOut { after_seconds } => Source::TimedOut { after_seconds },
        Source::Failed { reason } => Source::Failed { reason },
        Source::Read { .. } | Source::Lagging { .. } | Source::NotAsked => Source::NotAsked,
    }
}
