//! Each source denied in turn, in runs of the scenarios whose verdict rests on it and of a fixed part of
//! the others: the verdict knows less, says so, and is never wrong.

use reverify::record::{Diagnosed, Outcome};

use super::{Ended, Runs, certain, shipped, standing, with_all_sources, without_logs, without_ses};

/// What AWS denies, the source that this takes away, and the permission that the verdict has to name.
const DENIALS: [(&str, &str, &str); 12] = [
    (
        "cognito-idp:DescribeUserPool",
        "the user pool's settings",
        "cognito-idp:DescribeUserPool",
    ),
    (
        "cognito-idp:DescribeUserPoolClient",
        "the app client's settings",
        "cognito-idp:DescribeUserPoolClient",
    ),
    (
        "cognito-idp:AdminGetUser",
        "the user",
        "cognito-idp:AdminGetUser",
    ),
    (
        "cognito-idp:ListUsers",
        "the users with this address",
        "cognito-idp:ListUsers",
    ),
    (
        "cognito-idp:GetLogDeliveryConfiguration",
        "the pool's log export",
        "cognito-idp:GetLogDeliveryConfiguration",
    ),
    // Where the trail writes no log group, CloudTrail's own memory is asked.
    ("cloudtrail:*", "CloudTrail", "cloudtrail:LookupEvents"),
    ("ses:GetAccount", "the SES account", "ses:GetAccount"),
    (
        "ses:GetEmailIdentity",
        "the sender's SES identity",
        "ses:GetEmailIdentity",
    ),
    (
        "ses:GetConfigurationSet",
        "the SES configuration set",
        "ses:GetConfigurationSet",
    ),
    (
        "ses:GetSuppressedDestination",
        "the SES suppression list",
        "ses:GetSuppressedDestination",
    ),
    (
        "logs:GetQueryResults",
        "the log of delivery errors",
        "logs:GetQueryResults",
    ),
    (
        "*",
        "the user pool's settings",
        "cognito-idp:DescribeUserPool",
    ),
];

#[test]
fn with_all_sources_each_scenario_has_its_verdict() {
    let runs = with_all_sources();
    assert!(runs.len() > 100, "{} scenarios", runs.len());
    for ended in runs.values() {
        assert_eq!(ended.outcome, Outcome::Passed, "{}", ended.name);
        assert!(!ended.verdicts.is_empty(), "{}", ended.name);
    }
}

/// Every scenario that reads a source is run without it, and not a part of them.
const EVERY: &str = "REVERIFY_TEST_EVERY_DENIAL";
/// One in so many of the scenarios that read a source and prove nothing with it is run without it.
const SAMPLED_ONE_IN: usize = 6;

#[test]
fn a_denied_source_makes_no_verdict_false() {
    let is_whole = std::env::var_os(EVERY).is_some_and(|value| !value.is_empty());
    let mut wrong = Vec::new();
    for (turn, (action, source, permission)) in DENIALS.into_iter().enumerate() {
        let all = with_all_sources().iter();
        // Where the source told nothing, there is nothing to lose.
        let told = all.filter(|(_, ended)| ended.verdicts.iter().any(|one| was_read(one, source)));
        let chosen = told.enumerate().filter(|(index, (_, ended))| {
            let proves = ended.verdicts.iter().any(|one| was_proof(one, source));
            is_whole || proves || (index + turn) % SAMPLED_ONE_IN == 0
        });
        let places: Vec<_> = chosen.map(|(_, (id, _))| id.clone()).collect();
        let runs = shipped(&[action], places);
        let verdicts = runs.values().flat_map(|ended| &ended.verdicts);
        let denied = verdicts.filter(|verdict| outcome(verdict, source) == Some("denied"));
        assert!(denied.count() > 0, "{action} takes {source} from nobody");
        for (id, ended) in runs {
            let whole = &with_all_sources()[&id];
            wrong.extend(falsehoods(action, whole, &ended));
            wrong.extend(silences(action, (source, permission), whole, &ended));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_logs_no_verdict_is_false() {
    check("the logs", without_logs());
}

#[test]
fn without_ses_no_verdict_is_false() {
    check("SES", without_ses());
}

fn check(denied: &str, runs: &Runs) {
    let all = runs.iter();
    let wrong = all.flat_map(|(id, ended)| falsehoods(denied, &with_all_sources()[id], ended));
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn outcome<'a>(verdict: &'a Diagnosed, source: &str) -> Option<&'a str> {
    let mut looked_at = verdict.looked_at.iter();
    let place = looked_at.find(|one| one.source == source);
    place.map(|place| place.outcome.as_str())
}

fn was_read(verdict: &Diagnosed, source: &str) -> bool {
    matches!(outcome(verdict, source), Some("read" | "lagging"))
}

/// Whether the source proved something of which the verdict is certain, or called likely.
fn was_proof(verdict: &Diagnosed, source: &str) -> bool {
    let sure = verdict
        .causes
        .iter()
        .filter(|cause| cause.confidence != "possible");
    sure.flat_map(|cause| &cause.proof)
        .any(|fact| fact.source == source)
}

/// A verdict that knows less is certain of nothing else, and excludes nothing that is so. What is wrong
/// with those of a scenario.
///
/// The step that demands the full confidence may fail; then the scenario asks no further.
fn falsehoods(denied: &str, whole: &Ended, ended: &Ended) -> Vec<String> {
    let name = &ended.name;
    let mut wrong = Vec::new();
    if ended.verdicts.is_empty() {
        wrong.push(format!("{name} without {denied}: there is no verdict"));
    }
    for (verdict, known) in ended.verdicts.iter().zip(&whole.verdicts) {
        let causes = certain(known);
        for found in certain(verdict)
            .iter()
            .filter(|found| !causes.contains(found))
        {
            wrong.push(format!(
                "{name} without {denied}: {found} instead of {causes:?}"
            ));
        }
        for cause in causes {
            if standing(verdict, cause) == Some("ruled out") {
                wrong.push(format!("{name} without {denied}: {cause} is ruled out"));
            }
        }
    }
    wrong
}

/// Where the source was read, the verdict says that it could not be, and what would open it. The
/// verdicts of a scenario that do not.
fn silences(
    action: &str,
    (source, permission): (&str, &str),
    whole: &Ended,
    ended: &Ended,
) -> Vec<String> {
    let remedy = format!("grant {permission}");
    let both = ended.verdicts.iter().zip(&whole.verdicts);
    // A trail that writes into a log group is not asked by this action.
    let lost =
        both.filter(|(verdict, known)| was_read(known, source) && !was_read(verdict, source));
    let silent = lost.filter(|(verdict, _)| {
        let mut gaps = verdict.gaps.iter();
        let is_named =
            gaps.any(|gap| gap.source == source && gap.remedy.as_deref() == Some(&*remedy));
        !(outcome(verdict, source) == Some("denied") && is_named)
    });
    silent
        .map(|(verdict, _)| {
            let gaps = &verdict.gaps;
            format!("{} without {action}: {gaps:?}", ended.name)
        })
        .collect()
}
