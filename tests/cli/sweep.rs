//! `reverify sweep` after a run that was killed: it removes that run's users and nobody else.

use std::time::{Duration, Instant};

use reverify::cognito::{
    Client, Intent, Invitation, Ledger, LedgerRow, NewUser, OpenRows, RowState,
};
use reverify::control::{self, Effect, Fault};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{Clock as _, Endpoint, RunId, ScenarioId, SystemClock, UserPoolId, UserSub};
use tokio::runtime::Runtime;

use super::command::{Place, Started};

const FEATURE: &str = "\
Feature: A run that is killed
  @mails:1
  Scenario: Two people, one of whom waits
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    And a new user Bob
    When Ada signs up
    And Bob signs up
    Then Bob receives a verification mail within 60 seconds
";

/// How long a test waits for something that takes a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// An emulator, a folder whose configuration names its pool, and who looks on.
struct Scene {
    place: Place,
    embedded: Embedded,
    client: Client,
    runtime: Runtime,
}

impl Scene {
    fn new() -> Self {
        let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
        // Nothing ever arrives in this inbox.
        let configuration = format!(
            "[target.staging]\nkind = \"endpoint\"\nurl = \"{}\"\nuser-pool-id = \"{}\"\n\
             client-id = \"{}\"\ninbox = \"empty\"\n\n\
             [inbox.empty]\nkind = \"maildir\"\npath = \"mail\"\n\
             address = \"{{person}}.{{run}}.{{scenario}}.{{attempt}}@mail.test\"\n",
            embedded.endpoint(),
            embedded.user_pool_id().unwrap(),
            embedded.client_id().unwrap(),
        );
        let place = Place::new()
            .with("reverify.toml", &configuration)
            .with("killed.feature", FEATURE);
        for folder in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(place.path("mail").join(folder)).unwrap();
        }
        std::fs::create_dir(place.path(".reverify")).unwrap();
        let endpoint = Endpoint {
            region: "us-east-1".into(),
            url: embedded.endpoint(),
        };
        Self {
            client: Client::for_emulator(&endpoint),
            runtime: Runtime::new().unwrap(),
            place,
            embedded,
        }
    }

    /// Starts the run and waits until its users exist.
    fn start_run(&self) -> Started {
        let run = self
            .place
            .start(&["run", "killed.feature", "-T", "staging"]);
        let started = Instant::now();
        while self.rows().iter().filter(|row| row.sub.is_some()).count() < 2 {
            assert!(started.elapsed() < PATIENCE, "{:?}", self.rows());
            std::thread::sleep(Duration::from_millis(20));
        }
        run
    }

    fn ledger(&self) -> Ledger {
        Ledger::open(&self.place.path(".reverify/ledger.sqlite")).unwrap()
    }

    fn rows(&self) -> Vec<LedgerRow> {
        self.ledger().open_rows_of(&OpenRows::default()).unwrap()
    }

    /// Makes a user of somebody else.
    fn create(&self, pool: &UserPoolId, name: &str) {
        let user = NewUser::new(name).attribute("email", "eve@example.com");
        let made = self
            .client
            .admin_create_user(pool, &user, Invitation::Suppressed);
        self.runtime.block_on(made).unwrap();
    }

    fn exists(&self, pool: &UserPoolId, name: &str) -> bool {
        match self
            .runtime
            .block_on(self.client.admin_get_user(pool, name))
        {
            Ok(_) => true,
            Err(error) if error.is("UserNotFoundException") => false,
            Err(error) => panic!("{error}"),
        }
    }
}

fn sweep<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["sweep", "-T", "staging"], more].concat()
}

#[test]
fn a_killed_run_is_swept_and_nobody_else() {
    let scene = Scene::new();
    let mut run = scene.start_run();
    let rows = scene.rows();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let pool = rows[0].intent.pool.clone();
    let names: Vec<_> = rows.iter().map(|row| row.intent.username.clone()).collect();
    scene.create(&pool, "somebody-else");

    // While the run is alive its users are its own.
    let swept = sweep(&["--yes"]);
    scene.place.run(&swept).assert(
        0,
        &[
            "is alive: its users are left to it",
            "nothing is left behind",
        ],
    );
    run.kill();

    // Shown first; removed only when somebody agrees.
    let shown = scene.place.run(&sweep(&[]));
    shown.assert(0, &["nothing was removed", "--yes"]);
    for row in &rows {
        let line = format!("remove  {}  in {pool}", row.intent.username);
        let sub = row.sub.as_ref().unwrap().as_str();
        assert!(
            shown.stdout.contains(&line) && shown.stdout.contains(sub),
            "{shown:#?}"
        );
    }
    assert!(!shown.stdout.contains("somebody-else"), "{shown:#?}");
    let young = sweep(&["--yes", "--older-than", "1h"]);
    scene
        .place
        .run(&young)
        .assert(0, &["nothing is left behind"]);
    assert!(names.iter().all(|name| scene.exists(&pool, name)));

    // A sweep that is killed at its first deletion; the next one goes on.
    let control = control::Client::new(&scene.embedded.endpoint()).unwrap();
    let slow = Fault::new(Effect::SlowAnswer {
        milliseconds: 5_000,
    });
    let slow = slow.operation("AdminDeleteUser".parse().unwrap());
    scene.runtime.block_on(control.add_fault(&slow)).unwrap();
    let mut killed = scene.place.start(&swept);
    let struck = async {
        while control.faults().await.unwrap()[0].hits == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let struck = async { tokio::time::timeout(PATIENCE, struck).await };
    scene.runtime.block_on(struck).unwrap();
    killed.kill();
    scene.runtime.block_on(control.clear_faults()).unwrap();
    scene.place.run(&swept).assert(0, &["removed"]);

    assert!(scene.rows().is_empty());
    assert!(names.iter().all(|name| !scene.exists(&pool, name)));
    assert!(scene.exists(&pool, "somebody-else"));
    scene
        .place
        .run(&swept)
        .assert(0, &["nothing is left behind"]);
    scene.embedded.stop().unwrap();
}

#[test]
fn a_user_of_an_unanswered_sign_up_goes_only_when_it_is_named() {
    let scene = Scene::new();
    let pool = scene.embedded.user_pool_id().unwrap().clone();
    let ledger = scene.ledger();
    let intend_at = |name: &str, pool: &UserPoolId, ago: Duration| {
        let intent = Intent {
            run: RunId::new("dead"),
            scenario: ScenarioId::new("features/sign_up.feature", 9),
            attempt: 1,
            target: "staging".into(),
            pool: pool.clone(),
            username: name.into(),
        };
        ledger.intend(&intent, SystemClock.now() - ago).unwrap()
    };
    let hour = Duration::from_hours(1);
    let intend = |name: &str| intend_at(name, &pool, hour);
    // Two whose answers never came, one who was never made, one who may still be, and one whose name is
    // another's now.
    intend("perhaps-ours");
    intend("a-customers");
    intend("never-made");
    intend_at("under-way", &pool, Duration::ZERO);
    intend_at("elsewhere", &UserPoolId::new("us-east-1_nowhere00"), hour);
    scene.create(&pool, "a-customers");
    let taken = intend("taken-over");
    scene.create(&pool, "perhaps-ours");
    scene.create(&pool, "taken-over");
    let sub = "00000000-0000-4000-8000-000000000000";
    let now = SystemClock.now();
    ledger.created(taken, &UserSub::new(sub), now).unwrap();

    let swept = scene.place.run(&sweep(&["--yes"]));
    swept.assert(105, &["0 users removed, 4 users left"]);
    for line in [
        "leave   perhaps-ours",
        "add: --also perhaps-ours",
        // That it was made long after the request proves nothing.
        "leave   a-customers",
        "--forget a-customers",
        "leave   under-way",
        "may still be under way; sweep again in 1",
        "leave   elsewhere",
        "there is no pool us-east-1_nowhere00 with these credentials",
        "over    never-made",
        "over    taken-over",
    ] {
        assert!(swept.stdout.contains(line), "{line}\n{}", swept.stdout);
    }
    assert!(scene.exists(&pool, "perhaps-ours") && scene.exists(&pool, "taken-over"));
    let rows = scene.rows();
    assert_eq!((rows.len(), rows[0].state), (4, RowState::Intended));

    let named = [
        &["--yes", "--also", "perhaps-ours", "--forget", "a-customers"][..],
        &["--forget-pool", "us-east-1_nowhere00"],
    ];
    let named = scene.place.run(&sweep(&named.concat()));
    named.assert(105, &["1 user removed, 1 user left"]);
    assert!(!scene.exists(&pool, "perhaps-ours") && scene.exists(&pool, "taken-over"));
    assert!(scene.exists(&pool, "a-customers"));
    let rows = scene.rows();
    let open: Vec<_> = rows.iter().map(|row| &*row.intent.username).collect();
    assert_eq!(open, ["under-way"]);
    scene.embedded.stop().unwrap();
}

#[test]
fn what_keeps_a_sweep_from_its_work_is_told() {
    let place = Place::new();
    place.run(&["sweep"]).assert(
        0,
        &[
            "there is no ledger at `.reverify/ledger.sqlite`",
            "--state-dir",
        ],
    );
    assert_eq!(place.contents(), Vec::<String>::new());
    std::fs::create_dir(place.path(".reverify")).unwrap();
    std::fs::write(place.path(".reverify/ledger.sqlite"), [b'x'; 4_096]).unwrap();
    place
        .run(&["sweep"])
        .assert(110, &["file is not a database", "--state-dir"]);
}
