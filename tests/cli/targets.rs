//! Targets of a configuration: run on, one after another, and looked at.

use nix::sys::signal::Signal;
use reverify::control::{self, Effect, Fault};

use super::command::{Place, json};

const ADDRESS: &str = "{person}.{run}.{scenario}.{attempt}@mail.test";

/// An emulator that files its mails, and a configuration with two targets that are it.
pub(crate) fn place_with_emulator() -> (Place, super::command::Started) {
    let place = Place::new();
    let arguments = [
        "emulate",
        "--listen",
        "127.0.0.1:0",
        "--smtp",
        "127.0.0.1:0",
        "--port-file",
        "ports.json",
        "--maildir",
        "mail",
    ];
    let mut started = place.start(&arguments);
    started.until("app client");
    let ports = json(&place.path("ports.json"));
    let text = |key: &str| ports[key].as_str().unwrap().to_owned();
    let configuration = format!(
        "[profile.default]\ntarget = \"one\"\n\n\
         [target.one]\nkind = \"endpoint\"\nurl = \"{url}\"\ninbox = \"filed\"\n\n\
         [target.known]\nkind = \"endpoint\"\nurl = \"{url}\"\ninbox = \"filed\"\n\
         user-pool-id = \"{pool}\"\nclient-id = \"{client}\"\n\n\
         [inbox.filed]\nkind = \"maildir\"\npath = \"mail\"\naddress = \"{ADDRESS}\"\n",
        url = text("endpoint"),
        pool = text("user_pool_id"),
        client = text("client_id"),
    );
    (place.with("reverify.toml", &configuration), started)
}

#[test]
fn signing_up_again_passes_on_a_target_by_its_url() {
    let (place, emulator) = place_with_emulator();
    let features = concat!(env!("CARGO_MANIFEST_DIR"), "/features/re_sign_up.feature");
    // The longest pauses say nothing more of the target.
    let ended = place.run(&[
        "run",
        features,
        "--tags",
        "not @slow",
        "-n",
        "Deleted|another app client",
    ]);
    ended.assert(0, &["passed", "mail"]);
    assert!(!ended.stderr.contains("FAIL"), "{}", ended.stderr);
    let looked = place.run(&["doctor", "--target", "known"]);
    assert!(looked.stdout.contains("user pool"), "{looked:#?}");
    assert!(
        place
            .run(&["doctor", "--target", "one"])
            .stderr
            .contains("names no user pool")
    );
    let listed = place.run(&["inbox", "list", "--target", "one"]);
    listed.assert(0, &[]);
    assert!(listed.stdout.contains("@mail.test"), "{}", listed.stdout);
    let explained = place.run(&["explain", "--target", "known", "nobody@mail.test"]);
    assert!(
        explained
            .stdout
            .contains("nobody in the pool has this address"),
        "{explained:#?}"
    );
    emulator.signal(Signal::SIGTERM);
    emulator.end().assert(0, &[]);
}

#[test]
fn several_targets_are_run_one_after_another_each_with_its_record() {
    let (place, emulator) = place_with_emulator();
    let ended = place.run(&[
        "run",
        "-n",
        "The mail arrives",
        "-T",
        "embedded",
        "-T",
        "one",
    ]);
    ended.assert(0, &["1/1 scenarios run: 1 passed"]);
    assert_eq!(
        ended.stderr.matches("1 passed").count(),
        2,
        "{}",
        ended.stderr
    );
    let runs = std::fs::read_dir(place.path(".reverify/runs")).unwrap();
    let targets = runs.map(|run| {
        let record = std::fs::read_to_string(run.unwrap().path().join("run.jsonl")).unwrap();
        let first = record.lines().next().unwrap().to_owned();
        let names = ["\"name\":\"embedded\"", "\"name\":\"one\""];
        names.iter().position(|name| first.contains(name)).unwrap()
    });
    let mut targets: Vec<_> = targets.collect();
    targets.sort_unstable();
    assert_eq!(targets, [0, 1]);
    // Each has its reports, and is compared with its own earlier runs.
    let more = "\n[profile.nightly]\nreport.json = \"out/report.json\"\ncompare-to = \"last\"\n";
    let text = std::fs::read_to_string(place.path("reverify.toml")).unwrap() + more;
    let place = place.with("reverify.toml", &text);
    let run = [
        "run",
        "-P",
        "nightly",
        "-n",
        "The mail arrives",
        "-T",
        "embedded",
        "-T",
        "one",
    ];
    place.run(&run).assert(0, &["passed"]);
    let names = ["report.embedded.json", "report.one.json"];
    assert!(
        names
            .iter()
            .all(|name| place.path("out").join(name).is_file())
    );
    place.run(&run[..5]).assert(0, &["passed"]);
    assert!(place.path("out/report.json").is_file());
    drop(emulator);
    // The worst of them counts, and the others are run all the same.
    let ended = place.run(&[
        "run",
        "-n",
        "The mail arrives",
        "-T",
        "one",
        "-T",
        "embedded",
    ]);
    assert_ne!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("1 passed"), "{}", ended.stderr);
}

#[test]
fn a_pool_that_was_there_is_tested_as_it_is_and_left_without_the_users_of_the_run() {
    let (place, emulator) = place_with_emulator();
    let ended = place.run(&["run", "-n", "The mail arrives", "-T", "known"]);
    ended.assert(0, &["1/1 scenarios run: 1 passed"]);
    // A part in which nothing applies to this pool says nothing of the whole run.
    let own = "Feature: A\n  Scenario: One\n    Given a user pool that verifies e-mail addresses with a code\n    \
               And another user pool beside it\n";
    let place = place.with("own.feature", own);
    let alone = ["run", "own.feature", "-T", "known"];
    place.run(&alone).assert(4, &["1 not applicable"]);
    let part = [&alone[..], &["--partition", "slice:1/2"]].concat();
    place.run(&part).assert(0, &["nothing was tested here"]);
    let listed = place.run(&["explain", "--target", "known", "ada@mail.test"]);
    assert!(
        listed
            .stdout
            .contains("nobody in the pool has this address"),
        "{listed:#?}"
    );
    drop(emulator);
}

#[test]
fn a_throttled_run_passes_and_says_why_it_took_longer() {
    let (place, emulator) = place_with_emulator();
    let ports = json(&place.path("ports.json"));
    let throttled = Fault::new(Effect::ThrottleRequests {});
    let throttled = throttled.operation("SignUp".parse().unwrap()).times(2);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let control = control::Client::new(ports["endpoint"].as_str().unwrap()).unwrap();
    runtime.block_on(control.add_fault(&throttled)).unwrap();
    let ended = place.run(&[
        "run",
        "-n",
        "The mail arrives",
        "-T",
        "one",
        "--report-html=report.html",
    ]);
    let said = "slowed by the target: 1 call was sent again (throttled 2 times), ";
    ended.assert(0, &["1 passed", said]);
    let page = std::fs::read_to_string(place.path("report.html")).unwrap();
    assert!(page.contains("The target slowed the run: 1 call"));
    assert!(page.contains("SignUp was sent again"));
    emulator.signal(Signal::SIGTERM);
    emulator.end().assert(0, &[]);
}

/// Whatever port this is, nothing is asked there.
const UNALLOWED: &str = "\
[target.staging]
kind = \"aws\"
user-pool-id = \"eu-west-1_Ab3dEfGhI\"
client-id = \"5k3example\"
inbox = \"filed\"

[inbox.filed]
kind = \"maildir\"
path = \"mail\"
address = \"{person}.{run}.{scenario}.{attempt}@mail.test\"
";

#[test]
fn a_pool_of_aws_is_left_alone_until_its_configuration_allows_more() {
    let place = Place::new().with("reverify.toml", UNALLOWED);
    let ended = place.run(&["run", "-T", "staging", "-n", "The mail arrives"]);
    let said = [
        "the target `staging` does not allow to sign users up",
        "nothing was sent",
        "allow = [\"sign-up\", \"delete\"] into [target.staging] (reverify.toml:1)",
    ];
    ended.assert(96, &said);
    let secret = UNALLOWED.replace(
        "inbox = ",
        "allow = [\"sign-up\", \"delete\"]\nclient-secret = { env = \"NO_SUCH\" }\ninbox = ",
    );
    let place = place.with("reverify.toml", &secret);
    let ended = place.run(&["run", "-T", "staging", "-n", "The mail arrives"]);
    ended.assert(
        96,
        &[
            "no client secret for [target.staging]",
            "the variable NO_SUCH is not set",
        ],
    );
}

#[test]
fn what_keeps_a_target_from_being_tested_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let text = format!(
        "[target.a]\nkind = \"endpoint\"\nurl = \"http://127.0.0.1:9\"\ninbox = \"sink\"\n\n\
         [inbox.sink]\nkind = \"sink\"\nlisten = \"{}\"\naddress = \"{ADDRESS}\"\n",
        taken.local_addr().unwrap()
    );
    let place = Place::new().with("reverify.toml", &text);
    let ended = place.run(&["run", "-T", "a", "-n", "The mail arrives"]);
    ended.assert(105, &["cannot be listened on"]);
    let ended = place.run(&["run", "-T", "b"]);
    ended.assert(
        96,
        &[
            "there is no target `b`",
            "there are the targets a, embedded",
        ],
    );
    let ended = place.run(&["inbox", "list", "-T", "a"]);
    ended.assert(96, &["has mails during a run alone"]);
    let ended = place.run(&["inbox", "list", "-T", "embedded"]);
    ended.assert(96, &["are in the process of a run"]);
    place.run(&["check", "-T", "a"]).assert(0, &[]);
}
