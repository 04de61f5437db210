//! Filters, folders and delays.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Content, Evidence, FoundMail, Gap, Place, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "spam-folder",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail lies in another folder than the one that is watched",
        meaning: "The receiving server took it for spam, or a rule moved it.",
        fix: "mark it as not spam; send from a domain of your own with DKIM and DMARC",
        sources: &["gh:aws-amplify/amplify-cli#124"],
        rule: spam_folder,
    },
    Cause {
        id: "gateway-quarantine",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "the receiving side accepted the mail and kept it from the mailbox",
        meaning: "A filter in front of the mailbox holds or drops it; the sender \
                  no-reply@verificationemail.com often meets that.",
        fix: "look into the filter's report, allow the sender, or send from a domain of your own",
        sources: &["gh:tnc-ca-geo/animl-frontend#239"],
        rule: gateway_quarantine,
    },
    Cause {
        id: "authentication-failure",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the receiving server does not accept the sender: DMARC, DKIM or SPF fail",
        meaning: "The mail is not signed for the domain of its From address, and the domain's policy \
                  asks receivers to refuse it.",
        fix: "switch DKIM on for the sender's identity, and give it a MAIL FROM domain",
        sources: &["SES API v2: DkimAttributes"],
        rule: authentication_failure,
    },
    Cause {
        id: "late-delivery",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail came, but after the time that was allowed",
        meaning: "Mails take minutes at times, with nobody at fault.",
        fix: "wait longer; see in the mail's Received lines where the time went",
        sources: &["gh:aws-amplify/amplify-ui#6678"],
        rule: late_delivery,
    },
];

/// A mail that is there although nobody took it for the awaited one.
pub(super) fn unused(evidence: &Evidence) -> Result<impl Iterator<Item = &FoundMail>, Gap> {
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    Ok(mails.iter().filter(|mail| mail.is_awaited() && !mail.used))
}

/// A mail in one line.
pub(super) fn shown(mail: &FoundMail) -> Fact {
    let text = format!(
        "{:?} from {} lies in {}",
        mail.subject, mail.from, mail.folder
    );
    Fact::new(SourceName::Inbox, text).at(mail.at)
}

fn spam_folder(evidence: &Evidence) -> Result<Opinion, Gap> {
    let mut elsewhere = unused(evidence)?.filter(|mail| mail.place != Place::Watched);
    Ok(match elsewhere.next() {
        Some(mail) => Opinion::certain(shown(mail)).because_of(elsewhere.map(shown)),
        None => Opinion::ruled_out(Fact::new(
            SourceName::Inbox,
            "no other folder has a mail for the address",
        )),
    })
}

fn gateway_quarantine(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(mail) = unused(evidence)?.next() {
        return Ok(Opinion::ruled_out(shown(mail)));
    }
    if let Some(mail) = used(evidence) {
        return Ok(Opinion::ruled_out(shown(mail)));
    }
    let vanished = evidence.inbox.vanished.read().copied().unwrap_or(0);
    if vanished > 0 {
        // Somebody took something; whether it was this mail, nobody saw.
        let text = format!("{vanished} messages were stored since the request and are gone");
        return Ok(Opinion::possible().although(Fact::new(SourceName::Inbox, text)));
    }
    if let Some(delivered) = reading::mail_was_delivered(evidence) {
        let text = "no folder has the mail";
        return Ok(Opinion::likely(delivered).because(Fact::new(SourceName::Inbox, text)));
    }
    // Without the word of SES that it delivered, this is one of many.
    Ok(match evidence.ses.events.need(SourceName::SesEvents) {
        Ok(_) => Opinion::possible(),
        Err(gap) => Opinion::possible().lacking(gap),
    })
}

/// The mail that the scenario took for the awaited one.
pub(super) fn used(evidence: &Evidence) -> Option<&FoundMail> {
    evidence.inbox.mails.read()?.iter().find(|mail| mail.used)
}

fn authentication_failure(evidence: &Evidence) -> Result<Opinion, Gap> {
    let mut rejected = reading::rejections(evidence);
    let refused = rejected.find(|mail| reading::is_about_authentication(&mail.answer));
    if let Some(mail) = refused {
        return Ok(Opinion::certain(reading::of_rejection(mail)));
    }
    if let Some(bounce) =
        super::super::ses::bounce_saying(evidence, reading::is_about_authentication)
    {
        return Ok(Opinion::certain(bounce));
    }
    if let Some(mail) = unused(evidence)?.next() {
        return Ok(Opinion::ruled_out(shown(mail)));
    }
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    let verdict = mails
        .iter()
        .find_map(|mail| Some((mail, mail.dmarc.as_deref()?)));
    Ok(match verdict {
        Some((mail, "pass")) => Opinion::ruled_out(
            Fact::new(SourceName::Inbox, "an earlier mail passed DMARC").at(mail.at),
        ),
        Some((mail, "fail")) => Opinion::likely(
            Fact::new(SourceName::Inbox, "an earlier mail failed DMARC").at(mail.at),
        ),
        _ => Opinion::possible(),
    })
}

fn late_delivery(evidence: &Evidence) -> Result<Opinion, Gap> {
    let asked = evidence
        .request()
        .map_or(evidence.case.since, |call| call.at);
    let mut late = unused(evidence)?.filter(|mail| {
        mail.place == Place::Watched
            && mail.at >= evidence.case.until
            && matches!(mail.content, Content::Code | Content::Link)
    });
    Ok(match late.next() {
        Some(mail) => {
            let took = mail.at.duration_since(asked).as_secs_f64();
            let text = format!("the mail came {took:.1} s after it was asked for");
            Opinion::certain(Fact::new(SourceName::Inbox, text).at(mail.at))
        }
        None => Opinion::ruled_out(Fact::new(
            SourceName::Inbox,
            "no mail came after the deadline, until the verdict",
        )),
    })
}
