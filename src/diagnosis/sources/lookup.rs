//! CloudTrail's own memory of management events, which needs no trail.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>: 90 days,
//! pages of 50, two requests a second for an account and region, one attribute in a request.

use std::time::Duration;

use aws_sdk_cloudtrail as sdk;
use jiff::Timestamp;
use sdk::operation::lookup_events::LookupEventsOutput;
use sdk::primitives::DateTime;
use sdk::types::{LookupAttribute, LookupAttributeKey};

use super::miss::{Miss, ask};
use super::permission;
use super::trail_events::{self, COGNITO, OTHERS};
use super::values::moment;
use crate::diagnosis::TrailEvent;

/// Pages of Cognito's events that are read: at AWS's rate this takes ten seconds.
const COGNITO_PAGES_MAX: usize = 20;
/// Pages of another service's events that are read.
const OTHER_PAGES_MAX: usize = 4;
/// The pause between two requests at AWS, which takes two a second.
const PACE_MILLISECONDS: u64 = 500;

/// The events of a time.
#[derive(Debug, Default)]
pub(super) struct LookedUp {
    pub(super) events: Vec<TrailEvent>,
    /// Events that could not be read.
    pub(super) unread: usize,
    /// Services of which there are more events than were read.
    pub(super) cut: Vec<&'static str>,
}

impl LookedUp {
    fn take(&mut self, page: &LookupEventsOutput) {
        for event in page.events() {
            let at = moment(event.event_time());
            let text = event.cloud_trail_event().unwrap_or_default();
            match trail_events::event(text, at) {
                Some(event) if trail_events::is_wanted(&event) => self.events.push(event),
                Some(_) => {}
                None => self.unread += 1,
            }
        }
    }

    /// What is to be known about the reading.
    pub(super) fn remarks(&self) -> Vec<String> {
        let cut = self.cut.iter().map(|service| {
            format!("LookupEvents has more events of {service}; the latest of them were read")
        });
        let unread = (self.unread > 0)
            .then(|| format!("{} events of LookupEvents could not be read", self.unread));
        cut.chain(unread).collect()
    }
}

/// Looks up the events that matter, Cognito's first.
///
/// # Errors
///
/// Why there is no answer.
pub(super) async fn look_up(
    client: &sdk::Client,
    from: Timestamp,
    until: Timestamp,
    emulated: bool,
) -> Result<LookedUp, Miss> {
    // An emulator has no other callers to be polite to.
    let pace = Duration::from_millis(if emulated { 0 } else { PACE_MILLISECONDS });
    let mut all = LookedUp::default();
    let mut is_first = true;
    let services = [(COGNITO, COGNITO_PAGES_MAX)].into_iter();
    for (service, pages_max) in services.chain(OTHERS.map(|other| (other, OTHER_PAGES_MAX))) {
        let request = Request {
            service,
            from,
            until,
        };
        let mut count = 0;
        let mut next = None;
        loop {
            // Nothing tells when the next request is welcome; the quota is all that is known.
            if !std::mem::take(&mut is_first) {
                tokio::time::sleep(pace).await;
            }
            let answer = request.send(client, next.as_deref()).await?;
            all.take(&answer);
            count += 1;
            next = answer.next_token().map(str::to_owned);
            if next.is_none() {
                break;
            }
            if count == pages_max {
                all.cut.push(service);
                break;
            }
        }
    }
    all.events.sort_by_key(|event| event.at);
    Ok(all)
}

/// One service's events of a time.
struct Request {
    service: &'static str,
    from: Timestamp,
    until: Timestamp,
}

impl Request {
    async fn send(
        &self,
        client: &sdk::Client,
        page: Option<&str>,
    ) -> Result<LookupEventsOutput, Miss> {
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventSource)
            .attribute_value(self.service)
            .build()
            .map_err(|error| Miss::Failed(error.to_string()))?;
        ask(permission::LOOKUP_EVENTS, || {
            let request = client.lookup_events().lookup_attributes(attribute.clone());
            let request = request
                .start_time(DateTime::from_millis(self.from.as_millisecond()))
                .end_time(DateTime::from_millis(self.until.as_millisecond()));
            request.set_next_token(page.map(str::to_owned)).send()
        })
        .await
    }
}
