//! Steps about the mails that a person receives.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::args::Args;
use super::found;
use super::late::record_duplicates;
use super::mail_checks::LatestMail;
use super::mail_facts::{self, TemplateUse};
use super::people::{ReceivedMail, Waiting};
use super::session::{Attempt, Session};
use crate::diagnosis::{FoundMail, Trouble};
use crate::inbox::{Arrival, Missing, Unexpected, WaitEnd};
use crate::mail::{Delivery, Extraction, How, Mailbox, Message, Place, extract};
use crate::record::{Event, Failure, MailFacts, millis};

pub(super) async fn receives(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    receive(session.attempt()?, args.user()?, args.seconds()?).await
}

pub(super) async fn receives_link(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let time = args.seconds()?;
    receive_with(session.attempt()?, args.user()?, time, Wanted::Link).await
}

pub(super) async fn receives_saying(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, text, attempt) = (args.user()?, args.quoted()?, s.attempt()?);
    let arrived = next_mail(attempt, name, args.seconds()?).await?;
    attempt.person(name)?.note_found(arrived.found, None);
    if arrived.message.readable_text().contains(text) {
        return Ok(());
    }
    let failure = Failure::failed(format!("the next mail to {name} does not say \"{text}\""));
    Err(failure.seen(subject_line(&arrived.message)))
}

pub(super) async fn receives_another(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    receive_different(s.attempt()?, args.user()?, args.seconds()?).await
}

pub(super) async fn receives_none(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let time = silence(attempt, args.seconds()?);
    say_waiting(attempt, &format!("the absence of mail to {name}"), time);
    let waiting = attempt.person(name)?.waiting.as_mut();
    let Waiting { watch, request, .. } = waiting.ok_or_else(|| no_request(name))?;
    let request = *request;
    match watch.expect_none_until(Instant::now() + time).await {
        Ok(()) => {
            attempt.expected(name, Trouble::Missing);
            Ok(())
        }
        Err(Unexpected::Arrived(arrival)) => {
            let message = Message::parse(&arrival.raw);
            let text = format!("a mail to {} came after {request}", arrival.envelope_to);
            Err(Failure::failed(text).seen(subject_line(&message)))
        }
        Err(unknown @ Unexpected::Unknown(_)) => Err(Failure::broken(unknown.to_string())),
    }
}

pub(super) async fn finds_none(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let time = silence(attempt, args.seconds()?);
    say_waiting(attempt, &format!("an inbox without mail to {name}"), time);
    let waiting = attempt.person(name)?.waiting.as_mut();
    let waiting = waiting.ok_or_else(|| no_request(name))?;
    match waiting.watch.next(Instant::now() + time).await {
        Err(missing) if missing.end == WaitEnd::DeadlinePassed => {
            attempt.expected(name, Trouble::Missing);
            Ok(())
        }
        Err(unknown) => Err(Failure::broken(unknown.to_string())),
        Ok(arrival) => {
            let text = format!("a mail to {} lies in the inbox", arrival.envelope_to);
            Err(Failure::failed(text).seen(subject_line(&Message::parse(&arrival.raw))))
        }
    }
}

/// How long no mail has to come: not shorter than mails take on this target.
fn silence(attempt: &Attempt, asked: Duration) -> Duration {
    asked.max(attempt.setting.target.silence_min)
}

pub(super) async fn receives_unreadable(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let received = receive(attempt, name, args.seconds()?).await;
    match attempt.unexplained.take() {
        Some(question) if question.trouble == Trouble::NoCode => {
            attempt.expected = Some(question);
            Ok(())
        }
        question => {
            attempt.unexplained = question;
            received?;
            Err(Failure::failed(format!(
                "a code could be read from the mail to {name}"
            )))
        }
    }
}

pub(super) async fn all_differ(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let name = args.user()?;
    let mails = &session.attempt()?.person(name)?.mails;
    if mails.len() < 2 {
        let text = format!(
            "{name} received {} mails, so there is nothing to compare",
            mails.len()
        );
        return Err(Failure::broken(text));
    }
    let later = |index: usize| mails.iter().skip(index + 1);
    let pairs = mails.iter().enumerate();
    let mut pairs = pairs.flat_map(|(i, one)| later(i).map(move |other| (one, other)));
    pairs.try_for_each(|(one, other)| must_differ(one, other))
}

/// What a mail has to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Code,
    Link,
}

/// Waits for a mail of the latest request and reads its code.
pub(super) async fn receive(
    attempt: &mut Attempt,
    name: &str,
    time: Duration,
) -> Result<(), Failure> {
    receive_with(attempt, name, time, Wanted::Code).await
}

async fn receive_with(
    attempt: &mut Attempt,
    name: &str,
    time: Duration,
    wanted: Wanted,
) -> Result<(), Failure> {
    let arrived = next_mail(attempt, name, time).await?;
    let found = arrived.found;
    let (code, link) = match (wanted, arrived.extraction) {
        (Wanted::Code, Extraction::Code { code, .. }) => (code, None),
        (Wanted::Link, Extraction::Link { link, .. }) => (link.code.clone(), Some(link)),
        (_, other) => {
            attempt.person(name)?.note_found(found, None);
            attempt.leave_unexplained(name, Trouble::NoCode);
            let deviation = attempt.latest_mail.as_ref();
            let deviation = deviation.and_then(|mail| mail.template.deviation());
            return Err(unreadable(wanted, &arrived.message, &other, deviation));
        }
    };
    let person = attempt.person(name)?;
    person.note_found(found, Some(&code));
    person.mails.push(ReceivedMail {
        message_id: arrived.message.message_id().map(str::to_owned),
        code,
        link,
        received_at: arrived.received_at,
    });
    Ok(())
}

/// A mail that came, read and recorded.
pub(super) struct Arrived {
    pub(super) message: Message,
    pub(super) extraction: Extraction,
    pub(super) received_at: Timestamp,
    /// How long after the request.
    pub(super) took: Duration,
    pub(super) found: FoundMail,
}

/// Waits for the next mail of a person's latest request and reads it; its codes are secrets from then
/// on.
pub(super) async fn next_mail(
    attempt: &mut Attempt,
    name: &str,
    time: Duration,
) -> Result<Arrived, Failure> {
    say_waiting(attempt, &format!("mail to {name}"), time);
    let pool = attempt.pools.last();
    let (templates, own) = pool.map_or_else(Default::default, |pool| {
        (pool.templates.clone(), pool.has_own_template)
    });
    let recorder = attempt.setting.recorder.clone();
    // The watch stays with the person while the step waits: a step that is cut short loses nothing.
    let waiting = attempt.person(name)?.waiting.as_mut();
    let waiting = waiting.ok_or_else(|| no_request(name))?;
    let (request, requested) = (waiting.request, waiting.requested);
    let came = waiting.watch.next(Instant::now() + time).await;
    record_duplicates(&mut waiting.watch, &recorder);
    let arrival = match came {
        Ok(arrival) => arrival,
        Err(missing) => {
            waiting.missed = true;
            attempt.leave_unexplained(name, Trouble::Missing);
            return Err(report_missing(attempt, request, &missing));
        }
    };
    let message = Message::parse(&arrival.raw);
    let extraction = extract(&message, &templates);
    let recorder = recorder.run();
    extraction.codes().for_each(|code| recorder.hide_code(code));
    let took = arrival.received_at.duration_since(requested);
    // Two clocks may disagree by more than a mail takes.
    let took = Duration::try_from(took).unwrap_or_default();
    let delivery = Delivery::parse(&arrival.raw);
    let template = TemplateUse::of(&message, &extraction, &templates, own);
    let receiver = attempt.setting.target.receiver.as_deref();
    let mut facts = mail_facts::facts(&arrival, &delivery, requested, receiver, &template);
    if let Extraction::Code { code, .. } = &extraction {
        facts.same_code_as = mail_facts::same_code(&attempt.person(name)?.mails, code);
    }
    let event = arrived(&arrival, &message, &found(&extraction), took, facts);
    attempt.setting.recorder.record(event);
    attempt.latest_mail = Some(LatestMail {
        subject: message.subject().map(str::to_owned),
        text: message.readable_text(),
        delivery,
        template,
        took,
    });
    Ok(Arrived {
        found: found::received(&arrival, &message, &extraction),
        received_at: arrival.received_at,
        message,
        extraction,
        took,
    })
}

/// The same, and the mail differs from each that the person received before.
pub(super) async fn receive_different(
    attempt: &mut Attempt,
    name: &str,
    time: Duration,
) -> Result<(), Failure> {
    receive(attempt, name, time).await?;
    let mails = &attempt.person(name)?.mails;
    let Some((latest, earlier)) = mails.split_last() else {
        return Ok(());
    };
    let differ = earlier.iter().try_for_each(|one| must_differ(one, latest));
    if differ.is_err() {
        attempt.leave_unexplained(name, Trouble::Missing);
    }
    differ
}

fn must_differ(one: &ReceivedMail, other: &ReceivedMail) -> Result<(), Failure> {
    let times = format!(
        "received at {} and at {}",
        one.received_at, other.received_at
    );
    if one.message_id.is_some() && one.message_id == other.message_id {
        let id = one.message_id.as_deref().unwrap_or_default();
        let text = format!("two mails have the same message id {id}");
        let help = "the same mail was delivered twice: look at the mail system, not at the pool";
        return Err(Failure::failed(text).seen(times).help(help));
    }
    if one.code == other.code {
        let text = format!("two mails carry the same code {}", one.code.masked());
        return Err(Failure::failed(text).seen(times));
    }
    Ok(())
}

pub(super) fn no_request(name: &str) -> Failure {
    Failure::broken(format!(
        "nothing was requested yet that sends {name} a mail"
    ))
    .help(format!("write before it: When {name} signs up"))
}

pub(super) fn say_waiting(attempt: &Attempt, what: &str, time: Duration) {
    attempt.setting.recorder.record(Event::Waiting {
        what: what.to_owned(),
        at_most_ms: millis(time),
    });
}

/// The event that a mail came, with what was found in it.
pub(super) fn arrived(
    arrival: &Arrival,
    message: &Message,
    found: &str,
    took: Duration,
    facts: MailFacts,
) -> Event {
    Event::MailArrived {
        to: arrival.envelope_to.to_string(),
        from: message.from().first().map_or_else(String::new, shown),
        subject: message.subject().unwrap_or_default().to_owned(),
        message_id: message.message_id().map(str::to_owned),
        bytes: arrival.raw.len(),
        delivery_ms: millis(took),
        found: found.to_owned(),
        facts: Box::new(facts),
    }
}

pub(super) fn report_missing(attempt: &Attempt, request: &str, missing: &Missing) -> Failure {
    attempt.setting.recorder.record(Event::MailMissing {
        to: missing.recipient.to_string(),
        waited_ms: millis(missing.waited),
        others: usize::try_from(missing.others).unwrap_or(usize::MAX),
    });
    let inbox = attempt.setting.target.inbox.describe();
    let text = missing.to_string();
    let failure = match &missing.end {
        WaitEnd::DeadlinePassed => Failure::failed(text),
        // Silence proves nothing where nobody could listen.
        _ => Failure::broken(text),
    };
    let failure = failure
        .seen(attempt.destination.beside_missing(request))
        .seen(format!("the inbox that was watched: {inbox}"));
    if missing.yielded > 0 {
        return failure.help(format!(
            "{request} had its mail already; write before this line what asks for another"
        ));
    }
    failure
}

fn unreadable(
    wanted: Wanted,
    message: &Message,
    extraction: &Extraction,
    deviation: Option<String>,
) -> Failure {
    let what = match wanted {
        Wanted::Code => "code",
        Wanted::Link => "confirmation link",
    };
    let text = format!(
        "a mail came, but no {what} could be read from it: {}",
        found(extraction)
    );
    let mut failure = Failure::failed(text).seen(subject_line(message));
    failure.seen.extend(deviation);
    failure
        .help("compare the mail with the pool's template; a custom message function may change it")
}

/// What was found in a mail, without what is secret of it.
fn found(extraction: &Extraction) -> String {
    let by = |how: &How| match how {
        How::Template(Place::Body) => "by the pool's template",
        How::Template(Place::Subject) => "in the subject, by the pool's template",
        How::Cues => "by the words around it",
        How::Template(Place::Link) => "in a link, by the pool's template",
        How::LinkForm => "by the form of a link",
        How::Pattern => "by the given pattern",
    };
    match extraction {
        Extraction::Code { code, how } => format!("code {} {}", code.masked(), by(how)),
        Extraction::Link { how, .. } => format!("a confirmation link {}", by(how)),
        Extraction::None => "neither code nor link".to_owned(),
        Extraction::Ambiguous { candidates } => {
            format!("{} numbers that could each be the code", candidates.len())
        }
    }
}

pub(super) fn shown(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.address),
        None => mailbox.address.to_string(),
    }
}

pub(super) fn subject_line(message: &Message) -> String {
    match message.subject() {
        Some(subject) => format!("its subject: {subject}"),
        None => "it has no subject".to_owned(),
    }
}
