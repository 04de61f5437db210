//! `reverify check`: everything that is wrong with features, at once and without running them.

use super::command::Place;

const GOOD: &str = "\
Feature: A
  @mails:1
  Scenario: B
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
";

/// What is wrong with a feature, and what is said about it.
const MISTAKES: [(&str, &[&str]); 9] = [
    (
        "Feature: A\n  Scenario: B\n    When Ada signs upp\n",
        &[
            "undefined step",
            "a.feature:3:5",
            "When Ada signs upp",
            "did you mean: When Ada signs up",
        ],
    ),
    (
        "Feature: A\n  Scenario: B\n    Given Ada signs up\n",
        &[
            "a.feature:3:5",
            "this is a `When`: write `When Ada signs up`",
        ],
    ),
    (
        "Feature: A\n  Scenario: B\n    Gven a new user Ada\n    When Ada signs up\n",
        &[
            "a step is taken for a description",
            "a.feature:3:5",
            "Gven a new user Ada",
        ],
    ),
    (
        "Feature: A\n  Scenaro: B\n    Given a new user Ada\n    When Ada signs up\n",
        &[
            "steps are taken for a description",
            "a.feature:2:3",
            "did you mean `Scenario:`",
        ],
    ),
    (
        "# language: xx\nFeature: A\n",
        &["Gherkin knows no language `xx`", "a.feature:1:1"],
    ),
    (
        "Feature: A\n  Scenario Outline: B\n    Given a new user <who>\n    Examples:\n      | who |\n      | Ada | Grace |\n",
        &[
            "another length than the first",
            "a.feature:6:7",
            "2 cells here, 1 in the first",
        ],
    ),
    (
        "Feature: A\n  @mails:two\n  Scenario: B\n    Given a new user Ada\n",
        &[
            "`@mails:two` says no number of mails",
            "a.feature:2:3",
            "@mails:2",
        ],
    ),
    (
        "Feature: A\n  Scenario: B\n    Given these new users:\n      | who |\n",
        &[
            "an argument of this step",
            "a.feature:3:5",
            "a column `who`",
            "| name  | address",
        ],
    ),
    (
        "Feature: A\n  Scenario: B\n    Given the pool's verification mail says:\n      \"\"\"\n      Hello\n",
        &["a doc string has no end", "a.feature:4:7"],
    ),
];

#[test]
fn the_shipped_features_have_nothing_wrong_with_them() {
    let place = Place::new();
    let ended = place.run(&["check", "--deny-warnings"]);
    ended.assert(0, &[]);
    assert_eq!(ended.stderr, "");
    let last = ended.stdout.lines().last().unwrap();
    assert_eq!(last, "no problems, no warnings");
    assert!(ended.stdout.contains("features/sign_up.feature"));
    assert_eq!(place.contents(), [""; 0], "nothing is written");
}

#[test]
fn scenarios_steps_and_mails_are_counted() {
    let outline = "\
Feature: C
  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  @mails:3
  Scenario Outline: D
    When Ada goes through <count> rounds of sign-up, mail, confirmation and deletion

    Examples:
      | count |
      | 3     |
      | 3     |
";
    let place = Place::new()
        .with("a.feature", GOOD)
        .with("c.feature", outline);
    let ended = place.run(&["check", "."]);
    ended.assert(0, &[]);
    let rows: Vec<Vec<&str>> = ended
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let expected = [
        "a.feature 1 scenario 4 steps 1 mail",
        "c.feature 2 scenarios 6 steps 6 mails",
        "2 features: 3 scenarios, 10 steps, 7 mails",
        "no problems, no warnings",
    ];
    let rows: Vec<_> = rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(rows, expected);
}

#[test]
fn each_mistake_has_its_message_and_its_place() {
    for (text, said) in MISTAKES {
        let place = Place::new().with("a.feature", text);
        let ended = place.run(&["check", "a.feature"]);
        ended.assert(94, said);
        assert!(
            ended.stdout.ends_with("1 problem, no warnings\n"),
            "{ended:#?}"
        );
        // A run refuses for the same reasons, before anything happens.
        place.run(&["run", "a.feature"]).assert(94, said);
        assert_eq!(place.contents(), ["a.feature"]);
    }
}

#[test]
fn all_files_are_looked_at_whatever_is_wrong_with_one() {
    let place = Place::new()
        .with(
            "a.feature",
            "Feature: A\n  Scenario: B\n    Given a new user Ada\n  Scenaro: C\n",
        )
        .with(
            "b.feature",
            "Feature: B\n  Scenario: C\n    When nonsense\n",
        )
        .with("c.feature", GOOD);
    let ended = place.run(&["check", "a.feature", "b.feature", "c.feature"]);
    ended.assert(94, &["a.feature:4:3", "b.feature:3:5"]);
    assert!(ended.stdout.contains("c.feature"), "{}", ended.stdout);
    assert!(
        ended.stdout.ends_with("2 problems, no warnings\n"),
        "{}",
        ended.stdout
    );
}

#[test]
fn what_is_doubtful_is_a_warning() {
    let twice = GOOD.replace("  @mails:1\n", "") + "    When Ada signs up again\n";
    let cases: [(&str, &[&str]); 8] = [
        (
            &twice,
            &[
                "its steps wait for 1 mail, and sign up twice",
                "write `@mails:2` above it",
            ],
        ),
        (
            &GOOD.replace("@mails:1", "@mail:1 @mails:1"),
            &[
                "`@mail:1` is no tag",
                "a.feature:2:3",
                "did you mean `@mails:1`?",
            ],
        ),
        (
            &GOOD.replace("@mails:1", "@nightly @mails:1"),
            &["`@nightly` is no tag", "--known-tag nightly"],
        ),
        (
            &GOOD.replace("  @mails:1\n", ""),
            &[
                "do not say how many mails",
                "a.feature:2:3",
                "wait for 1 mail",
                "`@mails:1`",
            ],
        ),
        (
            &GOOD.replace("@mails:1", "@mails:3"),
            &[
                "`@mails:3` is not what the steps",
                "a.feature:3:3",
                "wait for 1 mail",
            ],
        ),
        (
            "Feature: A\n  Nothing yet.\n",
            &["has no scenario", "a.feature:1:1"],
        ),
        (
            "Feature: A\n  Scenario: B\n",
            &["has no steps", "a.feature:2:3"],
        ),
        (
            "Feature: A\n  Scenario Outline: B\n    Given a new user <who>\n    Examples:\n      | who |\n",
            &["no rows of examples", "a.feature:2:3"],
        ),
    ];
    for (text, said) in cases {
        let place = Place::new().with("a.feature", text);
        let ended = place.run(&["check", "a.feature"]);
        ended.assert(0, said);
        assert!(
            ended.stdout.ends_with("no problems, 1 warning\n"),
            "{ended:#?}"
        );
        place
            .run(&["check", "--deny-warnings", "a.feature"])
            .assert(94, said);
    }
}

#[test]
fn tags_of_one_s_own_are_named() {
    let own = GOOD.replace("@mails:1", "@nightly @mails:1");
    let place = Place::new().with("a.feature", &own);
    let known = [
        "check",
        "a.feature",
        "--deny-warnings",
        "--known-tag",
        "smoke,nightly",
    ];
    place.run(&known).assert(0, &[]);
}

#[test]
fn more_mails_than_cognito_sends_in_a_day_are_told() {
    let step = "When Ada goes through 50 rounds of sign-up, mail, confirmation and deletion";
    let scenario = |name| format!("  @mails:50\n  Scenario: {name}\n    {step}\n");
    let text = format!("Feature: A\n{}{}", scenario("B"), scenario("C"));
    let place = Place::new().with("a.feature", &text);
    let ended = place.run(&["check", "a.feature"]);
    ended.assert(0, &[]);
    assert!(
        ended
            .stdout
            .contains("100 mails\nmore than the 50 mails a day"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_code_pattern_is_tried() {
    let mail = |text: &str| format!("Subject: x\n\n{text}\n");
    let place = Place::new()
        .with("a.feature", GOOD)
        .with("good.eml", &mail("Order 1111. Kennwort: 123 456"))
        .with("none.eml", &mail("Hello"))
        .with("two.eml", &mail("Kennwort: 123 456, Kennwort: 654 321"));
    let pattern = [
        "check",
        "a.feature",
        "--code-pattern",
        r"Kennwort: (\d{3} \d{3})",
    ];
    let with = |mails: &[&str]| {
        let mails = mails.iter().flat_map(|mail| ["--mail", mail]);
        place.run(&pattern.into_iter().chain(mails).collect::<Vec<_>>())
    };
    let said = |ended: &super::command::Ended, text: &str| {
        assert!(ended.stdout.contains(text), "{ended:#?}");
        assert!(
            !ended.stdout.contains("123456"),
            "the code is told: {ended:#?}"
        );
    };
    let ended = with(&[]);
    ended.assert(0, &[]);
    said(
        &ended,
        "finds no code in the text that Cognito sends by itself",
    );
    let ended = with(&["good.eml"]);
    ended.assert(0, &[]);
    said(&ended, "finds one code of 6 characters in good.eml");
    with(&["good.eml", "none.eml"]).assert(107, &["no code in none.eml"]);
    with(&["two.eml"]).assert(107, &["2 codes in two.eml"]);
    with(&["nowhere.eml"]).assert(94, &["nowhere.eml cannot be read"]);
    let own = place.run(&["check", "a.feature", "--code-pattern", r"code is (\d+)"]);
    own.assert(0, &[]);
    said(
        &own,
        "finds the code of the text that Cognito sends by itself",
    );
}

#[test]
fn arguments_that_make_no_sense_are_told() {
    let place = Place::new().with("a.feature", GOOD);
    let check = |arguments: &[&str]| place.run(&[&["check"], arguments].concat());
    check(&["--code-pattern", "("]).assert(2, &["--code-pattern", "regular expression"]);
    check(&["--code-pattern", "(a)(b)"]).assert(2, &["2 groups"]);
    check(&["--mail", "a.eml"]).assert(2, &["--code-pattern"]);
    check(&["nowhere.feature"]).assert(94, &["no such file or folder"]);
    check(&["a.feature:3"]).assert(94, &["name the file without a line"]);
}

#[test]
fn scenarios_of_one_name_are_doubtful() {
    let twice = GOOD.to_owned() + &GOOD.replace("Feature: A\n", "\n");
    let place = Place::new().with("a.feature", &twice);
    let ended = place.run(&["check", "a.feature"]);
    let said = [
        "another scenario of this file has the same name",
        "a.feature:10:3",
        "as on line 3",
    ];
    ended.assert(0, &said);
}

#[test]
fn tag_expressions_of_the_configuration_are_read_before_a_run() {
    let wrong = "[profile.default]\ntags = \"@a and\"\n\n[[profile.default.override]]\ntags = \"not\"\njobs = 1\n";
    let wrong = wrong.replace("jobs = 1\n", "step-timeout = \"9s\"\n");
    let place = Place::new()
        .with("a.feature", GOOD)
        .with("reverify.toml", &wrong);
    for command in ["check", "run"] {
        let ended = place.run(&[command, "a.feature"]);
        let said = [
            "not a tag expression",
            "reverify.toml:2:8",
            "reverify.toml:5:8",
        ];
        ended.assert(96, &said);
    }
}
