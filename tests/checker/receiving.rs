//! The embedded target whose receiving server misbehaves, as a scenario sees it.

use std::sync::Arc;
use std::time::Duration;

use reverify::cognito::Ledger;
use reverify::control::{self, CutMoment, Effect, Fault, Query, RefusalMoment};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{RunId, SystemClock};
use reverify::record::{Outcome, Recorder, RunSetting};
use reverify::steps::Target;
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};

const SIGN_UP: &str = "\
Feature: Mail
  Scenario: One mail
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.5 seconds
";

/// What a sign-up's scenario failed with, if it failed.
async fn sign_up(embedded: &Embedded) -> Option<String> {
    let suite = Suite::of(vec![Source {
        path: "mail.feature".to_owned(),
        text: SIGN_UP.into(),
    }]);
    let plan = suite.plan().unwrap();
    let run = Run {
        id: RunId::new("test"),
        // A control experiment would be one mail more.
        target: Arc::new(Target {
            control_mail: None,
            ..embedded.target()
        }),
        ledger: Arc::new(Ledger::in_memory().unwrap()),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&plan, run).await;
    let scenario = summary.scenario(&plan.scenarios()[0].id).unwrap();
    match &scenario.outcome {
        Outcome::Passed => None,
        Outcome::Failed(failure) => Some(failure.message.clone()),
        Outcome::NotRun => panic!("the scenario did not end"),
    }
}

/// What the scenario says of a mail that has not come.
const ABSENT: &str = "no message to";

// One endpoint, and one fault at a time, so all are one test.
#[tokio::test]
async fn what_the_receiving_server_does_is_told() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let control = control::Client::new(&embedded.endpoint()).unwrap();
    assert_eq!(sign_up(&embedded).await, None);

    let refuse = |reply: &str, at| Effect::RefuseMail {
        reply: reply.parse().unwrap(),
        at,
    };
    let cut = |at| Effect::CutMail { at };
    // What happens, what the scenario says, and how many mails have come a minute later.
    let cases = [
        (
            Effect::JunkMail {},
            "one lies in the junk folder `Junk` (\"",
            1,
        ),
        (
            refuse("450 4.2.1 later", RefusalMoment::Recipient),
            ABSENT,
            1,
        ),
        (refuse("451 4.7.1 later", RefusalMoment::Data), ABSENT, 1),
        (
            refuse("550 5.1.1 nobody here", RefusalMoment::Recipient),
            "nobody here",
            0,
        ),
        (refuse("554 5.7.1 spam", RefusalMoment::Data), "spam", 0),
        (Effect::TarpitMail { milliseconds: 50 }, "", 1),
        (Effect::DiscardMail {}, ABSENT, 0),
        // There is no tag to drop.
        (Effect::UntagMail {}, "", 1),
        (cut(CutMoment::Recipient), ABSENT, 1),
        (cut(CutMoment::Data), ABSENT, 1),
        // It has come, and comes again.
        (cut(CutMoment::Answer), "", 2),
    ];
    for (effect, said, arrived) in cases {
        control.reset().await.unwrap();
        let fault = Fault::new(effect.clone()).times(1);
        control.add_fault(&fault).await.unwrap();
        let failure = sign_up(&embedded).await;
        match &failure {
            None => assert_eq!(said, "", "{effect:?}"),
            Some(text) => assert!(
                !said.is_empty() && text.contains(said),
                "{effect:?}: {text}"
            ),
        }
        control.advance(Duration::from_mins(1)).await.unwrap();
        let mails = control.mails(Query::all()).await.unwrap();
        assert_eq!(mails.len(), arrived, "{effect:?}");
        assert_eq!(control.faults().await.unwrap()[0].hits, 1, "{effect:?}");
    }
    embedded.stop().unwrap();
}
