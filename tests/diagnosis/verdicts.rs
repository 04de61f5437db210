//! What a verdict as a whole must never say, and what it must.

use std::collections::BTreeSet;

use reverify::diagnosis::{
    Conclusion, Confidence, Evidence, Fact, Reply, Source, SourceName, Verdict,
};
use reverify::model::UserPoolId;

use super::catalogue::produced;
use super::scene::*;

fn proven(evidence: &Evidence) -> BTreeSet<&'static str> {
    let verdict = Verdict::of(evidence);
    let proven = verdict.proven().map(|found| found.cause.id);
    // Without a run, a mail that is in the inbox is one that the person overlooked: that is so.
    let by_run = evidence.case.request.is_some();
    proven
        .filter(|id| by_run || *id != "threaded-with-first")
        .collect()
}

/// Takes one source away.
pub(crate) fn deny(evidence: &mut Evidence, source: SourceName) {
    fn denied<T>() -> Source<T> {
        Source::Denied {
            permission: "some:Permission".to_owned(),
        }
    }
    match source {
        SourceName::OwnCalls => reported_by_a_person(evidence),
        SourceName::UserPool => evidence.pool = denied(),
        SourceName::AppClient => evidence.client = denied(),
        SourceName::User => evidence.user = denied(),
        SourceName::UsersOfAddress => evidence.users_of_address = denied(),
        SourceName::LogDelivery => evidence.log_delivery = denied(),
        SourceName::NotificationLog => evidence.notifications = denied(),
        SourceName::FunctionLogs => evidence.functions = denied(),
        SourceName::Trail => evidence.trail = denied(),
        SourceName::SesAccount => evidence.ses.account = denied(),
        SourceName::SesSender => evidence.ses.sender = denied(),
        SourceName::SesRecipient => evidence.ses.recipient = denied(),
        SourceName::SesConfigurationSet => evidence.ses.configuration_set = denied(),
        SourceName::SesSuppression => evidence.ses.suppression = denied(),
        SourceName::SesEvents => evidence.ses.events = denied(),
        SourceName::Inbox => evidence.inbox.mails = denied(),
        SourceName::RejectedMails => evidence.inbox.rejected = denied(),
        SourceName::MailboxQuota => evidence.inbox.quota = denied(),
        SourceName::ProbeMail => evidence.inbox.probe_arrived = denied(),
        SourceName::Clock => evidence.clock = denied(),
        SourceName::ControlExperiment => evidence.control = denied(),
    }
}

const SOURCES: [SourceName; 21] = [
    SourceName::OwnCalls,
    SourceName::UserPool,
    SourceName::AppClient,
    SourceName::User,
    SourceName::UsersOfAddress,
    SourceName::LogDelivery,
    SourceName::NotificationLog,
    SourceName::FunctionLogs,
    SourceName::Trail,
    SourceName::SesAccount,
    SourceName::SesSender,
    SourceName::SesRecipient,
    SourceName::SesConfigurationSet,
    SourceName::SesSuppression,
    SourceName::SesEvents,
    SourceName::Inbox,
    SourceName::RejectedMails,
    SourceName::MailboxQuota,
    SourceName::ProbeMail,
    SourceName::Clock,
    SourceName::ControlExperiment,
];

#[test]
fn a_healthy_story_has_no_proven_and_no_likely_cause() {
    let verdict = Verdict::of(&story());
    assert_eq!(verdict.conclusion(), Conclusion::Open);
    assert_eq!(verdict.headline(), None);
}

#[test]
fn a_denied_source_makes_nothing_certain() {
    for one in produced() {
        let all = proven(&evidence_of(&one));
        for source in SOURCES {
            let mut evidence = evidence_of(&one);
            deny(&mut evidence, source);
            let left = proven(&evidence);
            assert!(
                left.is_subset(&all),
                "{} without {source}: {left:?} instead of {all:?}",
                one.id
            );
        }
    }
}

#[test]
fn two_faults_at_once_prove_nothing_else() {
    let all = produced();
    let mut pairs = 0;
    for one in &all {
        for other in &all {
            let mut evidence = evidence_of(one);
            (other.change)(&mut evidence);
            let mut otherwise = evidence_of(other);
            (one.change)(&mut otherwise);
            // Two that overwrite each other are not two faults at once.
            if evidence != otherwise {
                continue;
            }
            pairs += 1;
            let mut both = proven(&evidence_of(one));
            both.extend(proven(&evidence_of(other)));
            let found = proven(&evidence);
            assert!(
                found.is_subset(&both),
                "{} and {}: {found:?} instead of {both:?}",
                one.id,
                other.id
            );
        }
    }
    assert!(pairs > 1_000, "only {pairs} pairs go together");
}

#[test]
fn every_finding_shows_why() {
    for one in produced() {
        for found in Verdict::of(&evidence_of(&one)).findings {
            let opinion = &found.opinion;
            let why = match opinion.confidence {
                Confidence::Certain | Confidence::Likely => opinion.proof.len(),
                Confidence::RuledOut => opinion.against.len(),
                Confidence::Unknown => opinion.gaps.len(),
                Confidence::Possible => 1,
            };
            assert!(why > 0, "{} in the story of {}", found.cause.id, one.id);
            assert!(
                opinion.confidence >= found.cause.reaches,
                "{} is surer than it can be",
                found.cause.id
            );
        }
    }
}

#[test]
fn a_change_and_what_it_did_are_told_in_order() {
    let mut evidence = story();
    let snapshots = read(&mut evidence.pool).unwrap();
    snapshots[1].settings.auto_verified.clear();
    snapshots[1].settings.last_modified = Some(at(15));
    let mut between = snapshots[1].clone();
    between.at = at(20);
    snapshots.insert(1, between);
    of_request(&mut evidence, |call| {
        if let Reply::Accepted { deliveries, .. } = &mut call.reply {
            deliveries.clear();
        }
    });
    let verdict = Verdict::of(&evidence);
    assert_eq!(verdict.conclusion(), Conclusion::Chain);
    let chain: Vec<_> = verdict.proven().map(|found| found.cause.id).collect();
    assert_eq!(chain, ["config-drift", "auto-verify-off"]);
}

/// The snapshots' times are in whole seconds, so that several can have one; who changed another pool
/// is no matter.
#[test]
fn a_change_within_a_second_is_certain_and_names_who_changed_this_pool() {
    let mut evidence = story();
    let snapshots = read(&mut evidence.pool).unwrap();
    snapshots[0].at = snapshots[1].at;
    snapshots[1].settings.admin_creates_users_only = true;
    snapshots[1].settings.last_modified = Some(at(22));
    let text = "SignUp is not permitted for this user pool";
    refused(&mut evidence, "NotAuthorizedException", text);
    super::not_asked::trailed(&mut evidence, "UpdateUserPool");
    super::not_asked::trailed(&mut evidence, "UpdateUserPool");
    let events = read(&mut evidence.trail).unwrap();
    events[0].user_pool_id = Some(UserPoolId::new("eu-west-1_other0000"));
    let verdict = Verdict::of(&evidence);
    let proven: Vec<_> = verdict.proven().collect();
    let [drift, disabled] = &proven[..] else {
        panic!("{proven:#?}")
    };
    let ids = (drift.cause.id, disabled.cause.id);
    assert_eq!(ids, ("config-drift", "signup-disabled"));
    let by_trail = |fact: &&Fact| fact.source == SourceName::Trail;
    assert_eq!(drift.opinion.proof.iter().filter(by_trail).count(), 1);
}

/// A refused sign-up left its user behind, and the next one meets it: both are told, the first first.
#[test]
fn a_refusal_and_the_user_that_it_left_are_told_in_order() {
    const THIRD: &str = "33333333-3333-4333-8333-333333333333";
    let daily = "Exceeded daily email limit for the operation or the account.";
    let mut evidence = story();
    by_default(&mut evidence);
    refused(&mut evidence, "LimitExceededException", daily);
    evidence.calls.push(sign_up(30, THIRD));
    evidence.case.request = Some(4);
    refused(
        &mut evidence,
        "UsernameExistsException",
        "User already exists",
    );
    evidence.user = Source::from(Some(user(THIRD, "UNCONFIRMED", 21)));
    let chain = |evidence: &Evidence| -> Vec<_> {
        let verdict = Verdict::of(evidence);
        verdict.proven().map(|found| found.cause.id).collect()
    };
    let expected = [
        "default-mail-daily-quota",
        "username-exists-unconfirmed-leftover",
    ];
    assert_eq!(chain(&evidence), expected);
    // The user who was to be deleted is another matter.
    evidence.user = Source::from(Some(user(FIRST, "UNCONFIRMED", 0)));
    let expected = ["default-mail-daily-quota", "delete-did-not-delete"];
    let mut found = chain(&evidence);
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn without_anything_all_is_unknown_and_the_gaps_say_what_to_grant() {
    let mut evidence = story();
    for source in SOURCES {
        deny(&mut evidence, source);
    }
    let verdict = Verdict::of(&evidence);
    assert_eq!(verdict.conclusion(), Conclusion::Open);
    let gaps = verdict.gaps();
    assert!(gaps.len() >= 10, "{gaps:?}");
    let remedies = gaps.iter().filter(|gap| gap.remedy.is_some()).count();
    assert_eq!(remedies, gaps.len(), "{gaps:?}");
}

#[test]
fn evidence_can_be_written_down_and_read_back() {
    for one in produced() {
        let evidence = evidence_of(&one);
        let text = serde_json::to_string(&evidence).unwrap();
        let back: Evidence = serde_json::from_str(&text).unwrap();
        assert_eq!(back, evidence, "{}", one.id);
    }
}

#[test]
fn a_control_experiment_is_made_where_it_would_tell_something() {
    let cases: [(&str, bool, Change); 6] = [
        ("nothing stands out", true, |_| {}),
        ("the address may be held back", true, |evidence| {
            evidence.control = super::handover::control(true);
        }),
        ("a cause is proven", false, |evidence| {
            logged(evidence, "Message delivery was throttled.");
        }),
        ("a cause of the pool is likely", false, |evidence| {
            of_account(evidence, |account| account.sending_enabled = false);
        }),
        ("no mail was promised", false, |evidence| {
            evidence.calls[3] = accepted("SignUp", 21);
        }),
        ("the mail is there", false, |evidence| {
            found(evidence, mail(24));
        }),
    ];
    for (name, expected, change) in cases {
        let mut evidence = story();
        change(&mut evidence);
        let verdict = Verdict::of(&evidence);
        assert_eq!(verdict.wants_control(&evidence), expected, "{name}");
    }
}
