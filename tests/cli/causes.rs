//! `reverify causes`.

use super::command::Place;

#[test]
fn all_are_listed_and_one_is_explained() {
    let place = Place::new();
    let all = place.run(&["causes"]);
    all.assert(0, &[]);
    assert!(all.stdout.contains("  auto-verify-off  "), "{}", all.stdout);
    assert!(all.stdout.lines().count() > 79, "{}", all.stdout);
    let one = place.run(&["causes", "auto-verify-off"]);
    one.assert(0, &[]);
    assert!(
        one.stdout.contains("AutoVerifiedAttributes"),
        "{}",
        one.stdout
    );
}

#[test]
fn a_mistyped_name_is_put_right() {
    let place = Place::new();
    let ended = place.run(&["causes", "auto-verify"]);
    ended.assert(
        94,
        &[
            "no cause is called `auto-verify`",
            "did you mean `auto-verify-off`?",
        ],
    );
    let ended = place.run(&["causes", "caching"]);
    ended.assert(94, &["no cause is called `caching`"]);
}
