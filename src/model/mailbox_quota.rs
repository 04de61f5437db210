//! How full a mailbox is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a mailbox may hold, and holds (RFC 9208).
///
/// ```
/// use reverify::model::{MailboxQuota, QuotaUnit};
///
/// let quota = MailboxQuota { used: 9, limit: 10, unit: QuotaUnit::Messages };
/// assert_eq!(quota.to_string(), "9 of 10 messages");
/// assert!(!quota.is_full());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxQuota {
    /// In use.
    pub used: u64,
    /// At most; 0 where there is no limit.
    pub limit: u64,
    /// What is counted.
    #[serde(default)]
    pub unit: QuotaUnit,
}

/// What a quota counts: the resources of RFC 9208 §5.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaUnit {
    /// `STORAGE`, in units of 1024 bytes.
    #[default]
    Kibibytes,
    /// `MESSAGE`.
    Messages,
    /// Another resource of the server's.
    Other,
}

impl MailboxQuota {
    /// Whether nothing more fits.
    pub fn is_full(&self) -> bool {
        self.limit > 0 && self.used >= self.limit
    }

    /// How near it is to its limit, in thousandths of the limit.
    pub fn permille(&self) -> u64 {
        let used = u128::from(self.used) * 1_000;
        let share = used.checked_div(self.limit.into()).unwrap_or(0);
        u64::try_from(share).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for MailboxQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            QuotaUnit::Kibibytes => " KiB",
            QuotaUnit::Messages => " messages",
            QuotaUnit::Other => "",
        };
        write!(f, "{} of {}{unit}", self.used, self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_full_at_its_limit() {
        let cases = [
            (0, 0, false, 0),
            (5, 0, false, 0),
            (9, 10, false, 900),
            (10, 10, true, 1_000),
            (11, 10, true, 1_100),
            (u64::MAX, 1, true, u64::MAX),
        ];
        for (used, limit, is_full, permille) in cases {
            let unit = QuotaUnit::Kibibytes;
            let quota = MailboxQuota { used, limit, unit };
            assert_eq!((quota.is_full(), quota.permille()), (is_full, permille));
        }
    }
}
