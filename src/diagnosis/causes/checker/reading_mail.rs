//! Mistakes in looking for a mail and in reading it.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{
    Call, Content, Evidence, FoundMail, Gap, Place, Recipient, SourceName, Trouble,
};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "stale-first-code",
        stage: Stage::Checker,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the code of an earlier mail was taken for the new one",
        meaning: "The first mail, or a copy of it, came late and was used; its code belongs to an \
                  account that is gone.",
        fix: "count only mails that come after the position noted before the request",
        sources: &["gh:aws-amplify/amplify-ui#6678"],
        rule: stale_first_code,
    },
    Cause {
        id: "code-expired-or-attempts-used",
        stage: Stage::Checker,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail came, but its code has expired or was tried too often",
        meaning: "A sign-up's code is good for 24 hours, and Cognito takes fifteen attempts an hour.",
        fix: "ask for a new code",
        sources: &["Cognito quotas"],
        rule: code_expired,
    },
    Cause {
        id: "wrong-inbox",
        stage: Stage::Checker,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the inbox that is watched does not get the address's mail",
        meaning: "The login belongs to another account, or the address is forwarded elsewhere.",
        fix: "correct the inbox's login or the address template; `reverify doctor` sends a mail to try",
        sources: &[],
        rule: wrong_inbox,
    },
    Cause {
        id: "search-too-narrow",
        stage: Stage::Checker,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail is in the watched folder, and the search did not match it",
        meaning: "A filter on sender, subject, date or unread mails left it out.",
        fix: "look for mails by position and recipient only",
        sources: &["RFC 3501"],
        rule: search_too_narrow,
    },
    Cause {
        id: "parse-failure",
        stage: Stage::Checker,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail is there, but neither code nor link was found in it",
        meaning: "Its text was changed, it has several numbers, or it carries a link where a code was \
                  expected.",
        fix: "look at the mail as it was received, and give the pool's own template or an expression \
              for the code",
        sources: &["gh:aws-amplify/amplify-swift#2670"],
        rule: parse_failure,
    },
    Cause {
        id: "imap-staleness",
        stage: Stage::Checker,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail is in the watched folder, and the connection that waited did not see it",
        meaning: "The server showed an old view to a connection that was open for long.",
        fix: "look again with a new connection",
        sources: &["RFC 3501"],
        rule: imap_staleness,
    },
];

/// A mail that the connection that waited should have seen in time.
fn overlooked(evidence: &Evidence) -> Result<Option<&FoundMail>, Gap> {
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    if evidence.case.trouble != Trouble::Missing {
        // The mail that was awaited came; another beside it was overlooked by nobody.
        return Ok(None);
    }
    Ok(mails.iter().find(|mail| {
        mail.is_awaited()
            && !mail.used
            && mail.place == Place::Watched
            && mail.recipient == Recipient::Exact
            && mail.at < evidence.case.until
    }))
}

/// The opinion that no connection of the checker could overlook anything, where a person reported the
/// trouble.
fn nobody_waited(evidence: &Evidence) -> Option<Opinion> {
    let text = "no run of the checker waited for the mail";
    let nobody = Opinion::ruled_out(Fact::new(SourceName::OwnCalls, text));
    evidence.request().is_none().then_some(nobody)
}

fn in_watched_folder(mail: &FoundMail) -> Fact {
    let text = format!(
        "{:?} from {} is in {}",
        mail.subject, mail.from, mail.folder
    );
    Fact::new(SourceName::Inbox, text).at(mail.at)
}

fn stale_first_code(evidence: &Evidence) -> Result<Opinion, Gap> {
    if evidence.case.trouble != Trouble::CodeRefused {
        let text = "no code was refused";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::OwnCalls, text)));
    }
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    let used = mails.iter().find(|mail| mail.used);
    Ok(match used {
        Some(mail) if mail.repeats_earlier || !mail.after_position => {
            let why = if mail.repeats_earlier {
                "it is the earlier mail once more"
            } else {
                "it lay in the inbox before the request"
            };
            let text = format!("the mail {:?} was used: {why}", mail.subject);
            let proof = Opinion::certain(Fact::new(SourceName::Inbox, text).at(mail.at));
            let refused = evidence.confirmation().and_then(Call::refusal);
            proof.because_of(refused.as_ref().map(reading::refused))
        }
        Some(mail) => Opinion::ruled_out(in_watched_folder(mail)),
        None => Opinion::possible(),
    })
}

fn code_expired(evidence: &Evidence) -> Result<Opinion, Gap> {
    let refusal = evidence.confirmation().and_then(Call::refusal);
    let Some(refusal) = refusal else {
        let text = "no code was refused";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::OwnCalls, text)));
    };
    let expired = ["ExpiredCodeException", "TooManyFailedAttemptsException"];
    let is_expired = expired.iter().any(|code| refusal.is(code))
        || (refusal.is("LimitExceededException") && refusal.says("Attempt limit exceeded"));
    if !is_expired {
        return Ok(reading::says_otherwise(&refusal));
    }
    let mails = match evidence.inbox.mails.need(SourceName::Inbox) {
        Ok(mails) => mails,
        Err(gap) => return Ok(Opinion::likely(reading::refused(&refusal)).lacking(gap)),
    };
    let mut used = mails.iter().filter(|mail| mail.used);
    let stale = used.any(|mail| mail.repeats_earlier || !mail.after_position);
    Ok(if stale {
        // Cognito says "expired" of any code that is not the user's latest.
        let text = "the code was that of an earlier mail";
        Opinion::ruled_out(Fact::new(SourceName::Inbox, text))
    } else {
        Opinion::certain(reading::refused(&refusal))
    })
}

fn wrong_inbox(evidence: &Evidence) -> Result<Opinion, Gap> {
    let mails = evidence
        .inbox
        .mails
        .read()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if let Some(mail) = mails.iter().find(|mail| mail.recipient != Recipient::Other) {
        return Ok(Opinion::ruled_out(in_watched_folder(mail)));
    }
    let arrived = *evidence.inbox.probe_arrived.need(SourceName::ProbeMail)?;
    Ok(if arrived {
        let text = "a mail of the checker's own arrived in the inbox";
        Opinion::ruled_out(Fact::new(SourceName::ProbeMail, text))
    } else if let Some(refusal) = evidence.refusal() {
        reading::says_otherwise(&refusal)
    } else {
        let text = "a mail of the checker's own to the address did not arrive in the inbox";
        Opinion::certain(Fact::new(SourceName::ProbeMail, text))
    })
}

fn search_too_narrow(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(nobody) = nobody_waited(evidence) {
        return Ok(nobody);
    }
    Ok(match overlooked(evidence)? {
        Some(mail) if mail.seen_by_watch => Opinion::certain(in_watched_folder(mail)),
        Some(mail) => Opinion::ruled_out(in_watched_folder(mail)),
        None => Opinion::ruled_out(Fact::new(
            SourceName::Inbox,
            "no mail for the address lies unread in the watched folder",
        )),
    })
}

fn imap_staleness(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(nobody) = nobody_waited(evidence) {
        return Ok(nobody);
    }
    Ok(match overlooked(evidence)? {
        Some(mail) if !mail.seen_by_watch => Opinion::certain(in_watched_folder(mail)),
        Some(mail) => Opinion::ruled_out(in_watched_folder(mail)),
        None => Opinion::ruled_out(Fact::new(
            SourceName::Inbox,
            "a new connection sees no further mail",
        )),
    })
}

fn parse_failure(evidence: &Evidence) -> Result<Opinion, Gap> {
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    let used = mails.iter().find(|mail| mail.used);
    let Some(mail) = used else {
        let text = "no mail was taken for the awaited one";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::Inbox, text)));
    };
    let what = match mail.content {
        Content::Code => {
            let text = "a code was found in the mail";
            return Ok(Opinion::ruled_out(
                Fact::new(SourceName::Inbox, text).at(mail.at),
            ));
        }
        Content::Link if evidence.case.trouble != Trouble::NoCode => {
            let text = "a link was found in the mail";
            return Ok(Opinion::ruled_out(
                Fact::new(SourceName::Inbox, text).at(mail.at),
            ));
        }
        Content::Link => "it carries a link where a code was expected",
        Content::Nothing => "it has neither a code nor a link",
        Content::Ambiguous => "it has several numbers that could be the code",
    };
    let text = format!("the mail {:?} came: {what}", mail.subject);
    let opinion = Opinion::certain(Fact::new(SourceName::Inbox, text).at(mail.at));
    let changed = mail.follows_template == Some(false);
    Ok(opinion.because_of(changed.then(|| {
        let text = "the mail does not follow the pool's template";
        Fact::new(SourceName::Inbox, text).at(mail.at)
    })))
}
