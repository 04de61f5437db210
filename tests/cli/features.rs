//! Feature files that are not right: one clear message with its place, and nothing is run.

use super::command::Place;

const GOOD: &str = "Feature: A\n  Scenario: B\n    Given a new user Ada\n";

#[test]
fn each_mistake_has_its_message_and_its_place() {
    let cases: [(&str, &str, &[&str]); 6] = [
        (
            "a syntax error",
            "Feature: A\n  Scenario: B\n    Given a new user Ada\n    Scenaro: C\n",
            &["syntax error", "a.feature:4:5", "Scenaro: C"],
        ),
        (
            "an unknown step",
            "Feature: A\n  Scenario: B\n    When Ada signs upp\n",
            &[
                "an undefined step",
                "a.feature:3:5",
                "did you mean: When Ada signs up",
            ],
        ),
        (
            "an address without @",
            "Feature: A\n  Scenario: B\n    Given a new user Ada with the address \"ada\"\n",
            &["`ada` is not an e-mail address", "no `@`", "a.feature:3:5"],
        ),
        (
            "an endless wait",
            "Feature: A\n  Scenario: B\n    Then Ada receives no mail within 99999 seconds\n",
            &["not between 0 and 3600", "a.feature:3:5"],
        ),
        (
            "a missing column",
            "Feature: A\n  Scenario Outline: B\n    Given <who>\n\n    Examples:\n      | x |\n      | 1 |\n",
            &["no column `who`", "a.feature:3"],
        ),
        ("an empty file", "", &["syntax error", "`Feature: `"]),
    ];
    for (what, text, said) in cases {
        let place = Place::new().with("a.feature", text);
        let ended = place.run(&["run", "a.feature"]);
        ended.assert(94, said);
        assert!(
            ended.stderr.contains("nothing was run"),
            "{what}: {}",
            ended.stderr
        );
        assert_eq!(
            place.contents(),
            ["a.feature"],
            "{what}: something was left behind"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let place = Place::new()
        .with(
            "a.feature",
            "Feature: A\n  Scenario: B\n    When nonsense\n    Then nonsense\n",
        )
        .with("b.feature", "Feature: A\n  Scenario: B\n    When rubbish\n");
    let ended = place.run(&["run", "a.feature", "b.feature"]);
    ended.assert(
        94,
        &[
            "a.feature:3:5",
            "a.feature:4:5",
            "b.feature:3:5",
            "3 problems",
        ],
    );
}

#[test]
fn a_selection_that_makes_no_sense_is_told() {
    let place = Place::new().with("a.feature", GOOD);
    let cases: [(&[&str], i32, &str); 7] = [
        (&["run", "nowhere.feature"], 94, "no such file or folder"),
        (
            &["run", "a.feature:99"],
            94,
            "no scenario stands at a.feature:99",
        ),
        (
            &["run", "a.feature:1"],
            94,
            "no scenario stands at a.feature:1; the first one is at line 2",
        ),
        (
            &["run", "-t", "and", "a.feature"],
            94,
            "`and` is not a tag expression",
        ),
        (
            &["run", "-n", "(", "a.feature"],
            94,
            "not a regular expression",
        ),
        (
            &["run", "-t", "@nobody", "a.feature"],
            4,
            "no scenario is selected: 1 are there",
        ),
        (&["run", "--jobs", "0"], 2, "--jobs"),
    ];
    for (arguments, code, said) in cases {
        place.run(arguments).assert(code, &[said]);
        assert_eq!(place.contents(), ["a.feature"], "{arguments:?}");
    }
}

#[test]
fn an_unreadable_folder_for_records_is_told_before_anything_runs() {
    let place = Place::new().with("a.feature", GOOD).with("file", "");
    let ended = place.run(&["run", "--state-dir", "file/below", "a.feature"]);
    ended.assert(
        110,
        &["cannot be written below `file/below`", "--no-record"],
    );
    assert!(!ended.stderr.contains("Running"), "{}", ended.stderr);
}
