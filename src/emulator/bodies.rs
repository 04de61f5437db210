//! Reads the bodies of requests, bounded in size, time and number.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Largest body that is read: the largest request of the model, a pool with every template at its
/// 20,000 characters, stays below a fifth of it.
pub(super) const BODY_BYTES_MAX: usize = 1024 * 1024;
/// The same of CloudWatch Logs: a batch of 1 MiB of text, each of whose characters may take three times
/// its bytes in JSON, and the names of the members of 10,000 events.
pub(super) const LOGS_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How much of a larger body is thrown away before the answer. A client that is still writing
/// would not see an answer given earlier; one that writes more than this is cut off.
const DISCARDED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Size up to which bodies are read side by side on all connections; only pools with long templates
/// need more.
const SMALL_BYTES_MAX: usize = 64 * 1024;
/// Larger bodies in memory at once; more wait. With 512 connections, bodies then take 50 MB at
/// worst instead of 512.
const LARGE_BODIES_MAX: usize = 16;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It has more than this many bytes.
    TooLarge(usize),
    /// It did not arrive in time.
    TooSlow,
    /// The client cut the connection in the middle; there is nobody to answer.
    Cut,
}

/// A body that was read to its end.
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    /// Held as long as the bytes of a large body are.
    _large: Option<OwnedSemaphorePermit>,
}

/// Reads bodies for all connections.
pub(super) struct Bodies {
    patience: Duration,
    large: Arc<Semaphore>,
}

impl Bodies {
    /// Waits at most `patience` for each body.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            patience,
            large: Arc::new(Semaphore::new(LARGE_BODIES_MAX)),
        }
    }

    /// Reads one body to its end.
    ///
    /// # Errors
    /// [`Unreadable`] if it is too large, too slow or cut.
    pub(super) async fn read(&self, body: Body) -> Result<Whole, Unreadable> {
        self.read_up_to(BODY_BYTES_MAX, body).await
    }

    /// Reads one body of so many bytes at most.
    ///
    /// # Errors
    /// [`Unreadable`] if it is too large, too slow or cut.
    pub(super) async fn read_up_to(&self, max: usize, body: Body) -> Result<Whole, Unreadable> {
        let reading = tokio::time::timeout(self.patience, self.gather(max, body));
        reading.await.unwrap_or(Err(Unreadable::TooSlow))
    }

    async fn gather(&self, max: usize, body: Body) -> Result<Whole, Unreadable> {
        let mut stream = body.into_data_stream();
        let (mut bytes, mut seen, mut large) = (Vec::new(), 0_usize, None);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Unreadable::Cut)?;
            seen = seen.saturating_add(chunk.len());
            if seen > DISCARDED_BYTES_MAX {
                break;
            }
            if seen > max {
                (bytes, large) = (Vec::new(), None);
                continue;
            }
            if seen > SMALL_BYTES_MAX && large.is_none() {
                // The semaphore is never closed.
                large = Arc::clone(&self.large).acquire_owned().await.ok();
            }
            bytes.extend_from_slice(&chunk);
        }
        if seen > max {
            return Err(Unreadable::TooLarge(max));
        }
        Ok(Whole {
            bytes,
            _large: large,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body_of(size: usize) -> Body {
        Body::from(vec![b' '; size])
    }

    #[tokio::test]
    async fn large_bodies_wait_for_each_other_and_small_ones_do_not() {
        let bodies = Bodies::new(Duration::from_millis(50));
        let mut held = Vec::new();
        for _ in 0..LARGE_BODIES_MAX {
            held.push(bodies.read(body_of(SMALL_BYTES_MAX + 1)).await.unwrap());
        }
        let one_more = bodies.read(body_of(SMALL_BYTES_MAX + 1)).await;
        assert_eq!(one_more.err(), Some(Unreadable::TooSlow));
        let small = bodies.read(body_of(SMALL_BYTES_MAX)).await.unwrap();
        assert_eq!(small.bytes.len(), SMALL_BYTES_MAX);
        held.pop();
        assert!(bodies.read(body_of(BODY_BYTES_MAX)).await.is_ok());
        let larger = bodies.read(body_of(BODY_BYTES_MAX + 1)).await;
        assert_eq!(larger.err(), Some(Unreadable::TooLarge(BODY_BYTES_MAX)));
    }
}
