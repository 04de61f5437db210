//! An SMTP server in the process of the run.

use super::scene::{Scene, free_address};

#[test]
fn signing_up_again_passes_run_after_run() {
    let address = free_address();
    let inbox = format!(
        "kind = \"sink\"\nlisten = \"{address}\"\naccept = [\"mail.test\"]\n\
         address = \"{{person}}.{{run}}.{{scenario}}.{{attempt}}@mail.test\""
    );
    // The emulator is there before the sink is, and between two of them.
    let scene = Scene::forwarding_to(address).with_inbox(&inbox);
    scene.assert_passes();
    scene.assert_tells_what_is_wrong(&format!("SMTP sink on {address}"));
    scene.assert_passes();
    let listed = scene.command(&["inbox", "list", "-T", "staging"]);
    listed.assert(96, &["the inbox `qa` has mails during a run alone"]);
    scene.end();
}

const NOT_THERE: &str = "\
Feature: Nobody takes the mail
  @mails:1
  Scenario: A mail
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.2 seconds
";

#[test]
fn an_emulator_whose_mails_nobody_takes_says_so() {
    let (dead, sink) = (free_address(), free_address());
    let inbox = format!(
        "kind = \"sink\"\nlisten = \"{sink}\"\n\
         address = \"{{person}}.{{run}}.{{scenario}}.{{attempt}}@mail.test\""
    );
    let mut scene = Scene::forwarding_to(dead)
        .with_inbox(&inbox)
        .with("mail.feature", NOT_THERE);
    let ended = scene.run("mail.feature");
    ended.assert(
        100,
        &["no message to ", "the inbox that was watched: SMTP sink on"],
    );
    scene.emulator_says(&format!("{dead}: the mail server cannot be reached"));
    scene.end();
}
