//! A mail that SES took, and how its events reach log groups.

use std::sync::Arc;

use jiff::Timestamp;
use lettre::Address;

use super::events::{
    Bounce, BounceType, Complaint, Delivery, DeliveryDelay, Detail, Event, Happening, MailObject,
    Recipient,
};
use super::outgoing::{Accepted, Outgoing};
use super::service::Ses;
use super::suppression::{Feedback, Reason};
use crate::control::SesEventRule;

/// The mail server that events name; AWS's have names of this shape.
pub(super) const REPORTING_MTA: &str = "a8-70.smtp-out.amazonses.com";
/// The same in a bounce.
pub(super) const BOUNCING_MTA: &str = "dsn; a8-70.smtp-out.amazonses.com";
/// What a bounce names that SES made up without asking anybody (recorded).
pub(super) const NO_MTA: &str = "dns; amazonses.com";
/// The receiving server is on this machine.
const REMOTE_MTA_IP: &str = "127.0.0.1";
/// The log stream of a rule's target. EventBridge's names are random.
const LOG_STREAM: &str = "ses-events";

/// A mail that SES took.
#[derive(Debug)]
pub(super) struct SentMail {
    pub(super) mail: MailObject,
    pub(super) configuration_set: Option<String>,
    /// The mail as it goes out.
    pub(super) bytes: Vec<u8>,
}

impl SentMail {
    /// The mail with its id and everything that events tell of it.
    pub(super) fn new(ses: &Ses, outgoing: &Outgoing, accepted: &Accepted, now: Timestamp) -> Self {
        let id = ses.draw_message_id(now);
        let bytes = outgoing.mime.stamped(&ses.message_id_line(&id), now);
        let mut mail = MailObject::new(id, now);
        mail.source = outgoing.from.to_string();
        mail.source_arn = ses.identity_arn(&accepted.identity);
        mail.sending_account_id.clone_from(&ses.account_id);
        let recipients = outgoing.recipients.iter();
        mail.destination = recipients.map(|to| to.email.to_string()).collect();
        mail.set_headers(outgoing.mime.headers());
        let caller = &outgoing.caller;
        let mut tag = |name: &str, value: String| {
            mail.tags.entry(name.to_owned()).or_default().push(value);
        };
        tag("ses:operation", "SendEmail".to_owned());
        if let Some(set) = &accepted.configuration_set {
            tag("ses:configuration-set", set.clone());
        }
        tag("ses:source-ip", caller.ip.clone());
        tag("ses:from-domain", outgoing.from.email.domain().to_owned());
        tag("ses:caller-identity", caller.identity.clone());
        for (name, value) in &outgoing.tags {
            tag(name, value.clone());
        }
        Self {
            mail,
            configuration_set: accepted.configuration_set.clone(),
            bytes,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.mail.message_id
    }
}

impl Ses {
    /// Puts an event on the bus, if the mail's configuration set asks for it: each rule that matches
    /// writes it into its log group.
    pub(super) fn publish(&self, sent: &SentMail, happening: &Happening) {
        let (kind, event_type, detail_type) = happening.names();
        let groups: Vec<String> = {
            let state = self.state();
            let named = sent.configuration_set.as_deref();
            let found = named.and_then(|name| state.configuration_sets.get(name));
            let mut destinations = found.iter().flat_map(|set| set.destinations.values());
            if !destinations.any(|destination| destination.takes(kind)) {
                return;
            }
            let rules = state.event_rules.iter();
            rules
                .filter(|rule| matches(rule, detail_type))
                .map(|rule| rule.log_group_name.clone())
                .collect()
        };
        if groups.is_empty() {
            return;
        }
        let now = self.now();
        let event = Event {
            version: "0",
            id: self.random.uuid().to_string(),
            detail_type,
            source: "aws.ses",
            account: &self.account_id,
            time: format!("{now:.0}"),
            region: &self.region,
            resources: [],
            detail: Detail {
                event_type,
                mail: &sent.mail,
                happening,
            },
        };
        // Texts, numbers and moments always have a JSON form.
        let message = serde_json::to_string(&event).unwrap_or_default();
        for group in groups {
            self.logs.append(&group, LOG_STREAM, now, message.clone());
        }
    }

    /// Tells that a recipient's server took the mail.
    pub(super) fn delivered(&self, sent: &Arc<SentMail>, to: &Address, smtp_response: String) {
        let now = self.now();
        let taken = now.duration_since(sent.mail.timestamp).as_millis();
        let delivery = Happening::Delivery(Delivery {
            timestamp: now,
            processing_time_millis: i64::try_from(taken).unwrap_or(i64::MAX).max(0),
            recipients: vec![to.to_string()],
            smtp_response,
            remote_mta_ip: REMOTE_MTA_IP,
            reporting_mta: REPORTING_MTA,
        });
        self.publish(sent, &delivery);
        let mut state = self.state();
        state.recent.remember(to.clone(), Arc::clone(sent));
    }

    /// Tells that the mail came back, and suppresses the recipient after a hard bounce where the
    /// settings ask for it and `listed` does.
    pub(super) fn bounced(&self, sent: &SentMail, bounce: BounceOf, listed: bool) {
        let feedback_id = self.draw_message_id(self.now());
        if listed && bounce.kind == BounceType::Permanent {
            self.suppress(
                sent,
                &bounce.recipient.email_address,
                Reason::Bounce,
                &feedback_id,
            );
        }
        let bounce = Happening::Bounce(Bounce {
            kind: bounce.kind,
            sub_type: bounce.sub_type,
            bounced_recipients: vec![bounce.recipient],
            timestamp: self.now(),
            feedback_id,
            reporting_mta: bounce.reporting_mta,
        });
        self.publish(sent, &bounce);
    }

    /// Tells that the recipient took the mail for spam, and suppresses the recipient as after a
    /// bounce.
    pub(super) fn complained(
        &self,
        sent: &SentMail,
        to: &str,
        sub_type: Option<&'static str>,
        listed: bool,
    ) {
        let now = self.now();
        let feedback_id = self.draw_message_id(now);
        if listed {
            self.suppress(sent, to, Reason::Complaint, &feedback_id);
        }
        // A complaint that SES made up itself has nobody's report behind it.
        let reported = sub_type.is_none();
        let complaint = Happening::Complaint(Complaint {
            complained_recipients: vec![Recipient {
                email_address: to.to_owned(),
                ..Recipient::default()
            }],
            timestamp: now,
            feedback_id,
            sub_type,
            user_agent: reported.then_some("Amazon SES Mailbox Simulator"),
            feedback_type: reported.then_some("abuse"),
            arrival_date: now,
        });
        self.publish(sent, &complaint);
    }

    /// Tells that the recipient's server wants the mail later.
    pub(super) fn delayed(&self, sent: &SentMail, delay: DelayOf, until: Timestamp) {
        let delay = Happening::DeliveryDelay(DeliveryDelay {
            timestamp: self.now(),
            delay_type: delay.kind,
            expiration_time: until,
            delayed_recipients: vec![delay.recipient],
            reporting_mta: REPORTING_MTA,
        });
        self.publish(sent, &delay);
    }

    fn suppress(&self, sent: &SentMail, to: &str, reason: Reason, feedback_id: &str) {
        let now = self.now();
        let mut state = self.state();
        let active = state.suppressed_reasons(sent.configuration_set.as_deref());
        if active.contains(&reason) {
            let feedback = Feedback {
                message_id: sent.id().to_owned(),
                feedback_id: feedback_id.to_owned(),
            };
            // A list that is full takes nobody more; the event tells of the bounce all the same.
            let _ = state.suppressed.put(to, reason, now, Some(feedback));
        }
    }
}

/// Whether a rule's pattern matches.
fn matches(rule: &SesEventRule, detail_type: &str) -> bool {
    rule.detail_type.is_empty() || rule.detail_type.iter().any(|name| name == detail_type)
}

/// What a bounce says of one recipient.
#[derive(Debug)]
pub(super) struct BounceOf {
    pub(super) kind: BounceType,
    pub(super) sub_type: &'static str,
    pub(super) recipient: Recipient,
    pub(super) reporting_mta: &'static str,
}

/// What a delay says of one recipient.
#[derive(Debug)]
pub(super) struct DelayOf {
    pub(super) kind: &'static str,
    pub(super) recipient: Recipient,
}
