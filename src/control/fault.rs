//! Faults: what goes wrong, for whom, and how often.

use serde::{Deserialize, Serialize};

use super::{Effect, Pattern};
use crate::model::UserPoolId;

/// Longest delay that can be asked for on the emulator's clock: longer than any code lives.
const DELAY_SECONDS_MAX: u32 = 14 * 24 * 60 * 60;
/// Longest real wait before an answer: twice what SDKs wait by default.
const SLOW_MILLISECONDS_MAX: u32 = 120_000;
/// Most further copies of one mail.
const COPIES_MAX: u32 = 10;

/// Something that goes wrong from now on.
///
/// Without a scope it strikes everybody. What is scoped to an address, a pool or an operation strikes
/// there alone, so that scenarios run side by side; of several scopes all must fit.
///
/// ```
/// use reverify::control::{Effect, Fault};
///
/// let fault = Fault::new(Effect::LoseMail {})
///     .address("ada@mail.test".parse()?)
///     .times(1);
/// let json = r#"{"effect":{"kind":"lose_mail"},"address":"ada@mail.test","times":1}"#;
/// assert_eq!(serde_json::to_string(&fault)?, json);
/// assert!(fault.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What happens.
    pub effect: Effect,
    /// Only to this recipient or user, or to those whom the pattern fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Pattern>,
    /// Only in this pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<UserPoolId>,
    /// Only for calls of this operation, such as `SignUp`, `Admin*` or `logs:*`, and for mails that they
    /// cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Pattern>,
    /// Only for calls that were signed with this access key, or with those that the pattern fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Pattern>,
    /// Only the next so many times; without, until the fault is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// The name of a fault that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(pub u64);

/// A fault that is in force, or was until it had struck often enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveFault {
    /// Its name.
    pub id: FaultId,
    /// How often it struck.
    pub hits: u32,
    /// What was asked for.
    pub fault: Fault,
}

/// Why a fault cannot be injected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFault {
    /// A number beyond its bound.
    #[error("`{member}` is from {min} to {max}")]
    OutOfRange {
        /// The number's name.
        member: &'static str,
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// A scope that the place where the fault strikes cannot know.
    #[error("{0}")]
    Scope(&'static str),
}

impl Fault {
    /// A fault that strikes everybody, always.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            address: None,
            pool: None,
            operation: None,
            caller: None,
            times: None,
        }
    }

    /// The same for this address, or these.
    #[must_use]
    pub fn address(mut self, address: Pattern) -> Self {
        self.address = Some(address);
        self
    }

    /// The same for this pool.
    #[must_use]
    pub fn pool(mut self, pool: UserPoolId) -> Self {
        self.pool = Some(pool);
        self
    }

    /// The same for this operation, or these.
    #[must_use]
    pub fn operation(mut self, operation: Pattern) -> Self {
        self.operation = Some(operation);
        self
    }

    /// The same for the calls of this access key, or these.
    #[must_use]
    pub fn caller(mut self, caller: Pattern) -> Self {
        self.caller = Some(caller);
        self
    }

    /// The same, but only the next so many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Whether the fault can be injected.
    ///
    /// # Errors
    /// [`InvalidFault`] for a number beyond its bound, or a scope that does not fit the effect.
    pub fn check(&self) -> Result<(), InvalidFault> {
        let (member, value, min, max) = match self.effect {
            Effect::SlowAnswer { milliseconds } | Effect::TarpitMail { milliseconds } => {
                ("milliseconds", milliseconds, 1, SLOW_MILLISECONDS_MAX)
            }
            Effect::DelayDelete { seconds }
            | Effect::DelayMail { seconds }
            | Effect::DelayLogs { seconds, .. } => ("seconds", seconds, 1, DELAY_SECONDS_MAX),
            Effect::ThrottleDestination { per_seconds, .. } => {
                ("per_seconds", per_seconds, 1, DELAY_SECONDS_MAX)
            }
            Effect::DuplicateMail { copies } => ("copies", copies, 1, COPIES_MAX),
            _ => ("times", self.times.unwrap_or(1), 1, u32::MAX),
        };
        if value < min || value > max {
            return Err(InvalidFault::OutOfRange { member, min, max });
        }
        if self.times == Some(0) {
            return Err(InvalidFault::OutOfRange {
                member: "times",
                min: 1,
                max: u32::MAX,
            });
        }
        if self.caller.is_some() && !self.effect.strikes_calls() {
            return Err(InvalidFault::Scope(
                "only a call has a caller; scope what happens to a mail or a log otherwise",
            ));
        }
        let of_calls = self.pool.is_some() || self.operation.is_some();
        match self.effect {
            Effect::GreylistMail {}
            | Effect::RefuseMail { .. }
            | Effect::TarpitMail { .. }
            | Effect::CutMail { .. }
            | Effect::DiscardMail {}
            | Effect::UntagMail {}
                if of_calls =>
            {
                Err(InvalidFault::Scope(
                    "a receiving server knows neither pool nor operation; scope its faults to an \
                     address",
                ))
            }
            Effect::DelayLogs { .. } if of_calls || self.address.is_some() => {
                Err(InvalidFault::Scope(
                    "an event in a log belongs to a log group; scope delay_logs by its `log_group`",
                ))
            }
            _ => Ok(()),
        }
    }
}

impl std::fmt::Display for FaultId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_fault_is_refused() {
        for json in [
            r#"{"effect":{"kind":"lose_mails"}}"#,
            r#"{"effect":{"kind":"lose_mail","seconds":3}}"#,
            r#"{"effect":{"kind":"delay_mail"}}"#,
            r#"{"effect":{"kind":"lose_mail"},"adress":"a@b.c"}"#,
            r#"{"effect":{"kind":"cut_connection","when":"soon"}}"#,
            r#"{"effect":{"kind":"refuse_mail","reply":"250 2.0.0 ok"}}"#,
            r#"{"effect":{"kind":"refuse_mail","reply":"550 a\r\n250 b"}}"#,
            r#"{"effect":{"kind":"cut_mail","at":"never"}}"#,
        ] {
            assert!(serde_json::from_str::<Fault>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn bounds_and_scopes_are_held_to() {
        let cases = [
            (r#"{"effect":{"kind":"duplicate_mail"}}"#, None),
            (
                r#"{"effect":{"kind":"slow_answer","milliseconds":0}}"#,
                Some("milliseconds"),
            ),
            (
                r#"{"effect":{"kind":"delay_mail","seconds":1209601}}"#,
                Some("seconds"),
            ),
            (
                r#"{"effect":{"kind":"lose_mail"},"times":0}"#,
                Some("times"),
            ),
            (
                r#"{"effect":{"kind":"delay_mail","seconds":1},"times":0}"#,
                Some("times"),
            ),
            (
                r#"{"effect":{"kind":"greylist_mail"},"operation":"SignUp"}"#,
                Some("address"),
            ),
            (
                r#"{"effect":{"kind":"greylist_mail"},"address":"*@a.b"}"#,
                None,
            ),
            (
                r#"{"effect":{"kind":"cut_mail","at":"data"},"pool":"us-east-1_a"}"#,
                Some("address"),
            ),
            (
                r#"{"effect":{"kind":"tarpit_mail","milliseconds":120001}}"#,
                Some("milliseconds"),
            ),
            (
                r#"{"effect":{"kind":"refuse_mail","reply":"550 5.1.1 nobody here"}}"#,
                None,
            ),
            (
                r#"{"effect":{"kind":"lose_mail"},"caller":"diagnosis"}"#,
                Some("caller"),
            ),
            (r#"{"effect":{"kind":"deny_access"},"caller":"ci-*"}"#, None),
            (
                r#"{"effect":{"kind":"delay_logs","seconds":9},"pool":"us-east-1_a"}"#,
                Some("log_group"),
            ),
        ];
        for (json, expected) in cases {
            let checked = serde_json::from_str::<Fault>(json).unwrap().check();
            match (checked, expected) {
                (Ok(()), None) => {}
                (Err(error), Some(text)) if error.to_string().contains(text) => {}
                (other, _) => panic!("{json}: {other:?}"),
            }
        }
    }
}
