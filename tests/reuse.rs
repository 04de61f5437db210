//! A crate outside this package that uses it as a team would: started by `reverify init`, with a
//! World, steps and hooks of its own, run by `cargo test` and `cargo nextest run`.
//!
//! It is built into this package's target folder, with this package's versions and profiles, so that
//! nothing is compiled but this package and the crate.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]

#[path = "reuse/shop.rs"]
mod shop;
#[path = "common/skipped.rs"]
mod skipped;

use shop::Shop;
use skipped::skipped;

const FIRST: &str = "features/verification.feature:10 The code of the mail confirms the account";
const ORDER: &str = "shop/shop.feature:9 An order after the sign-up";

/// A pool that does not verify addresses: the mail that is waited for never comes.
const FAILING: &str = "\
Feature: Failing

  @mails:0
  Scenario: Nobody is mailed
    Given a user pool that verifies e-mail addresses with a code
    And the pool does not verify e-mail addresses
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.5 seconds
";

/// A step of the user's own that fails.
const TOO_FEW: &str = "\
Feature: Counting
  @mails:0
  Scenario: One is not two
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    And a cart with \"tea\"
    When Ada orders
    Then 2 articles are ordered
    And both hooks ran in their order
";

#[test]
fn a_crate_that_init_started_passes_and_fails_as_it_should() {
    let shop = Shop::new();
    started_by_init(&shop);
    passes_as_it_stands(&shop);
    ignores_what_does_not_apply(&shop);
    speaks_the_protocol(&shop);
    let nextest = shop.has_nextest();
    if nextest {
        passes_under_nextest(&shop);
    }
    fails_with_a_verdict(&shop, nextest);
    fails_in_a_step_of_its_own(&shop);
    refuses_a_feature_that_nobody_understands(&shop);
}

/// Long: everything is compiled and optimised once more.
#[test]
fn steps_survive_optimisation_at_link_time() {
    if std::env::var_os("REVERIFY_TEST_LTO").is_none_or(|value| value.is_empty()) {
        skipped(
            "a second crate with link-time optimisation",
            "it takes many minutes; set REVERIFY_TEST_LTO=1",
        );
        return;
    }
    let shop = Shop::new();
    started_by_init(&shop);
    // The release profile of this package, which the crate has taken over, says `lto`.
    let ended = shop.cargo(&["test", "--release", "--test", "shop"]);
    ended.assert(0, &["test result: ok. 4 passed; 0 failed; 1 ignored"]);
}

fn started_by_init(shop: &Shop) {
    let package = env!("CARGO_MANIFEST_DIR");
    let said = shop.reverify(&["init", ".", "--sources", package]);
    let lines = [
        "extended Cargo.toml: the dev-dependency on reverify, the test target",
        "created tests/verification.rs",
        "created features/verification.feature",
        "created reverify.toml",
        "created .github/workflows/verification.yml",
        "created .gitignore",
        "Now run: cargo test --test verification",
    ];
    said.assert(0, &lines);
    let before = shop.files();
    let again = shop.reverify(&["init", ".", "--sources", package]);
    again.assert(0, &["kept Cargo.toml: it has the lines already"]);
    assert!(!again.said.contains("created"), "{}", again.said);
    assert_eq!(shop.files(), before, "nothing is overwritten");
}

fn passes_as_it_stands(shop: &Shop) {
    let ended = shop.cargo(&["test"]);
    let said = [
        FIRST,
        ORDER,
        "test result: ok. 2 passed; 0 failed; 0 ignored",
        "test result: ok. 4 passed; 0 failed; 1 ignored",
        "inner hook: An order after the sign-up",
        // The hook that was added last ran first.
        "outer hook: An order after the sign-up passed, [\"first\", \"second\", \"inner\"]",
    ];
    ended.assert(0, &said);
}

/// On a target of its own, one scenario does not hold: neither passed nor failed, and alone no success.
fn ignores_what_does_not_apply(shop: &Shop) {
    let ended = shop.cargo(&["test", "--test", "elsewhere"]);
    let reason = "the scenario needs a pool that confirms by link; us-east-1_";
    let said = ["test result: ok. 1 passed; 0 failed; 1 ignored", reason];
    ended.assert(0, &said);
    let link = "elsewhere/elsewhere.feature:11 The link comes";
    let alone = shop.cargo(&["test", "--test", "elsewhere", "--", "--exact", link]);
    alone.assert(4, &["0 passed; 0 failed; 1 ignored", reason]);
}

fn speaks_the_protocol(shop: &Shop) {
    let tests = |arguments: &[&str]| {
        let mut all = vec!["test", "--test", "shop", "--"];
        all.extend(arguments);
        shop.cargo(&all)
    };
    let listed = tests(&["--list", "--format", "terse"]);
    let names = listed.said.lines().filter(|line| line.ends_with(": test"));
    let names: Vec<_> = names.collect();
    let expected = [
        format!("{ORDER}: test"),
        "shop/shop.feature:20 A registration in the shop: test".to_owned(),
        "shop/shop.feature:38 3 articles: test".to_owned(),
        "shop/shop.feature:39 3 articles: test".to_owned(),
        "shop/shop.feature:42 Not written yet: test".to_owned(),
    ];
    assert_eq!(names, expected, "{}", listed.said);
    let ignored = tests(&["--list", "--format", "terse", "--ignored"]);
    assert_eq!(
        ignored.said.matches(": test\n").count(),
        1,
        "{}",
        ignored.said
    );
    let one = ["--exact", "shop/shop.feature:39 3 articles", "--nocapture"];
    let exactly = "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out";
    tests(&one).assert(0, &[exactly]);
    let several = ["order", "feature:38", "--test-threads", "1"];
    tests(&several).assert(0, &["test result: ok. 2 passed; 0 failed; 0 ignored"]);
}

fn passes_under_nextest(shop: &Shop) {
    let ended = shop.cargo(&["nextest", "run"]);
    ended.assert(0, &["8 tests run: 8 passed, 1 skipped", FIRST, ORDER]);
}

fn fails_with_a_verdict(shop: &Shop, nextest: bool) {
    shop.write("features/failing.feature", FAILING);
    let said = [
        "--- FAIL features/failing.feature:4 ",
        "9 |   Then Ada receives a verification mail within 0.5 seconds",
        "why    auto-verify-off, certain",
        "again  cargo test --test verification -- --exact 'features/failing.feature:4 Nobody is mailed'",
    ];
    let ended = shop.cargo(&["test", "--test", "verification"]);
    ended.assert(101, &said);
    ended.assert(101, &["test result: FAILED. 2 passed; 1 failed"]);
    if nextest {
        let ended = shop.cargo(&["nextest", "run", "--no-fail-fast"]);
        ended.assert(100, &said);
        ended.assert(100, &["9 tests run: 8 passed, 1 failed, 1 skipped"]);
    }
    shop.remove("features/failing.feature");
}

fn fails_in_a_step_of_its_own(shop: &Shop) {
    shop.write("shop/counting.feature", TOO_FEW);
    let ended = shop.cargo(&["test", "--test", "shop", "--", "One is not two"]);
    let said = [
        "7 |   When Ada orders",
        "8 |   Then 2 articles are ordered",
        "the cart holds [\"tea\"]",
        "the step is defined at tests/shop.rs:",
        "outer hook: One is not two failed",
    ];
    ended.assert(101, &said);
    shop.remove("shop/counting.feature");
}

fn refuses_a_feature_that_nobody_understands(shop: &Shop) {
    shop.write(
        "features/wrong.feature",
        "Feature: Wrong\n  Scenario: One\n    When Ada sings up\n",
    );
    let ended = shop.cargo(&["test", "--test", "verification"]);
    ended.assert(
        94,
        &[
            "features/wrong.feature:3:",
            "did you mean: When Ada signs up",
        ],
    );
    shop.remove("features/wrong.feature");
}
