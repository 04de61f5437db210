//! A verdict in the words of a record.

use std::time::Duration;

use super::evidence::{Gap, NOBODY_LOOKED, Source};
use super::finding::{Confidence, Fact, Finding};
use super::verdict::{self, Verdict};
use super::{Evidence, Role};
use crate::record::{
    BlindSpot, Conclusion, Diagnosed, DiagnosedCause, LookedAt, Proof, RuledOut, millis,
};

/// Causes that are merely possible and stand in a record: beyond them, nobody reads.
const POSSIBLE_CAUSES_MAX: usize = 12;

impl Verdict {
    /// The verdict about this evidence as a record keeps it; `took` is from question to answer.
    pub fn recorded(&self, evidence: &Evidence, took: Duration) -> Diagnosed {
        let ruled_out = self.findings.iter().filter(|finding| {
            finding.opinion.confidence == Confidence::RuledOut
                && finding.cause.role == Role::Explains
        });
        Diagnosed {
            address: evidence.case.address.to_string(),
            conclusion: conclusion(self.conclusion()),
            causes: self.telling(),
            ruled_out: ruled_out.map(excluded).collect(),
            gaps: self.recorded_gaps(),
            looked_at: self.outcomes.iter().map(looked_at).collect(),
            took_ms: millis(took),
        }
    }

    /// What could not be looked at; what nobody had an occasion to look at stands in `looked_at` alone.
    ///
    /// A place that is closed is named even where no rule lacked it: the next trouble may need it.
    fn recorded_gaps(&self) -> Vec<BlindSpot> {
        let gaps = self.gaps();
        let denied = self.outcomes.iter().filter(|(source, outcome)| {
            let is_known = gaps.iter().any(|gap| gap.source == *source);
            matches!(outcome, Source::Denied { .. }) && !is_known
        });
        let denied = denied.filter_map(|(source, outcome)| outcome.need(*source).err());
        let denied: Vec<_> = denied.map(|gap| blind_spot(&gap)).collect();
        let was_tried = |gap: &&Gap| {
            let outcomes = self.outcomes.iter();
            let mut own = outcomes.filter(|(source, _)| *source == gap.source);
            own.any(|(_, outcome)| *outcome != Source::NotAsked)
        };
        let tried = gaps.into_iter().filter(was_tried);
        // The inbox was read where a part of it was not asked for.
        tried
            .filter(|gap| gap.remedy.is_some() || gap.why != NOBODY_LOOKED)
            .map(blind_spot)
            .chain(denied)
            .collect()
    }

    fn telling(&self) -> Vec<DiagnosedCause> {
        let of = |confidence: Confidence| {
            let findings = self.findings.iter();
            findings.filter(move |finding| finding.opinion.confidence == confidence)
        };
        let sure = of(Confidence::Certain).chain(of(Confidence::Likely));
        let possible = of(Confidence::Possible).take(POSSIBLE_CAUSES_MAX);
        sure.chain(possible).map(telling).collect()
    }
}

fn conclusion(conclusion: verdict::Conclusion) -> Conclusion {
    match conclusion {
        verdict::Conclusion::Proven => Conclusion::Proven,
        verdict::Conclusion::Chain => Conclusion::Chain,
        verdict::Conclusion::Likely => Conclusion::Likely,
        verdict::Conclusion::Open => Conclusion::Open,
    }
}

fn telling(finding: &Finding) -> DiagnosedCause {
    let Finding { cause, opinion } = finding;
    DiagnosedCause {
        id: cause.id.to_owned(),
        title: cause.title.to_owned(),
        confidence: opinion.confidence.to_string(),
        stage: cause.stage.to_string(),
        qualifies: cause.role == Role::Qualifies,
        proof: opinion.proof.iter().map(proof).collect(),
        against: opinion.against.iter().map(proof).collect(),
        fix: cause.fix.to_owned(),
    }
}

fn excluded(finding: &Finding) -> RuledOut {
    RuledOut {
        id: finding.cause.id.to_owned(),
        by: finding.opinion.against.iter().map(proof).collect(),
    }
}

fn proof(fact: &Fact) -> Proof {
    Proof {
        source: fact.source.to_string(),
        at: fact.at,
        request_id: fact.request_id.clone(),
        text: fact.text.clone(),
    }
}

fn blind_spot(gap: &Gap) -> BlindSpot {
    BlindSpot {
        source: gap.source.to_string(),
        why: gap.why.clone(),
        remedy: gap.remedy.clone(),
    }
}

fn looked_at((name, outcome): &(super::SourceName, Source<()>)) -> LookedAt {
    let outcome = match outcome {
        Source::Read { .. } => "read",
        Source::Lagging { .. } => "lagging",
        Source::Denied { .. } => "denied",
        Source::NotConfigured { .. } => "not-configured",
        Source::TimedOut { .. } => "timed-out",
        Source::Failed { .. } => "failed",
        Source::NotAsked => "not-asked",
    };
    LookedAt {
        source: name.to_string(),
        outcome: outcome.to_owned(),
    }
}
