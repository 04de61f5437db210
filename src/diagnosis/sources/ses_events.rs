//! Events of SES as EventBridge writes them into a log group (CAUSES.md, evidence source 4).
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>

use jiff::Timestamp;
use serde::Deserialize;

use super::insights::Line;
use super::log::Parsed;
use super::query_text::{finding, lines_where};
use super::shown::shown;
use crate::diagnosis::{Evidence, FoundMail, SesEvent, SesEventKind};
use crate::model::EmailAddress;

#[derive(Debug, Deserialize)]
struct BusEvent {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    /// `notificationType` where the identity's own feedback is forwarded.
    #[serde(alias = "notificationType")]
    event_type: String,
    mail: MailObject,
    delivery: Option<Delivery>,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    reject: Option<Reject>,
    delivery_delay: Option<DeliveryDelay>,
    failure: Option<Failure>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MailObject {
    timestamp: Option<Timestamp>,
    message_id: String,
    #[serde(default)]
    destination: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    timestamp: Option<Timestamp>,
    smtp_response: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    timestamp: Option<Timestamp>,
    #[serde(rename = "bounceType")]
    kind: Option<String>,
    #[serde(rename = "bounceSubType")]
    sub_kind: Option<String>,
    bounced_recipients: Option<Vec<Recipient>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    timestamp: Option<Timestamp>,
    complaint_sub_type: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Reject {
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryDelay {
    timestamp: Option<Timestamp>,
    delay_type: Option<String>,
    delayed_recipients: Option<Vec<Recipient>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    error_message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: Option<String>,
    diagnostic_code: Option<String>,
}

/// Asks for all events that name the address somewhere.
pub(super) fn query(address: &EmailAddress) -> String {
    lines_where(&format!("@message like {}", finding(address.as_str())))
}

/// The events about mails to the address that SES took in the time of the case, in order.
pub(super) fn parse(lines: &[Line], evidence: &Evidence) -> Parsed<SesEvent> {
    let mut parsed = Parsed::default();
    for line in lines {
        match serde_json::from_str::<BusEvent>(&line.message) {
            Ok(event) if is_of_case(&event.detail.mail, line.at, evidence) => {
                // Opens, clicks and subscriptions are no deliveries.
                let event = converted(line.at, event.detail, &evidence.case.address);
                parsed.found.extend(event);
            }
            Ok(_) => {}
            Err(_) => parsed.unread += 1,
        }
    }
    // The log has whole seconds, and events of one second come in any order.
    parsed.found.sort_by_key(|event| event.at);
    parsed
}

/// Whether a mail is one of the case: to the address, taken since then, and none that lay in the inbox
/// before the request was made.
fn is_of_case(mail: &MailObject, logged: Timestamp, evidence: &Evidence) -> bool {
    let address = &evidence.case.address;
    let is_to = mail
        .destination
        .as_ref()
        .is_none_or(|all| all.iter().any(|to| is_same(to, address)));
    let is_earlier = |found: &FoundMail| {
        let id = found.message_id.as_deref().unwrap_or_default();
        let id = id.trim_start_matches('<');
        !found.after_position && id.split('@').next() == Some(mail.message_id.as_str())
    };
    let mut mails = evidence.inbox.mails.read().into_iter().flatten();
    is_to && mail.timestamp.unwrap_or(logged) >= evidence.case.since && !mails.any(is_earlier)
}

fn converted(logged: Timestamp, detail: Detail, address: &EmailAddress) -> Option<SesEvent> {
    let text = |text: Option<String>| text.unwrap_or_default();
    let (at, kind) = match detail.event_type.as_str() {
        "Send" => (detail.mail.timestamp, SesEventKind::Send),
        "Delivery" => {
            let delivery = detail.delivery?;
            let smtp_response = shown(&text(delivery.smtp_response));
            (delivery.timestamp, SesEventKind::Delivery { smtp_response })
        }
        "Bounce" => {
            let bounce = detail.bounce?;
            let kind = SesEventKind::Bounce {
                kind: text(bounce.kind),
                sub_kind: text(bounce.sub_kind),
                diagnostic: diagnostic(bounce.bounced_recipients, address),
            };
            (bounce.timestamp, kind)
        }
        "Complaint" => {
            let complaint = detail.complaint?;
            let sub_kind = text(complaint.complaint_sub_type);
            (complaint.timestamp, SesEventKind::Complaint { sub_kind })
        }
        "Reject" => {
            let reason = text(detail.reject?.reason);
            (None, SesEventKind::Reject { reason })
        }
        "DeliveryDelay" => {
            let delay = detail.delivery_delay?;
            let kind = SesEventKind::DeliveryDelay {
                kind: text(delay.delay_type),
                diagnostic: diagnostic(delay.delayed_recipients, address),
            };
            (delay.timestamp, kind)
        }
        "Rendering Failure" => {
            let error = shown(&text(detail.failure?.error_message));
            (None, SesEventKind::RenderingFailure { error })
        }
        _ => return None,
    };
    Some(SesEvent {
        at: at.unwrap_or(logged),
        message_id: detail.mail.message_id,
        kind,
    })
}

/// Whether a recipient, with or without a name before it, is the address, capitals aside.
fn is_same(recipient: &str, address: &EmailAddress) -> bool {
    let bare = recipient
        .rsplit_once('<')
        .map_or(recipient, |(_, bare)| bare);
    bare.trim_end_matches('>').to_lowercase() == address.mailbox_key()
}

/// The receiving server's words about the address.
fn diagnostic(recipients: Option<Vec<Recipient>>, address: &EmailAddress) -> String {
    let mut recipients = recipients.unwrap_or_default().into_iter();
    let is_address =
        |one: &Recipient| is_same(one.email_address.as_deref().unwrap_or_default(), address);
    let code = recipients
        .find(is_address)
        .and_then(|one| one.diagnostic_code);
    code.map(|code| shown(&code)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
