//! `reverify explain` and `reverify doctor` against an emulator, and without one.

use reverify::control::{Effect, Fault};
use reverify::embedded::{Embedded, EmbeddedSettings};

use super::command::{Place, json};

/// An emulator, a user who signed up there, and the arguments that name the pool.
fn emulator() -> (Embedded, Vec<String>) {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let arguments = vec![
        "--pool".to_owned(),
        embedded.user_pool_id().unwrap().to_string(),
        "--client".to_owned(),
        embedded.client_id().unwrap().to_string(),
        "--endpoint".to_owned(),
        embedded.endpoint(),
    ];
    (embedded, arguments)
}

fn sign_up(embedded: &Embedded, address: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let target = embedded.target();
    let client = reverify::cognito::AppClient {
        id: embedded.client_id().unwrap().clone(),
        secret: None,
    };
    let password = reverify::model::Secret::new("Passw0rd!x".to_owned());
    let user = reverify::cognito::NewUser::new("ada").attribute("email", address);
    let signed_up = target.cognito.sign_up(&client, &user, &password);
    runtime.block_on(signed_up).unwrap();
}

fn strs<'a>(first: &[&'a str], more: &'a [String]) -> Vec<&'a str> {
    let more = more.iter().map(String::as_str);
    first.iter().copied().chain(more).collect()
}

#[test]
fn a_complaint_is_explained_from_what_the_pool_knows() {
    let (embedded, pool) = emulator();
    sign_up(&embedded, "ada@example.com");
    let place = Place::new();
    let save = ["--save-evidence", "evidence.json"];
    let arguments = strs(&["explain", "ada@example.com"], &pool);
    let ended = place.run(&[&arguments[..], &save[..]].concat());
    // Nothing is wrong there, and without an inbox nobody can know more.
    ended.assert(108, &[]);
    for text in [
        "user   ada, UNCONFIRMED, address not verified",
        "why    not found out",
        "evidence-not-configured, certain",
        "blind  the inbox: nothing is kept there; set --inbox, or REVERIFY_INBOX",
        "places could be read",
    ] {
        assert!(ended.stdout.contains(text), "{text}\n{}", ended.stdout);
    }
    embedded.stop().unwrap();
    // The same verdict from the file, with nothing to ask.
    let again = place.run(&["explain", "--evidence", "evidence.json", "--json"]);
    assert_eq!(again.code, Some(108));
    std::fs::write(place.path("verdict.json"), &again.stdout).unwrap();
    assert_eq!(json(&place.path("verdict.json"))["conclusion"], "open");
}

#[test]
fn a_complaint_about_nobody_says_so() {
    let (embedded, pool) = emulator();
    let ended = Place::new().run(&strs(&["explain", "nobody@example.com"], &pool));
    assert!(
        ended.stdout.contains("nobody in the pool has this address"),
        "{ended:?}"
    );
    embedded.stop().unwrap();
}

#[test]
fn what_cannot_be_asked_is_said_with_what_to_do() {
    let place = Place::new().with("bad.json", "{\"case\": 1}");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["explain", "ada@example.com"], 96, "give --pool"),
        (&["explain"], 2, "<ADDRESS>"),
        (&["explain", "ada"], 2, "ada"),
        (
            &["explain", "--evidence", "bad.json"],
            94,
            "bad.json: invalid type",
        ),
        (
            &["explain", "--evidence", "none.json"],
            94,
            "--save-evidence",
        ),
        (
            &["explain", "--evidence", "/dev/zero"],
            94,
            "/dev/zero: it is larger than 67108864 bytes",
        ),
    ];
    for (arguments, code, said) in cases {
        place.run(arguments).assert(code, &[said]);
    }
}

#[test]
fn an_endpoint_that_is_down_still_gets_a_verdict_in_time() {
    let place = Place::new();
    let nowhere = ["--endpoint", "http://127.0.0.1:9", "--timeout", "2s"];
    let pool = ["--pool", "us-east-1_AbCdEfGhI"];
    let who = ["explain", "ada@example.com"];
    let ended = place.run(&[&who[..], &pool, &nowhere].concat());
    assert_eq!(ended.code, Some(108), "{ended:?}");
    assert!(ended.stdout.contains("0 of"), "{}", ended.stdout);
    let ended = place.run(&[&["doctor"], &pool[..], &nowhere].concat());
    assert_eq!(ended.code, Some(105), "{ended:?}");
}

#[test]
fn the_doctor_tells_good_from_wrong() {
    let (embedded, pool) = emulator();
    let place = Place::new();
    let ended = place.run(&strs(&["doctor"], &pool));
    ended.assert(0, &[]);
    for text in [
        "ok     user pool",
        "ok     app client",
        "limit  sender",
        "50 mails a day",
        "blind  the log of delivery errors",
        "0 wrong",
    ] {
        assert!(ended.stdout.contains(text), "{text}\n{}", ended.stdout);
    }
    let lines = place.run(&strs(&["doctor", "--json"], &pool)).stdout;
    assert!(lines.lines().all(|line| line.starts_with("{\"subject\":")));
    let other = [
        "--pool",
        "us-east-1_NoSuchPl0",
        "--endpoint",
        &embedded.endpoint(),
    ];
    let explained = place.run(&[&["explain", "ada@example.com"], &other[..]].concat());
    explained.assert(105, &["the user pool us-east-1_NoSuchPl0 cannot be asked"]);
    let ended = place.run(&[&["doctor"], &other[..]].concat());
    ended.assert(105, &[]);
    assert!(ended.stdout.contains("wrong  user pool"), "{ended:?}");
    embedded.stop().unwrap();
}

#[test]
fn the_doctor_sends_a_probe() {
    let (embedded, pool) = emulator();
    let place = Place::new();
    let maildir = place.path("mail");
    for folder in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(maildir.join(folder)).unwrap();
    }
    // The sink takes the mail, and the inbox that is watched is another one.
    let inbox = format!("maildir:{}", maildir.display());
    let probe = format!("smtp://{}", embedded.smtp());
    let options = [
        "doctor",
        "--to",
        "ada@example.com",
        "--inbox",
        &inbox,
        "--probe",
        &probe,
        "--timeout",
        "1s",
    ];
    let ended = place.run(&strs(&options, &pool));
    ended.assert(100, &[]);
    let said = "it was sent to the address and did not arrive in the inbox";
    assert!(ended.stdout.contains(said), "{}", ended.stdout);
    embedded.stop().unwrap();
}

/// A run whose mail is lost: the verdict stands in the failure, and in the record.
#[test]
fn a_failing_scenario_says_why() {
    let place = Place::new().with(
        "again.feature",
        "\
Feature: Again
  @mails:0
  Scenario: The pool verifies nothing
    Given a user pool that verifies e-mail addresses with a code
    And the pool does not verify e-mail addresses
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.2 seconds
",
    );
    let ended = place.run(&["run", "again.feature"]);
    ended.assert(
        100,
        &[
            "why    auto-verify-off, certain: the pool does not verify e-mail addresses",
            "the run's own calls: SignUp named no delivery of a code (request id ",
            "the user pool's settings: AutoVerifiedAttributes is empty",
            "do     put `email` into AutoVerifiedAttributes",
            "causes are ruled out",
        ],
    );
}

/// Nothing tells where it went, and nothing is made up.
#[test]
fn a_lost_mail_is_not_explained_by_guesses() {
    let fault = Fault::new(Effect::LoseMail {});
    assert!(fault.check().is_ok());
    let (embedded, pool) = emulator();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let control = reverify::control::Client::new(&embedded.endpoint()).unwrap();
    runtime.block_on(control.add_fault(&fault)).unwrap();
    sign_up(&embedded, "ada@example.com");
    let ended = Place::new().run(&strs(&["explain", "ada@example.com"], &pool));
    assert_eq!(ended.code, Some(108), "{ended:?}");
    embedded.stop().unwrap();
}
