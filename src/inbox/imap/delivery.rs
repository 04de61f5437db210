//! From new UIDs to arrivals: each new mail is fetched once and handed to who waits for it.

use std::sync::Arc;

use super::super::recipients::Recipients;
use super::super::requests::{Reply, Request};
use super::super::watch::Starts;
use super::super::{Arrival, ArrivalId, Folder, MailSummary, Position};
use super::error::ImapError;
use super::fetch::{HEADS_MAX, Head, Headers};
use super::mailbox;
use super::places::Place;
use super::reader::Reader;
use super::session::Session;
use crate::model::{EmailAddress, SharedClock};

/// One new mail: the recipients who wait for it, or somebody to name.
struct NewMail {
    uid: u32,
    /// Whole if somebody waits for it, otherwise its beginning.
    raw: Arc<[u8]>,
    awaited: Vec<EmailAddress>,
    shown: Option<EmailAddress>,
}

impl Reader {
    /// Delivers what is new in the inbox, which is the open folder.
    pub(super) fn read_inbox(&mut self) -> Result<(), ImapError> {
        let (Some(session), Some(places)) = (&mut self.session, &mut self.places) else {
            return Ok(());
        };
        let uids = session.uids_from(places.inbox.next)?;
        for some in uids.chunks(HEADS_MAX) {
            if self.waiters.is_empty() {
                // Nobody can want it: who registers later begins behind it.
                for &uid in some {
                    self.read.add(uid);
                }
                places.inbox.next = after(some, places.inbox.next);
                continue;
            }
            for head in session.heads(some)? {
                let uid = head.uid;
                let mail = new_mail(session, head, |address| self.waiters.is_awaited(address))?;
                self.read.add(uid);
                if !mail.awaited.is_empty() {
                    self.recent.add(&mail.raw);
                }
                let (place, clock) = (&places.inbox, &self.settings.clock);
                for arrival in arrivals(&mail, place, clock) {
                    let key = arrival.envelope_to.mailbox_key();
                    self.waiters.deliver(&key, &arrival);
                }
                if mail.awaited.is_empty() && mail.shown.is_none() {
                    self.waiters.pass();
                }
                places.inbox.next = uid + 1;
            }
            places.inbox.next = after(some, places.inbox.next);
        }
        Ok(())
    }

    /// Delivers what is new in other folders and not in the inbox.
    pub(super) fn read_elsewhere(&mut self, moved: Vec<Place>) -> Result<(), ImapError> {
        let mut found = Vec::new();
        let mut read = Vec::new();
        for mut place in moved {
            let Some(session) = &mut self.session else {
                return Ok(());
            };
            let opened = session.examine(&place.name)?;
            if place.continue_as(opened).is_err() {
                // Made anew: what is in it now counts as old, for nobody can tell.
                read.push(Place::new(place.folder, &place.name, opened));
                continue;
            }
            let uids = session.uids_from(place.next)?;
            for some in uids.chunks(HEADS_MAX) {
                for head in session.heads(some)? {
                    let mail = new_mail(session, head, |address| self.waiters.is_awaited(address))?;
                    if !mail.awaited.is_empty() {
                        found.push((place.clone(), mail));
                    }
                }
            }
            place.next = after(&uids, place.next);
            read.push(place);
        }
        self.return_to_inbox()?;
        // A folder that shows all mails has those of the inbox, some perhaps newer than the look
        // at the inbox before.
        self.read_inbox()?;
        for (place, mail) in found {
            if matches!(place.folder, Folder::Other(_)) && self.recent.has(&mail.raw) {
                continue;
            }
            for arrival in arrivals(&mail, &place, &self.settings.clock) {
                let key = arrival.envelope_to.mailbox_key();
                self.waiters.deliver(&key, &arrival);
            }
        }
        for place in self
            .places
            .iter_mut()
            .flat_map(|places| &mut places.elsewhere)
        {
            if let Some(now) = read.iter().find(|now| now.folder == place.folder) {
                *place = now.clone();
            }
        }
        Ok(())
    }

    fn return_to_inbox(&mut self) -> Result<(), ImapError> {
        let (Some(session), Some(places)) = (&mut self.session, &self.places) else {
            return Ok(());
        };
        let opened = session.examine(&places.inbox.name)?;
        places.inbox.continue_as(opened)
    }

    /// Does what was asked, now that all is delivered.
    pub(super) fn answer(&mut self) -> Result<(), ImapError> {
        let mut requests = self.take_pending().into_iter();
        let mut is_opened_anew = false;
        while let Some(request) = requests.next() {
            let (Some(session), Some(places)) = (&mut self.session, &mut self.places) else {
                return Ok(());
            };
            let starts = places.starts();
            let inbox = &mut places.inbox;
            let clock = &self.settings.clock;
            let failed = match request {
                Request::Look(reply) => {
                    // Who does not wait for an answer any more needs none, here and below.
                    let _ = reply.send(Ok(starts));
                    None
                }
                Request::Since {
                    recipient,
                    start,
                    reply,
                } => since(session, inbox, starts, clock, (recipient, start), reply),
                Request::Newest { count, reply } => {
                    let listed = session.newest(count, inbox.next);
                    let mails = listed.map(|mails| summaries(inbox, mails));
                    settle(mails, reply, |reply| Request::Newest { count, reply })
                }
                Request::Mail { position, reply } => {
                    let mail = whole(session, inbox, position);
                    settle(mail, reply, |reply| Request::Mail { position, reply })
                }
                Request::Mailbox { start, reply } => {
                    let facts = mailbox::facts(session, inbox, &self.read, start);
                    is_opened_anew = true;
                    settle(facts, reply, |reply| Request::Mailbox { start, reply })
                }
            };
            if let Some((error, request)) = failed {
                self.put_back(std::iter::once(request).chain(requests));
                return Err(error);
            }
        }
        if is_opened_anew {
            self.look_thoroughly();
        }
        Ok(())
    }
}

/// Answers, or hands request and error back.
fn settle<T>(
    done: Result<T, ImapError>,
    reply: Reply<T>,
    request: impl FnOnce(Reply<T>) -> Request,
) -> Option<(ImapError, Request)> {
    match done {
        Ok(answer) => {
            let _ = reply.send(Ok(answer));
            None
        }
        Err(error) => Some((error, request(reply))),
    }
}

fn since(
    session: &mut Session,
    inbox: &Place,
    starts: Starts,
    clock: &SharedClock,
    (recipient, start): (EmailAddress, Position),
    reply: Reply<(Starts, Vec<Arrival>)>,
) -> Option<(ImapError, Request)> {
    if let Err(error) = start.in_generation_of(starts.inbox, || inbox.name.clone()) {
        let _ = reply.send(Err(error));
        return None;
    }
    let first = u32::try_from(start.offset()).unwrap_or(u32::MAX).max(1);
    let stored = stored_for(session, inbox, clock, &recipient, first);
    let answer = stored.map(|mails| {
        let inbox = start;
        (Starts { inbox, ..starts }, mails)
    });
    settle(answer, reply, |reply| Request::Since {
        recipient,
        start,
        reply,
    })
}

/// The mails for a recipient that the open folder has from a UID on, up to what was read.
fn stored_for(
    session: &mut Session,
    inbox: &Place,
    clock: &SharedClock,
    recipient: &EmailAddress,
    first: u32,
) -> Result<Vec<Arrival>, ImapError> {
    let is_theirs = |address: &EmailAddress| address.same_mailbox(recipient);
    let mut stored = Vec::new();
    for (uid, headers) in session.recipients_between(first, inbox.next)? {
        if Recipients::of(&headers).awaited(is_theirs).is_empty() {
            continue;
        }
        for head in session.heads(&[uid])? {
            let mail = new_mail(session, head, is_theirs)?;
            stored.extend(arrivals(&mail, inbox, clock));
        }
    }
    Ok(stored)
}

fn summaries(inbox: &Place, mails: Vec<Headers>) -> Vec<MailSummary> {
    let summary = |mail: Headers| MailSummary {
        position: inbox.at(mail.uid),
        size_bytes: u64::from(mail.size),
        headers: mail.bytes,
    };
    mails.into_iter().map(summary).collect()
}

fn whole(
    session: &mut Session,
    inbox: &Place,
    position: Position,
) -> Result<Option<Arc<[u8]>>, ImapError> {
    let uid = u32::try_from(position.offset()).unwrap_or(0);
    if inbox.at(uid) != position || uid == 0 {
        return Ok(None);
    }
    let Some(head) = session.heads(&[uid])?.pop() else {
        return Ok(None);
    };
    Ok(Some(session.rest_of(head)?.into()))
}

/// Sees whose a mail is, and fetches the rest of it if somebody waits for it.
fn new_mail(
    session: &mut Session,
    head: Head,
    is_awaited: impl Fn(&EmailAddress) -> bool,
) -> Result<NewMail, ImapError> {
    let recipients = Recipients::of(&head.bytes);
    let awaited = recipients.awaited(is_awaited).into_iter();
    let awaited: Vec<EmailAddress> = awaited.cloned().collect();
    let uid = head.uid;
    let bytes = if awaited.is_empty() {
        head.bytes
    } else {
        session.rest_of(head)?
    };
    Ok(NewMail {
        uid,
        raw: bytes.into(),
        awaited,
        shown: recipients.shown().cloned(),
    })
}

/// The mail as each recipient who waits for it gets it; for nobody, as it is shown in passing.
fn arrivals(mail: &NewMail, place: &Place, clock: &SharedClock) -> Vec<Arrival> {
    let recipients = if mail.awaited.is_empty() {
        mail.shown.as_slice()
    } else {
        &mail.awaited
    };
    let position = place.at(mail.uid);
    recipients
        .iter()
        .map(|recipient| Arrival {
            id: ArrivalId::new(position.to_string()),
            position,
            envelope_from: None,
            envelope_to: recipient.clone(),
            received_at: clock.now(),
            folder: place.folder.clone(),
            raw: Arc::clone(&mail.raw),
        })
        .collect()
}

/// The UID behind the last of `uids`.
fn after(uids: &[u32], next: u32) -> u32 {
    uids.last()
        .map_or(next, |last| last.saturating_add(1).max(next))
}
