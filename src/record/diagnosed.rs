//! A verdict as records keep it: text and names, readable without the rules that made it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a mail did not come, as far as it could be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnosed {
    /// Whose mail it is about.
    pub address: String,
    /// How much was found out.
    pub conclusion: Conclusion,
    /// What explains it or bears on it, the most telling first.
    pub causes: Vec<DiagnosedCause>,
    /// What is certainly not the cause.
    pub ruled_out: Vec<RuledOut>,
    /// What could not be looked at.
    pub gaps: Vec<BlindSpot>,
    /// What became of each place that was looked at.
    pub looked_at: Vec<LookedAt>,
    /// Milliseconds from the question to the verdict.
    pub took_ms: f64,
}

/// What a verdict comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// A cause is proven.
    Proven,
    /// Several causes are proven; they happened one after the other.
    Chain,
    /// No cause is proven, but one is likely.
    Likely,
    /// Nothing stands out.
    Open,
}

/// A cause that is at work, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosedCause {
    /// Its stable name, such as `auto-verify-off`.
    pub id: String,
    /// What happened.
    pub title: String,
    /// `certain`, `likely` or `possible`.
    pub confidence: String,
    /// Where on the mail's way it is at work.
    pub stage: String,
    /// Whether it only limits or explains another cause.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub qualifies: bool,
    /// What speaks for it.
    pub proof: Vec<Proof>,
    /// What speaks against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Proof>,
    /// What to do.
    pub fix: String,
}

/// One line of proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Where it was seen.
    pub source: String,
    /// When it happened, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The request id of the call that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was seen.
    pub text: String,
}

/// A cause that is excluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledOut {
    /// Its stable name.
    pub id: String,
    /// By what.
    pub by: Vec<Proof>,
}

/// A place that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlindSpot {
    /// The place.
    pub source: String,
    /// What happened.
    pub why: String,
    /// What would open it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// What became of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    /// The place.
    pub source: String,
    /// `read`, `lagging`, `denied`, `not-configured`, `timed-out`, `failed` or `not-asked`.
    pub outcome: String,
}

impl Diagnosed {
    /// The one cause to act on, if one is proven or likely.
    pub fn headline(&self) -> Option<&DiagnosedCause> {
        if self.conclusion == Conclusion::Open {
            return None;
        }
        self.causes.iter().find(|cause| !cause.qualifies)
    }
}
