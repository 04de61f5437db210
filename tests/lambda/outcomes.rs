//! Each way in which an invocation can end, and what the log says about it.

use std::time::Duration;

use reverify::emulator::lambda::{Function, HostSettings};
use reverify::emulator::lambda::{
    FunctionError, Host, Outcome, PAYLOAD_BYTES_MAX, PayloadPart, Process, RuntimeExit,
};
use reverify::model::SystemClock;

use crate::functions::{LONG, Meeting, function, function_that_meets, host, name, returned};

/// The log from the first `START` on, with what changes from run to run replaced.
fn log(host: &Host) -> String {
    let filters = [
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>"),
        (r"[0-9.]+ ms", "<n> ms"),
        (r"Used: [0-9]+ MB", "Used: <n> MB"),
        (r"[0-9-]{10}T[0-9:.]{12}Z", "<time>"),
        (r"\t", " | "),
    ];
    let events = host.log(&name()).unwrap().events();
    let mut text: String = events
        .into_iter()
        .map(|event| event.message)
        .skip_while(|line| !line.starts_with("START") && !line.starts_with("INIT_REPORT"))
        .collect();
    for (pattern, replacement) in filters {
        text = regex::Regex::new(pattern)
            .unwrap()
            .replace_all(&text, replacement)
            .into_owned();
    }
    text
}

#[tokio::test]
async fn an_event_goes_in_and_out_and_the_second_start_is_warm() {
    let (host, _events) = host();
    host.deploy(function("echo")).unwrap();
    for event in ["{\"a\":1}", "{\"a\":22}"] {
        assert_eq!(returned(&host.invoke(&name(), event, LONG).await), event);
    }
    assert_eq!(
        log(&host),
        "START RequestId: <id> Version: $LATEST\n\
         7 bytes, <n> ms left\n\
         END RequestId: <id>\n\
         REPORT RequestId: <id> | Duration: <n> ms | Billed Duration: <n> ms | Memory Size: 128 MB \
         | Max Memory Used: <n> MB | Init Duration: <n> ms | \n\
         START RequestId: <id> Version: $LATEST\n\
         8 bytes, <n> ms left\n\
         END RequestId: <id>\n\
         REPORT RequestId: <id> | Duration: <n> ms | Billed Duration: <n> ms | Memory Size: 128 MB \
         | Max Memory Used: <n> MB | \n"
    );
}

#[tokio::test]
async fn a_cold_start_is_the_first_line_and_a_warm_one_has_none() {
    let (host, _events) = host();
    host.deploy(function("echo")).unwrap();
    for _ in 0..2 {
        host.invoke(&name(), "{}", LONG).await;
    }
    let events = host.log(&name()).unwrap().events();
    let mut lines = events.iter().map(|event| event.message.trim_end());
    let zeros = "0".repeat(64);
    let expected = format!(
        "INIT_START Runtime Version: provided:al2023.v0\tRuntime Version ARN: \
         arn:aws:lambda:eu-west-1::runtime:{zeros}"
    );
    assert_eq!(lines.next(), Some(expected.as_str()));
    assert!(!lines.any(|line| line.starts_with("INIT_START")));
}

#[tokio::test]
async fn an_error_of_the_function_leaves_its_environment_warm() {
    let (host, _events) = host();
    host.deploy(function("fail")).unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let Outcome::Failed(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.error_type, "ValueError");
    assert_eq!(error.error_message, "not you");
    assert_eq!(error.stack_trace, ["line 1"]);
    host.invoke(&name(), "{}", LONG).await;
    assert_eq!(log(&host).matches("Init Duration").count(), 1);
}

#[tokio::test]
async fn the_functions_own_time_limit_kills_it() {
    let (host, _events) = host();
    let limit = Duration::from_millis(250);
    let nowhere = "127.0.0.1:9".parse().unwrap();
    host.deploy(function_that_meets("busy", nowhere).timeout(limit))
        .unwrap();
    // Nobody can be met, so that the process ends by itself: that is a crash.
    let crashed = host.invoke(&name(), "{}", LONG).await;
    assert!(
        matches!(
            crashed,
            Outcome::Crashed {
                exit: RuntimeExit::Code(1),
                ..
            }
        ),
        "{crashed:?}"
    );

    let meeting = Meeting::open().await;
    host.deploy(function_that_meets("busy", meeting.address()).timeout(limit))
        .unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let error = outcome.function_error().unwrap();
    assert!(
        error
            .error_message
            .ends_with(" Error: Task timed out after 0.25 seconds")
    );
    let text = log(&host);
    let (_, timed_out) = text.split_once("Runtime.ExitError\nEND").unwrap();
    let (_, timed_out) = timed_out.split_once("\nSTART").unwrap();
    assert_eq!(
        timed_out,
        " RequestId: <id> Version: $LATEST\n\
         <time> <id> Task timed out after 0.25 seconds\n\n\
         END RequestId: <id>\n\
         REPORT RequestId: <id> | Duration: <n> ms | Billed Duration: <n> ms | Memory Size: 128 MB \
         | Max Memory Used: <n> MB | Init Duration: <n> ms | Status: timeout | \n"
    );
}

#[tokio::test]
async fn a_crash_names_the_exit_and_the_next_start_is_cold() {
    let (host, _events) = host();
    host.deploy(function("crash")).unwrap();
    for _ in 0..2 {
        let outcome = host.invoke(&name(), "{}", LONG).await;
        let error = outcome.function_error().unwrap();
        assert_eq!(error.error_type, "Runtime.ExitError");
        assert!(
            error
                .error_message
                .ends_with("Error: Runtime exited with error: exit status 3")
        );
    }
    let text = log(&host);
    assert_eq!(text.matches("Init Duration").count(), 2);
    let crash = "RequestId: <id> Error: Runtime exited with error: exit status 3\n\
                 Runtime.ExitError\nEND RequestId: <id>\n";
    assert_eq!(text.matches(crash).count(), 2, "{text}");
    assert_eq!(
        text.matches(" | Status: error | Error Type: Runtime.ExitError | \n")
            .count(),
        2
    );
}

#[tokio::test]
async fn initialisations_that_fail() {
    let (host, _events) = host();
    host.deploy(function("fail_init")).unwrap();
    assert_eq!(
        host.invoke(&name(), "{}", LONG).await,
        Outcome::InitFailed(FunctionError::new(
            "Runtime.ImportModuleError",
            "no such module"
        ))
    );
    let line = "INIT_REPORT Init Duration: <n> ms | Phase: init | Status: error | Error Type: Runtime.ImportModuleError\n";
    assert!(log(&host).contains(line), "{}", log(&host));

    host.deploy(function("exit_at_once")).unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    assert!(
        matches!(
            outcome,
            Outcome::Crashed {
                exit: RuntimeExit::Code(4),
                ..
            }
        ),
        "{outcome:?}"
    );

    host.deploy(Function::process(
        name(),
        Process::new("no-such-program", "/"),
    ))
    .unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let Outcome::CouldNotStart { why } = outcome else {
        panic!("{outcome:?}")
    };
    assert!(why.starts_with("`no-such-program` in /: "), "{why}");
}

#[tokio::test]
async fn an_initialisation_has_a_limit_of_its_own() {
    let clock = std::sync::Arc::new(SystemClock);
    let settings = HostSettings::new(clock, "eu-west-1", "123456789012", 7);
    let host = Host::new(settings.init_max(Duration::from_millis(100)));
    host.deploy(function("never_ask")).unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let Outcome::InitFailed(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.error_type, "Sandbox.Timedout");
    assert!(
        log(&host).contains("Phase: init | Status: timeout\n"),
        "{}",
        log(&host)
    );
}

#[tokio::test]
async fn payloads_have_a_limit_on_both_sides() {
    let (host, _events) = host();
    host.deploy(function("too_much")).unwrap();
    let event = vec![b' '; PAYLOAD_BYTES_MAX + 1];
    assert_eq!(
        host.invoke(&name(), event, LONG).await,
        Outcome::TooLarge(PayloadPart::Request)
    );
    assert_eq!(
        host.invoke(&name(), "\"much\"", LONG).await,
        Outcome::TooLarge(PayloadPart::Response)
    );
    let most = vec![b' '; PAYLOAD_BYTES_MAX];
    let outcome = host.invoke(&name(), most, LONG).await;
    assert_eq!(returned(&outcome).len(), PAYLOAD_BYTES_MAX);
}

#[tokio::test]
async fn what_is_printed_stands_between_start_and_end() {
    let (host, _events) = host();
    host.deploy(function("talk")).unwrap();
    host.invoke(&name(), "{}", LONG).await;
    let text = log(&host);
    let start = "START RequestId: <id> Version: $LATEST\n\
                 to stdout\nto stderr\nwithout an end\nEND RequestId: <id>\nREPORT ";
    assert!(text.starts_with(start), "{text}");
}
