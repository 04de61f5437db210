//! How environments live: what they are given, how many there are, who waits.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reverify::emulator::lambda::{Concurrency, InvokeRefusal, Outcome};
use tokio::io::AsyncWriteExt as _;

use crate::functions::{LONG, Meeting, function, function_that_meets, host, name, returned};

#[tokio::test]
async fn a_function_inherits_nothing() {
    let (host, _events) = host();
    host.deploy(function("variables")).unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let mut variables: Vec<_> = returned(&outcome).split(' ').map(str::to_owned).collect();
    variables.sort_unstable();
    assert_eq!(
        variables,
        [
            "AWS_DEFAULT_REGION",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_RUNTIME_API",
            "AWS_REGION",
            "LAMBDA_TASK_ROOT",
            "LANG",
            "PATH",
            "TZ",
            "_HANDLER",
        ]
    );
}

#[tokio::test]
async fn the_deadline_is_by_the_machines_clock() {
    let (host, _events) = host();
    host.deploy(function("remaining").timeout(Duration::from_secs(20)))
        .unwrap();
    let before = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let after = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let deadline: u128 = returned(&outcome).parse().unwrap();
    assert!(
        (before..=after).contains(&(deadline - 20_000)),
        "{before} {deadline} {after}"
    );
}

#[tokio::test]
async fn calls_that_do_not_fit_are_refused_and_do_no_harm() {
    let (host, _events) = host();
    host.deploy(function("misbehave")).unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let wrong = r#"{"errorMessage":"the environment is in no state for this call","errorType":"InvalidStateTransition"}"#;
    let unknown = r#"{"errorMessage":"this is not the id of the invocation that runs","errorType":"InvalidRequestID"}"#;
    assert_eq!(
        returned(&outcome),
        format!(
            "GET invocation/next 403 {wrong}\n\
             POST invocation/OTHER/response 400 {unknown}\n\
             POST invocation/no-id-at-all/error 400 {unknown}\n\
             POST init/error 403 {wrong}\n\
             PUT invocation/ID/response 405 \n\
             GET invocation/previous 404 \n"
        )
    );
}

#[tokio::test]
async fn two_at_once_are_two_environments_and_later_ones_use_them_again() {
    let (host, _events) = host();
    let meeting = Meeting::open().await;
    host.deploy(function_that_meets("meet", meeting.address()))
        .unwrap();
    let release = async {
        let mut one = meeting.accept().await;
        let mut other = meeting.accept().await;
        one.write_all(b"!").await.unwrap();
        other.write_all(b"!").await.unwrap();
        let mut third = meeting.accept().await;
        third.write_all(b"!").await.unwrap();
    };
    let invoke = || async { returned(&host.invoke(&name(), "{}", LONG).await) };
    let (pids, ()) = tokio::join!(
        async {
            let (one, other) = tokio::join!(invoke(), invoke());
            (one, other, invoke().await)
        },
        release
    );
    let (one, other, third) = pids;
    assert_ne!(one, other);
    assert!(third == one || third == other);
}

#[tokio::test]
async fn beyond_its_concurrency_a_caller_waits_or_is_refused() {
    let (host, mut events) = host();
    let meeting = Meeting::open().await;
    let busy = function_that_meets("meet", meeting.address());
    for (concurrency, expected) in [
        (
            Concurrency::Queued(1),
            Outcome::NoAnswer {
                waited: Duration::from_millis(50),
            },
        ),
        (
            Concurrency::Reserved(1),
            Outcome::Refused(InvokeRefusal::TooManyRequests),
        ),
    ] {
        host.deploy(busy.clone().concurrency(concurrency)).unwrap();
        let second = async {
            let mut first = meeting.accept().await;
            let outcome = host.invoke(&name(), "{}", Duration::from_millis(50)).await;
            first.write_all(b"!").await.unwrap();
            outcome
        };
        let trigger = name();
        let (first, second) = tokio::join!(host.invoke(&trigger, "{}", LONG), second);
        returned(&first);
        assert_eq!(second, expected);
    }
    host.remove(&name());
    events.close();
    let mut starts = 0;
    while let Some(event) = events.recv().await {
        starts += usize::from(event.message.starts_with("START"));
    }
    assert_eq!(starts, 2, "who was not let in has not run");
}

#[tokio::test]
async fn a_function_runs_on_when_its_caller_stops_waiting() {
    let (host, mut events) = host();
    let meeting = Meeting::open().await;
    host.deploy(function_that_meets("meet", meeting.address()))
        .unwrap();
    let wait = Duration::from_millis(1);
    assert_eq!(
        host.invoke(&name(), "{}", wait).await,
        Outcome::NoAnswer { waited: wait }
    );

    let mut running = meeting.accept().await;
    running.write_all(b"!").await.unwrap();
    let ended = async {
        while let Some(event) = events.recv().await {
            if event.message.starts_with("REPORT") {
                return event.message;
            }
        }
        String::new()
    };
    let report = tokio::time::timeout(LONG, ended).await.unwrap();
    assert!(report.contains("Init Duration"), "{report}");
}
