//! What a scenario presumes of a pool that was there before, and what it leaves to others there.

use std::sync::atomic::{AtomicUsize, Ordering};

use cucumber::step::{Collection, Context};
use futures::future::LocalBoxFuture;
use regex::Regex;
use reverify::cognito::{
    Client, NewAppClient, NewUser, NewUserPool, PoolDesign, UserFilter, Usernames,
};
use reverify::control;
use reverify::model::Secret;
use reverify::record::FailureKind;
use reverify::steps::{FixedPool, Target};
use reverify::suite::{ReverifyWorld, RunOptions, Selection, Source, Suite};

use super::existing_pool::{HOLDING, NOT_HOLDING, make_pool};
use super::scene::Scene;

/// The target of a scene as one whose pool was there before, and which is no emulator as far as
/// scenarios know.
fn on_existing(scene: &Scene, pool: &FixedPool) -> Target {
    Target {
        emulated: false,
        surroundings: None,
        ..seeded(scene, pool)
    }
}

/// The same as one that was made from a seed file: an emulator of the run's own, with a pool in it.
fn seeded(scene: &Scene, pool: &FixedPool) -> Target {
    Target {
        pool: Some(pool.clone()),
        control_mail: None,
        ..scene.embedded.target()
    }
}

async fn pool_with(cognito: &Client, usernames: Usernames) -> FixedPool {
    let new = NewUserPool {
        name: "shop".to_owned(),
        case_sensitive: false,
        usernames,
        schema: Vec::new(),
        design: PoolDesign::default(),
    };
    let id = cognito.create_user_pool(&new).await.unwrap().answer;
    let client = NewAppClient::named("shop");
    let client = cognito.create_app_client(&id, &client).await;
    let client = client.unwrap().answer;
    FixedPool { id, client }
}

#[tokio::test]
async fn a_target_from_a_seed_runs_what_an_existing_pool_runs() {
    let scene = Scene::new();
    let pool = make_pool(&scene.embedded.target().cognito).await;
    for features in [HOLDING, NOT_HOLDING] {
        let there = scene.run_on(on_existing(&scene, &pool), features).await;
        let seeded = scene.run_on(seeded(&scene, &pool), features).await;
        assert_eq!(seeded.kinds(), there.kinds(), "{features}");
    }
    let control = control::Client::new(&scene.embedded.endpoint()).unwrap();
    assert!(control.faults().await.unwrap().is_empty());
    scene.embedded.stop().unwrap();
}

const FOREIGN: &str = "
Feature: Steps of the shop's own
  Scenario: One of them comes first
    Given a user pool that verifies e-mail addresses with a code
    And the pool confirms by link
    And a new user Ada
    When the shop is asked

  Scenario: What is presumed comes last
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Given the pool confirms by link

  Scenario: It holds
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When the shop is asked
";

/// How often the shop was asked.
static ASKED: AtomicUsize = AtomicUsize::new(0);

fn ask(_: &mut ReverifyWorld, _: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async {
        ASKED.fetch_add(1, Ordering::Relaxed);
    })
}

#[tokio::test]
async fn what_is_presumed_is_checked_before_steps_of_the_users_own_and_at_the_end() {
    let scene = Scene::new();
    let pool = pool_with(&scene.embedded.target().cognito, Usernames::Any).await;
    let source = Source {
        path: "shop.feature".to_owned(),
        text: FOREIGN.into(),
    };
    let own = Collection::new().when(None, Regex::new("^the shop is asked$").unwrap(), ask);
    let suite = Suite::new(vec![source], own);
    let target = on_existing(&scene, &pool);
    let ended = scene.run_suite(target, &suite, RunOptions::default()).await;
    let elsewhere = Some(FailureKind::NotApplicable);
    assert_eq!(
        ended.kinds(),
        [elsewhere, elsewhere, None],
        "{:?}",
        ended.summary
    );
    assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    scene.embedded.stop().unwrap();
}

const NAMES: &str = r#"
Feature: Names
  Scenario: A username and an alias that the shop's customers have
    Given a user pool with preferred usernames as aliases
    And a new user Ada with the username "ada"
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada confirms with the code of the latest mail
    And Ada changes the attribute "preferred_username" to "countess"
    Then the attribute "preferred_username" of Ada is "countess"
    And Ada can sign in as "countess"
    And Ada can sign in as "ada"
"#;

#[tokio::test]
async fn names_that_a_feature_writes_are_nobodys_in_the_pool() {
    let scene = Scene::new();
    let cognito = scene.embedded.target().cognito;
    let pool = pool_with(&cognito, Usernames::PreferredAlias).await;
    let customer = NewUser::new("ada").attribute("email", "customer@mail.test");
    let password = Secret::new("Correct-horse-1".to_owned());
    let signed_up = cognito.sign_up(&pool.client, &customer, &password).await;
    signed_up.unwrap();
    let confirmed = cognito.admin_confirm_sign_up(&pool.id, "ada").await;
    confirmed.unwrap();
    let alias = [("preferred_username", "countess")];
    let named = cognito.admin_update_attributes(&pool.id, "ada", &alias);
    named.await.unwrap();
    let ended = scene.run_on(on_existing(&scene, &pool), NAMES).await;
    assert_eq!(ended.failure(), None);
    scene.embedded.stop().unwrap();
}

const MOVING: &str = "
Feature: Moving
  Scenario: A new address in a pool with addresses in place of usernames
    Given a user pool whose users sign in with their e-mail address
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada confirms with the code of the latest mail
    And Ada changes the e-mail address to a new one
    Then Ada receives another, different verification mail within 10 seconds
";

#[tokio::test]
async fn a_new_address_needs_no_username_of_ones_own() {
    let scene = Scene::new();
    let pool = pool_with(&scene.embedded.target().cognito, Usernames::Email).await;
    let ended = scene.run_on(on_existing(&scene, &pool), MOVING).await;
    assert_eq!(ended.failure(), None);
    scene.embedded.stop().unwrap();
}

const WITHOUT_ADDRESS: &str = "
Feature: Without an address
  Scenario: The username is the address
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up again without an e-mail address
";

/// One shipped scenario for each `Given` that says what goes without saying.
const ORDINARY: [&str; 4] = [
    "The code sets a new password",
    "Who never signed up is told so elsewhere",
    "A new address counts at once, but as unverified",
    "The mail is the pool's own and comes in time",
];

#[tokio::test]
async fn an_ordinary_pool_with_settings_of_its_own_is_not_red() {
    let scene = Scene::new();
    let cognito = scene.embedded.target().cognito;
    let new = NewUserPool {
        name: "shop".to_owned(),
        case_sensitive: false,
        usernames: Usernames::Any,
        schema: Vec::new(),
        design: PoolDesign {
            recovery_by_administrators: true,
            keeps_address_until_verified: true,
            body: Some("Welcome: {####}".to_owned()),
            ..PoolDesign::default()
        },
    };
    let id = cognito.create_user_pool(&new).await.unwrap().answer;
    let client = NewAppClient {
        hides_users: true,
        ..NewAppClient::named("shop")
    };
    let client = cognito
        .create_app_client(&id, &client)
        .await
        .unwrap()
        .answer;
    let pool = FixedPool { id, client };
    for name in ORDINARY {
        let name = Regex::new(&format!("^{}$", regex::escape(name))).unwrap();
        let selection = Selection::all().with_name(name.as_str()).unwrap();
        let suite = Suite::shipped().select(selection);
        let target = on_existing(&scene, &pool);
        let ended = scene.run_suite(target, &suite, RunOptions::default()).await;
        assert_eq!(ended.kinds(), [Some(FailureKind::NotApplicable)], "{name}");
    }
    let by_address = pool_with(&cognito, Usernames::Email).await;
    let target = on_existing(&scene, &by_address);
    let ended = scene.run_on(target, WITHOUT_ADDRESS).await;
    assert_eq!(ended.kinds(), [Some(FailureKind::NotApplicable)]);
    scene.embedded.stop().unwrap();
}

const MOVED: &str = "
Feature: A new address
  Scenario: It is looked at and deleted
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada confirms with the code of the latest mail
    And Ada changes the e-mail address to a new one
    Then Ada receives another, different verification mail within 10 seconds
    And Ada is CONFIRMED
    When an administrator deletes Ada
    Then the pool has no user Ada

  Scenario: It is left to the clean-up
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada confirms with the code of the latest mail
    And Ada changes the e-mail address to a new one
    Then Ada receives another, different verification mail within 10 seconds
";

/// Where addresses are the usernames nobody has the name that was signed up, once it changed.
#[tokio::test]
async fn a_user_whose_address_changed_is_found_and_deleted() {
    let scene = Scene::new();
    let cognito = scene.embedded.target().cognito;
    let pool = pool_with(&cognito, Usernames::Email).await;
    let ended = scene.run_on(on_existing(&scene, &pool), MOVED).await;
    assert_eq!(ended.kinds(), [None, None], "{:?}", ended.summary);
    let all = UserFilter::is("cognito:user_status", "CONFIRMED");
    let left = cognito.list_users(&pool.id, &all).await.unwrap().answer;
    assert!(left.is_empty(), "{left:?}");
    scene.embedded.stop().unwrap();
}
