//! What the ledger keeps of a sign-up, whatever becomes of it.

use std::sync::Arc;

use reverify::cognito::{Intent, Ledger, RowState};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{Clock as _, RunId, ScenarioId, SystemClock, UserPoolId, UserSub};
use reverify::record::{FailureKind, Recorder, RunSetting, RunSummary};
use reverify::steps::Target;
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};
use serde_json::json;
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::answers::{client, exception};

const FEATURE: &str = "\
Feature: A sign-up with an unknown end
  Scenario: Nobody knows whether the user exists
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
";

/// An endpoint that makes pools, and answers SignUp so.
async fn endpoint(sign_up: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let pool = json!({ "UserPool": { "Id": "eu-west-1_AbCdEfGhI" } });
    let app = json!({ "UserPoolClient": { "ClientId": "1example23456789" } });
    let answers = [
        (
            "CreateUserPool",
            ResponseTemplate::new(200).set_body_json(&pool),
        ),
        (
            "DescribeUserPool",
            ResponseTemplate::new(200).set_body_json(&pool),
        ),
        (
            "CreateUserPoolClient",
            ResponseTemplate::new(200).set_body_json(app),
        ),
        ("DeleteUserPool", exception(400, "NotAuthorizedException")),
        ("SignUp", sign_up),
    ];
    for (operation, answer) in answers {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Mock::given(method("POST"))
            .and(header("x-amz-target", target.as_str()))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    server
}

/// Runs the feature with the mail of an embedded target and the API of `server`.
async fn run(server: &MockServer, ledger: &Arc<Ledger>) -> RunSummary {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let target = Target {
        cognito: client(&server.uri()),
        ..embedded.target()
    };
    let suite = Suite::of(vec![Source {
        path: "unknown.feature".into(),
        text: FEATURE.into(),
    }]);
    let run = Run {
        id: RunId::new("test"),
        target: Arc::new(target),
        ledger: Arc::clone(ledger),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&suite.plan().unwrap(), run).await;
    embedded.stop().unwrap();
    summary
}

#[tokio::test]
async fn a_user_who_may_exist_stays_in_the_ledger() {
    // The answer to SignUp, the scenario's end, and whether a row stays open.
    let cases = [
        (
            exception(400, "UsernameExistsException"),
            FailureKind::Failed,
            false,
        ),
        (
            exception(400, "CodeDeliveryFailureException"),
            FailureKind::Failed,
            true,
        ),
        (
            exception(500, "InternalErrorException"),
            FailureKind::Failed,
            true,
        ),
        (
            ResponseTemplate::new(200).set_body_string("{"),
            FailureKind::Broken,
            true,
        ),
    ];
    for (index, (answer, kind, stays)) in cases.into_iter().enumerate() {
        let server = endpoint(answer).await;
        let ledger = Arc::new(Ledger::in_memory().unwrap());
        let summary = run(&server, &ledger).await;
        assert_eq!(summary.failed(kind), 1, "case {index}: {summary:?}");
        // The pool could not be deleted, so it is named, and what may be in it stays known.
        assert_eq!(summary.left_behind().len(), 1, "case {index}");
        let open = ledger.open_rows("embedded").unwrap();
        assert_eq!(open.len(), usize::from(stays), "case {index}: {open:?}");
        assert!(
            open.iter()
                .all(|row| row.state == RowState::Intended && row.sub.is_none())
        );
    }
}

#[test]
fn rows_survive_the_process_that_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let intent = Intent {
        run: RunId::new("7f3c"),
        scenario: ScenarioId::new("features/sign_up.feature", 9),
        attempt: 1,
        target: "staging".into(),
        pool: UserPoolId::new("eu-west-1_AbCdEfGhI"),
        username: "ada@example.com".into(),
    };
    let now = SystemClock.now();
    {
        // Two processes may keep one ledger at the same time.
        let (one, other) = (Ledger::open(&path).unwrap(), Ledger::open(&path).unwrap());
        let row = one.intend(&intent, now).unwrap();
        other.intend(&intent, now).unwrap();
        one.created(row, &UserSub::new("3f2a"), now).unwrap();
        // Neither is closed in order: nothing may depend on it.
        std::mem::forget((one, other));
    }
    let ledger = Ledger::open(&path).unwrap();
    let states: Vec<_> = ledger.open_rows("staging").unwrap();
    let states: Vec<_> = states.iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::Created, RowState::Intended]);
    assert!(ledger.is_ours(&UserSub::new("3f2a")).unwrap());
    assert!(!ledger.is_ours(&UserSub::new("somebody else's")).unwrap());
    assert!(ledger.open_rows("production").unwrap().is_empty());
}
