//! Mails that come after nobody waits for them any more.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;

use super::people::Waiting;
use crate::inbox::Watch;
use crate::mail::{Message, extract};
use crate::record::{Event, ScenarioRecorder, millis};

/// How many watches are kept: those of a run of 500 scenarios with some people each.
const WATCHES_KEPT_MAX: usize = 4_096;

/// The watches of attempts that have ended, kept until the run ends: that a mail came late is
/// another finding than that none came, and one that nobody awaited is a finding too. Clones share
/// them.
#[derive(Debug, Clone, Default)]
pub struct LateMails(Arc<Mutex<Vec<Ended>>>);

#[derive(Debug)]
struct Ended {
    waiting: Waiting,
    at: Timestamp,
    recorder: ScenarioRecorder,
}

impl LateMails {
    /// Keeps a wait whose attempt has ended now.
    pub(super) fn keep(&self, mut waiting: Waiting, recorder: ScenarioRecorder, at: Timestamp) {
        record_duplicates(&mut waiting.watch, &recorder);
        waiting.watch.retire();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < WATCHES_KEPT_MAX {
            kept.push(Ended {
                waiting,
                at,
                recorder,
            });
        }
    }

    /// Looks once more, records what came, and forgets the watches.
    pub async fn record(&self) {
        let kept = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *kept)
        };
        // All at once: an inbox that has to be asked is asked once for all.
        join_all(kept.into_iter().map(Ended::record)).await;
    }
}

/// Records the further copies that came, which no step has used.
pub(super) fn record_duplicates(watch: &mut Watch, recorder: &ScenarioRecorder) {
    for copy in watch.take_duplicates() {
        recorder.record(Event::MailDuplicated {
            to: watch.recipient().to_string(),
            folder: copy.folder.to_string(),
            after_ms: between(copy.first_received_at, copy.received_at),
        });
    }
}

impl Ended {
    async fn record(mut self) {
        let now = Instant::now();
        let watch = &mut self.waiting.watch;
        let mut awaited = self.waiting.missed;
        while let Ok(arrival) = watch.next(now).await {
            let to = arrival.envelope_to.to_string();
            if std::mem::take(&mut awaited) {
                let delivery_ms = between(self.waiting.requested, arrival.received_at);
                self.recorder.record(Event::MailLate { to, delivery_ms });
            } else if arrival.received_at > self.at {
                // What came before is a mail that the scenario chose not to read.
                let message = Message::parse(&arrival.raw);
                let codes = extract(&message, &[]);
                let run = self.recorder.run();
                codes.codes().for_each(|code| run.hide_code(code));
                self.recorder.record(Event::MailUnawaited {
                    to,
                    subject: message.subject().unwrap_or_default().to_owned(),
                    after_ms: between(self.at, arrival.received_at),
                });
            }
        }
        record_duplicates(watch, &self.recorder);
    }
}

/// Milliseconds from one moment to the next; two clocks may disagree by more than lies between.
fn between(one: Timestamp, next: Timestamp) -> f64 {
    millis(next.duration_since(one).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;
    use crate::inbox::{Inbox as _, SmtpSink, sink::SinkSettings};
    use crate::model::{ScenarioId, SystemClock};
    use crate::record::Recorder;

    #[tokio::test]
    async fn a_mail_that_comes_after_its_attempt_is_recorded() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = SmtpSink::start(listener, SinkSettings::default()).unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let listening = Arc::clone(&events);
        let recorder = Recorder::new(Arc::new(SystemClock))
            .to_listener(move |entry| listening.lock().unwrap().push(entry.event.clone()));
        let recorder = recorder.scenario(ScenarioId::new("features/a.feature", 1), 1);
        let late = LateMails::default();
        let mut stream = BufReader::new(TcpStream::connect(sink.address()).unwrap());
        stream.get_mut().write_all(b"HELO test\r\n").unwrap();
        // The attempts end before the mails, but for the last one, which left its mail unread.
        let ends = [
            ("ada@example.com", Timestamp::UNIX_EPOCH),
            ("bob@example.com", Timestamp::UNIX_EPOCH),
            ("eve@example.com", Timestamp::MAX),
        ];
        for (recipient, end) in ends {
            let watch = sink.inbox().watch(&recipient.parse().unwrap()).await;
            let waiting = Waiting {
                watch: watch.unwrap(),
                requested: Timestamp::UNIX_EPOCH,
                request: "SignUp",
                missed: recipient.starts_with("ada"),
                answer_hidden: false,
            };
            let mail = format!(
                "MAIL FROM:<>\r\nRCPT TO:<{recipient}>\r\nDATA\r\nSubject: Hi\r\n\r\n.\r\n"
            );
            stream.get_mut().write_all(mail.as_bytes()).unwrap();
            // The second answer to DATA says that the mail is there.
            let mut answer = String::new();
            while answer != "354" {
                answer.clear();
                stream.read_line(&mut answer).unwrap();
                answer.truncate(3);
            }
            stream.read_line(&mut answer).unwrap();
            late.keep(waiting, recorder.clone(), end);
        }
        late.record().await;
        late.record().await;
        let events = events.lock().unwrap();
        assert_eq!(events.len(), 2, "{events:?}");
        let late = events.iter().any(|event| {
            matches!(event, Event::MailLate { to, delivery_ms }
                if to == "ada@example.com" && *delivery_ms > 0.0)
        });
        let unawaited = events.iter().any(|event| {
            matches!(event, Event::MailUnawaited { to, subject, after_ms }
                if to == "bob@example.com" && subject == "Hi" && *after_ms > 0.0)
        });
        assert!(late && unawaited, "{events:?}");
        sink.stop().unwrap();
    }
}
