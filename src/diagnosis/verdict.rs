//! All findings of one missing mail, ranked.

use jiff::Timestamp;

use super::cause::{Role, Stage};
use super::causes;
use super::evidence::{Evidence, FoundMail, Gap, Source, SourceName, Trouble};
use super::finding::{Confidence, Finding};

/// What the evidence says, all in all.
///
/// ```
/// use reverify::diagnosis::{Case, Conclusion, Evidence, Trouble, Verdict};
/// use reverify::model::UserPoolId;
///
/// let evidence = Evidence::of(Case {
///     address: "ada@example.com".parse()?,
///     trouble: Trouble::Missing,
///     user_pool_id: UserPoolId::new("eu-west-1_AbCdEfGhI"),
///     client_id: None,
///     request: None,
///     since: "2026-03-01T12:00:00Z".parse()?,
///     until: "2026-03-01T12:05:00Z".parse()?,
///     emulated: false,
/// });
/// let verdict = Verdict::of(&evidence);
/// assert_eq!(verdict.conclusion(), Conclusion::Open);
/// assert!(!verdict.gaps().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Every cause of the catalogue with its finding, the most telling first.
    pub findings: Vec<Finding>,
    /// What became of each place that was looked at.
    pub outcomes: Vec<(SourceName, Source<()>)>,
}

/// What a verdict comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Verdict {
    /// Weighs all causes.
    pub fn of(evidence: &Evidence) -> Self {
        let mut findings: Vec<Finding> = causes::all().map(|cause| cause.weigh(evidence)).collect();
        findings.sort_by_key(rank);
        Self {
            findings,
            outcomes: evidence.outcomes(),
        }
    }

    /// What it comes to.
    pub fn conclusion(&self) -> Conclusion {
        let proven = self.explaining(Confidence::Certain).count();
        match proven {
            0 if self.explaining(Confidence::Likely).next().is_some() => Conclusion::Likely,
            0 => Conclusion::Open,
            1 => Conclusion::Proven,
            _ => Conclusion::Chain,
        }
    }

    /// The one finding to act on: the proven cause that came first in time, or the likeliest.
    pub fn headline(&self) -> Option<&Finding> {
        let proven = self.explaining(Confidence::Certain).next();
        proven.or_else(|| self.explaining(Confidence::Likely).next())
    }

    /// Whether a mail to a fresh address of the same mailbox, asked for now, would tell more: a mail was
    /// promised and is not there, and either nothing stands out or what does is about this address
    /// alone (CAUSES.md, triage 8).
    pub fn wants_control(&self, evidence: &Evidence) -> bool {
        const OF_ONE_ADDRESS: [&str; 2] =
            ["per-destination-throttle", "cognito-default-suppressed"];
        let is_promised = evidence.delivery().is_some_and(|one| one.medium == "EMAIL");
        let found = evidence.inbox.mails.read();
        let is_there = found.is_some_and(|mails| mails.iter().any(FoundMail::is_awaited));
        let is_open = match self.conclusion() {
            Conclusion::Open => true,
            Conclusion::Likely => self
                .headline()
                .is_some_and(|found| OF_ONE_ADDRESS.contains(&found.cause.id)),
            Conclusion::Proven | Conclusion::Chain => false,
        };
        evidence.case.trouble == Trouble::Missing && is_promised && !is_there && is_open
    }

    /// The proven causes, in order of time.
    pub fn proven(&self) -> impl Iterator<Item = &Finding> {
        self.explaining(Confidence::Certain)
    }

    /// The findings that explain the trouble with this confidence.
    pub fn explaining(&self, confidence: Confidence) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| {
            finding.cause.role == Role::Explains && finding.opinion.confidence == confidence
        })
    }

    /// What could not be looked at, each place once.
    pub fn gaps(&self) -> Vec<&Gap> {
        let mut gaps: Vec<&Gap> = Vec::new();
        let all = self.findings.iter().flat_map(|found| &found.opinion.gaps);
        for gap in all {
            if !gaps.iter().any(|known| known.source == gap.source) {
                gaps.push(gap);
            }
        }
        gaps.sort_by_key(|gap| gap.source);
        gaps
    }
}

/// Surest first; then what happened first, or of what is not proven the one with more proof; then the
/// order of a mail's way.
fn rank(finding: &Finding) -> (Confidence, bool, i128, std::cmp::Reverse<usize>, Stage) {
    let opinion = &finding.opinion;
    let since = opinion.since();
    // Time orders what is proven; for the rest, a dated line is no reason to come first.
    let (time, proof) = match opinion.confidence {
        Confidence::Certain => (since.map_or(i128::MAX, Timestamp::as_nanosecond), 0),
        _ => (0, opinion.proof.len()),
    };
    (
        opinion.confidence,
        finding.cause.role == Role::Qualifies,
        time,
        std::cmp::Reverse(proof),
        finding.cause.stage,
    )
}
