//! What a watch asks of a reader that has to be told to look.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::InboxError;

/// The reader behind an inbox that does not hear of arrivals by itself: it looks now and then, and
/// often while somebody waits.
pub(crate) trait Pull: fmt::Debug + Send + Sync {
    /// Somebody waits from now on; the reader looks at once.
    fn begin_wait(&self);

    /// One wait less.
    fn end_wait(&self);

    /// Looks once more: resolves when all that was stored before this call has been delivered.
    fn look(&self) -> BoxFuture<'_, Result<(), InboxError>>;
}

/// A wait of which the reader knows; it ends when this is dropped.
pub(super) struct PullWait(Arc<dyn Pull>);

impl PullWait {
    pub(super) fn begin(reader: &Arc<dyn Pull>) -> Self {
        reader.begin_wait();
        Self(Arc::clone(reader))
    }
}

impl Drop for PullWait {
    fn drop(&mut self) {
        self.0.end_wait();
    }
}
