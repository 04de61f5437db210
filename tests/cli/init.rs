//! `reverify init` in folders of all kinds; `tests/reuse.rs` compiles what it makes.

use super::command::{Ended, Place};

fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path(name)).unwrap()
}

#[track_caller]
fn assert_said(ended: &Ended, code: i32, said: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:#?}");
    for text in said {
        assert!(
            ended.stdout.contains(text),
            "not said: {text}\n{}",
            ended.stdout
        );
    }
}

#[test]
fn a_folder_without_rust_gets_a_feature_for_the_command() {
    let place = Place::new();
    let said = [
        "created features/verification.feature",
        "created reverify.toml",
        "created .github/workflows/verification.yml",
        "created .gitignore",
        "Now run: reverify run features",
    ];
    assert_said(&place.run(&["init"]), 0, &said);
    assert_eq!(
        place.contents(),
        [".github", ".gitignore", "features", "reverify.toml"]
    );
    let workflow = read(&place, ".github/workflows/verification.yml");
    assert!(workflow.contains("working-directory: \".\""), "{workflow}");
    // It says what holds without it, until somebody writes more.
    place.run(&["config", "show"]).assert(0, &[]);
    let ended = place.run(&["run", "features", "--no-record"]);
    ended.assert(0, &["2/2 scenarios run: 2 passed"]);
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::new()
        .with("Cargo.toml", "[package]\nname = \"shop\" # mine\n")
        .with(".gitignore", "/target");
    for folder in ["tests", "features"] {
        std::fs::create_dir(place.path(folder)).unwrap();
    }
    let place = place
        .with("tests/verification.rs", "// mine\n")
        .with("features/verification.feature", "Feature: Mine\n");
    let ended = place.run(&["init"]);
    let said = [
        "extended Cargo.toml: the dev-dependency on reverify, the test target",
        "kept tests/verification.rs: it was there already",
        "kept features/verification.feature: it was there already",
        "extended .gitignore: /.reverify, /reverify.local.toml",
    ];
    assert_said(&ended, 0, &said);
    assert_eq!(read(&place, "tests/verification.rs"), "// mine\n");
    assert_eq!(
        read(&place, ".gitignore"),
        "/target\n/.reverify\n/reverify.local.toml\n"
    );
    let manifest = read(&place, "Cargo.toml");
    assert!(
        manifest.starts_with("[package]\nname = \"shop\" # mine\n"),
        "{manifest}"
    );
    let again = place.run(&["init"]);
    assert_said(
        &again,
        0,
        &[
            "kept Cargo.toml: it has the lines already",
            "kept .gitignore",
        ],
    );
    assert_eq!(read(&place, "Cargo.toml"), manifest);
}

#[test]
fn a_member_of_a_workspace_has_its_workflow_at_the_root_of_the_repository() {
    let place = Place::new().with("Cargo.toml", "[workspace]\nmembers = [\"shop\"]\n");
    for folder in [".git", "shop"] {
        std::fs::create_dir(place.path(folder)).unwrap();
    }
    let place = place.with("shop/Cargo.toml", "[package]\nname = \"shop\"\n");
    let ended = place.run(&["init"]);
    ended.assert(96, &["it is a workspace", "name the folder of the member"]);
    assert_eq!(place.contents(), [".git", "Cargo.toml", "shop"]);
    assert_said(
        &place.run(&["init", "shop"]),
        0,
        &["created features/verification.feature"],
    );
    let workflow = read(&place, ".github/workflows/verification.yml");
    assert!(
        workflow.contains("working-directory: \"shop\""),
        "{workflow}"
    );
}

#[test]
fn a_manifest_that_is_no_toml_is_left_alone() {
    let place = Place::new().with("Cargo.toml", "[package\n");
    place
        .run(&["init"])
        .assert(96, &["is not TOML", "nothing was changed"]);
    assert_eq!(place.contents(), ["Cargo.toml"]);
    let ended = place.run(&["init", "--sources", "nowhere"]);
    ended.assert(96, &["`nowhere` does not hold reverify's sources"]);
}
