//! Throttling slows a run down and does not fail it; lost answers are looked up before a request is
//! sent again.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use reverify::cognito::UserFilter;
use reverify::control::{Effect, Fault, Moment};
use reverify::model::{Budget, RunId, UserPoolId};
use reverify::record::{Event, FailureKind};
use reverify::steps::Target;
use wiremock::matchers::header;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::answers::{client, exception};
use super::scene::{ROUND, Scene};

const INVITED: &str = "\
Feature: An invitation
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When an administrator invites Ada with a verified address
    Then Ada receives an invitation within 10 seconds
";

fn at(effect: Effect, operation: &str) -> Fault {
    Fault::new(effect)
        .operation(operation.parse().unwrap())
        .times(1)
}

#[tokio::test]
async fn throttled_calls_are_sent_again_and_teach_a_pace() {
    let scene = Scene::new();
    scene
        .fault(at(Effect::ThrottleRequests {}, "SignUp").times(2))
        .await;
    scene
        .fault(at(Effect::ThrottleRequests {}, "AdminGetUser"))
        .await;
    let ended = scene.run(ROUND).await;
    assert_eq!(ended.failure(), None);
    assert_eq!(ended.calls("SignUp"), 1);
    assert_eq!(ended.slowed("SignUp"), Some((2, 0)));
    assert_eq!(ended.slowed("AdminGetUser"), Some((1, 0)));
    let now = Timestamp::now();
    let slot = |now| {
        let run = RunId::new("another");
        let slot = scene
            .ledger
            .sign_up_slot(&run, "embedded", &Budget::default(), now);
        slot.unwrap()
    };
    slot(now);
    assert!(slot(now) > Duration::ZERO, "no pace was learned");
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn a_sign_up_whose_answer_is_lost_is_looked_up() {
    for (when, sign_ups) in [(Moment::After, 1), (Moment::Before, 2)] {
        let scene = Scene::new();
        scene
            .fault(at(Effect::CutConnection { when }, "SignUp"))
            .await;
        let ended = scene.run(ROUND).await;
        assert_eq!(ended.failure(), None, "{when:?}");
        assert_eq!(ended.calls("SignUp"), sign_ups, "{when:?}");
        assert!(scene.ledger.open_rows("embedded").unwrap().is_empty());
        scene.embedded.stop().unwrap();
    }
    for (when, creations) in [(Moment::After, 1), (Moment::Before, 2)] {
        let scene = Scene::new();
        scene
            .fault(at(Effect::CutConnection { when }, "AdminCreateUser"))
            .await;
        let ended = scene.run(INVITED).await;
        assert_eq!(ended.failure(), None, "{when:?}");
        assert_eq!(ended.calls("AdminCreateUser"), creations, "{when:?}");
        scene.embedded.stop().unwrap();
    }
}

#[tokio::test]
async fn a_user_who_was_there_before_is_not_taken_for_the_lost_one() {
    // The name is taken, and the answer that says so is lost.
    let feature = "\
Feature: A name that is taken
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada signs up
";
    let scene = Scene::new();
    let cut = Effect::CutConnection {
        when: Moment::After,
    };
    scene.fault(at(cut, "SignUp").times(2)).await;
    let ended = scene.run(feature).await;
    let said = ended.failure().unwrap();
    assert!(said.contains("SignUp was not answered"), "{said}");
    // The first request's user was found; the second made none, and nothing was sent again.
    assert_eq!(ended.calls("SignUp"), 2);
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn a_deletion_whose_answer_is_lost_is_sent_again() {
    let scene = Scene::new();
    let cut = Effect::CutConnection {
        when: Moment::After,
    };
    scene.fault(at(cut, "AdminDeleteUser")).await;
    let ended = scene.run(ROUND).await;
    assert_eq!(ended.failure(), None);
    assert_eq!(ended.slowed("AdminDeleteUser"), Some((0, 1)));
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn patience_ends_with_what_the_service_said() {
    let server = MockServer::start().await;
    let answers = [
        ("ListUsers", ResponseTemplate::new(503)),
        ("SignUp", exception(400, "TooManyRequestsException")),
    ];
    for (operation, answer) in answers {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Mock::given(header("x-amz-target", target.as_str()))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let patient = client(&server.uri()).persistent(Instant::now() + Duration::from_secs(1), 7);
    let pool = UserPoolId::new("eu-west-1_AbCdEfGhI");
    let filter = UserFilter::is("email", "ada@example.com");
    let lost = patient.list_users(&pool, &filter).await.unwrap_err();
    assert_eq!(lost.call().repeats.unanswered, 2, "{lost}");
    let throttled = super::answers::sign_up(&patient).await;
    assert!(throttled.is("TooManyRequestsException"), "{throttled}");
    let repeats = throttled.call().repeats;
    assert!(repeats.throttled >= 1 && repeats.paused_milliseconds < 1_000);
    let requests = server.received_requests().await.unwrap().len();
    assert_eq!(requests, 3 + 1 + usize::from(repeats.throttled));
}

#[tokio::test]
async fn a_client_of_its_own_repeats_nothing() {
    let scene = Scene::new();
    scene
        .fault(at(Effect::ThrottleRequests {}, "ListUsers"))
        .await;
    let Target { cognito, .. } = scene.embedded.target();
    let pool = scene.embedded.user_pool_id().unwrap().clone();
    let filter = UserFilter::is("email", "ada@example.com");
    let error = cognito.list_users(&pool, &filter).await.unwrap_err();
    assert!(error.is_throttling(), "{error}");
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn pauses_after_throttling_are_no_part_of_a_delivery() {
    let scene = Scene::new();
    scene
        .fault(at(Effect::ThrottleRequests {}, "SignUp").times(3))
        .await;
    let ended = scene.run(ROUND).await;
    assert_eq!(ended.failure(), None);
    let (mut took, mut paused) = (None, None);
    for event in &ended.events {
        match event {
            Event::MailArrived { delivery_ms, .. } => took = Some(*delivery_ms),
            Event::Slowed { paused_ms, .. } => paused = Some(*paused_ms),
            _ => {}
        }
    }
    assert!(took.unwrap() < paused.unwrap(), "{took:?} {paused:?}");
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn a_lost_answer_says_nothing_of_where_the_code_goes() {
    let feature = "\
Feature: A lost answer
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then the service names the masked address of Ada as the destination
";
    let scene = Scene::new();
    let cut = Effect::CutConnection {
        when: Moment::After,
    };
    scene.fault(at(cut, "SignUp")).await;
    let ended = scene.run(feature).await;
    assert_eq!(ended.summary.failed(FailureKind::Broken), 1);
    let said = ended.failure().unwrap();
    assert!(said.contains("the answer that names it was lost"), "{said}");
    scene.embedded.stop().unwrap();
}
