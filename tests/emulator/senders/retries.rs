//! Lambda runs a function that fails two more times, on the emulator's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;
use reverify::emulator::lambda::FunctionError;
use serde_json::json;

use super::fixture::Senders;

const EMAIL: &str = "AutoVerifiedAttributes = [\"email\"]";
const GROUP: &str = "/aws/lambda/send";

/// Moves the emulator's clock by seconds.
fn wait(senders: &Senders, seconds: i64) {
    senders
        .world
        .clock
        .advance(SignedDuration::from_secs(seconds));
}

/// The request ids of the function's invocations, oldest first.
fn request_ids(senders: &Senders) -> Vec<String> {
    let messages = senders.world.log_messages(GROUP).into_iter();
    let id = |message: String| {
        let id = message.strip_prefix("START RequestId: ")?.split(' ').next();
        id.map(str::to_owned)
    };
    messages.filter_map(id).collect()
}

/// A function that throws this often before it succeeds, and the code of each attempt.
fn failing(times: usize) -> Senders {
    let begun = Arc::new(AtomicUsize::new(0));
    Senders::answering(EMAIL, move |_| {
        if begun.fetch_add(1, Ordering::SeqCst) < times {
            return Err(FunctionError::new("SMTPConnectError", "port 25 is blocked"));
        }
        Ok(())
    })
}

/// COGNITO.md 6.1 \[D\]: the caller sees success, whatever the function does.
#[test]
fn a_function_that_throws_is_run_three_times_under_one_id() {
    let senders = failing(usize::MAX);
    let signed_up = senders.world.sign_up("ada", "ada@example.com");
    assert_eq!(signed_up.status, 200);
    let details = &signed_up.json()["CodeDeliveryDetails"];
    assert_eq!(
        details,
        &json!({
            "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***",
        })
    );
    let first = senders.event();
    // Each pause begins when the attempt before has ended, which the log tells.
    await_reports(&senders, 1);
    wait(&senders, 60);
    assert_eq!(senders.event(), first);
    await_reports(&senders, 2);
    wait(&senders, 120);
    assert_eq!(senders.event(), first);
    await_reports(&senders, 3);
    wait(&senders, 6 * 3600);
    senders.assert_no_event();

    let [one, two, three, _last]: [String; 4] = request_ids(&senders).try_into().unwrap();
    assert!(one == two && two == three, "{one} {two} {three}");
    let thrown = senders.world.log_messages(GROUP);
    let thrown = thrown
        .iter()
        .filter(|line| line.contains("port 25 is blocked"));
    assert_eq!(thrown.count(), 4, "the last event fails as well");
    senders.assert_nothing_sent();
}

#[test]
fn a_code_that_comes_late_confirms() {
    let senders = failing(1);
    senders.world.sign_up("ada", "ada@example.com");
    senders.event();
    await_reports(&senders, 1);
    wait(&senders, 60);
    let late = senders.event();
    let code = senders.secret(&late);
    assert_eq!(senders.world.confirm("ada", &code).status, 200);
}

/// Waits until so many invocations have ended.
fn await_reports(senders: &Senders, count: usize) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let lines = senders.world.log_messages(GROUP);
        let reports = lines.iter().filter(|line| line.starts_with("REPORT "));
        if reports.count() >= count {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{lines:?}");
        std::thread::yield_now();
    }
}
