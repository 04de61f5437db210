//! Refusals by a limit, and for users who need no code.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, MAY_SEND, Refusal, SourceName, TrailEvent};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_pool, of_user};
use super::settings::left_behind;

/// Mails a day that Cognito sends for an account without SES (Cognito quotas).
const DEFAULT_MAILS_PER_DAY: usize = 50;
/// The text of the daily limit; other limits of the same exception have other texts.
const DAILY_LIMIT: &str = "Exceeded daily email limit";

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "api-rate-throttled",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "there were too many requests in this second, and Cognito refused",
        meaning: "Sign-ups, confirmations and AdminCreateUser of all pools share one rate per account \
                  and region.",
        fix: "send fewer at once, and repeat a throttled call after a pause",
        sources: &["Cognito quotas"],
        rule: api_rate_throttled,
    },
    Cause {
        id: "resend-hourly-limit",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the user asked for too many codes within the hour",
        meaning: "Cognito sends five codes an hour to a user. The limit cannot be raised, and whether \
                  a deletion resets it is not known.",
        fix: "wait an hour, or test with a fresh address",
        sources: &["Cognito quotas", "gh:aws-amplify/amplify-js#1420"],
        rule: resend_hourly_limit,
    },
    Cause {
        id: "default-mail-daily-quota",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "Cognito's own 50 mails of this day are used up",
        meaning: "With COGNITO_DEFAULT all pools of an account share 50 mails a day, counted anew at \
                  09:00 UTC. The user is created all the same.",
        fix: "send through your own SES (EmailSendingAccount DEVELOPER), delete the user that was left \
              behind, and try again after 09:00 UTC",
        sources: &["Cognito quotas", "API: SignUp"],
        rule: default_mail_daily_quota,
    },
    Cause {
        id: "default-mail-bounce-restricted",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "Cognito limits this account's mails further, because too many bounced",
        meaning: "An account whose mails keep bouncing gets fewer than 50 a day. No API shows the \
                  reduced limit.",
        fix: "stop mailing to invented addresses, use SES's mailbox simulator for tests, and move to \
              your own SES",
        sources: &[
            "Cognito guide: signing up users",
            "gh:aws-amplify/amplify-cli#12922",
        ],
        rule: default_mail_bounce_restricted,
    },
    Cause {
        id: "already-confirmed",
        stage: Stage::Refused,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the user is confirmed already, so no code is due",
        meaning: "A resend for a confirmed user is refused.",
        fix: "none is needed; for an address that is not verified, use \
              GetUserAttributeVerificationCode",
        sources: &["gh:aws-amplify/amplify-js#1614"],
        rule: already_confirmed,
    },
];

fn api_rate_throttled(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    let throttled = refusal.is("TooManyRequestsException") || refusal.is("ThrottlingException");
    Ok(if throttled {
        Opinion::certain(reading::refused(&refusal))
    } else {
        reading::says_otherwise(&refusal)
    })
}

fn resend_hourly_limit(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = match reading::refusal(evidence)? {
        Ok(refusal) => refusal,
        Err(accepted) => return Ok(accepted),
    };
    if !(refusal.is("LimitExceededException") && refusal.says("Attempt limit exceeded")) {
        return Ok(reading::says_otherwise(&refusal));
    }
    let operation = &refusal.call.operation;
    let before = evidence.before().iter();
    let count = before.filter(|call| call.operation == *operation).count();
    let text = format!("the run called {operation} {count} times before");
    Ok(Opinion::certain(reading::refused(&refusal)).because(Fact::new(SourceName::OwnCalls, text)))
}

/// The daily limit as Cognito words it, or the opinion that it said something else.
fn daily_limit(evidence: &Evidence) -> Result<Result<Fact, Opinion>, Gap> {
    let is_daily =
        |refusal: &Refusal<'_>| refusal.is("LimitExceededException") && refusal.says(DAILY_LIMIT);
    Ok(match reading::refusal(evidence)? {
        Ok(refusal) if is_daily(&refusal) => Ok(reading::refused(&refusal)),
        Ok(refusal) => match reading::refusal_that_left_the_user(evidence) {
            Some(earlier) if is_daily(&earlier) => Ok(reading::refused(&earlier)),
            _ => Err(reading::says_otherwise(&refusal)),
        },
        Err(accepted) => Err(accepted),
    })
}

/// The calls that CloudTrail saw which can have sent a mail (CAUSES.md, query Q5).
fn mails_by_trail(events: &[TrailEvent]) -> usize {
    let may_send = |event: &&TrailEvent| {
        let failed = event
            .error_code
            .as_deref()
            .is_some_and(|code| !code.is_empty());
        MAY_SEND.iter().any(|name| event.is_cognito(name)) && !failed
    };
    events.iter().filter(may_send).count()
}

fn default_mail_daily_quota(evidence: &Evidence) -> Result<Opinion, Gap> {
    let pool = evidence.pool_at_request();
    if let Ok(pool) = pool
        && !pool.sends_by_default()
    {
        let text = "the pool does not mail by COGNITO_DEFAULT";
        return Ok(Opinion::ruled_out(of_pool(text)));
    }
    match daily_limit(evidence) {
        Ok(Ok(proof)) => {
            return Ok(Opinion::certain(proof).because_of(left_behind(evidence)));
        }
        Ok(Err(other)) => return Ok(other),
        // A person reported it: count what CloudTrail saw.
        Err(_) => {}
    }
    pool?;
    let events = evidence.trail.need(SourceName::Trail)?;
    let count = mails_by_trail(events);
    let text = format!("CloudTrail has {count} calls of this day that may have sent a mail");
    let fact = Fact::new(SourceName::Trail, text);
    Ok(if count >= DEFAULT_MAILS_PER_DAY {
        Opinion::likely(fact)
    } else {
        Opinion::possible().although(fact)
    })
}

fn default_mail_bounce_restricted(evidence: &Evidence) -> Result<Opinion, Gap> {
    let proof = match daily_limit(evidence)? {
        Ok(proof) => proof,
        Err(other) => return Ok(other),
    };
    let events = match evidence.trail.need(SourceName::Trail) {
        Ok(events) => events,
        Err(gap) => return Ok(Opinion::possible().because(proof).lacking(gap)),
    };
    let count = mails_by_trail(events);
    let text = format!("CloudTrail has {count} calls of this day that may have sent a mail");
    let fact = Fact::new(SourceName::Trail, text);
    Ok(if count >= DEFAULT_MAILS_PER_DAY {
        Opinion::ruled_out(fact)
    } else if evidence.trail.is_lagging() {
        Opinion::possible().because(proof).because(fact)
    } else {
        Opinion::likely(proof).because(fact)
    })
}

fn already_confirmed(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    if call.operation != "ResendConfirmationCode" {
        return Ok(reading::was_another(call));
    }
    if let Some(refusal) = call.refusal() {
        if !refusal.says("already confirmed") {
            return Ok(reading::says_otherwise(&refusal));
        }
        // Said of every user who is not to be confirmed, such as one with a temporary password.
        let refused = reading::refused(&refusal);
        return Ok(match reading::user(evidence) {
            Ok(user) if user.is("CONFIRMED") => Opinion::certain(refused),
            Ok(user) => {
                let status = of_user(user, format!("its status is {}", user.status));
                Opinion::possible().because(refused).although(status)
            }
            Err(gap) => Opinion::likely(refused).lacking(gap),
        });
    }
    // An accepted resend for a confirmed user was reported too; its answer promises nothing.
    let user = reading::user(evidence)?;
    let status = of_user(user, format!("its status is {}", user.status));
    Ok(if user.is("CONFIRMED") {
        Opinion::likely(status)
    } else {
        Opinion::ruled_out(status)
    })
}
