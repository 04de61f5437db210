//! The catalogue's entries: what can keep a mail away.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, Gap};
use super::finding::{Confidence, Finding, Opinion};

/// On the mail's way, where a cause is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nobody asked Cognito for a mail.
    NotAsked,
    /// Cognito refused.
    Refused,
    /// Cognito agreed, but did not hand the mail over.
    NotHandedOver,
    /// SES refused it, dropped it or could not deliver it.
    NotSent,
    /// The receiving side has it, or lost it.
    NotSeen,
    /// The checker's own mistake, or a limit of what it sees.
    Checker,
}

impl Stage {
    /// All stages, in the order of a mail's way.
    pub const ALL: [Self; 6] = [
        Self::NotAsked,
        Self::Refused,
        Self::NotHandedOver,
        Self::NotSent,
        Self::NotSeen,
        Self::Checker,
    ];
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked => "the request never asked for a mail",
            Self::Refused => "Cognito refused",
            Self::NotHandedOver => "Cognito agreed, but did not hand the mail over",
            Self::NotSent => "SES refused, dropped or returned it",
            Self::NotSeen => "the receiving side",
            Self::Checker => "the checker itself",
        })
    }
}

/// What a cause can do in a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It keeps mails away, and may be the headline.
    Explains,
    /// It limits what can be known, or says why another cause came about; never the headline.
    Qualifies,
}

/// One thing that can keep a verification mail away.
pub struct Cause {
    /// Its stable name, in small letters with hyphens.
    pub id: &'static str,
    /// Where it is at work.
    pub stage: Stage,
    /// Whether it may be the headline.
    pub role: Role,
    /// The surest that a finding of it can be (CAUSES.md).
    pub reaches: Confidence,
    /// What happened, as a sentence without its full stop.
    pub title: &'static str,
    /// What is behind it.
    pub meaning: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where it is documented or was reported.
    pub sources: &'static [&'static str],
    /// Its rule: an opinion, or what it would have to see for one.
    pub(super) rule: fn(&Evidence) -> Result<Opinion, Gap>,
}

impl Cause {
    /// What the evidence says about this cause.
    pub fn weigh(&'static self, evidence: &Evidence) -> Finding {
        let opinion = (self.rule)(evidence).unwrap_or_else(Opinion::unknown);
        Finding {
            cause: self,
            opinion,
        }
    }
}

impl PartialEq for Cause {
    /// The stable name is what a cause is.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Cause {}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
