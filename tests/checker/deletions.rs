//! Whom a run deletes: its own user, and nobody who has come into that user's place.

use std::sync::Arc;

use cucumber::{World, then, when};
use reverify::cognito::{Client, Invitation, Ledger, NewUser};
use reverify::model::{RunId, SystemClock, UserPoolId};
use reverify::record::{Outcome, Recorder, RunSetting};
use reverify::steps::{HasSession, Session, Target};
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};
use serde_json::json;
use wiremock::matchers::{body_partial_json, header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::answers::{client, exception};
use super::scene::Scene;

#[derive(Debug, Default, World)]
struct Stage {
    verification: Session,
}

impl HasSession for Stage {
    fn session(&mut self) -> &mut Session {
        &mut self.verification
    }
}

impl Stage {
    fn place(&self, name: &str) -> (Client, UserPoolId, String) {
        let session = &self.verification;
        let cognito = session.target().unwrap().cognito.clone();
        let pool = session.user_pool_id().unwrap().clone();
        (cognito, pool, session.username_of(name).unwrap().to_owned())
    }
}

#[when(expr = "somebody else takes the place of {word}")]
async fn takes_place(stage: &mut Stage, name: String) {
    let (cognito, pool, username) = stage.place(&name);
    cognito.admin_delete_user(&pool, &username).await.unwrap();
    let other = NewUser::new(&*username).attribute("email", "customer@mail.test");
    let made = cognito.admin_create_user(&pool, &other, Invitation::Suppressed);
    made.await.unwrap();
}

#[then(expr = "somebody else still has the place of {word}")]
async fn has_place(stage: &mut Stage, name: String) {
    let (cognito, pool, username) = stage.place(&name);
    let user = cognito.admin_get_user(&pool, &username).await.unwrap();
    assert_eq!(user.answer.attribute("email"), Some("customer@mail.test"));
}

const TAKEN: &str = "\
Feature: A place that somebody takes
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    And somebody else takes the place of Ada
    And an administrator tries to delete Ada
    Then the request is refused with UserNotFoundException
    And somebody else still has the place of Ada
";

#[tokio::test]
async fn a_deletion_that_is_tried_hits_nobody_else() {
    let scene = Scene::new();
    let source = Source {
        path: "taken.feature".into(),
        text: TAKEN.into(),
    };
    let suite = Suite::new(vec![source], Stage::collection());
    let run = Run {
        id: RunId::new("test"),
        target: Arc::new(scene.embedded.target()),
        ledger: Arc::new(Ledger::in_memory().unwrap()),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let plan = suite.plan().unwrap();
    let summary = suite.run(&plan, run).await;
    let outcome = &summary.scenarios().next().unwrap().outcome;
    assert!(matches!(outcome, Outcome::Passed), "{outcome:?}");
    scene.embedded.stop().unwrap();
}

/// Between the look at a name and the deletion another user may come: the request names the `sub`.
#[tokio::test]
async fn a_user_is_deleted_by_the_sub() {
    let server = MockServer::start().await;
    let pool = json!({ "UserPool": { "Id": "eu-west-1_AbCdEfGhI" } });
    let user = json!({
        "Username": "ada",
        "UserAttributes": [{ "Name": "sub", "Value": "sub-1" }],
    });
    let answers = [
        ("CreateUserPool", pool.clone()),
        ("DescribeUserPool", pool),
        (
            "CreateUserPoolClient",
            json!({ "UserPoolClient": { "ClientId": "1example23456789" } }),
        ),
        (
            "SignUp",
            json!({ "UserSub": "sub-1", "UserConfirmed": false }),
        ),
        ("AdminGetUser", user),
        ("DeleteUserPool", json!({})),
    ];
    let call = |operation: &str| {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Mock::given(method("POST")).and(header("x-amz-target", target.as_str()))
    };
    for (operation, answer) in answers {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        call(operation).respond_with(answer).mount(&server).await;
    }
    call("AdminDeleteUser")
        .and(body_partial_json(json!({ "Username": "sub-1" })))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .expect(1)
        .mount(&server)
        .await;
    call("AdminDeleteUser")
        .respond_with(exception(400, "UserNotFoundException"))
        .with_priority(9)
        .mount(&server)
        .await;
    let scene = Scene::new();
    let target = Target {
        cognito: client(&server.uri()),
        ..scene.embedded.target()
    };
    let feature = "\
Feature: A deletion
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    And an administrator deletes Ada
";
    let ended = scene.run_on(target, feature).await;
    assert_eq!(ended.failure(), None);
    scene.embedded.stop().unwrap();
}
