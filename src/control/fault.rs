//! Faults: what goes wrong, for whom, and how often.

use serde::{Deserialize, Serialize};

use super::Pattern;
use super::moment::{CutMoment, Moment, RefusalMoment};
use crate::model::{SmtpRefusal, UserPoolId};

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
    /// Only the next so many times; without, until the fault is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// The call fails with its service's name for that, such as `InternalErrorException`, status 500,
    /// and changes nothing.
    InternalError {},
    /// The call fails as beyond a request rate: `TooManyRequestsException`, or `ThrottlingException` of
    /// CloudWatch Logs and CloudTrail.
    ThrottleRequests {},
    /// The call fails with `ForbiddenException`, as where a web ACL in front of the pool blocks it
    /// (Cognito guide: AWS WAF). The operation does not run.
    BlockRequests {},
    /// The call fails with `AccessDeniedException`, as where no policy of IAM allows it. Calls that IAM
    /// is not asked about, such as `SignUp`, are not struck.
    ///
    /// ```
    /// use reverify::control::{Effect, Fault};
    ///
    /// let fault = Fault::new(Effect::DenyAccess {}).operation("ses:GetAccount".parse()?);
    /// assert!(fault.check().is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    DenyAccess {},
    /// The call fails with `LimitExceededException`, as beyond a user's calls in an hour.
    ExceedAttemptLimit {},
    /// The connection is cut instead of an answer.
    CutConnection {
        /// Whether the operation ran.
        #[serde(default)]
        when: Moment,
    },
    /// The answer takes this much longer, in real time.
    SlowAnswer {
        /// How much longer.
        milliseconds: u32,
    },
    /// A deletion succeeds, and the user is still found for a while: eventual consistency.
    DelayDelete {
        /// How long, on the emulator's clock.
        seconds: u32,
    },
    /// A call that would mail fails as beyond the default sender's daily quota.
    ExceedMailQuota {},
    /// Further mails to one destination are dropped without a word, as AWS documents it without
    /// naming numbers (CAUSES.md, per-destination-throttle).
    ThrottleDestination {
        /// Mails that still go out.
        mails: u32,
        /// In how long a time, on the emulator's clock.
        per_seconds: u32,
    },
    /// The mail leaves later.
    DelayMail {
        /// How much later, on the emulator's clock.
        seconds: u32,
    },
    /// The mail never leaves, and nobody is told.
    LoseMail {},
    /// The mail is sent several times.
    DuplicateMail {
        /// How many more mails than one.
        #[serde(default = "one")]
        copies: u32,
    },
    /// The mail leaves after the next one to the same address, or after a minute on the emulator's
    /// clock.
    ReorderMail {},
    /// The receiving side refuses the mail for good, which the caller of Cognito does not see.
    BounceMail {},
    /// The receiving side files the mail as spam: it carries `X-Spam-Flag: YES`.
    JunkMail {},
    /// The receiving server answers 451 to the next attempts; the sender tries again later. Only an
    /// address can be its scope: a server knows no more of a mail at that point.
    GreylistMail {},
    /// The receiving server refuses the mail. Scoped as [`Effect::GreylistMail`] is.
    RefuseMail {
        /// The reply: `4xx`, and the sender tries again, or `5xx`.
        reply: SmtpRefusal,
        /// At which command.
        #[serde(default)]
        at: RefusalMoment,
    },
    /// The receiving server takes its time over the recipient, in real time. Scoped as
    /// [`Effect::GreylistMail`] is.
    TarpitMail {
        /// How much later it answers.
        milliseconds: u32,
    },
    /// The receiving server cuts the connection. Scoped as [`Effect::GreylistMail`] is.
    CutMail {
        /// Where.
        #[serde(default)]
        at: CutMoment,
    },
    /// The receiving server takes the mail, and files it nowhere. Scoped as [`Effect::GreylistMail`]
    /// is.
    DiscardMail {},
    /// The receiving server files the mail in the mailbox without the address's tag. Scoped as
    /// [`Effect::GreylistMail`] is.
    UntagMail {},
    /// Events become visible in CloudWatch Logs later.
    DelayLogs {
        /// How much later, on the emulator's clock.
        seconds: u32,
        /// Only in these log groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log_group: Option<Pattern>,
    },
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

fn one() -> u32 {
    1
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
