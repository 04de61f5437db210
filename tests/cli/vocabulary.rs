//! Features in another language, and functions from files beside them.

use super::command::Place;

/// The keywords are German; the sentences are the vocabulary's.
const GERMAN: &str = "\
# language: de
Funktionalität: Anmelden
  Grundlage:
    Angenommen a user pool that verifies e-mail addresses with a code
    Und a new user Ada

  @mails:1
  Szenario: Der Code bestätigt
    Wenn Ada signs up
    Dann Ada receives a verification mail within 10 seconds
    Wenn Ada confirms with the code of the latest mail
    Dann Ada is CONFIRMED

  @mails:0
  Szenariogrundriss: Ein <Fehler> Kennwort
    Angenommen the pool has a function that confirms new users and verifies what they give
    Wenn Ada signs up
    Und Ada tries to sign in with a wrong password
    Dann the request is refused with <Ausnahme>
    Aber Ada is CONFIRMED

    Beispiele:
      | Fehler   | Ausnahme               |
      | falsches | NotAuthorizedException |
";

#[test]
fn a_feature_in_german_runs() {
    let place = Place::new().with("anmelden.feature", GERMAN);
    let ended = place.run(&["run", "anmelden.feature"]);
    ended.assert(0, &["2/2 scenarios run: 2 passed", "Ein falsches Kennwort"]);
}

/// A pool with a function from a file.
const FROM_FILE: &str = "\
Feature: Functions from files
  Scenario: Refused by it
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a PreSignUp function from the file \"refuses.toml\"
    And a new user Ada
    And Ada gives \"Ada\" as \"nickname\"
    When Ada tries to sign up
    Then the request is refused with UserLambdaValidationException
    And the refusal says \"not today, Ada\"
";

#[test]
fn a_function_is_deployed_from_a_file() {
    let refuses = "Script = { ErrorMessage = \"not today, {request.userAttributes.nickname}\" }\n";
    let place = Place::new()
        .with("refused.feature", FROM_FILE)
        .with("refuses.toml", refuses);
    let ended = place.run(&["run", "refused.feature"]);
    ended.assert(0, &["1/1 scenarios run: 1 passed"]);
}

#[test]
fn a_file_that_is_no_function_breaks_the_scenario() {
    let place = Place::new()
        .with("refused.feature", FROM_FILE)
        .with("refuses.toml", "Comand = []\n");
    let ended = place.run(&["run", "refused.feature"]);
    ended.assert(105, &["refuses.toml", "unknown field `Comand`", "1 broken"]);
}
