//! What a mail tells about its own delivery, as a record keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the headers of a mail and its comparison with others tell. Everything may be absent: a
/// mail that no host passed on tells nothing of its way.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailFacts {
    /// The envelope's sender, to which bounces go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope_from: Option<String>,
    /// When it was written, by the sender's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<MomentFact>,
    /// The hosts that passed it on, the first one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<HopFact>,
    /// What the receiver found out about the sender; nothing if nobody checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication: Option<AuthenticationFact>,
    /// What filters thought of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spam: Vec<SpamFact>,
    /// Whether its text is the pool's; nothing if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateFact>,
    /// Earlier mails to the same person with the same code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same_code_as: Vec<EarlierMail>,
}

/// A moment by another host's clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MomentFact {
    /// Milliseconds after the request, never before it nor after the arrival.
    pub after_ms: f64,
    /// By how many milliseconds the clock is wrong at least: ahead if positive, behind if negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<f64>,
}

/// A host that passed a mail on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HopFact {
    /// The host that sent it, as it named itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The host that took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When that host took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<MomentFact>,
}

/// What a receiver found out about a sender, in the words of RFC 8601 such as `pass` and `fail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationFact {
    /// The receiver, as it names itself.
    pub host: String,
    /// Whether the sender's domain lets the host send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf: Option<String>,
    /// Whether a domain signed the mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dkim: Option<String>,
    /// Whether one of them agrees with the `From` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<String>,
}

/// What a filter wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpamFact {
    /// The header's name.
    pub header: String,
    /// Its value.
    pub value: String,
    /// Whether it calls the mail spam; nothing where it gives a score alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_spam: Option<bool>,
}

/// Whether a mail's text is the one of the pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "kebab-case")]
pub enum TemplateFact {
    /// It is.
    Followed,
    /// It is not.
    NotFollowed {
        /// In which way.
        reason: String,
    },
}

/// A mail that the scenario received before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierMail {
    /// Its `Message-ID` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// When it arrived.
    pub received_at: Timestamp,
}
