//! Functions written for AWS in Python, under AWS's own runtime client, unmodified.
//!
//! They run when `REVERIFY_PYTHON` names an interpreter that can import `awslambdaric`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/installed.rs"]
mod installed;
#[path = "common/skipped.rs"]
mod skipped;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use installed::installed;
use reverify::emulator::lambda::{
    CallLimits, Function, FunctionName, Host, HostSettings, LogEvent, LogSink, Outcome, Process,
    Reply, RuntimeExit, call_trigger,
};
use reverify::model::SystemClock;
use serde::Deserialize;
use tokio::sync::mpsc;

/// Longer than anything here takes; a wait that reaches it is a failure.
const LONG: Duration = Duration::from_secs(30);

/// An event with what a pre sign-up trigger is given (COGNITO.md 6.4, 6.5).
const EVENT: &str = r#"{"version":"1","region":"eu-west-1","userPoolId":"eu-west-1_AbCdEfGhI",
"userName":"mary","callerContext":{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"c"},
"triggerSource":"PreSignUp_SignUp","request":{"userAttributes":{"email":"mary@example.com",
"phone_number":"+12065551212"},"validationData":null},"response":{"autoConfirmUser":false,
"autoVerifyEmail":false,"autoVerifyPhone":false}}"#;

/// A host with one function of `fixtures/lambda`, unless there is no interpreter for it.
fn deploy(handler: &str) -> Option<(Host, FunctionName)> {
    deploy_on(settings(), handler)
}

fn settings() -> HostSettings {
    HostSettings::new(Arc::new(SystemClock), "eu-west-1", "123456789012", 7)
}

fn deploy_on(settings: HostSettings, handler: &str) -> Option<(Host, FunctionName)> {
    let python = installed("REVERIFY_PYTHON", "functions in Python, with awslambdaric")?;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lambda");
    let process = Process::new(python.to_str().unwrap(), directory)
        .args(["-m", "awslambdaric", handler])
        .variable("PYTHONDONTWRITEBYTECODE", "1")
        .handler(handler);
    let name = FunctionName::parse("trigger").unwrap();
    let host = Host::new(settings);
    host.deploy(Function::process(name.clone(), process).timeout(LONG))
        .unwrap();
    Some((host, name))
}

fn log(host: &Host, name: &FunctionName) -> String {
    host.log(name)
        .unwrap()
        .events()
        .into_iter()
        .map(|event| event.message)
        .collect()
}

#[tokio::test]
async fn a_pre_sign_up_trigger_confirms_the_user() {
    #[derive(Deserialize)]
    struct Event {
        response: Response,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Response {
        auto_confirm_user: bool,
        auto_verify_email: bool,
        auto_verify_phone: bool,
    }
    let Some((host, name)) = deploy("triggers.confirm_automatically") else {
        return;
    };
    for expected_init in [1, 1] {
        let limits = CallLimits {
            answer_wait: LONG,
            ..CallLimits::default()
        };
        let call = call_trigger(&host, &name, EVENT, limits).await;
        assert_eq!(call.attempts, 1);
        let Reply::Returned(body) = call.into_reply() else {
            panic!("not returned")
        };
        let event: Event = serde_json::from_slice(&body).unwrap();
        let all = Response {
            auto_confirm_user: true,
            auto_verify_email: true,
            auto_verify_phone: true,
        };
        assert_eq!(event.response, all);
        assert_eq!(
            log(&host, &name).matches("Init Duration").count(),
            expected_init
        );
    }
}

#[tokio::test]
async fn an_exception_is_a_function_error_and_its_trace_is_logged() {
    let Some((host, name)) = deploy("triggers.refuse") else {
        return;
    };
    let outcome = host.invoke(&name, EVENT, LONG).await;
    let Outcome::Failed(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.error_type, "ValueError");
    assert_eq!(error.error_message, "this address is not invited");
    assert!(
        error.stack_trace[0].contains("in refuse"),
        "{:?}",
        error.stack_trace
    );
    let text = log(&host, &name);
    let (_, after_start) = text.split_once("Version: $LATEST\n").unwrap();
    assert!(
        after_start.starts_with("[ERROR] ValueError: this address is not invited"),
        "{text}"
    );
}

#[tokio::test]
async fn a_module_that_is_missing_fails_the_initialisation() {
    let Some((host, name)) = deploy("broken_import.handler") else {
        return;
    };
    let outcome = host.invoke(&name, EVENT, LONG).await;
    let Outcome::InitFailed(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.error_type, "Runtime.ImportModuleError");
    assert_eq!(
        error.error_message,
        "Unable to import module 'broken_import': No module named 'a_module_that_nobody_has'"
    );
    assert!(log(&host, &name).contains("Error Type: Runtime.ImportModuleError"));
}

#[tokio::test]
async fn a_slow_cold_start_is_executed_three_times() {
    struct Sleepers(mpsc::UnboundedSender<()>);
    impl LogSink for Sleepers {
        fn receive(&self, _group: &str, event: &LogEvent) {
            if event.message == "going to sleep\n" {
                self.0.send(()).unwrap();
            }
        }
    }
    let (sender, mut sleepers) = mpsc::unbounded_channel();
    let settings = settings().sink(Arc::new(Sleepers(sender)));
    let Some((host, name)) = deploy_on(settings, "triggers.sleep") else {
        return;
    };
    // No interpreter starts in this time.
    let limits = CallLimits {
        answer_wait: Duration::from_millis(1),
        attempts_max: 3,
    };
    let call = call_trigger(&host, &name, EVENT, limits).await;
    assert_eq!(call.attempts, 3);
    let error = "Socket timeout while invoking Lambda function".to_owned();
    assert_eq!(call.into_reply(), Reply::NotInvoked { error });
    for _ in 0..3 {
        tokio::time::timeout(LONG, sleepers.recv())
            .await
            .unwrap()
            .unwrap();
    }
    assert!(
        !log(&host, &name).contains("END"),
        "each of them still runs"
    );
}

#[tokio::test]
async fn what_is_printed_is_logged_by_the_line() {
    let Some((host, name)) = deploy("triggers.talk") else {
        return;
    };
    host.invoke(&name, EVENT, LONG).await;
    let text = log(&host, &name);
    let (_, after_start) = text.split_once("Version: $LATEST\n").unwrap();
    let (lines, _) = after_start.split_once("END").unwrap();
    assert_eq!(
        lines,
        "to stdout\nto stderr\n{\"level\": \"info\", \"user\": \"mary\"}\n"
    );
}

#[tokio::test]
async fn the_context_is_complete() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Context {
        request_id: String,
        function: String,
        version: String,
        arn: String,
        memory: String,
        remaining: u64,
        stream: String,
        group: String,
        variables: Vec<String>,
    }
    let Some((host, name)) = deploy("triggers.describe") else {
        return;
    };
    let outcome = host.invoke(&name, EVENT, LONG).await;
    let Outcome::Returned(body) = outcome else {
        panic!("{outcome:?}")
    };
    let context: Context = serde_json::from_slice(&body).unwrap();
    let text = log(&host, &name);
    assert!(
        text.contains(&format!("START RequestId: {} Version", context.request_id)),
        "{text}"
    );
    assert_eq!(
        (&*context.function, &*context.version),
        ("trigger", "$LATEST")
    );
    assert_eq!(context.arn, host.arn(&name));
    assert_eq!(
        (&*context.memory, &*context.group),
        ("128", "/aws/lambda/trigger")
    );
    assert_eq!(context.stream, *host.log(&name).unwrap().events()[0].stream);
    assert!(
        (1..=30_000).contains(&context.remaining),
        "{}",
        context.remaining
    );
    assert!(
        !context
            .variables
            .iter()
            .any(|name| name.starts_with("CARGO")),
        "nothing inherited"
    );
}

#[tokio::test]
async fn rubbish_is_passed_on_and_what_is_no_json_is_an_error() {
    let Some((host, name)) = deploy("triggers.rubbish") else {
        return;
    };
    let outcome = host.invoke(&name, EVENT, LONG).await;
    assert_eq!(outcome, Outcome::Returned("\"not an event\"".into()));

    let Some((host, name)) = deploy("triggers.unserialisable") else {
        return;
    };
    let outcome = host.invoke(&name, EVENT, LONG).await;
    let Outcome::Failed(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.error_type, "Runtime.MarshalError");
}

#[tokio::test]
async fn a_process_that_leaves_is_replaced() {
    let Some((host, name)) = deploy("triggers.leave") else {
        return;
    };
    for _ in 0..2 {
        let outcome = host.invoke(&name, EVENT, LONG).await;
        let exit = RuntimeExit::Code(3);
        assert!(
            matches!(outcome, Outcome::Crashed { exit: it, .. } if it == exit),
            "{outcome:?}"
        );
    }
    assert_eq!(log(&host, &name).matches("Init Duration").count(), 2);
}
