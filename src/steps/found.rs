//! Mails as evidence: those that were received, and those that were seen while waiting.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::diagnosis::{Content, FoundMail, InboxEvidence, Place, Recipient, Source};
use crate::inbox::{
    Arrival, Folder, Glimpse, Inbox, InboxError, MailboxFacts, Missing, Position, WaitEnd, Watch,
};
use crate::mail::{Delivery, Extraction, How, Message, Method, extract};
use crate::model::{EmailAddress, MailboxQuota};

/// How long a mailbox is asked about itself: it answers within a second when it is well.
const MAILBOX_SECONDS_MAX: u64 = 5;
/// Mails that are looked at when nobody knows which was meant.
const MAILS_BACK_MAX: usize = 50;

/// What is in an inbox for an address since a moment: for a person who has only a complaint.
///
/// `watch` is one of `place` that began far enough back; it is asked for what is there already, and not
/// waited with.
pub async fn look_back(place: &dyn Inbox, mut watch: Watch, since: Timestamp) -> InboxEvidence {
    let mut inbox = InboxEvidence {
        // What vanished since then says nothing: people delete their mails.
        quota: of_mailbox(place, watch.position()).await.0,
        ..InboxEvidence::default()
    };
    let mut mails = Vec::new();
    let missing = loop {
        match watch.next(Instant::now()).await {
            Ok(arrival) if mails.len() < MAILS_BACK_MAX => {
                let message = Message::parse(&arrival.raw);
                let mail = received(&arrival, &message, &extract(&message, &[]));
                let hops = Delivery::parse(&arrival.raw).hops;
                let stored = hops.iter().rev().find_map(|hop| hop.at);
                let at = stored.or(message.date()).unwrap_or(mail.at);
                mails.push(FoundMail {
                    at,
                    after_position: at >= since,
                    // Nobody gave a template to compare with.
                    follows_template: None,
                    ..mail
                });
            }
            Ok(_) => break None,
            Err(missing) => break Some(missing),
        }
    };
    mails.extend(missing.iter().flat_map(seen_while_waiting));
    inbox.mails = outcome(missing.as_ref(), mails);
    inbox
}

/// How full the mailbox is, and how much vanished from it since a position.
pub(super) async fn of_mailbox(
    place: &dyn Inbox,
    start: Position,
) -> (Source<MailboxQuota>, Source<u64>) {
    let limit = Duration::from_secs(MAILBOX_SECONDS_MAX);
    let told = tokio::time::timeout(limit, place.mailbox_since(start)).await;
    match told {
        Ok(Ok(MailboxFacts { quota, vanished })) => (
            quota.map_or(Source::NotAsked, Source::from),
            vanished.map_or(Source::NotAsked, Source::from),
        ),
        Ok(Err(error)) => (failed(&error), failed(&error)),
        Err(_) => {
            let after_seconds = MAILBOX_SECONDS_MAX;
            let late = Source::TimedOut { after_seconds };
            (late, Source::TimedOut { after_seconds })
        }
    }
}

fn failed<T>(error: &InboxError) -> Source<T> {
    Source::Failed {
        reason: error.to_string(),
    }
}

/// Mails in other folders, and for others.
pub(super) fn seen_while_waiting(missing: &Missing) -> impl Iterator<Item = FoundMail> {
    let all = missing.elsewhere.iter().chain(&missing.glimpses);
    all.map(|glimpse| glimpsed(glimpse, &missing.recipient))
}

/// Silence proves nothing where nobody could listen.
pub(super) fn outcome(missing: Option<&Missing>, mails: Vec<FoundMail>) -> Source<Vec<FoundMail>> {
    match missing {
        Some(missing) if missing.end != WaitEnd::DeadlinePassed => Source::Failed {
            reason: missing.to_string(),
        },
        _ => Source::from(mails),
    }
}

/// A mail that came for the person.
pub(super) fn received(arrival: &Arrival, message: &Message, extraction: &Extraction) -> FoundMail {
    let from = message.from().first();
    let dmarc = Delivery::parse(&arrival.raw).verdict(Method::Dmarc, None);
    FoundMail {
        folder: arrival.folder.to_string(),
        place: place(&arrival.folder),
        at: arrival.received_at,
        after_position: true,
        recipient: Recipient::Exact,
        from: from.map_or_else(String::new, |from| from.address.to_string()),
        subject: message.subject().unwrap_or_default().to_owned(),
        message_id: message.message_id().map(str::to_owned),
        content: content(extraction),
        used: false,
        repeats_earlier: false,
        seen_by_watch: true,
        follows_template: follows_template(extraction),
        dmarc: dmarc.map(|verdict| verdict.as_str().to_owned()),
    }
}

/// A mail that passed while somebody waited for another.
fn glimpsed(glimpse: &Glimpse, awaited: &EmailAddress) -> FoundMail {
    FoundMail {
        folder: glimpse.folder.to_string(),
        place: place(&glimpse.folder),
        at: glimpse.received_at,
        after_position: true,
        recipient: recipient(&glimpse.envelope_to, awaited),
        from: glimpse.from.clone().unwrap_or_default(),
        subject: glimpse.subject.clone().unwrap_or_default(),
        message_id: None,
        // Only its headers were looked at.
        content: Content::Nothing,
        used: false,
        repeats_earlier: false,
        seen_by_watch: true,
        follows_template: None,
        dmarc: None,
    }
}

fn place(folder: &Folder) -> Place {
    match folder {
        Folder::Inbox => Place::Watched,
        Folder::Junk(_) => Place::Junk,
        Folder::Other(_) => Place::Other,
    }
}

fn content(extraction: &Extraction) -> Content {
    match extraction {
        Extraction::Code { .. } => Content::Code,
        Extraction::Link { .. } => Content::Link,
        Extraction::None => Content::Nothing,
        Extraction::Ambiguous { .. } => Content::Ambiguous,
    }
}

/// Whether the pool's template was found in it; without a code nobody knows which template was meant.
fn follows_template(extraction: &Extraction) -> Option<bool> {
    match extraction {
        Extraction::Code { how, .. } | Extraction::Link { how, .. } => {
            Some(matches!(how, How::Template(_)))
        }
        Extraction::None | Extraction::Ambiguous { .. } => None,
    }
}

/// Whether an address is the awaited one, another form of it, or somebody else's.
///
/// Providers drop a `+tag` and, some of them, the dots of a local part (RFC 5233).
fn recipient(found: &EmailAddress, awaited: &EmailAddress) -> Recipient {
    if found.mailbox_key() == awaited.mailbox_key() {
        return Recipient::Exact;
    }
    let bare = |address: &EmailAddress| {
        let local = address.local_part().to_lowercase();
        let untagged = local.split('+').next().unwrap_or_default();
        (untagged.replace('.', ""), address.domain().to_lowercase())
    };
    if bare(found) == bare(awaited) {
        Recipient::Rewritten
    } else {
        Recipient::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_form_of_an_address_is_recognised() {
        let cases = [
            ("ada@example.com", Recipient::Exact),
            ("ADA@Example.com", Recipient::Exact),
            ("a.da@example.com", Recipient::Rewritten),
            ("ada+tag@example.com", Recipient::Rewritten),
            ("bob@example.com", Recipient::Other),
            ("ada@example.org", Recipient::Other),
        ];
        let awaited = "ada@example.com".parse().unwrap();
        for (found, expected) in cases {
            let found = found.parse().unwrap();
            assert_eq!(recipient(&found, &awaited), expected, "{found}");
        }
    }
}
