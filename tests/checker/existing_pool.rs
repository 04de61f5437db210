//! Scenarios on a pool that was there before, as on AWS: what they say of it is checked, what it does
//! not have makes them not applicable, and they leave nothing behind but what they found.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use reverify::cognito::{
    AppClient, Client, Ledger, NewAppClient, NewUser, NewUserPool, PasswordRules, PoolDesign,
    SchemaAttribute, UserFilter, Usernames,
};
use reverify::control::{Effect, Fault, Moment};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{AppClientId, RunId, Secret, SystemClock, UserPoolId};
use reverify::record::{FailureKind, Recorder, RunSetting, RunSummary};
use reverify::report::{Style, Terminal, TerminalOptions};
use reverify::steps::{FixedPool, Target};
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};

use super::answers::client;
use super::scene::Scene;

pub(crate) const HOLDING: &str = r#"
Feature: Holding
  Background:
    Given a user pool that verifies e-mail addresses with a code

  Scenario: The usual way
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    And the mail says "Welcome to the shop"
    When Ada confirms with the code of the latest mail
    Then Ada can sign in

  Scenario: The pool is as it is said to be
    Given the pool's mails say "Welcome to the shop: {####}"
    And the pool demands passwords of at least 10 characters
    And an app client that hides which users exist
    And a new user Ada
    And the pool lets only administrators recover accounts
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds

  Scenario: Deleted and signed up again
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And Ada signs up again
    Then Ada receives another, different verification mail within 10 seconds

  Scenario: An attribute of the pool's own
    Given a user pool with the custom attribute "team" of at most 8 characters
    And a new user Ada
    And Ada gives "blue" as "custom:team"
    When Ada signs up
    Then Ada is UNCONFIRMED
"#;

pub(crate) const NOT_HOLDING: &str = r#"
Feature: Not holding
  Scenario: A link
    Given a user pool that verifies e-mail addresses with a code
    And the pool confirms by link
    And the pool has a domain
    And a new user Ada
    When Ada signs up

  Scenario: Addresses as aliases
    Given a user pool with e-mail addresses as aliases
    And a new user Ada with the username "ada"
    When Ada signs up

  Scenario: A client secret
    Given a user pool that verifies e-mail addresses with a code
    And an app client with a secret
    And a new user Ada
    When Ada signs up

  Scenario: An attribute of another size
    Given a user pool with the custom attribute "team" of at most 9 characters
    And a new user Ada
    When Ada signs up

  Scenario: A second factor
    Given a user pool that verifies e-mail addresses with a code
    And the pool demands a second factor
    And a new user Ada
    When Ada signs up

  Scenario: A function
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a PreSignUp function that fails with "no"
    And a new user Ada
    When Ada tries to sign up

  Scenario: An account of its own
    Given an AWS account of its own
    And a user pool that verifies e-mail addresses with a code

  Scenario: A fault
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Cognito throttles sign-ups

  Scenario: A change
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When the pool stops verifying e-mail addresses

  Scenario: Another pool
    Given a user pool that verifies e-mail addresses with a code
    And another user pool beside it
"#;

/// What the pool has that scenarios speak of.
fn design() -> PoolDesign {
    PoolDesign {
        body: Some("Welcome to the shop: {####}".to_owned()),
        passwords: PasswordRules {
            chars_min: 10,
            ..PasswordRules::default()
        },
        recovery_by_administrators: true,
        ..PoolDesign::default()
    }
}

pub(crate) async fn make_pool(cognito: &Client) -> FixedPool {
    let new = NewUserPool {
        name: "shop".to_owned(),
        case_sensitive: false,
        usernames: Usernames::Any,
        schema: vec![SchemaAttribute::custom("team").at_most(8)],
        design: design(),
    };
    let id = cognito.create_user_pool(&new).await.unwrap().answer;
    let new = NewAppClient {
        hides_users: true,
        ..NewAppClient::named("shop")
    };
    let client = cognito.create_app_client(&id, &new).await.unwrap().answer;
    FixedPool { id, client }
}

/// A customer who was there before.
async fn sign_customer_up(cognito: &Client, client: &AppClient) {
    let customer = NewUser::new("customer").attribute("email", "customer@mail.test");
    let password = Secret::new("Correct-horse-1".to_owned());
    cognito.sign_up(client, &customer, &password).await.unwrap();
}

/// A report that is kept.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs scenarios one after the other; answers how they ended, and what the terminal says.
async fn run(target: &Target, ledger: &Arc<Ledger>, features: &str) -> (RunSummary, String) {
    let suite = Suite::of(vec![Source {
        path: "pool.feature".to_owned(),
        text: features.to_owned().into(),
    }]);
    let plan = suite.plan().unwrap();
    let said = Said::default();
    let options = TerminalOptions::new(Style::Plain, false);
    let mut terminal = Terminal::new(said.clone(), options);
    let recorder =
        Recorder::new(Arc::new(SystemClock)).to_listener(move |entry| terminal.entry(entry));
    let run = Run {
        id: RunId::new("test"),
        target: Arc::new(like(target)),
        ledger: Arc::clone(ledger),
        recorder,
        clock: Arc::new(SystemClock),
        options: RunOptions {
            jobs: 1,
            ..RunOptions::default()
        },
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&plan, run).await;
    let said = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
    (summary, said)
}

fn like(target: &Target) -> Target {
    Target {
        name: target.name.clone(),
        place: target.place.clone(),
        cognito: target.cognito.clone(),
        pool: target.pool.clone(),
        inbox: Arc::clone(&target.inbox),
        addresses: target.addresses.clone(),
        sources: target.sources.clone(),
        emulated: target.emulated,
        region: target.region.clone(),
        surroundings: target.surroundings.clone(),
        control_mail: None,
        silence_min: target.silence_min,
        receiver: None,
        allowed: target.allowed,
        budget: target.budget,
    }
}

/// The users of a pool with a status.
async fn usernames(cognito: &Client, pool: &UserPoolId, status: &str) -> Vec<String> {
    let filter = UserFilter::is("cognito:user_status", status);
    let users = cognito.list_users(pool, &filter).await.unwrap().answer;
    users.into_iter().map(|user| user.username).collect()
}

// One endpoint for all, so all are one test.
#[tokio::test]
async fn a_pool_that_was_there_is_checked_and_left_as_it_was() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let target = embedded.target();
    let cognito = target.cognito.clone();
    let existing = make_pool(&cognito).await;
    sign_customer_up(&cognito, &existing.client).await;
    let before = cognito
        .describe_user_pool(&existing.id)
        .await
        .unwrap()
        .answer;
    let target = Target {
        name: "staging".to_owned(),
        place: "eu-west-1".to_owned(),
        emulated: false,
        surroundings: None,
        pool: Some(existing.clone()),
        ..target
    };
    let ledger = Arc::new(Ledger::in_memory().unwrap());

    let (holding, said) = run(&target, &ledger, HOLDING).await;
    assert_eq!(holding.passed(), holding.scenarios().len(), "{said}");
    assert!(holding.is_success(), "{said}");

    let (not_holding, said) = run(&target, &ledger, NOT_HOLDING).await;
    let elsewhere = not_holding.failed(FailureKind::NotApplicable);
    assert_eq!(elsewhere, not_holding.scenarios().len(), "{said}");
    assert!(not_holding.applies_nowhere() && !not_holding.is_success());
    insta::with_settings!({filters => vec![
        (existing.id.as_str(), "POOL"),
        (r"\[ *\d+\.\d{3}s\]", "[TIME]"),
        (r"\d+(\.\d+)?m?s\b", "DURATION"),
        (r"\(eu-west-1, .*\)", "(PLACE)"),
    ]}, {
        insta::assert_snapshot!("not_applicable", said);
    });

    let (mixed, said) = run(&target, &ledger, &mixed()).await;
    let counts = (mixed.passed(), mixed.failed(FailureKind::NotApplicable));
    assert_eq!(counts, (1, 1), "{said}");
    assert!(
        mixed.is_success() && said.contains("1 passed, 1 not applicable"),
        "{said}"
    );

    let unconfirmed = usernames(&cognito, &existing.id, "UNCONFIRMED").await;
    assert_eq!(unconfirmed, ["customer"]);
    let confirmed = usernames(&cognito, &existing.id, "CONFIRMED").await;
    assert_eq!(confirmed, Vec::<String>::new());
    assert_eq!(ledger.open_rows("staging").unwrap(), []);
    let after = cognito
        .describe_user_pool(&existing.id)
        .await
        .unwrap()
        .answer;
    assert_eq!(after, before, "no step changes it");
    embedded.stop().unwrap();
}

/// One scenario that holds, and one that does not.
fn mixed() -> String {
    let holds = HOLDING.split("\n  Scenario: The pool is").next().unwrap();
    let link = "\n  Scenario: A link\n    Given the pool confirms by link\n    And a new user Ada\n    \
                When Ada signs up\n";
    format!("{holds}{link}")
}

const SIGN_UP: &str = "
Feature: A sign-up
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
";

/// A request that nobody answered may come into effect after the run has looked.
#[tokio::test]
async fn a_sign_up_that_nobody_answered_is_left_to_a_sweep() {
    let scene = Scene::new();
    let existing = make_pool(&scene.embedded.target().cognito).await;
    let cut = Effect::CutConnection {
        when: Moment::Before,
    };
    let lost = Fault::new(cut).operation("SignUp".parse().unwrap());
    scene.fault(lost).await;
    let target = Target {
        name: "staging".to_owned(),
        pool: Some(existing),
        ..scene.embedded.target()
    };
    let ended = scene.run_on(target, SIGN_UP).await;
    assert_eq!(ended.summary.failed(FailureKind::Broken), 1);
    let left = ended.summary.left_behind();
    assert!(
        left.len() == 1 && left[0].contains("may still come into effect"),
        "{left:?}"
    );
    assert_eq!(scene.ledger.open_rows("staging").unwrap().len(), 1);
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn a_pool_that_nobody_answers_for_needs_no_permission() {
    let scene = Scene::new();
    let target = Target {
        cognito: client("http://127.0.0.1:1"),
        pool: Some(FixedPool {
            id: UserPoolId::new("eu-west-1_AbCdEfGhI"),
            client: AppClient {
                id: AppClientId::new("1example23456789"),
                secret: None,
            },
        }),
        ..scene.embedded.target()
    };
    let said = scene.run_on(target, SIGN_UP).await.failure().unwrap();
    assert!(said.contains("aws sts get-caller-identity"), "{said}");
    assert!(!said.contains("grant"), "{said}");
    scene.embedded.stop().unwrap();
}
