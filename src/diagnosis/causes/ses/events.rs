//! What SES's events tell about a mail that it took.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, SesEvent, SesEventKind, Source, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "ses-hard-bounce",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the receiving server refused the mail for good",
        meaning: "The mailbox does not exist, or the server takes no mail for it.",
        fix: "correct the address, then take it off the suppression list",
        sources: &["SES guide: event contents"],
        rule: ses_hard_bounce,
    },
    Cause {
        id: "ses-soft-bounce",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the receiving server kept refusing the mail until SES gave up",
        meaning: "Its mailbox may be full, or the message too large or unwelcome. SES tells only after \
                  the last attempt.",
        fix: "look at the receiving server's words, and try again later",
        sources: &["SES guide: event contents"],
        rule: ses_soft_bounce,
    },
    Cause {
        id: "ses-delivery-delay",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail is still on its way: SES goes on trying to deliver it",
        meaning: "The receiving server puts it off, by greylisting or because of a fault. The mail is \
                  not lost.",
        fix: "wait, or test with an address of another domain",
        sources: &["SES guide: event contents"],
        rule: ses_delivery_delay,
    },
    Cause {
        id: "ses-reject",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "SES refused the mail's content",
        meaning: "SES found a virus in it. For a verification mail, look at the text of a custom \
                  message.",
        fix: "change the message's text",
        sources: &["SES guide: event contents"],
        rule: ses_reject,
    },
    Cause {
        id: "ses-rendering-failure",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "SES could not fill in the template of the mail",
        meaning: "Cognito sends no templates, so a CustomEmailSender function does. The call succeeds, \
                  and only the event tells.",
        fix: "give the template all the values that it asks for",
        sources: &["SES API v2: EventDestination"],
        rule: ses_rendering_failure,
    },
];

/// The first event that says what a cause is about, or the opinion that there is none.
fn told_by_event(
    evidence: &Evidence,
    tells: impl Fn(&SesEvent) -> Option<String>,
) -> Result<Opinion, Gap> {
    if let Some(stored) = reading::mail_was_stored(evidence) {
        return Ok(Opinion::ruled_out(stored));
    }
    if let Some(delivered) = reading::mail_was_delivered(evidence) {
        return Ok(Opinion::ruled_out(delivered));
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    let pool = evidence.pool_at_request();
    let of_function = pool.as_ref().is_ok_and(|pool| pool.has_custom_sender());
    if let Ok(pool) = pool
        && !of_function
        && let Some(other) = reading::not_by_own_ses(pool)
    {
        return Ok(other);
    }
    let events = evidence.ses.events.need(SourceName::SesEvents)?;
    let mut found = events.iter().filter_map(|event| {
        let text = tells(event)?;
        Some(Fact::new(SourceName::SesEvents, text).at(event.at))
    });
    Ok(match found.next() {
        Some(first) => Opinion::certain(first).because_of(found),
        // SES publishes events late, or not at all.
        None => Opinion::possible(),
    })
}

/// The first bounce of a kind.
pub(super) fn bounce(evidence: &Evidence, is_it: impl Fn(&str, &str) -> bool) -> Option<Fact> {
    let bounced = |event: &SesEvent| {
        let text = shown_bounce(event, &is_it)?;
        Some(Fact::new(SourceName::SesEvents, text).at(event.at))
    };
    evidence.ses_events().iter().find_map(bounced)
}

/// The first bounce with such words of the receiving server.
pub(in super::super) fn bounce_saying(
    evidence: &Evidence,
    is_it: impl Fn(&str) -> bool,
) -> Option<Fact> {
    evidence
        .ses_events()
        .iter()
        .find_map(|event| match &event.kind {
            SesEventKind::Bounce { diagnostic, .. } if is_it(diagnostic) => {
                let text = format!("{} bounced: {diagnostic}", event.message_id);
                Some(Fact::new(SourceName::SesEvents, text).at(event.at))
            }
            _ => None,
        })
}

fn shown_bounce(event: &SesEvent, is_it: impl Fn(&str, &str) -> bool) -> Option<String> {
    let SesEventKind::Bounce {
        kind,
        sub_kind,
        diagnostic,
    } = &event.kind
    else {
        return None;
    };
    is_it(kind, sub_kind).then(|| {
        let id = &event.message_id;
        let words = if diagnostic.is_empty() {
            "no words"
        } else {
            diagnostic
        };
        format!("{id} bounced: {kind}, {sub_kind}: {words}")
    })
}

fn ses_hard_bounce(evidence: &Evidence) -> Result<Opinion, Gap> {
    // Suppressed addresses bounce permanently too, and have causes of their own.
    let hard = |kind: &str, sub_kind: &str| {
        kind == "Permanent" && !matches!(sub_kind, "Suppressed" | "OnAccountSuppressionList")
    };
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    // Where SES tells what it made of the answer, its word counts: some 5xx are soft for it.
    let bounced = |event: &SesEvent| matches!(event.kind, SesEventKind::Bounce { .. });
    if !evidence.ses_events().iter().any(bounced)
        && let Some(opinion) = refused_by_server(evidence, '5')
    {
        return Ok(opinion);
    }
    // A refusal of the sender has a cause of its own.
    told_by_event(evidence, |event| {
        shown_bounce(event, hard).filter(|text| !reading::is_about_authentication(text))
    })
}

/// What the receiving server says itself, where it can be asked: it refused a mail to the address
/// with an answer that begins so, and took none.
fn refused_by_server(evidence: &Evidence, digit: char) -> Option<Opinion> {
    if reading::mail_was_stored(evidence).is_some() {
        return None;
    }
    let mut facts = reading::rejections(evidence)
        .filter(|mail| mail.answer.starts_with(digit))
        // A full mailbox and a refused sender have causes of their own.
        .filter(|mail| !mail.answer.contains(".2.2"))
        .filter(|mail| !reading::is_about_authentication(&mail.answer))
        // What the server's state forbids (RFC 3463 §3.4), SES may call a soft bounce.
        .filter(|mail| !mail.answer.contains(" 5.3."))
        .map(reading::of_rejection);
    let first = facts.next()?;
    Some(Opinion::certain(first).because_of(facts))
}

fn ses_soft_bounce(evidence: &Evidence) -> Result<Opinion, Gap> {
    // A full mailbox has a cause of its own.
    let soft = |kind: &str, sub_kind: &str| kind != "Permanent" && sub_kind != "MailboxFull";
    told_by_event(evidence, |event| shown_bounce(event, soft))
}

fn ses_delivery_delay(evidence: &Evidence) -> Result<Opinion, Gap> {
    let bounced = evidence
        .ses_events()
        .iter()
        .any(|event| matches!(event.kind, SesEventKind::Bounce { .. }));
    if bounced {
        let text = "the mail bounced in the end";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::SesEvents, text)));
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if refused_by_server(evidence, '5').is_none()
        && let Some(opinion) = refused_by_server(evidence, '4')
    {
        return Ok(unless_given_up(evidence, opinion));
    }
    told_by_event(evidence, |event| match &event.kind {
        SesEventKind::DeliveryDelay { kind, diagnostic } if kind != "MailboxFull" => Some(format!(
            "{} is delayed: {kind}: {diagnostic}",
            event.message_id
        )),
        _ => None,
    })
}

/// A delay, as long as the mail is tried again: in the end only SES's events tell what became of it.
fn unless_given_up(evidence: &Evidence, delayed: Opinion) -> Opinion {
    match evidence.ses.events.need(SourceName::SesEvents) {
        Err(gap) if evidence.ses.events != Source::NotAsked => Opinion {
            confidence: Confidence::Likely,
            ..delayed.lacking(gap)
        },
        // Of the mails of Cognito's own sender nobody outside AWS hears.
        _ => delayed,
    }
}

fn ses_reject(evidence: &Evidence) -> Result<Opinion, Gap> {
    told_by_event(evidence, |event| match &event.kind {
        SesEventKind::Reject { reason } => {
            Some(format!("SES rejected {}: {reason}", event.message_id))
        }
        _ => None,
    })
}

fn ses_rendering_failure(evidence: &Evidence) -> Result<Opinion, Gap> {
    told_by_event(evidence, |event| match &event.kind {
        SesEventKind::RenderingFailure { error } => Some(format!(
            "{} could not be filled in: {error}",
            event.message_id
        )),
        _ => None,
    })
}
