//! What many rules ask of the evidence.

use super::super::evidence::{
    Call, Evidence, Gap, PoolSettings, Refusal, RejectedMail, SesEvent, SesEventKind, SourceName,
    User,
};
use super::super::finding::{Fact, Opinion};

/// The request that should have caused the mail.
///
/// # Errors
///
/// The gap, if the trouble was reported by a person and no run saw it.
pub(super) fn request(evidence: &Evidence) -> Result<&Call, Gap> {
    evidence.request().ok_or_else(|| Gap {
        source: SourceName::OwnCalls,
        why: "no run of the checker made the request".to_owned(),
        remedy: Some("let a scenario sign the address up".to_owned()),
    })
}

/// The exception that the request was answered with, or the opinion that there is none.
///
/// # Errors
///
/// As [`request`].
pub(super) fn refusal(evidence: &Evidence) -> Result<Result<Refusal<'_>, Opinion>, Gap> {
    let call = request(evidence)?;
    Ok(call.refusal().ok_or_else(|| was_accepted(call)))
}

/// The refusal of an earlier sign-up that left its user behind, where the request was refused because
/// that user is there now.
///
/// Some refusals come when the user exists already, and only its message could not be sent
/// (API: SignUp, LimitExceededException; gh:aws-amplify/amplify-js#964).
pub(super) fn refusal_that_left_the_user(evidence: &Evidence) -> Option<Refusal<'_>> {
    let request = evidence.refusal()?;
    if !request.is("UsernameExistsException") {
        return None;
    }
    evidence
        .since_deletion()
        .iter()
        .rev()
        .filter(|call| call.operation == "SignUp")
        .filter_map(Call::refusal)
        .find(|earlier| !earlier.is("UsernameExistsException"))
}

/// The exception, shown as Cognito worded it.
pub(super) fn refused(refusal: &Refusal<'_>) -> Fact {
    let Refusal {
        call,
        code,
        message,
    } = refusal;
    Fact::of_call(
        call,
        format!("{} was refused with {code}: {message}", call.operation),
    )
}

/// The opinion that nothing was refused.
pub(super) fn was_accepted(call: &Call) -> Opinion {
    let text = match &call.reply {
        super::super::evidence::Reply::Unanswered { reason } => {
            format!("{} was not answered: {reason}", call.operation)
        }
        _ => format!("{} was answered with success", call.operation),
    };
    Opinion::ruled_out(Fact::of_call(call, text))
}

/// The opinion that a refusal says something else.
pub(super) fn says_otherwise(refusal: &Refusal<'_>) -> Opinion {
    Opinion::ruled_out(refused(refusal))
}

/// The opinion that another operation was called.
pub(super) fn was_another(call: &Call) -> Opinion {
    let text = format!("the mail was asked for with {}", call.operation);
    Opinion::ruled_out(Fact::of_call(call, text))
}

/// A fact about the pool's settings.
pub(super) fn of_pool(text: impl Into<String>) -> Fact {
    Fact::new(SourceName::UserPool, text)
}

/// A fact about the user.
pub(super) fn of_user(user: &User, text: impl Into<String>) -> Fact {
    Fact::new(SourceName::User, text).at(user.created)
}

/// The user for whom the mail was, if there is one.
///
/// # Errors
///
/// The gap, if nobody could look, or if the user is gone.
pub(super) fn user(evidence: &Evidence) -> Result<&User, Gap> {
    let found = evidence.user.need(SourceName::User)?;
    found.as_ref().ok_or_else(|| Gap {
        source: SourceName::User,
        why: "there is no such user any more".to_owned(),
        remedy: None,
    })
}

/// That Cognito said it sends a mail, if it did: then the request asked for one.
pub(super) fn mail_was_promised(evidence: &Evidence) -> Option<Fact> {
    let call = evidence.request()?;
    let mut deliveries = call.deliveries().iter();
    let mail = deliveries.find(|delivery| delivery.medium == "EMAIL")?;
    let text = format!(
        "{} said that the code goes by EMAIL to {}",
        call.operation, mail.destination
    );
    Some(Fact::of_call(call, text))
}

/// That the mail arrived after all, if it did: then nothing before the inbox kept it away.
pub(super) fn mail_was_stored(evidence: &Evidence) -> Option<Fact> {
    let mails = evidence.inbox.mails.read()?;
    let mail = mails.iter().find(|mail| mail.is_awaited())?;
    let text = format!("the mail {:?} lies in {}", mail.subject, mail.folder);
    Some(Fact::new(SourceName::Inbox, text).at(mail.at))
}

/// That SES handled the mail, if it did: then Cognito handed it over.
pub(super) fn mail_reached_ses(evidence: &Evidence) -> Option<Fact> {
    let event = evidence.ses_events().first()?;
    let text = format!("SES has the mail under the id {}", event.message_id);
    Some(Fact::new(SourceName::SesEvents, text).at(event.at))
}

/// That the receiving server took the mail, if SES says so.
pub(super) fn mail_was_delivered(evidence: &Evidence) -> Option<Fact> {
    let delivered = |event: &SesEvent| match &event.kind {
        SesEventKind::Delivery { smtp_response } => {
            let text = format!("SES delivered the mail: {smtp_response}");
            Some(Fact::new(SourceName::SesEvents, text).at(event.at))
        }
        _ => None,
    };
    evidence.ses_events().iter().find_map(delivered)
}

/// Mails to the address that the receiving server refused in the time of the case, in order; those of
/// earlier requests say nothing about this one.
pub(super) fn rejections(evidence: &Evidence) -> impl Iterator<Item = &RejectedMail> {
    let address = evidence.case.address.mailbox_key();
    let since = evidence.case.since;
    let rejected = evidence.inbox.rejected.read().into_iter().flatten();
    rejected.filter(move |mail| mail.to.to_lowercase() == address && mail.at >= since)
}

/// What the receiving server said of a mail that it refused.
pub(super) fn of_rejection(mail: &RejectedMail) -> Fact {
    let text = format!("the receiving server answered {}", mail.answer);
    Fact::new(SourceName::RejectedMails, text).at(mail.at)
}

/// The opinion that the pool does not mail through the account's own SES, if it does not.
pub(super) fn not_by_own_ses(pool: &PoolSettings) -> Option<Opinion> {
    if pool.has_custom_sender() {
        let text = "a CustomEmailSender function sends the pool's mail";
        return Some(Opinion::ruled_out(of_pool(text)));
    }
    if !pool.email.own_ses {
        let text = "the pool mails by COGNITO_DEFAULT, not through this account's SES";
        return Some(Opinion::ruled_out(of_pool(text)));
    }
    None
}

/// What excludes every cause at or before Cognito's handing over: the mail is there, or SES had it.
pub(super) fn got_further(evidence: &Evidence) -> Option<Opinion> {
    let stored = mail_was_stored(evidence);
    stored
        .or_else(|| mail_reached_ses(evidence))
        .map(Opinion::ruled_out)
}

/// The delivery errors of the time of the case that have one of these words, as facts.
pub(super) fn notifications_with(evidence: &Evidence, words: &[&str]) -> Vec<Fact> {
    let lines = evidence.notifications.read();
    let lines = lines.map(Vec::as_slice).unwrap_or_default();
    let fits = |details: &str| {
        let details = details.to_lowercase();
        words.iter().any(|word| details.contains(word))
    };
    lines
        .iter()
        .filter(|line| fits(&line.details))
        .map(|line| {
            let text = format!("Cognito logged: {}", line.details);
            Fact::new(SourceName::NotificationLog, text).at(line.at)
        })
        .collect()
}

/// Whether a receiving server's words are about the sender's authentication.
pub(super) fn is_about_authentication(answer: &str) -> bool {
    let answer = answer.to_lowercase();
    let words = ["dmarc", "dkim", "spf"];
    words.iter().any(|word| answer.contains(word))
}
