//! Why a service did not answer with what was asked for.

use std::error::Error;
use std::time::Duration;

use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};

use super::permission;
use crate::diagnosis::Source;

/// The pause before a question is repeated for the first time; an embedded service is free again at
/// once, and AWS counts requests by the second.
const PAUSE_MILLISECONDS_MIN: u64 = 50;
/// The longest pause between two tries.
const PAUSE_MILLISECONDS_MAX: u64 = 5_000;
/// Tries of a question that meets faults: AWS's own clients try three times.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
const FAULTS_MAX: u32 = 3;

/// Why an answer is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// There is no such thing; the service's words.
    Absent(String),
    /// Access was denied; the permission that opens it.
    Denied(String),
    /// Anything else, in the service's words.
    Failed(String),
}

impl Miss {
    /// The outcome of a source that is about something which has to be there.
    pub(super) fn outcome<T>(self) -> Source<T> {
        match self {
            Self::Absent(reason) | Self::Failed(reason) => Source::Failed { reason },
            Self::Denied(permission) => Source::Denied { permission },
        }
    }

    /// The same, of a source that is about something which may well be missing.
    pub(super) fn optional<T>(answer: Result<T, Self>) -> Source<Option<T>> {
        match answer {
            Ok(found) => Source::from(Some(found)),
            Err(Self::Absent(_)) => Source::from(None),
            Err(miss) => miss.outcome(),
        }
    }
}

/// The outcome of an answer that has to be there.
pub(super) fn needed<T>(answer: Result<T, Miss>) -> Source<T> {
    answer.map_or_else(Miss::outcome, Source::from)
}

/// The pauses between tries: each twice as long as the one before it, up to a limit.
pub(super) struct Pauses {
    next: Duration,
    max: Duration,
}

impl Pauses {
    /// Pauses from `first` up to `max`.
    pub(super) fn between(first: Duration, max: Duration) -> Self {
        Self { next: first, max }
    }

    /// How long to wait now.
    pub(super) fn take(&mut self) -> Duration {
        let now = self.next;
        self.next = (now * 2).min(self.max);
        now
    }
}

/// Asks a service, and asks again while it is busy.
///
/// Requests that were too many are repeated without an end of their own: whoever waits has a
/// deadline, and drops this. Faults of the service or of the way to it are repeated a few times.
/// Only questions come here, so that a repeated one changes nothing.
///
/// # Errors
///
/// Why there is no answer; a denial names `permission`, unless the service says which one it was.
pub(super) async fn ask<T, E, R, F>(
    permission: &'static str,
    mut request: impl FnMut() -> F,
) -> Result<T, Miss>
where
    F: Future<Output = Result<T, SdkError<E, R>>>,
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    let mut pauses = Pauses::between(
        Duration::from_millis(PAUSE_MILLISECONDS_MIN),
        Duration::from_millis(PAUSE_MILLISECONDS_MAX),
    );
    let mut faults = 0;
    loop {
        // The SDK's futures are tens of kilobytes large, and many of them are joined.
        let error = match Box::pin(request()).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let refusal = error.as_service_error();
        let code = refusal.and_then(ProvideErrorMetadata::code);
        match temper(code) {
            Temper::Busy => {}
            Temper::Fault if faults + 1 < FAULTS_MAX => faults += 1,
            Temper::Fault | Temper::Refusal => {
                return Err(match code {
                    Some(code) => {
                        let message = refusal.and_then(ProvideErrorMetadata::message);
                        refused(permission, code, message.unwrap_or("(no message)"))
                    }
                    None => Miss::Failed(unanswered(&error)),
                });
            }
        }
        // Nothing tells when the next request is welcome.
        tokio::time::sleep(pauses.take()).await;
    }
}

/// What an exception says about asking again.
#[derive(Debug, PartialEq, Eq)]
enum Temper {
    /// Later it will answer.
    Busy,
    /// It may answer.
    Fault,
    /// It will say the same again.
    Refusal,
}

fn temper(code: Option<&str>) -> Temper {
    // <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>, and the quotas
    // on requests as each service names them.
    const BUSY: [&str; 6] = [
        "LimitExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "SlowDown",
    ];
    const FAULTS: [&str; 6] = [
        "InternalErrorException",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceErrorException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    ];
    match code {
        Some(code) if BUSY.contains(&code) => Temper::Busy,
        Some(code) if !FAULTS.contains(&code) => Temper::Refusal,
        _ => Temper::Fault,
    }
}

/// Sorts an exception.
fn refused(permission: &'static str, code: &str, message: &str) -> Miss {
    // Services have their own names for what does not exist.
    const ABSENT: [&str; 3] = [
        "NotFoundException",
        "ResourceNotFoundException",
        "UserNotFoundException",
    ];
    const DENIED: [&str; 3] = [
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
    ];
    let words = || format!("{code}: {message}");
    if ABSENT.contains(&code) {
        Miss::Absent(words())
    } else if DENIED.contains(&code) {
        Miss::Denied(denied_action(message).unwrap_or(permission).to_owned())
    } else if message.to_ascii_lowercase().contains("kms key") {
        // A group whose key may not be used is refused with other exceptions too.
        Miss::Denied(permission::DECRYPT.to_owned())
    } else {
        Miss::Failed(words())
    }
}

/// The action that a denial names: `User: ARN is not authorized to perform: ACTION on resource: ...`
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>).
fn denied_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let is_action = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-');
    let action = rest.split(|c: char| !is_action(c)).next()?;
    let (service, name) = action.split_once(':')?;
    (!service.is_empty() && !name.is_empty()).then_some(action)
}

/// The SDK's words from the outside in; the outermost alone says only "dispatch failure".
fn unanswered(error: &dyn Error) -> String {
    let mut words = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        words.push(inner.to_string());
        source = inner.source();
    }
    words.dedup();
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_sorted() {
        let denied = "User: arn:aws:iam::1:user/ada is not authorized to perform: logs:StartQuery \
                      on resource: arn:aws:logs:eu-west-1:1:log-group:g";
        let cases = [
            (
                "AccessDeniedException",
                denied,
                Miss::Denied("logs:StartQuery".into()),
            ),
            (
                "AccessDeniedException",
                "",
                Miss::Denied("ses:GetAccount".into()),
            ),
            (
                "AccessDenied",
                "x is not authorized to perform: kms:Decrypt",
                Miss::Denied("kms:Decrypt".into()),
            ),
            (
                "AccessDenied",
                "not authorized to perform: :",
                Miss::Denied("ses:GetAccount".into()),
            ),
            (
                "InvalidParameterException",
                "The specified KMS key does not exist or is not allowed to be used",
                Miss::Denied("kms:Decrypt".into()),
            ),
            (
                "NotFoundException",
                "no",
                Miss::Absent("NotFoundException: no".into()),
            ),
            (
                "ExpiredTokenException",
                "The security token included in the request is expired",
                Miss::Failed(
                    "ExpiredTokenException: The security token included in the request is expired"
                        .into(),
                ),
            ),
        ];
        for (code, message, expected) in cases {
            assert_eq!(refused("ses:GetAccount", code, message), expected, "{code}");
        }
    }

    #[test]
    fn who_is_asked_again() {
        let cases = [
            (Some("LimitExceededException"), Temper::Busy),
            (Some("ThrottlingException"), Temper::Busy),
            (Some("ServiceUnavailableException"), Temper::Fault),
            (None, Temper::Fault),
            (Some("ExpiredTokenException"), Temper::Refusal),
        ];
        for (code, expected) in cases {
            assert_eq!(temper(code), expected, "{code:?}");
        }
    }

    #[test]
    fn pauses_grow_to_their_limit() {
        let ms = Duration::from_millis;
        let mut pauses = Pauses::between(ms(10), ms(35));
        let taken = [(); 4].map(|()| pauses.take());
        assert_eq!(taken, [ms(10), ms(20), ms(35), ms(35)]);
    }
}
