//! What a rule thinks of its cause: how sure it is, and by what.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cause::Cause;
use super::evidence::{Call, Gap, SourceName};

/// How sure a finding is.
///
/// The order is that of a verdict: the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// An answer or a log says so in as many words, about this very mail.
    Certain,
    /// The state fits, and nothing speaks against it.
    Likely,
    /// It is only compatible with what was seen.
    Possible,
    /// What would tell could not be looked at.
    Unknown,
    /// Something speaks against it.
    RuledOut,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
            Self::Unknown => "unknown",
            Self::RuledOut => "ruled out",
        })
    }
}

/// One line of proof, with the place and the time where it can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Where it was seen.
    pub source: SourceName,
    /// When it happened, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The request id of the call that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was seen.
    pub text: String,
}

impl Fact {
    /// Something that was seen at a place.
    pub fn new(source: SourceName, text: impl Into<String>) -> Self {
        Self {
            source,
            at: None,
            request_id: None,
            text: text.into(),
        }
    }

    /// Something that a call of the run's own shows.
    pub fn of_call(call: &Call, text: impl Into<String>) -> Self {
        Self {
            source: SourceName::OwnCalls,
            at: Some(call.at),
            request_id: call.request_id.clone(),
            text: text.into(),
        }
    }

    /// The same with its time.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }
}

/// What a rule answers: its confidence, with what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// How sure.
    pub confidence: Confidence,
    /// What speaks for the cause.
    pub proof: Vec<Fact>,
    /// What speaks against it.
    pub against: Vec<Fact>,
    /// What could not be looked at and would have told more.
    pub gaps: Vec<Gap>,
}

impl Opinion {
    fn new(confidence: Confidence) -> Self {
        Self {
            confidence,
            proof: Vec::new(),
            against: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// It is so, because of this.
    pub fn certain(fact: Fact) -> Self {
        Self::new(Confidence::Certain).because(fact)
    }

    /// The state fits: this.
    pub fn likely(fact: Fact) -> Self {
        Self::new(Confidence::Likely).because(fact)
    }

    /// Nothing that was seen excludes it.
    pub fn possible() -> Self {
        Self::new(Confidence::Possible)
    }

    /// It is not so, because of this.
    pub fn ruled_out(fact: Fact) -> Self {
        let mut opinion = Self::new(Confidence::RuledOut);
        opinion.against.push(fact);
        opinion
    }

    /// What would tell could not be looked at.
    pub fn unknown(gap: Gap) -> Self {
        Self::new(Confidence::Unknown).lacking(gap)
    }

    /// The same with one more line of proof.
    #[must_use]
    pub fn because(mut self, fact: Fact) -> Self {
        self.proof.push(fact);
        self
    }

    /// The same with more proof, if there is any.
    #[must_use]
    pub fn because_of(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.proof.extend(facts);
        self
    }

    /// The same with something that speaks against it.
    #[must_use]
    pub fn although(mut self, fact: Fact) -> Self {
        self.against.push(fact);
        self
    }

    /// The same with something that could not be looked at.
    #[must_use]
    pub fn lacking(mut self, gap: Gap) -> Self {
        self.gaps.push(gap);
        self
    }

    /// When it happened: the time of the first line of its proof that has one. What follows it
    /// supports it, and may be older, as a user is than what went wrong with it.
    pub fn since(&self) -> Option<Timestamp> {
        self.proof.iter().find_map(|fact| fact.at)
    }
}

/// A cause with the opinion of its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The cause.
    pub cause: &'static Cause,
    /// What its rule thinks.
    pub opinion: Opinion,
}
