//! The quotas of an account that count calls and mails.

use serde::{Deserialize, Serialize};

/// Mails of the default sender in a day, for all pools of an account (COGNITO.md 2.7 \[R\], 9 \[D\]).
const DEFAULT_SENDER_MAILS_PER_DAY: u32 = 50;

/// What AWS allows an account by default, and the emulator only refuses when told to.
///
/// Off by default: a test suite signs up more than fifty users a day, and whoever looks for an
/// emulator wants to escape exactly that limit. [`Quotas::aws`] switches AWS's defaults on.
///
/// The limits that count one user's calls in an hour, or wrong passwords, are always in force: they
/// belong to what a user sees, not to what an account has bought.
///
/// ```
/// use reverify::control::Quotas;
///
/// assert_eq!(Quotas::default().default_sender_mails_per_day, None);
/// assert_eq!(Quotas::aws().default_sender_mails_per_day, Some(50));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotas {
    /// Mails of pools with `EmailSendingAccount: COGNITO_DEFAULT`, all together, from one 09:00 UTC
    /// to the next; no limit without.
    #[serde(default)]
    pub default_sender_mails_per_day: Option<u32>,
    /// Whether calls of one category are counted each second, and how many there may be.
    #[serde(default)]
    pub request_rates: RequestRates,
}

/// How many calls of one category a second may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestRates {
    /// Any number.
    #[default]
    Unlimited,
    /// AWS's defaults for each category (COGNITO.md 9 \[D\]).
    Aws,
    /// This number in every category, for tests that should not need 50 calls in a second.
    PerSecond(u32),
}

impl Quotas {
    /// AWS's defaults.
    #[must_use]
    pub fn aws() -> Self {
        Self {
            default_sender_mails_per_day: Some(DEFAULT_SENDER_MAILS_PER_DAY),
            request_rates: RequestRates::Aws,
        }
    }
}
