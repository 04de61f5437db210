//! Addresses that a feature names: no attempt takes another's mail there for its own.

use std::num::NonZeroU32;
use std::time::Duration;

use reverify::control::{self, Effect, Fault};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::record::{FailureKind, Outcome, RunSetting};
use reverify::steps::Target;
use reverify::suite::{Backoff, Cancel, RetryPolicy, RunOptions};

use super::running::{run, suite};

const GIVEN: &str = r#"
Feature: Given
  Scenario: An address
    Given a user pool that verifies e-mail addresses with a code
    And a new user Grace with the address "grace@partner.test"
    When Grace signs up
    Then Grace receives a verification mail within 0.5 seconds
"#;

const AT_ONCE: RetryPolicy = RetryPolicy {
    count: 2,
    backoff: Backoff::Fixed,
    delay: Duration::from_millis(10),
    max_delay: Duration::from_millis(10),
    jitter: false,
};

/// The scenario where the first mail is lost: how many attempts it had, and why it failed at last.
async fn with_a_lost_mail(text: &str) -> (u32, Option<String>) {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let control = control::Client::new(&embedded.endpoint()).unwrap();
    let lost = Fault::new(Effect::DiscardMail {}).times(1);
    control.add_fault(&lost).await.unwrap();
    let suite = suite(text);
    let target = Target {
        control_mail: None,
        ..embedded.target()
    };
    let options = RunOptions {
        retry: AT_ONCE,
        ..RunOptions::default()
    };
    let (plan, cancel) = (suite.plan().unwrap(), Cancel::default());
    let setting = RunSetting::default();
    let ran = run(&suite, &plan, "test", target, options, cancel, setting).await;
    embedded.stop().unwrap();
    let scenario = ran.summary.scenarios().next().unwrap();
    let failure = match &scenario.outcome {
        Outcome::Failed(failure) => Some(failure.to_string()),
        _ => None,
    };
    (scenario.attempts, failure)
}

#[tokio::test]
async fn a_scenario_with_an_address_of_its_own_choice_is_tried_once() {
    let (attempts, failure) = with_a_lost_mail(GIVEN).await;
    let failure = failure.unwrap();
    assert_eq!(attempts, 1, "{failure}");
    let why = "it is not tried again: a mail of this attempt to grace@partner.test";
    assert!(
        failure.contains("no message to grace@partner.test"),
        "{failure}"
    );
    assert!(failure.contains(why), "{failure}");

    let fresh = GIVEN.replace(
        "with the address \"grace@partner.test\"",
        "with an address at \"partner.test\"",
    );
    assert_eq!(with_a_lost_mail(&fresh).await, (2, None));
}

#[tokio::test]
async fn repetitions_share_no_address() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let table = GIVEN.replace(
        "a new user Grace with the address \"grace@partner.test\"",
        "these new users:\n      | name  | address            |\n      | Grace | grace@partner.test |",
    );
    for text in [GIVEN, &table] {
        let suite = suite(text);
        let plan = suite.plan().unwrap().repeated(NonZeroU32::new(2).unwrap());
        let (target, cancel) = (embedded.target(), Cancel::default());
        let (options, setting) = (RunOptions::default(), RunSetting::default());
        let ran = run(&suite, &plan, "test", target, options, cancel, setting).await;
        assert_eq!(ran.summary.failed(FailureKind::Broken), 2, "{text}");
    }
    embedded.stop().unwrap();
}
