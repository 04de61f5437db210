//! What limits a verdict, and what the checker itself brings about.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Evidence, Gap, Source, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading;

/// How far clocks may be apart before windows and comparisons of times go wrong.
const SKEW_MS_MAX: u64 = 5_000;
/// Mails to one address in a run that make throttling likely (CAUSES.md, F).
const MAILS_TO_ONE_ADDRESS_MAX: usize = 2;

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "clock-skew",
        stage: Stage::Checker,
        role: Role::Qualifies,
        reaches: Confidence::Certain,
        title: "this machine's clock differs from the server's",
        meaning: "Times of mails and of log lines are compared wrongly, and searches by date miss.",
        fix: "set the clock; the checker takes positions and the server's times where it can",
        sources: &[],
        rule: clock_skew,
    },
    Cause {
        id: "log-lag-misread",
        stage: Stage::Checker,
        role: Role::Qualifies,
        reaches: Confidence::Certain,
        title: "logs that were read are behind, so that lines may still be missing",
        meaning: "CloudTrail takes five minutes on average and sometimes an hour; the other logs take \
                  less, without a promise.",
        fix: "ask again later with `reverify explain`",
        sources: &["Cognito guide: CloudTrail"],
        rule: log_lag_misread,
    },
    Cause {
        id: "evidence-not-configured",
        stage: Stage::Checker,
        role: Role::Qualifies,
        reaches: Confidence::Certain,
        title: "logs that would tell are not kept",
        meaning: "Without the export of delivery errors, SES events or a trail, failures after \
                  Cognito's answer leave no trace.",
        fix: "switch them on; `reverify doctor` says which, and how",
        sources: &["Cognito guide: exporting logs"],
        rule: evidence_not_configured,
    },
    Cause {
        id: "emulator-divergence",
        stage: Stage::Checker,
        role: Role::Qualifies,
        reaches: Confidence::Possible,
        title: "the target is an emulator, which may differ from AWS",
        meaning: "What an emulator does teaches nothing about a real pool.",
        fix: "run the scenario against a real pool before changing anything there",
        sources: &[],
        rule: emulator_divergence,
    },
    Cause {
        id: "quota-burnt-by-tests",
        stage: Stage::Checker,
        role: Role::Qualifies,
        reaches: Confidence::Likely,
        title: "the checker itself used up what it is missing",
        meaning: "Runs that mail often, or to one address, bring about quotas, throttling and bounces.",
        fix: "give runs a budget, and use a fresh address for each attempt",
        sources: &["gh:aws-amplify/amplify-cli#7412"],
        rule: quota_burnt_by_tests,
    },
];

fn clock_skew(evidence: &Evidence) -> Result<Opinion, Gap> {
    let skew = evidence.clock.need(SourceName::Clock)?;
    let direction = if skew.ahead_ms < 0 {
        "behind"
    } else {
        "ahead of"
    };
    let seconds = std::time::Duration::from_millis(skew.ahead_ms.unsigned_abs()).as_secs_f64();
    let text = format!("this machine is {seconds:.1} s {direction} the server");
    let fact = Fact::new(SourceName::Clock, text);
    Ok(if skew.ahead_ms.unsigned_abs() > SKEW_MS_MAX {
        Opinion::certain(fact)
    } else {
        Opinion::ruled_out(fact)
    })
}

/// The outcomes that fit, as facts.
fn outcomes(evidence: &Evidence, told: impl Fn(&Source<()>) -> Option<String>) -> Vec<Fact> {
    let all = evidence.outcomes().into_iter();
    all.filter_map(|(source, outcome)| Some(Fact::new(source, told(&outcome)?)))
        .collect()
}

/// Certain of what the outcomes say, or ruled out.
fn by_outcomes(facts: Vec<Fact>, otherwise: &str) -> Opinion {
    let mut facts = facts.into_iter();
    match facts.next() {
        Some(first) => Opinion::certain(first).because_of(facts),
        None => Opinion::ruled_out(Fact::new(SourceName::OwnCalls, otherwise)),
    }
}

fn log_lag_misread(evidence: &Evidence) -> Result<Opinion, Gap> {
    let facts = outcomes(evidence, |outcome| match outcome {
        Source::Lagging { behind_seconds, .. } => {
            Some(format!("it may be {behind_seconds} s behind"))
        }
        _ => None,
    });
    Ok(by_outcomes(facts, "no log that was read is behind"))
}

fn evidence_not_configured(evidence: &Evidence) -> Result<Opinion, Gap> {
    let facts = outcomes(evidence, |outcome| match outcome {
        Source::NotConfigured { setting } => Some(format!("nothing is kept; set {setting}")),
        _ => None,
    });
    Ok(by_outcomes(facts, "every log that was asked for is kept"))
}

fn emulator_divergence(evidence: &Evidence) -> Result<Opinion, Gap> {
    let what = Fact::new(SourceName::OwnCalls, "the target is an emulator");
    Ok(if evidence.case.emulated {
        Opinion::possible().because(what)
    } else {
        Opinion::ruled_out(Fact::new(SourceName::OwnCalls, "the target is AWS"))
    })
}

fn quota_burnt_by_tests(evidence: &Evidence) -> Result<Opinion, Gap> {
    reading::request(evidence)?;
    let asked = evidence
        .before()
        .iter()
        .filter(|call| call.may_send() && call.is_accepted());
    let count = asked.count();
    let text = format!("the run asked for {count} mails to this address before");
    let fact = Fact::new(SourceName::OwnCalls, text);
    let limit = evidence
        .refusal()
        .is_some_and(|refusal| refusal.is("LimitExceededException"));
    let throttled = !reading::notifications_with(evidence, &["throttl", "too many"]).is_empty();
    Ok(
        if count > MAILS_TO_ONE_ADDRESS_MAX && (limit || throttled) {
            Opinion::likely(fact)
        } else {
            Opinion::ruled_out(fact)
        },
    )
}
