//! What goes wrong.

use serde::{Deserialize, Serialize};

use super::Pattern;
use super::moment::{CutMoment, Moment, RefusalMoment};
use crate::model::SmtpRefusal;

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

impl Effect {
    /// Whether it happens to calls, and not to mails or logs.
    pub(super) fn strikes_calls(&self) -> bool {
        matches!(
            self,
            Self::InternalError {}
                | Self::ThrottleRequests {}
                | Self::BlockRequests {}
                | Self::DenyAccess {}
                | Self::ExceedAttemptLimit {}
                | Self::CutConnection { .. }
                | Self::SlowAnswer { .. }
                | Self::DelayDelete { .. }
        )
    }
}

fn one() -> u32 {
    1
}
