//! Targets as people write them.

use super::tests::Place;
use super::*;
use crate::model::Permissions;

#[test]
fn an_endpoint_that_is_not_on_this_machine_allows_nothing_by_itself() {
    let nothing = Permissions::from(Vec::new());
    let cases = [
        ("http://127.0.0.1:9229", "", Permissions::ALL),
        ("http://[::1]:9229", "", Permissions::ALL),
        ("http://localhost:9229", "", Permissions::ALL),
        ("http://localhost.example.com", "", nothing),
        ("http://cognito.example.com", "", nothing),
        ("http://10.0.0.1:9229", "", nothing),
        (
            "http://10.0.0.1:9229",
            "allow = [\"sign-up\", \"delete\"]",
            Permissions::ALL,
        ),
        ("http://127.0.0.1:9229", "allow = []", nothing),
    ];
    for (url, allow, expected) in cases {
        let text = format!(
            "[target.a]\nkind = \"endpoint\"\nurl = \"{url}\"\ninbox = \"i\"\n{allow}\n\
             [inbox.i]\nkind = \"maildir\"\npath = \"mail\"\n\
             address = \"{{person}}{{run}}{{scenario}}{{attempt}}@mail.test\"\n"
        );
        let configuration = Place::new(&text).load().unwrap();
        let target = configuration.target("a").unwrap();
        assert_eq!(target.allow, expected, "{url} {allow}");
        let shown = configuration.settings(DEFAULT_PROFILE, &["a".to_owned()]);
        let shown = shown.iter().find(|one| one.key == "allow").unwrap();
        let all = "[\"sign-up\", \"delete\"]";
        let value = if expected == Permissions::ALL {
            all
        } else {
            "[]"
        };
        let origin = if allow.is_empty() {
            "default"
        } else {
            "reverify.toml:5"
        };
        assert_eq!(
            (&*shown.value, &*shown.origin.to_string()),
            (value, origin),
            "{url} {allow}"
        );
    }
}

#[test]
fn another_kind_takes_the_place_of_a_target() {
    let text = "[target.a]\nkind = \"aws\"\nuser-pool-id = \"eu-west-1_A\"\nclient-id = \"b\"\ninbox = \"i\"";
    let place = Place::new(text).with(LOCAL_FILE_NAME, "[target.a]\nkind = \"embedded\"\n");
    let configuration = place.load().unwrap();
    assert_eq!(
        configuration.target("a").unwrap().kind,
        TargetKind::Embedded { seed: None }
    );
}
