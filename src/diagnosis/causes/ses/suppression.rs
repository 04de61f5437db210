//! Suppression lists.

use jiff::Timestamp;

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, SesEvent, SesEventKind, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::not_asked::simulated_promise;
use super::super::reading::{self, of_pool};
use super::events::bounce;

/// Seconds after which a throttled address would have had its mail, but not a suppressed one.
const PERSISTENT_SECONDS: i64 = 24 * 60 * 60;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "ses-account-suppressed",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the address is on the SES account's suppression list",
        meaning: "A mail to it bounced, or somebody marked one as spam. SES takes further mails and \
                  does not send them.",
        fix: "remove the address with DeleteSuppressedDestination, and find the bounce that put it \
              there",
        sources: &["SES guide: account-level suppression list"],
        rule: ses_account_suppressed,
    },
    Cause {
        id: "ses-global-suppressed",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the address is on SES's global suppression list",
        meaning: "It bounced for some customer of SES lately. The list cannot be queried; the bounce \
                  is the only sign.",
        fix: "use the account-level suppression list, and wait or use another address",
        sources: &["SES guide: global suppression list"],
        rule: ses_global_suppressed,
    },
    Cause {
        id: "cognito-default-suppressed",
        stage: Stage::NotSent,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "the address is on the suppression list of Cognito's own sender",
        meaning: "A mail to it bounced once, perhaps before the mailbox existed. The list is AWS's \
                  and cannot be seen or changed; an address can stay on it for ever.",
        fix: "send through your own SES with an account-level suppression list",
        sources: &["Cognito guide: email settings"],
        rule: cognito_default_suppressed,
    },
];

fn ses_account_suppressed(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(stored) = reading::mail_was_stored(evidence) {
        return Ok(Opinion::ruled_out(stored));
    }
    if let Some(delivered) = reading::mail_was_delivered(evidence) {
        return Ok(Opinion::ruled_out(delivered));
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(other) = reading::not_by_own_ses(evidence.pool_at_request()?) {
        return Ok(other);
    }
    let event = evidence.ses_events().iter().find_map(suppressed_by_account);
    let entry = match evidence.ses.suppression.need(SourceName::SesSuppression) {
        Ok(entry) => entry,
        Err(gap) => {
            return match event {
                Some(event) => Ok(Opinion::certain(event).lacking(gap)),
                None => Err(gap),
            };
        }
    };
    Ok(match (entry, event) {
        (Some(entry), event) => {
            let text = format!("{} is on the list for {}", entry.address, entry.reason);
            let listed = Fact::new(SourceName::SesSuppression, text).at(entry.since);
            let asked = evidence
                .request()
                .map_or(evidence.case.until, |call| call.at);
            match (event, listed_by(evidence)) {
                (Some(event), _) => Opinion::certain(listed).because(event),
                // This mail's own bounce put the address on the list.
                (None, Some(bounce)) => Opinion::ruled_out(bounce),
                (None, None) if entry.since > asked => Opinion::ruled_out(listed),
                (None, None) => by_list_alone(evidence, listed, entry.since),
            }
        }
        (None, Some(event)) => Opinion::certain(event),
        (None, None) => Opinion::ruled_out(Fact::new(
            SourceName::SesSuppression,
            "the address is not on the list",
        )),
    })
}

/// What the list alone says of a mail for which it was in force: nothing, if the mail did not come as
/// far as SES.
fn by_list_alone(evidence: &Evidence, listed: Fact, since: Timestamp) -> Opinion {
    match stopped_before_ses(evidence) {
        Ok(Some(stopped)) => return Opinion::possible().because(listed).although(stopped),
        Ok(None) => {}
        Err(gap) => return Opinion::likely(listed).lacking(gap),
    }
    if since < evidence.case.since {
        return Opinion::certain(listed);
    }
    match evidence.ses.events.need(SourceName::SesEvents) {
        Ok(_) => Opinion::certain(listed),
        // It may be this mail's own bounce that put the address there.
        Err(gap) => Opinion::likely(listed).lacking(gap),
    }
}

/// That Cognito made no mail, or did not hand it over, if that is seen.
fn stopped_before_ses(evidence: &Evidence) -> Result<Option<Fact>, Gap> {
    if let Some(none) = no_mail_was_promised(evidence) {
        return Ok(Some(none));
    }
    if let Some(simulated) = simulated_promise(evidence)? {
        return Ok(Some(simulated));
    }
    let logged = evidence
        .notifications
        .read()
        .and_then(|lines| lines.first());
    Ok(logged.map(|line| {
        let text = format!("Cognito logged: {}", line.details);
        Fact::new(SourceName::NotificationLog, text).at(line.at)
    }))
}

/// That the answer to the request names no mail. An invitation's never does.
fn no_mail_was_promised(evidence: &Evidence) -> Option<Fact> {
    let call = evidence.request()?;
    let is_promised = match &*call.operation {
        "AdminCreateUser" => call.asked_for_mail != Some(false),
        _ => evidence.delivery().is_some_and(|one| one.medium == "EMAIL"),
    };
    (!is_promised).then(|| Fact::of_call(call, "no mail was promised"))
}

/// That the mail was refused by its receiving server, if it was: then SES had sent it.
fn listed_by(evidence: &Evidence) -> Option<Fact> {
    let bounced = bounce(evidence, |_, sub_kind| {
        !matches!(sub_kind, "Suppressed" | "OnAccountSuppressionList")
    });
    bounced.or_else(|| {
        let rejected = reading::rejections(evidence).next();
        rejected.map(reading::of_rejection)
    })
}

/// The event by which SES says that the account's list kept the mail.
fn suppressed_by_account(event: &SesEvent) -> Option<Fact> {
    let (SesEventKind::Bounce { sub_kind, .. } | SesEventKind::Complaint { sub_kind }) =
        &event.kind
    else {
        return None;
    };
    (sub_kind == "OnAccountSuppressionList").then(|| {
        let text = format!("SES did not send {}: {sub_kind}", event.message_id);
        Fact::new(SourceName::SesEvents, text).at(event.at)
    })
}

fn ses_global_suppressed(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(stored) = reading::mail_was_stored(evidence) {
        return Ok(Opinion::ruled_out(stored));
    }
    if let Some(delivered) = reading::mail_was_delivered(evidence) {
        return Ok(Opinion::ruled_out(delivered));
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(other) = reading::not_by_own_ses(evidence.pool_at_request()?) {
        return Ok(other);
    }
    evidence.ses.events.need(SourceName::SesEvents)?;
    let event = bounce(evidence, |kind, sub_kind| {
        kind == "Permanent" && sub_kind == "Suppressed"
    });
    Ok(event.map_or_else(Opinion::possible, Opinion::certain))
}

fn cognito_default_suppressed(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(stored) = reading::mail_was_stored(evidence) {
        return Ok(Opinion::ruled_out(stored));
    }
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    let pool = evidence.pool_at_request()?;
    if !pool.sends_by_default() {
        return Ok(Opinion::ruled_out(of_pool(
            "the pool does not mail by COGNITO_DEFAULT",
        )));
    }
    if let Some(none) = no_mail_was_promised(evidence) {
        return Ok(Opinion::ruled_out(none));
    }
    // The address once had a mail in this run: then it was not on the list.
    let earlier = evidence
        .inbox
        .mails
        .read()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if let Some(mail) = earlier.iter().find(|mail| {
        mail.recipient == super::super::super::evidence::Recipient::Exact && !mail.after_position
    }) {
        let text = format!("the earlier mail {:?} reached the address", mail.subject);
        return Ok(Opinion::ruled_out(
            Fact::new(SourceName::Inbox, text).at(mail.at),
        ));
    }
    let control = match evidence.control.need(SourceName::ControlExperiment) {
        Ok(control) => control,
        Err(gap) => return Ok(Opinion::possible().lacking(gap)),
    };
    if !control.arrived {
        let text = format!("a mail to {} is missing too", control.address);
        let fact = Fact::new(SourceName::ControlExperiment, text);
        return Ok(Opinion::ruled_out(fact));
    }
    let text = format!("a mail to {} arrived", control.address);
    let fact = Fact::new(SourceName::ControlExperiment, text);
    let asked = evidence.first_sign_up().or(evidence.request());
    let waited = asked.map_or(0, |call| {
        evidence.case.until.duration_since(call.at).as_secs()
    });
    Ok(if waited >= PERSISTENT_SECONDS {
        Opinion::likely(fact)
    } else {
        Opinion::possible().because(fact)
    })
}
