//! What SES tells of a mail, as EventBridge writes it.
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html> has the
//! members, <https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html> the detail types,
//! CAUSES.md (evidence sources, 4) the whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::event_destinations::EventType;

/// Header lines that an event carries, at most; more are left out (SES's page on contents).
const HEADERS_BYTES_MAX: usize = 10 * 1024;

/// An event on the bus.
#[derive(Serialize)]
pub(super) struct Event<'a> {
    pub(super) version: &'static str,
    pub(super) id: String,
    #[serde(rename = "detail-type")]
    pub(super) detail_type: &'static str,
    pub(super) source: &'static str,
    pub(super) account: &'a str,
    /// In whole seconds, as EventBridge has it.
    pub(super) time: String,
    pub(super) region: &'a str,
    pub(super) resources: [&'a str; 0],
    pub(super) detail: Detail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Detail<'a> {
    pub(super) event_type: &'static str,
    pub(super) mail: &'a MailObject,
    #[serde(flatten)]
    pub(super) happening: &'a Happening,
}

/// `mail`: what was sent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MailObject {
    #[serde(serialize_with = "milliseconds")]
    pub(super) timestamp: Timestamp,
    pub(super) source: String,
    pub(super) source_arn: String,
    pub(super) sending_account_id: String,
    pub(super) message_id: String,
    pub(super) destination: Vec<String>,
    headers_truncated: bool,
    headers: Vec<HeaderObject>,
    common_headers: CommonHeaders,
    pub(super) tags: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Serialize)]
struct HeaderObject {
    name: String,
    value: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct CommonHeaders {
    from: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<String>,
    message_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
}

/// What happened to it: the member that is named after the event.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Happening {
    Send {},
    Reject(Reject),
    Delivery(Delivery),
    Bounce(Bounce),
    Complaint(Complaint),
    DeliveryDelay(DeliveryDelay),
    #[serde(rename = "failure")]
    RenderingFailure(RenderingFailure),
}

/// An attribute of its template was missing, so that nothing left.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RenderingFailure {
    pub(super) error_message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) template_name: Option<String>,
}

/// A virus was found.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Reject {
    pub(super) reason: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Delivery {
    #[serde(serialize_with = "milliseconds")]
    pub(super) timestamp: Timestamp,
    pub(super) processing_time_millis: i64,
    pub(super) recipients: Vec<String>,
    pub(super) smtp_response: String,
    pub(super) remote_mta_ip: &'static str,
    #[serde(rename = "reportingMTA")]
    pub(super) reporting_mta: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bounce {
    #[serde(rename = "bounceType")]
    pub(super) kind: BounceType,
    #[serde(rename = "bounceSubType")]
    pub(super) sub_type: &'static str,
    pub(super) bounced_recipients: Vec<Recipient>,
    #[serde(serialize_with = "milliseconds")]
    pub(super) timestamp: Timestamp,
    pub(super) feedback_id: String,
    #[serde(rename = "reportingMTA")]
    pub(super) reporting_mta: &'static str,
}

/// Whether another mail to the recipient may arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum BounceType {
    Permanent,
    Transient,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Recipient {
    pub(super) email_address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diagnostic_code: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Complaint {
    pub(super) complained_recipients: Vec<Recipient>,
    #[serde(serialize_with = "milliseconds")]
    pub(super) timestamp: Timestamp,
    pub(super) feedback_id: String,
    /// `OnAccountSuppressionList`, or `null`.
    #[serde(rename = "complaintSubType")]
    pub(super) sub_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_agent: Option<&'static str>,
    #[serde(
        rename = "complaintFeedbackType",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) feedback_type: Option<&'static str>,
    #[serde(serialize_with = "milliseconds")]
    pub(super) arrival_date: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryDelay {
    #[serde(serialize_with = "milliseconds")]
    pub(super) timestamp: Timestamp,
    pub(super) delay_type: &'static str,
    #[serde(serialize_with = "milliseconds")]
    pub(super) expiration_time: Timestamp,
    pub(super) delayed_recipients: Vec<Recipient>,
    #[serde(rename = "reportingMTA")]
    pub(super) reporting_mta: &'static str,
}

impl Happening {
    /// The event's type in a destination's settings, in the event, and on the bus.
    pub(super) const fn names(&self) -> (EventType, &'static str, &'static str) {
        match self {
            Self::Send {} => (EventType::Send, "Send", "Email Sent"),
            Self::Reject(_) => (EventType::Reject, "Reject", "Email Rejected"),
            Self::Delivery(_) => (EventType::Delivery, "Delivery", "Email Delivered"),
            Self::Bounce(_) => (EventType::Bounce, "Bounce", "Email Bounced"),
            Self::Complaint(_) => (
                EventType::Complaint,
                "Complaint",
                "Email Complaint Received",
            ),
            Self::DeliveryDelay(_) => (
                EventType::DeliveryDelay,
                "DeliveryDelay",
                "Email Delivery Delayed",
            ),
            Self::RenderingFailure(_) => (
                EventType::RenderingFailure,
                "Rendering Failure",
                "Email Rendering Failed",
            ),
        }
    }
}

impl MailObject {
    /// A mail without headers and tags.
    pub(super) fn new(message_id: String, timestamp: Timestamp) -> Self {
        Self {
            timestamp,
            source: String::new(),
            source_arn: String::new(),
            sending_account_id: String::new(),
            destination: Vec::new(),
            headers_truncated: false,
            headers: Vec::new(),
            common_headers: CommonHeaders {
                from: Vec::new(),
                to: Vec::new(),
                message_id: message_id.clone(),
                subject: None,
            },
            message_id,
            tags: BTreeMap::new(),
        }
    }

    /// Takes the header lines over, as many as an event carries.
    pub(super) fn set_headers(&mut self, headers: Vec<(String, String)>) {
        let mut bytes = 0;
        for (name, value) in headers {
            match name.to_ascii_lowercase().as_str() {
                "from" => self.common_headers.from.push(value.clone()),
                "to" => self.common_headers.to.push(value.clone()),
                "subject" => self.common_headers.subject = Some(value.clone()),
                // SES writes its own ones later.
                "message-id" | "date" => continue,
                _ => {}
            }
            bytes += name.len() + value.len();
            if bytes > HEADERS_BYTES_MAX {
                self.headers_truncated = true;
            } else {
                self.headers.push(HeaderObject { name, value });
            }
        }
    }
}

/// Writes a moment as SES does: `2017-08-05T00:41:02.669Z`.
fn milliseconds<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{moment:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_documented_form() {
        let at = "2017-08-05T00:41:02.669Z".parse().unwrap();
        let mut mail = MailObject::new("01-x-000000".to_owned(), at);
        mail.source = "Sender Name <sender@example.com>".to_owned();
        mail.destination = vec!["recipient@example.com".to_owned()];
        mail.set_headers(vec![
            ("Message-ID".to_owned(), "<mine>".to_owned()),
            ("From".to_owned(), mail.source.clone()),
            ("Subject".to_owned(), "Hi".to_owned()),
        ]);
        let happening = Happening::Bounce(Bounce {
            kind: BounceType::Permanent,
            sub_type: "General",
            bounced_recipients: vec![Recipient {
                email_address: "recipient@example.com".to_owned(),
                action: Some("failed"),
                status: Some("5.1.1".to_owned()),
                diagnostic_code: Some("smtp; 550 5.1.1 user unknown".to_owned()),
            }],
            timestamp: at,
            feedback_id: "f".to_owned(),
            reporting_mta: "dsn; mta.example.com",
        });
        let (_, event_type, detail_type) = happening.names();
        assert_eq!((event_type, detail_type), ("Bounce", "Email Bounced"));
        let detail = Detail {
            event_type,
            mail: &mail,
            happening: &happening,
        };
        let written = serde_json::to_string(&detail).unwrap();
        assert_eq!(
            written,
            concat!(
                r#"{"eventType":"Bounce","mail":{"timestamp":"2017-08-05T00:41:02.669Z","#,
                r#""source":"Sender Name <sender@example.com>","sourceArn":"","#,
                r#""sendingAccountId":"","messageId":"01-x-000000","#,
                r#""destination":["recipient@example.com"],"headersTruncated":false,"#,
                r#""headers":[{"name":"From","value":"Sender Name <sender@example.com>"},"#,
                r#"{"name":"Subject","value":"Hi"}],"commonHeaders":{"#,
                r#""from":["Sender Name <sender@example.com>"],"messageId":"01-x-000000","#,
                r#""subject":"Hi"},"tags":{}},"bounce":{"bounceType":"Permanent","#,
                r#""bounceSubType":"General","bouncedRecipients":[{"#,
                r#""emailAddress":"recipient@example.com","action":"failed","status":"5.1.1","#,
                r#""diagnosticCode":"smtp; 550 5.1.1 user unknown"}],"#,
                r#""timestamp":"2017-08-05T00:41:02.669Z","feedbackId":"f","#,
                r#""reportingMTA":"dsn; mta.example.com"}}"#
            )
        );
    }

    #[test]
    fn headers_have_a_bound() {
        let mut mail = MailObject::new("1".to_owned(), Timestamp::UNIX_EPOCH);
        let long = |name: &str| (name.to_owned(), "x".repeat(6_000));
        mail.set_headers(vec![long("X-A"), long("X-B")]);
        assert!(mail.headers_truncated);
        assert_eq!(mail.headers.len(), 1);
    }
}
