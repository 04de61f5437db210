//! A person who has only a complaint: the diagnosis without anything that the run knows itself.

use jiff::Timestamp;
use tokio::time::Instant;

use super::args::Args;
use super::found::look_back;
use super::reason;
use super::session::{Attempt, Session};
use super::why::must_be_proven;
use crate::diagnosis::{Case, Evidence, Trouble, Verdict};
use crate::record::{Diagnosed, Event, Failure};

pub(super) async fn certain_of(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, cause) = (args.user()?, args.cause()?);
    let verdict = session.attempt()?.complaint(name).await?;
    must_be_proven(&verdict, &[cause])
}

impl Attempt {
    /// Diagnoses what `reverify explain` would of the person's address, since the first request.
    async fn complaint(&mut self, name: &str) -> Result<Diagnosed, Failure> {
        let started = Instant::now();
        let limits = self.setting.limits;
        let deadline = (started + limits.diagnosis).min(self.began + limits.scenario);
        let (user_pool_id, now, here) = (self.pool()?.id.clone(), self.server_now(), self.now());
        let target = std::sync::Arc::clone(&self.setting.target);
        let person = self.person(name)?;
        let address = person.address.clone();
        let (start, asked) = person.first_asked.ok_or_else(|| {
            Failure::broken(format!("{name} was to get no mail in this scenario"))
                .help(format!("write before it: When {name} signs up"))
        })?;
        let watch = target.inbox.watch_since(&address, start).await;
        let watch = watch.map_err(|error| reason::inbox(&error))?;
        // Mails tell their times in whole seconds.
        let asked = target.cognito.server_clock().then(asked, here);
        let since = Timestamp::from_second(asked.as_second()).unwrap_or(asked);
        let mut evidence = Evidence::of(Case {
            address,
            trouble: Trouble::Missing,
            user_pool_id,
            client_id: None,
            request: None,
            since,
            until: now,
            emulated: target.emulated,
        });
        evidence.inbox = look_back(target.inbox.as_ref(), watch, since).await;
        if let Some(sources) = &target.sources {
            evidence = Box::pin(sources.collect(evidence, deadline)).await;
        }
        let verdict = Verdict::of(&evidence).recorded(&evidence, started.elapsed());
        self.setting.recorder.record(Event::Diagnosed {
            verdict: Box::new(verdict.clone()),
        });
        Ok(verdict)
    }
}
