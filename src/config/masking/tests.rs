//! Texts as people write them, and what is shown of them.

use super::masked;

fn check(cases: &[(&str, &str)]) {
    for (text, shown) in cases {
        assert_eq!(masked(text), *shown, "{text}");
        assert_eq!(masked(text).len(), text.len(), "places stay where they are");
    }
}

#[test]
fn what_may_be_a_secret_is_not_shown() {
    check(&[
        ("password = \"hunter2\" # x", "password = ********* # x"),
        (
            "Password='a#b'\nhost = \"h\"",
            "Password=*****\nhost = \"h\"",
        ),
        (
            "{ host = \"h\", client_secret = \"x\\\"y\" }",
            "{ host = \"h\", client_secret = ****** }",
        ),
        ("token = \"abc\njobs = 1", "token = ****\njobs = 1"),
        ("token = abc\njobs = 1", "token = ***\njobs = 1"),
        ("password = '''a\nb''' #", "password = ****\n**** #"),
        ("\"password\" = \"x\"", "\"password\" = ***"),
        ("password = \"ü\"", "password = ****"),
        ("pass = \"hunter2\"", "pass = *********"),
        ("pass-word = \"hunter2\"", "pass-word = *********"),
        ("api-key = \"hunter2\"", "api-key = *********"),
        ("# password = \"hunter2\"", "# password = *********"),
        ("# don't: password = 'x y'", "# don't: password = *****"),
    ]);
}

#[test]
fn nothing_but_a_reference_is_shown_in_a_secrets_table() {
    check(&[
        (
            "password = { value = \"hunter2\" }\njobs = 1",
            "password = { value = ********* }\njobs = 1",
        ),
        (
            "password = { env = \"QA\", is = \"hunter2\" }",
            "password = { env = \"QA\", is = ********* }",
        ),
        (
            "[inbox.qa.password]\nvalue = \"hunter2\"\nenv = \"QA\"\n[inbox.b]\nhost = \"h\"",
            "[inbox.qa.password]\nvalue = *********\nenv = \"QA\"\n[inbox.b]\nhost = \"h\"",
        ),
        (
            "[inbox.qa.password] value = \"hunter2\"",
            "[inbox.qa.password] value = *********",
        ),
        (
            "[inbox.qa.password]\nx = { y = [\"hunter2\"] }",
            "[inbox.qa.password]\nx = { y = [*********] }",
        ),
        ("password = [\"hunter2\"]", "password = [*********]"),
        (
            "password = [\n  \"one\",\n  \"two\"\n]\nhost = \"h\"",
            "password = [\n  *****,\n  *****\n]\nhost = \"h\"",
        ),
        ("password = [hunter2]", "password = [********"),
        ("password.value = \"hunter2\"", "password.value = *********"),
        (
            "password = {\n  value = \"hunter2\"\n}",
            "password = {\n  value = *********\n}",
        ),
    ]);
}

#[test]
fn what_is_no_toml_hides_a_secret_too() {
    check(&[
        ("password: \"hunter2\"", "password: *********"),
        ("password: hunter2", "password: *******"),
        ("password \"hunter2\"", "password *********"),
        ("password hunter2", "password *******"),
        ("password = hunter2, x", "password = **********"),
        // Brackets that are never closed hide no header, and no key.
        (
            "accept = [\"a\"\n[inbox.qa.password]\nvalue = \"hunter2\"",
            "accept = [\"a\"\n[inbox.qa.password]\nvalue = *********",
        ),
        (
            "accept = [\"a\"\npassword = \"hunter2\"",
            "accept = [\"a\"\npassword = *********",
        ),
        (
            "[inbox.qa.password]\n# see [1\nvalue = \"hunter2\"",
            "[inbox.qa.password]\n# see [1\nvalue = *********",
        ),
    ]);
}

#[test]
fn what_stands_inside_of_other_values_is_not_shown() {
    check(&[
        (
            "url = \"http://me:hunter2@mail.test/x\"",
            "url = \"http://**********@mail.test/x\"",
        ),
        (
            "url = \"http://me:a@b/c@mail.test\"",
            "url = \"http://********@mail.test\"",
        ),
        (
            "url = \"http://h/?a=1&token=abc&b=2\"",
            "url = \"http://h/?a=1&token=***&b=2\"",
        ),
    ]);
}

#[test]
fn a_reference_is_shown() {
    for text in [
        "password = { env = \"QA\" }",
        "password = { command = [\"op\", \"read\", \"op://qa/imap\"], timeout = \"10s\" }",
        "password.env = \"QA\"",
        "\"password\".env = \"QA\"",
        "[inbox.qa.password]\nenv = \"QA\"",
        "[inbox.qa]\npassword = { file = \"p\" }\nhost = \"h\"\nport = 993",
        "# no password here: a = b",
        "url = \"http://127.0.0.1:8025\"\naddress = \"qa+{run}@example.com\"",
        "[[profile.ci.override]]\ntags = \"@slow and not @mails:2\"\nretries = { count = 2 }",
    ] {
        assert_eq!(masked(text), text);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_keeps_its_places(text in "([\\[\\]{}\"'=:,.#\\n \t@/é]|pass|key|env|://){0,40}") {
        let shown = masked(&text);
        let lines = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
        proptest::prop_assert_eq!(shown.len(), text.len());
        proptest::prop_assert_eq!(lines(&shown), lines(&text));
    }
}
