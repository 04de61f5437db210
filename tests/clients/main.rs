//! Clients that nobody here wrote, against the emulator as a process of its own: an account is
//! deleted and signs up again, and the second mail is there.
//!
//! The clients are installed by `scripts/test.sh`, which says where they are; a client that is not
//! installed is skipped with a line that says so.

mod automatic_confirmation;
mod emulator;
#[path = "../common/installed.rs"]
mod installed;
mod pool;
mod published;
mod script;
#[path = "../common/skipped.rs"]
mod skipped;

use emulator::Emulator;
use pool::Pool;
use published::{excerpt, fill_in, indent_python};
use script::Runner;

const ADDRESS: &str = "ada@example.com";

#[tokio::test]
async fn boto3_gets_the_second_mail() {
    sign_up_twice_with(Runner::Python, "resignup.py").await;
}

#[tokio::test]
async fn aws_sdk_for_javascript_v2_gets_the_second_mail() {
    sign_up_twice_with(Runner::Node, "resignup.js").await;
}

#[tokio::test]
async fn aws_sdk_for_javascript_v3_gets_the_second_mail() {
    sign_up_twice_with(Runner::Node, "resignup-v3.mjs").await;
}

#[tokio::test]
async fn aws_cli_gets_the_second_mail() {
    sign_up_twice_with(Runner::AwsCli, "resignup.sh").await;
}

#[tokio::test]
async fn aws_cli_sends_and_suppresses() {
    send_with(Runner::AwsCli, "ses.sh").await;
}

#[tokio::test]
async fn boto3_sends_and_suppresses() {
    send_with(Runner::Python, "ses.py").await;
}

/// Runs a script that sends through SES, and sees that one mail of two came, with the id that the
/// script was told.
async fn send_with(runner: Runner, name: &str) {
    if !runner.is_installed(name) {
        return;
    }
    let emulator = Emulator::start();
    let pool = Pool::create(&emulator).await;
    let said = script::run(runner, &script::own(name), &emulator, &pool, ADDRESS);
    let mails = emulator.mails(ADDRESS, 1);
    let [mail] = mails.as_slice() else {
        panic!("not one mail: {mails:#?}")
    };
    let id = emulator.message_id(mail);
    let id = id.trim_matches(['<', '>']).split('@').next();
    assert!(said.contains(id.unwrap_or_default()), "{id:?} in: {said}");
}

#[tokio::test]
async fn boto3_writes_searches_and_queries_logs() {
    run_to_its_end(Runner::Python, "logs.py").await;
}

#[tokio::test]
async fn aws_cli_writes_searches_and_queries_logs() {
    run_to_its_end(Runner::AwsCli, "logs.sh").await;
}

#[tokio::test]
async fn boto3_looks_up_who_called() {
    run_to_its_end(Runner::Python, "event_history.py").await;
}

#[tokio::test]
async fn aws_cli_looks_up_who_called() {
    run_to_its_end(Runner::AwsCli, "event_history.sh").await;
}

#[tokio::test]
async fn boto3_manages_users_and_runs_their_triggers() {
    run_to_its_end(Runner::Python, "accounts.py").await;
}

#[tokio::test]
async fn boto3_meets_attributes_aliases_and_the_password_policy() {
    run_to_its_end(Runner::Python, "attributes.py").await;
}

#[tokio::test]
async fn aws_encryption_sdk_for_python_decrypts_the_codes_of_a_custom_sender() {
    run_to_its_end(Runner::Python, "senders.py").await;
}

#[tokio::test]
async fn aws_encryption_sdk_for_javascript_decrypts_the_codes_of_a_custom_sender() {
    run_to_its_end(Runner::Node, "senders.js").await;
}

#[tokio::test]
async fn aws_cli_manages_users() {
    run_to_its_end(Runner::AwsCli, "accounts.sh").await;
}

#[tokio::test]
async fn boto3_and_pycognito_sign_in() {
    run_to_its_end(Runner::Python, "sign_in.py").await;
}

#[tokio::test]
async fn aws_cli_signs_in() {
    run_to_its_end(Runner::AwsCli, "sign_in.sh").await;
}

#[tokio::test]
async fn aws_sdk_for_javascript_v2_and_amazon_cognito_identity_js_sign_in() {
    run_to_its_end(Runner::Node, "sign_in.js").await;
}

#[tokio::test]
async fn aws_sdk_for_javascript_v3_signs_in_and_aws_jwt_verify_takes_the_tokens() {
    run_to_its_end(Runner::Node, "sign_in-v3.mjs").await;
}

/// Runs a script that checks by itself what it came for.
async fn run_to_its_end(runner: Runner, name: &str) {
    if runner.is_installed(name) {
        let emulator = Emulator::start();
        let pool = Pool::create(&emulator).await;
        script::run(runner, &script::own(name), &emulator, &pool, ADDRESS);
    }
}

/// Runs a script that signs up, deletes, signs up again and confirms, then asks the emulator.
async fn sign_up_twice_with(runner: Runner, name: &str) {
    if !runner.is_installed(name) {
        return;
    }
    let emulator = Emulator::start();
    let pool = Pool::create(&emulator).await;
    let said = script::run(runner, &script::own(name), &emulator, &pool, ADDRESS);
    assert_two_mails(&emulator, ADDRESS);
    let (_, is_confirmed) = pool.account(ADDRESS).await;
    assert!(is_confirmed, "not confirmed, though {name} said:\n{said}");
}

#[tokio::test]
async fn the_published_node_script_gets_the_second_mail() {
    let what = "published Node.js script";
    if !Runner::Node.is_installed(what) {
        return;
    }
    let Some(document) = published::document("000", what) else {
        return;
    };
    let script = excerpt(&document, "const AWS = require(", "deleteUser();");
    run_published(Runner::Node, "published.js", |emulator, pool| {
        let place = format!(
            "'{}', endpoint: '{}'",
            emulator.region(),
            emulator.endpoint()
        );
        let script = fill_in(&script, "'your-region'", &place);
        let script = fill_in(&script, "your-user-pool-id", &pool.id);
        fill_in(&script, "your-client-id", &pool.client_id)
    })
    .await;
}

#[tokio::test]
async fn the_published_python_script_gets_the_second_mail() {
    let what = "published Python script";
    if !Runner::Python.is_installed(what) {
        return;
    }
    let Some(document) = published::document("000", what) else {
        return;
    };
    let script = indent_python(&excerpt(&document, "import boto3", "delete_cognito_user()"));
    // Region and endpoint come from the environment, where boto3 looks for them.
    run_published(Runner::Python, "published.py", |_, pool| {
        let script = fill_in(&script, "your-user-pool-id", &pool.id);
        fill_in(&script, "your-client-id", &pool.client_id)
    })
    .await;
}

/// Signs the user up whom the script then deletes, runs the script, and confirms with the code of
/// the mail that the script caused.
async fn run_published(runner: Runner, name: &str, fill: impl Fn(&Emulator, &Pool) -> String) {
    let address = published::ADDRESS;
    let emulator = Emulator::start();
    let pool = Pool::create(&emulator).await;
    let first_sub = pool.sign_up(address).await;
    emulator.mails(address, 1);

    let path = emulator.folder().join(name);
    std::fs::write(&path, fill(&emulator, &pool)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let said = script::run(runner, &path, &emulator, &pool, address);
    // The scripts report an error and end well all the same.
    assert!(
        said.contains("deleted successfully"),
        "{name} said:\n{said}"
    );
    assert!(
        said.contains("registered successfully"),
        "{name} said:\n{said}"
    );

    let [first, second] = assert_two_mails(&emulator, address);
    let (second_sub, is_confirmed) = pool.account(address).await;
    assert_ne!(
        second_sub, first_sub,
        "the account that was deleted is still there"
    );
    assert!(!is_confirmed, "confirmed before a code was given");
    let refused = pool.confirm(address, &first).await;
    assert_eq!(
        refused,
        Err("CodeMismatchException".to_owned()),
        "the first mail's code"
    );
    assert_eq!(
        pool.confirm(address, &second).await,
        Ok(()),
        "the second mail's code"
    );
}

/// Checks that exactly two different mails came to `address`, and returns their codes.
#[track_caller]
fn assert_two_mails(emulator: &Emulator, address: &str) -> [String; 2] {
    let mails = emulator.mails(address, 2);
    let [first, second] = mails.as_slice() else {
        panic!("not two mails: {mails:#?}")
    };
    assert_ne!(
        emulator.message_id(first),
        emulator.message_id(second),
        "Message-ID"
    );
    assert_ne!(first.code, second.code, "code");
    for mail in [first, second] {
        let text = mail.text.as_deref().unwrap_or_default();
        assert!(
            text.contains(&mail.code),
            "no code {} in {mail:?}",
            mail.code
        );
    }
    [first.code.clone(), second.code.clone()]
}
