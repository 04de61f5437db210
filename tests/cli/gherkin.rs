//! The breadth of Gherkin, run and checked: outlines, backgrounds, rules, tags, doc strings, tables,
//! other languages, other editors.

use super::command::Place;

/// Runs and checks a feature, which passes with these scenarios, mails and no warning.
fn passes(text: &str, scenarios: usize, mails: usize) -> Place {
    let place = Place::new().with("a.feature", text);
    let checked = place.run(&["check", "--deny-warnings", "a.feature"]);
    checked.assert(0, &[]);
    let counted: Vec<_> = checked
        .stdout
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let (scenarios, mails) = (scenarios.to_string(), mails.to_string());
    assert_eq!(
        (counted[1], counted[5]),
        (&*scenarios, &*mails),
        "{}",
        checked.stdout
    );
    let ended = place.run(&["run", "a.feature"]);
    let passed = format!("{scenarios}/{scenarios} scenarios run: {scenarios} passed");
    let counted = format!(" · {mails} mail");
    let counted = if mails == "0" { "" } else { &counted };
    ended.assert(0, &[&format!("{passed}{counted}")]);
    place
}

#[test]
fn outlines_backgrounds_rules_and_tags() {
    let text = "\
@diagnosis
Feature: Breadth

  Background: of all
    Given a user pool that verifies e-mail addresses with a code

  @mails:1
  Scenario Outline: <who> signs up
    Given a new user <who>
    When <who> signs up
    Then <who> receives a verification mail within <seconds> seconds
    * the mail arrived within <seconds> seconds of the request

    Examples: Short names
      | who | seconds |
      | Ada | 10      |

    @slow
    Examples: Others
      | who       | seconds |
      | Élodie    | 20      |
      | Jean-Paul | 30      |

  Rule: Somebody is there already
    They have signed up before the scenario begins.

    Background: of the rule
      Given a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds

    @mails:2
    Example: Another code
      When Ada asks for another code
      Then Ada receives another, different verification mail within 10 seconds
      But Ada is UNCONFIRMED
";
    // `*` is always a `Given` to the parser, so it is told.
    let place = Place::new().with("a.feature", text);
    place
        .run(&["check", "a.feature"])
        .assert(94, &["a.feature:12:5", "this is a `Then`"]);
    let place = passes(&text.replace("* the mail", "And the mail"), 4, 5);
    let tagged = place.run(&["run", "a.feature", "--tags", "@diagnosis and @slow"]);
    tagged.assert(0, &["2/2 scenarios run", "Élodie signs up", "a.feature:22"]);
    let one = place.run(&["run", "a.feature:36"]);
    one.assert(0, &["1/1 scenarios run", "Another code"]);
}

#[test]
fn tables_and_doc_strings() {
    let text = r#"
Feature: Below a line

  @mails:2
  Scenario: Several people
    Given a user pool that verifies e-mail addresses with a code
    And the pool's verification mail says:
      """
      Welcome!
      # Your code is {####}, | and @this is no tag.
      """
    And these new users:
      | name  | address              |
      | Ada   |                      |
      # Of her own.
      | Grace | grace.h@mail.test    |
    When Ada signs up
    And Grace signs up
    Then Ada receives a verification mail within 10 seconds
    And the mail follows the pool's template
    And Grace receives a verification mail within 10 seconds
    And the mail follows the pool's template
    When Grace confirms with the code of the latest mail
    Then Grace is CONFIRMED
"#;
    passes(text, 1, 2);
    // Placeholders of outlines are filled in there, too.
    let outline = r"Feature: Below a line
  @mails:1
  Scenario Outline: In a table and a text
    Given a user pool that verifies e-mail addresses with a code
    And the pool's verification mail says:
      ```
      <text>: {####}
      ```
    And these new users:
      | name  |
      | <who> |
    When <who> signs up
    Then <who> receives a verification mail within 10 seconds
    And the mail follows the pool's template
    Examples:
      | who | text        |
      | Ada | Code        |
      | Bob | a \| b      |
";
    passes(outline, 2, 2);
}

#[test]
fn keywords_of_other_languages() {
    let steps = [
        "a user pool that verifies e-mail addresses with a code",
        "a new user Ada",
        "Ada signs up",
        "Ada receives a verification mail within 10 seconds",
    ];
    let [pool, ada, signs_up, receives] = steps;
    let features = [
        format!(
            "# language: de\nFunktionalität: Anmelden\n  Grundlage:\n    Angenommen {pool}\n\n  Regel: Eine Mail\n\n    @mails:1\n    Szenariogrundriss: Sie kommt\n      Gegeben sei a new user <wer>\n      Wenn <wer> signs up\n      Dann <wer> receives a verification mail within 10 seconds\n      Und <wer> is UNCONFIRMED\n\n      Beispiele:\n        | wer |\n        | Ada |\n"
        ),
        format!(
            "# language: fr\nFonctionnalité: Inscription\n  @mails:1\n  Scénario: Le courriel arrive\n    Étant donné que {pool}\n    Et {ada}\n    Quand {signs_up}\n    Alors {receives}\n    Mais Ada is UNCONFIRMED\n"
        ),
        format!(
            "# language: ja\n機能: 登録\n  @mails:1\n  シナリオ: メールが届く\n    前提{pool}\n    かつ{ada}\n    もし{signs_up}\n    ならば{receives}\n    しかしAda is UNCONFIRMED\n"
        ),
    ];
    for feature in features {
        passes(&feature, 1, 1);
    }
}

#[test]
fn mistakes_in_other_languages_have_their_place() {
    let head = "# language: de\nFunktionalität: A\n  Szenario: B\n";
    let cases: [(String, &[&str]); 4] = [
        (
            format!("{head}    Wenn Ada signs upp\n"),
            &["a.feature:4:5", "did you mean: Wenn Ada signs up"],
        ),
        (
            format!("{head}    Angenommen a new user Ada\n    Scenario: C\n"),
            &["a.feature:5:5", "Scenario: C", "the file's language"],
        ),
        (
            format!("{head}    Given a new user Ada\n    Wenn Ada signs up\n"),
            &["taken for a description", "a.feature:4:5"],
        ),
        (
            format!("# Über uns\n{head}    Wenn Ada signs up\n"),
            &[
                "not the file's first",
                "a.feature:2:1",
                "move it to the top",
            ],
        ),
    ];
    for (text, said) in cases {
        let place = Place::new().with("a.feature", &text);
        place.run(&["check", "a.feature"]).assert(94, said);
        place.run(&["run", "a.feature"]).assert(94, said);
    }
}

#[test]
fn files_of_other_editors() {
    let text = "Feature: A\n  @mails:0\n  Scenario: B\n    Given these new users:\n      | name |\n      | Ada  |";
    passes(&format!("\u{feff}{}\r\n", text.replace('\n', "\r\n")), 1, 0);
    passes(text, 1, 0);
    passes(&text.replace("  ", "\t"), 1, 0);
    let place = Place::new();
    std::fs::write(place.path("a.feature"), b"Feature: A\n  Scen\xe4rio: B\n").unwrap();
    place
        .run(&["check", "a.feature"])
        .assert(94, &["line 2 is not UTF-8"]);
}
