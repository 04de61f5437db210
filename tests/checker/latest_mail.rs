//! Which answer and which mail a step speaks of: the latest, and no other.

use std::time::Duration;

use reverify::control;
use reverify::control::{Effect, Fault};
use reverify::record::{Event, FailureKind};
use reverify::steps::{Limits, Target};
use reverify::suite::{RunOptions, Source, Suite};

use super::scene::Scene;

const MAILS: &str = r#"
Feature: The latest mail
  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  Scenario: One without a code
    Given the pool has a PostConfirmation function that mails "Welcome to the shop" to the user
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada confirms with the code of the latest mail
    Then Ada receives a mail that says "Welcome" within 10 seconds
    And the mail says "Welcome to the shop"
    And the mail does not say "confirmation code"

  Scenario: An invitation to somebody else
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    Given a new user Grace
    When an administrator invites Grace
    Then Grace receives an invitation within 10 seconds
    And the mail says "temporary password"
    And the mail does not say "confirmation code"

  Scenario: One whose code cannot be read
    Given the pool has a CustomMessage function that sets "emailMessage" to "Your code: {####}. Your code: 123456."
    When Ada signs up
    Then Ada receives a mail without a readable code within 10 seconds
    And the mail says "Your code: 123456."
"#;

#[tokio::test]
async fn the_mail_is_the_one_that_was_received_last() {
    let scene = Scene::new();
    let ended = scene.run(MAILS).await;
    assert_eq!(ended.kinds(), [None, None, None], "{:?}", ended.summary);
    scene.embedded.stop().unwrap();
}

const REFUSALS: &str = r#"
Feature: The latest refusal
  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    And Ada tries to sign up again
    Then the request is refused with UsernameExistsException
    And the refusal says "already exists"

  Scenario: Another request went well since
    When Ada asks for another code
    Then the request is refused with UsernameExistsException

  Scenario: What the refusal says is its message
    Then the refusal says "SignUp"

  Scenario: The exception has a step of its own
    Then the refusal says "UsernameExistsException"
"#;

#[tokio::test]
async fn a_refusal_is_the_latest_requests_and_says_what_its_message_says() {
    let scene = Scene::new();
    let ended = scene.run(REFUSALS).await;
    let failed = Some(FailureKind::Failed);
    assert_eq!(ended.kinds(), [failed; 3], "{:?}", ended.summary);
    scene.embedded.stop().unwrap();
}

const THROTTLED: &str = "
Feature: A fault
  Scenario: It ends with the scenario
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Cognito throttles sign-ups
    And Ada tries to sign up
    Then the request is refused with TooManyRequestsException
";

#[tokio::test]
async fn a_fault_of_a_scenario_is_taken_back() {
    let scene = Scene::new();
    let ended = scene.run(THROTTLED).await;
    assert_eq!(ended.failure(), None);
    let control = control::Client::new(&scene.embedded.endpoint()).unwrap();
    assert!(control.faults().await.unwrap().is_empty());
    scene.embedded.stop().unwrap();
}

const SILENT: &str = "
Feature: Silence
  Scenario: Nothing comes
    Given a user pool that verifies e-mail addresses with a code
    And the pool does not verify e-mail addresses
    And a new user Ada
    When Ada signs up
    Then Ada receives no mail within 0.1 seconds
    And Ada finds no mail in the inbox within 0.4 seconds
";

#[tokio::test]
async fn no_mail_has_to_come_for_as_long_as_mails_take() {
    let scene = Scene::new();
    let target = Target {
        silence_min: Duration::from_millis(300),
        ..scene.embedded.target()
    };
    let ended = scene.run_on(target, SILENT).await;
    assert_eq!(ended.failure(), None);
    let waits = ended.events.iter().filter_map(|event| match event {
        Event::Waiting { at_most_ms, .. } => Some(*at_most_ms),
        _ => None,
    });
    assert_eq!(waits.collect::<Vec<_>>(), [300.0, 400.0]);
    scene.embedded.stop().unwrap();
}

const LOST: &str = "
Feature: A lost mail
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.1 seconds
";

#[tokio::test]
async fn a_control_experiment_without_time_for_its_mail_is_not_made() {
    let scene = Scene::new();
    scene.fault(Fault::new(Effect::DiscardMail {})).await;
    let target = Target {
        control_mail: Some(Duration::from_secs(30)),
        ..scene.embedded.target()
    };
    let suite = Suite::of(vec![Source {
        path: "a.feature".to_owned(),
        text: LOST.into(),
    }]);
    let options = RunOptions {
        limits: Limits {
            diagnosis: Duration::from_secs(20),
            ..Limits::default()
        },
        ..RunOptions::default()
    };
    let ended = scene.run_suite(target, &suite, options).await;
    assert_eq!(ended.calls("SignUp"), 1);
    let verdict = ended.events.iter().find_map(|event| match event {
        Event::Diagnosed { verdict } => Some(format!("{verdict:?}")),
        _ => None,
    });
    let verdict = verdict.unwrap();
    assert!(verdict.contains("raise --diagnosis-timeout"), "{verdict}");
    scene.embedded.stop().unwrap();
}

const LINK: &str = "
Feature: A link
  Scenario: In Cognito's words
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a domain
    And the pool confirms by link
    And a new user Ada
    When Ada signs up
    Then Ada receives a mail with a confirmation link within 10 seconds
";

#[tokio::test]
async fn a_link_in_cognitos_words_is_compared_with_no_template() {
    let scene = Scene::new();
    let ended = scene.run(LINK).await;
    assert_eq!(ended.failure(), None);
    let template = ended.events.iter().find_map(|event| match event {
        Event::MailArrived { facts, .. } => Some(facts.template.is_none()),
        _ => None,
    });
    assert_eq!(template, Some(true));
    scene.embedded.stop().unwrap();
}
