//! What mailboxes and their other readers do.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{
    Content, Evidence, Gap, Place, Recipient, SesEvent, SesEventKind, SourceName, Trouble,
};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;
use super::rules::{shown, unused, used};

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "mailbox-full",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mailbox is full",
        meaning: "Its server takes no more mail until something is deleted.",
        fix: "empty the mailbox, or raise its quota",
        sources: &["SES guide: event contents", "RFC 9208"],
        rule: mailbox_full,
    },
    Cause {
        id: "plus-or-dot-address",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail provider rewrites the address, or does not know its +tag",
        meaning: "To Cognito two forms of an address are two users; to the provider they are one \
                  mailbox, or one of them is none.",
        fix: "test with plain addresses of a domain that you control",
        sources: &["RFC 5233"],
        rule: plus_or_dot_address,
    },
    Cause {
        id: "threaded-with-first",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "both mails are there, and the mail program shows them as one",
        meaning: "They have the same sender and subject, so a web client folds the second under the \
                  first.",
        fix: "none is needed; something unique in the subject helps people",
        sources: &["gh:aws-amplify/amplify-ui#6678"],
        rule: threaded_with_first,
    },
    Cause {
        id: "link-consumed-by-scanner",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the mail came, and a scanner opened its link before the person did",
        meaning: "Security gateways open every link. The user is confirmed, and the person is told \
                  that the link is invalid.",
        fix: "confirm with codes instead of links",
        sources: &["Cognito guide: CloudTrail"],
        rule: link_consumed_by_scanner,
    },
    Cause {
        id: "filter-moved-or-deleted",
        stage: Stage::NotSeen,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "a message was stored in the mailbox and removed by somebody else",
        meaning: "A rule, another mail program or a second checker took it.",
        fix: "give the checker a mailbox of its own",
        sources: &["RFC 3501"],
        rule: filter_moved_or_deleted,
    },
];

fn mailbox_full(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(mail) = unused(evidence).ok().and_then(|mut mails| mails.next()) {
        return Ok(Opinion::ruled_out(shown(mail)));
    }
    // 4.2.2 and 5.2.2 stand for a full mailbox (RFC 3463 §3.3).
    let refused = reading::rejections(evidence).find(|mail| mail.answer.contains(".2.2"));
    if let Some(mail) = refused {
        return Ok(Opinion::certain(reading::of_rejection(mail)));
    }
    let by_event = |event: &SesEvent| {
        let full = match &event.kind {
            SesEventKind::Bounce { sub_kind, .. } => sub_kind == "MailboxFull",
            SesEventKind::DeliveryDelay { kind, .. } => kind == "MailboxFull",
            _ => false,
        };
        let text = format!("SES says that the mailbox is full: {}", event.message_id);
        full.then(|| Fact::new(SourceName::SesEvents, text).at(event.at))
    };
    if let Some(event) = evidence.ses_events().iter().find_map(by_event) {
        return Ok(Opinion::certain(event));
    }
    let quota = evidence.inbox.quota.need(SourceName::MailboxQuota)?;
    let text = format!("{quota} are in use");
    let fact = Fact::new(SourceName::MailboxQuota, text);
    Ok(if quota.is_full() && evidence.refusal().is_none() {
        Opinion::likely(fact)
    } else {
        Opinion::ruled_out(fact)
    })
}

fn plus_or_dot_address(evidence: &Evidence) -> Result<Opinion, Gap> {
    let rewritten = unused(evidence)?.find(|mail| mail.recipient == Recipient::Rewritten);
    if let Some(mail) = rewritten {
        return Ok(Opinion::certain(shown(mail)));
    }
    let address = &evidence.case.address;
    if !address.local_part().contains(['+', '.']) {
        let text = format!("{address} has neither a tag nor dots");
        return Ok(Opinion::ruled_out(Fact::new(SourceName::OwnCalls, text)));
    }
    if let Some(mail) = unused(evidence)?.next().or_else(|| used(evidence)) {
        return Ok(Opinion::ruled_out(shown(mail)));
    }
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    let earlier = mails.iter().find(|mail| {
        mail.recipient == Recipient::Exact && (!mail.after_position || mail.repeats_earlier)
    });
    Ok(match earlier {
        Some(mail) => Opinion::ruled_out(shown(mail)),
        None => Opinion::possible(),
    })
}

fn threaded_with_first(evidence: &Evidence) -> Result<Opinion, Gap> {
    if evidence.case.trouble != Trouble::Missing {
        let text = "a mail was found and used";
        return Ok(Opinion::ruled_out(Fact::new(SourceName::Inbox, text)));
    }
    // Only a person is misled by threads: a run looks at messages.
    if let Some(call) = evidence.request() {
        let text = "the run looked at messages, not at threads";
        return Ok(Opinion::ruled_out(Fact::of_call(call, text)));
    }
    let mails = evidence.inbox.mails.need(SourceName::Inbox)?;
    let exact = mails
        .iter()
        .filter(|mail| mail.recipient == Recipient::Exact && mail.place == Place::Watched)
        .filter(|mail| matches!(mail.content, Content::Code | Content::Link));
    let exact: Vec<_> = exact.collect();
    let twins = exact.iter().enumerate().find_map(|(index, one)| {
        let mut later = exact[index + 1..].iter();
        let same = later.find(|other| {
            other.subject == one.subject
                && other.from == one.from
                && other.message_id != one.message_id
        })?;
        Some((*one, *same))
    });
    Ok(match twins {
        Some((one, other)) => Opinion::certain(shown(one)).because(shown(other)),
        None => Opinion::ruled_out(Fact::new(
            SourceName::Inbox,
            "no two mails to the address look alike",
        )),
    })
}

fn link_consumed_by_scanner(evidence: &Evidence) -> Result<Opinion, Gap> {
    let pool = evidence.pool_at_request()?;
    if !pool.confirms_by_link {
        return Ok(Opinion::ruled_out(reading::of_pool(
            "the pool confirms by code",
        )));
    }
    let user = reading::user(evidence)?;
    if !user.is("CONFIRMED") {
        let text = format!("the user is {}", user.status);
        return Ok(Opinion::ruled_out(reading::of_user(user, text)));
    }
    let own = evidence.confirmation().filter(|call| call.is_accepted());
    if let Some(own) = own {
        let text = "the run confirmed the user itself";
        return Ok(Opinion::ruled_out(Fact::of_call(own, text)));
    }
    let events = evidence.trail.need(SourceName::Trail)?;
    let opened = events
        .iter()
        .find(|event| matches!(&*event.name, "Confirm_With_Link_GET" | "confirmUser_GET"));
    Ok(match opened {
        Some(event) => {
            let from = event.source_ip.as_deref().unwrap_or("an unknown address");
            let text = format!("the link was opened from {from}");
            Opinion::certain(Fact::new(SourceName::Trail, text).at(event.at))
        }
        None => Opinion::possible(),
    })
}

fn filter_moved_or_deleted(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(refusal) = evidence.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    if let Some(mail) = unused(evidence).ok().and_then(|mut mails| mails.next()) {
        return Ok(Opinion::ruled_out(shown(mail)));
    }
    let vanished = *evidence.inbox.vanished.need(SourceName::Inbox)?;
    let text = format!("{vanished} messages were stored since the request and are gone");
    let fact = Fact::new(SourceName::Inbox, text);
    Ok(if vanished == 0 {
        Opinion::ruled_out(fact)
    } else {
        // That something was removed is certain; that it was this mail is not.
        Opinion::likely(fact)
    })
}
