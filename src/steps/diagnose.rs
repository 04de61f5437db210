//! The diagnosis inside a scenario: what it knows of a missing mail becomes evidence, AWS's services
//! are asked for more, and the verdict goes into the record.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::found;
use super::people::Person;
use super::session::{Attempt, Session};
use crate::diagnosis::{
    Call, Case, ClockSkew, Evidence, FoundMail, InboxEvidence, PoolSnapshot, RejectedMail, Source,
    Trouble, Verdict,
};
use crate::mail::{Message, Template, extract};
use crate::model::EmailAddress;
use crate::record::{Diagnosed, Event, Failure, millis};

/// Late mails that are looked at: one is enough to know, and a loop needs an end.
const LATE_MAILS_MAX: usize = 16;

/// Which mail went wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// Whose mail.
    pub(super) person: String,
    pub(super) trouble: Trouble,
}

impl Session {
    /// Explains the mail that the step which failed was about, if it was about one.
    pub(super) async fn diagnose(&mut self) {
        let Ok(attempt) = self.attempt() else { return };
        let Some(question) = attempt.unexplained.take() else {
            return;
        };
        // A question that makes no sense, without a pool or a person, has no answer to record.
        let _ = attempt.verdict(&question).await;
    }
}

impl Attempt {
    /// Notes that a step fails because of a mail; what comes of it is explained when the step ends.
    pub(super) fn leave_unexplained(&mut self, name: &str, trouble: Trouble) {
        self.unexplained = Some(Question {
            person: name.to_owned(),
            trouble,
        });
    }

    /// Notes a trouble that the scenario expects, for a step that asks why.
    pub(super) fn expected(&mut self, name: &str, trouble: Trouble) {
        self.expected = Some(Question {
            person: name.to_owned(),
            trouble,
        });
    }

    /// Collects evidence, weighs it and records the verdict.
    ///
    /// # Errors
    ///
    /// When the scenario has no pool or nobody of that name.
    pub(super) async fn verdict(&mut self, question: &Question) -> Result<Diagnosed, Failure> {
        let started = Instant::now();
        let limits = self.setting.limits;
        let deadline = (started + limits.diagnosis).min(self.began + limits.scenario);
        self.setting.recorder.record(Event::Waiting {
            what: format!("the reason why {}'s mail is missing", question.person),
            at_most_ms: millis(deadline.saturating_duration_since(started)),
        });
        let mut evidence = self.own_evidence(question).await?;
        if let Some(sources) = self.setting.target.sources.clone() {
            evidence = Box::pin(sources.collect(evidence, deadline)).await;
        }
        let mut verdict = Verdict::of(&evidence);
        if verdict.wants_control(&evidence) {
            evidence.control = self.control_experiment(&question.person, deadline).await;
            verdict = Verdict::of(&evidence);
        }
        let verdict = verdict.recorded(&evidence, started.elapsed());
        self.setting.recorder.record(Event::Diagnosed {
            verdict: Box::new(verdict.clone()),
        });
        Ok(verdict)
    }

    /// What the attempt saw itself.
    async fn own_evidence(&mut self, question: &Question) -> Result<Evidence, Failure> {
        let (now, here) = (self.server_now(), self.now());
        let pool = self.pool()?;
        let (pool_id, templates) = (pool.id.clone(), pool.templates.clone());
        let snapshots = pool.snapshots.clone();
        let emulated = self.setting.target.emulated;
        let clock_of_server = self.setting.target.cognito.server_clock().clone();
        let clock = clock_of_server.ahead(here);
        let person = self.person(&question.person)?;
        let address = person.address.clone();
        let names = person.names();
        let asked = person.waiting.as_ref();
        let start = asked.map(|waiting| waiting.watch.position());
        let hidden = asked.is_some_and(|waiting| waiting.answer_hidden);
        let begun = asked.map_or(now, |waiting| clock_of_server.then(waiting.requested, here));
        let (mut inbox, late) = look(person, &templates, now).await;
        inbox.rejected = self.rejected(&address);
        if let Some(start) = start {
            let place = self.setting.target.inbox.clone();
            (inbox.quota, inbox.vanished) = found::of_mailbox(place.as_ref(), start).await;
        }
        for (delivery_ms, to) in late {
            self.setting
                .recorder
                .record(Event::MailLate { to, delivery_ms });
        }
        // Where an application kept the answer to itself, there is but a complaint.
        let calls = if hidden {
            Vec::new()
        } else {
            self.calls.about(&names)
        };
        let request = calls.iter().rposition(Call::may_send);
        let mut evidence = Evidence::of(Case {
            address,
            trouble: question.trouble,
            user_pool_id: pool_id,
            client_id: None,
            request,
            since: since(&calls, request, begun),
            until: now,
            emulated,
        });
        evidence.calls = calls;
        evidence.pool = snapshots;
        evidence.inbox = inbox;
        evidence.clock = clock.map_or(Source::NotAsked, |ahead| {
            let ahead_ms = i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX);
            Source::from(ClockSkew { ahead_ms })
        });
        Ok(evidence)
    }

    /// What the receiving server refused to take for an address, by the service's clock.
    fn rejected(&self, address: &EmailAddress) -> Source<Vec<RejectedMail>> {
        let target = &self.setting.target;
        let Some(refused) = target.inbox.refused(address) else {
            return Source::NotAsked;
        };
        let (clock, here) = (target.cognito.server_clock(), self.now());
        let rejected = refused.into_iter().map(|mail| RejectedMail {
            at: clock.then(mail.at, here),
            to: mail.to.to_string(),
            answer: mail.answer,
        });
        Source::from(rejected.collect::<Vec<_>>())
    }

    /// Keeps the pool's settings as they are now, where a diagnosis may ask for them.
    pub(super) async fn keep_snapshot(&mut self) {
        let Some(sources) = self.setting.target.sources.clone() else {
            return;
        };
        let at = self.server_now();
        let asked_before = self.calls.any_asked_for_mail();
        let Ok(pool) = self.pool_mut() else { return };
        if !asked_before {
            // The pool is still being set up: nothing drifts before the first mail is asked for.
            pool.snapshots = Source::NotAsked;
        }
        let snapshot = sources.pool(&pool.id).await;
        // More exact than the date of the answer, which has whole seconds.
        let snapshot = snapshot.map(|snapshot| PoolSnapshot { at, ..snapshot });
        pool.snapshots = with_snapshot(std::mem::take(&mut pool.snapshots), snapshot);
    }

    /// The time by the server's clock.
    pub(super) fn server_now(&self) -> Timestamp {
        let clock = self.setting.target.cognito.server_clock();
        clock.now(self.now())
    }
}

/// One snapshot more, unless nothing changed since the last; a failure counts only where none was
/// read before.
fn with_snapshot(
    kept: Source<Vec<PoolSnapshot>>,
    new: Source<PoolSnapshot>,
) -> Source<Vec<PoolSnapshot>> {
    let outcome = new.outcome();
    match (kept, new) {
        (
            Source::Read { mut found },
            Source::Read { found: new } | Source::Lagging { found: new, .. },
        ) => {
            if found
                .last()
                .is_none_or(|last| last.settings != new.settings)
            {
                found.push(new);
            }
            Source::Read { found }
        }
        (_, Source::Read { found: new } | Source::Lagging { found: new, .. }) => {
            Source::from(vec![new])
        }
        (kept @ Source::Read { .. }, _) => kept,
        _ => outcome.with(Vec::new()),
    }
}

/// From when on was looked: what was answered before the request belongs to earlier mails.
fn since(calls: &[Call], request: Option<usize>, begun: Timestamp) -> Timestamp {
    let before = request.and_then(|at| calls[..at].last());
    before.map_or(begun, |call| call.at)
}

/// What the watch of the person's latest request has seen, and the mails that came just now: for
/// each of them the milliseconds since the request, and the recipient.
async fn look(
    person: &mut Person,
    templates: &[Template],
    now: Timestamp,
) -> (InboxEvidence, Vec<(f64, String)>) {
    let mut mails = person.found_mails();
    let mut late = Vec::new();
    let mut inbox = InboxEvidence::default();
    let Some(waiting) = person.waiting.as_mut() else {
        inbox.mails = Source::from(mails);
        return (inbox, late);
    };
    let missing = loop {
        match waiting.watch.next(Instant::now()).await {
            Ok(arrival) if late.len() < LATE_MAILS_MAX => {
                let message = Message::parse(&arrival.raw);
                let mail = found::received(&arrival, &message, &extract(&message, templates));
                // It came after the wait, so its time is not earlier than the wait's end.
                mails.push(FoundMail {
                    at: mail.at.max(now),
                    ..mail
                });
                let took = arrival.received_at.duration_since(waiting.requested);
                let took = Duration::try_from(took).unwrap_or_default();
                late.push((millis(took), arrival.envelope_to.to_string()));
            }
            Ok(_) => break None,
            Err(missing) => break Some(missing),
        }
    };
    mails.extend(missing.iter().flat_map(found::seen_while_waiting));
    inbox.mails = found::outcome(missing.as_ref(), mails);
    (inbox, late)
}
