//! What follows from the faults that strike together.

use std::time::Duration;

use crate::control::{Effect, Moment};

/// What happens to a call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct CallPlan {
    /// How much longer the answer takes.
    pub(crate) slow: Duration,
    /// The refusal in place of the operation: that of the first fault that has one.
    pub(crate) strike: Option<Strike>,
    /// When the connection is cut; before the operation if one fault says so.
    pub(crate) cut: Option<Moment>,
    /// Seconds for which a deleted user is still found.
    pub(crate) delay_delete: Option<u32>,
}

/// A refusal, which each service puts in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Strike {
    /// The service fails.
    InternalError,
    /// There are too many requests.
    Throttled,
    /// A user did something too often.
    AttemptLimit,
    /// A web ACL in front of a user pool blocks it.
    Blocked,
    /// IAM does not allow it.
    Denied(Denial),
}

/// What IAM says against a call.
///
/// The text is recorded for each of the services (such as HHS/simpler-grants-gov#6013 for SES); where
/// AWS names a resource differs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "User: {user} is not authorized to perform: {action}{} because no identity-based policy allows \
     the {action} action",
    .resource.as_ref().map(|arn| format!(" on resource: {arn}")).unwrap_or_default()
)]
pub(crate) struct Denial {
    /// The caller's ARN.
    pub(crate) user: String,
    /// Such as `ses:GetAccount`.
    pub(crate) action: String,
    /// The ARN of what it is about, or `*`; CloudTrail names none.
    pub(crate) resource: Option<String>,
}

/// How the way of a mail ends, the later on the way the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MailEnd {
    /// The caller is told that the day's mails are used up, and nothing is sent.
    OverQuota,
    /// The service drops it because its destination had too many.
    Throttled,
    /// Nothing is sent, and nobody is told.
    Lost,
    /// The receiving side refuses it for good.
    Bounced,
    /// It arrives.
    Delivery,
}

/// What happens to a mail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MailPlan {
    /// How its way ends; of several ends the one that comes first on the way.
    pub(crate) end: MailEnd,
    /// How much later it leaves, in seconds.
    pub(crate) delay_seconds: u32,
    /// How often it is sent.
    pub(crate) copies: u32,
    /// It leaves after the next one.
    pub(crate) held: bool,
    /// The receiving side takes it for spam.
    pub(crate) junk: bool,
}

impl Default for MailPlan {
    fn default() -> Self {
        Self {
            end: MailEnd::Delivery,
            delay_seconds: 0,
            copies: 1,
            held: false,
            junk: false,
        }
    }
}

impl CallPlan {
    /// The plan of these effects, in the order in which their faults were injected, for a call against
    /// which IAM would say this.
    pub(crate) fn of(effects: &[Effect], denial: Option<&Denial>) -> Self {
        let mut plan = Self::default();
        for effect in effects {
            let strike = match effect {
                Effect::InternalError {} => Some(Strike::InternalError),
                Effect::ThrottleRequests {} => Some(Strike::Throttled),
                Effect::BlockRequests {} => Some(Strike::Blocked),
                Effect::ExceedAttemptLimit {} => Some(Strike::AttemptLimit),
                Effect::DenyAccess {} => denial.cloned().map(Strike::Denied),
                Effect::SlowAnswer { milliseconds } => {
                    let slow = Duration::from_millis((*milliseconds).into());
                    plan.slow = plan.slow.max(slow);
                    None
                }
                Effect::CutConnection { when } => {
                    if plan.cut != Some(Moment::Before) {
                        plan.cut = Some(*when);
                    }
                    None
                }
                Effect::DelayDelete { seconds } => {
                    plan.delay_delete = plan.delay_delete.max(Some(*seconds));
                    None
                }
                _ => None,
            };
            plan.strike = plan.strike.or(strike);
        }
        plan
    }
}

impl MailPlan {
    /// The plan of these effects, in the order in which their faults were injected.
    pub(crate) fn of(effects: &[Effect]) -> Self {
        let mut plan = Self::default();
        for effect in effects {
            match effect {
                Effect::ExceedMailQuota {} => plan.end = plan.end.min(MailEnd::OverQuota),
                Effect::ThrottleDestination { .. } => plan.end = plan.end.min(MailEnd::Throttled),
                Effect::LoseMail {} => plan.end = plan.end.min(MailEnd::Lost),
                Effect::BounceMail {} => plan.end = plan.end.min(MailEnd::Bounced),
                Effect::DelayMail { seconds } => {
                    plan.delay_seconds = plan.delay_seconds.max(*seconds);
                }
                Effect::DuplicateMail { copies } => plan.copies += copies,
                Effect::ReorderMail {} => plan.held = true,
                Effect::JunkMail {} => plan.junk = true,
                _ => {}
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_a_call_add_up() {
        let slow = |milliseconds| Effect::SlowAnswer { milliseconds };
        let cut = |when| Effect::CutConnection { when };
        let cases = [
            (vec![], CallPlan::default()),
            (
                vec![
                    slow(5),
                    slow(9),
                    Effect::ThrottleRequests {},
                    Effect::InternalError {},
                ],
                CallPlan {
                    slow: Duration::from_millis(9),
                    strike: Some(Strike::Throttled),
                    ..CallPlan::default()
                },
            ),
            (
                vec![cut(Moment::After), cut(Moment::Before), cut(Moment::After)],
                CallPlan {
                    cut: Some(Moment::Before),
                    ..CallPlan::default()
                },
            ),
            (
                vec![
                    Effect::DelayDelete { seconds: 3 },
                    Effect::DelayDelete { seconds: 2 },
                ],
                CallPlan {
                    delay_delete: Some(3),
                    ..CallPlan::default()
                },
            ),
        ];
        for (effects, plan) in cases {
            assert_eq!(CallPlan::of(&effects, None), plan, "{effects:?}");
        }
    }

    #[test]
    fn iam_says_who_may_not_do_what() {
        let denial = |resource: Option<&str>| Denial {
            user: "arn:aws:iam::1:user/ada".to_owned(),
            action: "ses:GetAccount".to_owned(),
            resource: resource.map(str::to_owned),
        };
        let plan = CallPlan::of(&[Effect::DenyAccess {}], Some(&denial(Some("*"))));
        assert_eq!(plan.strike, Some(Strike::Denied(denial(Some("*")))));
        let head = "User: arn:aws:iam::1:user/ada is not authorized to perform: ses:GetAccount";
        let tail = "because no identity-based policy allows the ses:GetAccount action";
        let all = denial(Some("*")).to_string();
        assert_eq!(all, format!("{head} on resource: * {tail}"));
        assert_eq!(denial(None).to_string(), format!("{head} {tail}"));
    }

    #[test]
    fn faults_of_a_mail_add_up() {
        let plan = MailPlan::of(&[
            Effect::DuplicateMail { copies: 1 },
            Effect::DelayMail { seconds: 7 },
            Effect::DuplicateMail { copies: 2 },
            Effect::JunkMail {},
        ]);
        let expected = MailPlan {
            delay_seconds: 7,
            copies: 4,
            junk: true,
            ..MailPlan::default()
        };
        assert_eq!(plan, expected);
        let ends = [Effect::BounceMail {}, Effect::LoseMail {}];
        assert_eq!(MailPlan::of(&ends).end, MailEnd::Lost);
    }
}
