//! The server's time, as its answers tell it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_sdk_cognitoidentityprovider::config;
use aws_sdk_cognitoidentityprovider::error::BoxError;
use config::interceptors::BeforeDeserializationInterceptorContextRef;
use config::{ConfigBag, Intercept, RuntimeComponents};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

/// Smaller differences are not one: `Date` has whole seconds, and answers take time.
const DIFFERENCE_MILLIS_MIN: i64 = 2_000;

/// What the `Date` header of the latest answer said. Clones share it.
///
/// ```
/// use jiff::SignedDuration;
/// use reverify::cognito::ServerClock;
///
/// let clock = ServerClock::default();
/// let here = "2026-03-01T12:00:00Z".parse()?;
/// assert_eq!((clock.ahead(here), clock.now(here)), (None, here));
/// clock.told("2026-03-01T11:58:20Z".parse()?);
/// let ahead = clock.ahead(here).unwrap_or_default();
/// assert_eq!(ahead.as_secs(), 99);
/// assert!(clock.now(here) < here - SignedDuration::from_secs(98));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ServerClock(Arc<Mutex<Option<Told>>>);

#[derive(Debug, Clone, Copy)]
struct Told {
    date: Timestamp,
    seen: Instant,
}

impl ServerClock {
    /// Takes a `Date` that came just now. One that agrees with what is known changes nothing, so that
    /// the moments of two calls are never told in the wrong order.
    pub fn told(&self, date: Timestamp) {
        let seen = Instant::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let agrees = known.is_some_and(|Told { date: before, seen }| {
            let since = SignedDuration::try_from(seen.elapsed()).unwrap_or_default();
            let off = date.duration_since(before + since).as_millis().abs();
            off < i128::from(DIFFERENCE_MILLIS_MIN)
        });
        if !agrees {
            *known = Some(Told { date, seen });
        }
    }

    /// How far this machine, whose time is `here` now, is ahead of the server, to half a second.
    pub fn ahead(&self, here: Timestamp) -> Option<SignedDuration> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Told { date, seen } = told?;
        let since = SignedDuration::try_from(seen.elapsed()).unwrap_or_default();
        // `Date` is cut to the second: in the mean it is half a second old.
        let there = date + since + SignedDuration::from_millis(500);
        Some(here.duration_since(there))
    }

    /// The server's time now, where this machine's is `here`.
    pub fn now(&self, here: Timestamp) -> Timestamp {
        self.then(here, here)
    }

    /// The server's time at a moment by this machine's clock, which is at `here` now.
    ///
    /// ```
    /// use jiff::SignedDuration;
    /// use reverify::cognito::ServerClock;
    ///
    /// let clock = ServerClock::default();
    /// clock.told("2026-03-01T12:00:00Z".parse()?);
    /// let here = "2026-03-01T12:00:00.5Z".parse()?;
    /// // The clocks agree, so they did a minute ago.
    /// let before = here - SignedDuration::from_secs(60);
    /// assert_eq!(clock.then(before, here), before);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn then(&self, moment: Timestamp, here: Timestamp) -> Timestamp {
        match self.ahead(here) {
            Some(ahead) if ahead.as_millis().abs() >= i128::from(DIFFERENCE_MILLIS_MIN) => {
                moment - ahead
            }
            _ => moment,
        }
    }
}

impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "ServerClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|text| DateTimeParser::new().parse_timestamp(text).ok());
        if let Some(date) = date {
            self.told(date);
        }
        Ok(())
    }
}
