//! Mails that come after nobody waits for them any more.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;

use super::people::Waiting;
use crate::inbox::Watch;
use crate::record::{Event, ScenarioRecorder, millis};

/// The watches that ended without their mail, kept until the run ends: that a mail came late is
/// another finding than that none came. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct LateMails(Arc<Mutex<Vec<Unanswered>>>);

#[derive(Debug)]
struct Unanswered {
    watch: Watch,
    requested: Timestamp,
    recorder: ScenarioRecorder,
}

impl LateMails {
    /// Keeps a wait whose scenario has ended, if a step waited in vain.
    pub(super) fn keep(&self, waiting: Waiting, recorder: ScenarioRecorder) {
        let Waiting {
            watch,
            requested,
            missed,
            ..
        } = waiting;
        if !missed {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(Unanswered {
            watch,
            requested,
            recorder,
        });
    }

    /// Looks once more, records what came late, and forgets the watches.
    pub async fn record(&self) {
        let kept = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *kept)
        };
        // All at once: an inbox that has to be asked is asked once for all.
        join_all(kept.into_iter().map(Unanswered::record)).await;
    }
}

impl Unanswered {
    async fn record(mut self) {
        let now = Instant::now();
        while let Ok(arrival) = self.watch.next(now).await {
            let delivery = arrival.received_at.duration_since(self.requested);
            self.recorder.record(Event::MailLate {
                to: arrival.envelope_to.to_string(),
                delivery_ms: millis(delivery.try_into().unwrap_or_default()),
            });
        }
    }
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
    async fn a_mail_that_was_waited_for_in_vain_is_recorded_when_it_comes() {
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
        for recipient in ["ada@example.com", "bob@example.com"] {
            let watch = sink.inbox().watch(&recipient.parse().unwrap()).await;
            let waiting = Waiting {
                watch: watch.unwrap(),
                requested: Timestamp::UNIX_EPOCH,
                request: "SignUp",
                missed: recipient.starts_with("ada"),
                answer_hidden: false,
            };
            let mail = format!("MAIL FROM:<>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n\r\n.\r\n");
            stream.get_mut().write_all(mail.as_bytes()).unwrap();
            // The second answer to DATA says that the mail is there.
            let mut answer = String::new();
            while answer != "354" {
                answer.clear();
                stream.read_line(&mut answer).unwrap();
                answer.truncate(3);
            }
            stream.read_line(&mut answer).unwrap();
            late.keep(waiting, recorder.clone());
        }
        late.record().await;
        late.record().await;
        let events = events.lock().unwrap();
        let [Event::MailLate { to, delivery_ms }] = &events[..] else {
            panic!("{events:?}")
        };
        assert!(to == "ada@example.com" && *delivery_ms > 0.0);
        sink.stop().unwrap();
    }
}
