//! What is said of a target that is chosen, without asking it.

use super::command::Ended;
use super::real_pool::{command, folder, run};

#[test]
fn what_is_no_original_of_a_mirror_is_told() {
    let place = folder("http://127.0.0.1:9").with("pool.json", "{}");
    let cases: [(&[&str], i32, &[&str]); 7] = [
        (
            &["-T", "stagin"],
            96,
            &["there is no target `stagin`; did you mean `staging`?"],
        ),
        (
            &["-T", "pools"],
            96,
            &["the target `pools` names no user pool", "user-pool-id"],
        ),
        (
            &["-T", "embedded"],
            96,
            &["the target `embedded` has no pool", "of kind \"aws\""],
        ),
        (
            &["-T", "seeded"],
            96,
            &["is a mirror itself", "copy that file"],
        ),
        (
            &["-T", "staging", "--pool", "eu-west-1_Other"],
            2,
            &["--target and --pool"],
        ),
        (
            &["-T", "staging", "--from-json", "pool.json"],
            2,
            &["--target and --from-json"],
        ),
        (
            &["-T", "there", "-o", "m.toml"],
            105,
            &["DescribeUserPool failed"],
        ),
    ];
    for (arguments, code, said) in cases {
        run(&place, &[&["mirror"], arguments].concat()).assert(code, said);
    }
    assert!(!place.path("m.toml").exists());
    // What is written goes before what the environment says.
    let with_target = |arguments: &[&str]| {
        let mut command = command(&place, arguments);
        command
            .env("REVERIFY_TARGET", "pools")
            .env("REVERIFY_USER_POOL_ID", "eu-west-1_AbCdEfGhI");
        Ended::of(&command.output().unwrap())
    };
    with_target(&["mirror", "--from-json", "pool.json"]).assert(96, &["has no `UserPool`"]);
    with_target(&["mirror", "-T", "embedded"]).assert(96, &["the target `embedded` has no pool"]);
}

#[test]
fn what_cannot_be_run_on_a_target_is_listed_as_such_without_asking_it() {
    let place = folder("http://127.0.0.1:9");
    let list = |targets: &[&str]| {
        let ended = run(&place, &[&["list", "mail.feature"], targets].concat());
        ended.assert(0, &[]);
        let lines: Vec<_> = ended.stdout.lines().map(str::to_owned).collect();
        (lines, ended.stderr)
    };
    let plain = [
        "mail.feature:3  A mail comes  @mails:1",
        "mail.feature:10  The pool changes  @mails:1",
        "mail.feature:16  Cognito is busy  @mails:1",
    ];
    assert_eq!(
        list(&["-T", "embedded"]),
        (plain.map(str::to_owned).to_vec(), String::new())
    );
    let (lines, said) = list(&["-T", "staging", "-T", "pools"]);
    let busy = "needs an emulator of the run's own";
    assert_eq!(
        lines,
        [
            plain[0].to_owned(),
            format!(
                "{}  [not applicable on staging: needs a pool of its own]",
                plain[1]
            ),
            format!(
                "{}  [not applicable on staging: {busy}]  [not applicable on pools: {busy}]",
                plain[2]
            ),
        ]
    );
    assert!(
        said.contains("staging: 1 of 3 scenarios can be run there; whether eu-west-1_AbCdEfGhI is as they presume")
            && said.ends_with("pools: 2 of 3 scenarios can be run there\n"),
        "{said}"
    );
    let (lines, said) = list(&["-T", "seeded"]);
    assert!(
        lines[0] == plain[0]
            && lines[1].contains("not applicable on seeded")
            && lines[2].contains("not applicable on seeded"),
        "{lines:?}"
    );
    assert!(said.contains("whether the first pool of `"), "{said}");
    // What does not apply costs no mail, of which the target may send one.
    let checked = run(&place, &["check", "mail.feature", "-T", "staging"]);
    checked.assert(0, &[]);
    let line = "on staging: 2 scenarios not applicable, 1 mail of the others";
    assert!(checked.stdout.contains(line), "{}", checked.stdout);
    assert!(
        !checked.stdout.contains("more than the"),
        "{}",
        checked.stdout
    );
}
