//! What the caller sees when a function fails (COGNITO.md 6.1, 6.2).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reverify::emulator::lambda::{Concurrency, Function, Process};
use serde_json::{Value, json};

use super::fixture::{Stage, arn, function_name, refused, thrown};
use crate::world::World;

/// Long enough for a closure that answers, short enough for one that never does.
const SHORT: Duration = Duration::from_millis(250);

/// A function that returns this text, whatever the event is.
fn returning(text: &'static str) -> Function {
    Function::closure(function_name("PreSignUp"), move |_| async move {
        Ok(text.into())
    })
}

/// A sign-up fails so, and creates no user.
fn assert_refused(stage: Stage, name: &str, message: &str) {
    let world = stage.open_impatient(SHORT);
    let reply = world.sign_up("ada", "ada@example.com");
    assert_eq!(reply.status, 400, "{message}");
    assert_eq!(reply.error(), refused(name, message));
    let user = world.admin_get_user("ada").error();
    assert_eq!(user.0, "UserNotFoundException", "{message}");
}

/// COGNITO.md 6.2 \[R\]: the full stop is appended.
#[test]
fn what_a_function_throws_is_told() {
    assert_refused(
        Stage::pool("").on("PreSignUp", |_| thrown("callback is not a function")),
        "UserLambdaValidationException",
        "PreSignUp failed with error callback is not a function.",
    );
}

/// COGNITO.md 6.2 \[R\]; all names but that of the time-out are guesses.
#[test]
fn a_function_that_is_not_invoked_or_silent_is_told() {
    let never = Function::closure(function_name("PreSignUp"), |_| std::future::pending());
    let no_room = Function::closure(function_name("PreSignUp"), |event| async { Ok(event) });
    let no_room = no_room.concurrency(Concurrency::Reserved(0));
    let missing = Process::new("/no/such/program", std::env::temp_dir());
    let missing = Function::process(function_name("PreSignUp"), missing);
    let cases = [
        (Some(never), "Socket timeout while invoking Lambda function"),
        (None, "ResourceNotFoundException"),
        (Some(no_room), "TooManyRequestsException"),
        (Some(missing), "InvalidRuntimeException"),
    ];
    for (function, error) in cases {
        let stage = match function {
            Some(function) => Stage::pool("").with("PreSignUp", function),
            None => Stage::pool("").named("PreSignUp"),
        };
        let message = format!("PreSignUp invocation failed due to error {error}.");
        assert_refused(stage, "UnexpectedLambdaException", &message);
    }
}

/// COGNITO.md 6.2 \[R\]; that a text is no boolean is a guess \[U\].
#[test]
fn what_is_no_event_is_not_recognised() {
    let flag_as_text = |event: &mut Value| {
        event["response"]["autoConfirmUser"] = json!("true");
        Ok(())
    };
    for stage in [
        Stage::pool("").with("PreSignUp", returning("\"an echo\"")),
        Stage::pool("").with("PreSignUp", returning("{\"response\":{}}")),
        Stage::pool("").on("PreSignUp", flag_as_text),
    ] {
        let message = "Unrecognizable lambda output";
        assert_refused(stage, "InvalidLambdaResponseException", message);
    }
}

/// COGNITO.md 6.1 \[D, R\]: silence is tried three times, an error once.
#[test]
fn silence_is_tried_again() {
    for (silent, calls, status) in [(0, 1, 200), (2, 3, 200), (3, 3, 400)] {
        let begun = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&begun);
        let function = Function::closure(function_name("PreSignUp"), move |event| {
            let number = counter.fetch_add(1, Ordering::SeqCst);
            async move {
                if number < silent {
                    std::future::pending::<()>().await;
                }
                Ok(event)
            }
        });
        let world = Stage::pool("")
            .with("PreSignUp", function)
            .open_impatient(SHORT);
        assert_eq!(
            world.sign_up("ada", "ada@example.com").status,
            status,
            "{silent}"
        );
        assert_eq!(begun.load(Ordering::SeqCst), calls, "{silent}");
    }
}

/// A pool shows the triggers that work, and is not made to look as if others did.
#[test]
fn a_pool_names_functions_by_arn() {
    let world = World::standard();
    let config = json!({"PreSignUp": arn("welcome"), "PostConfirmation": arn("greet")});
    let made = world.call(
        "CreateUserPool",
        &json!({"PoolName": "p", "LambdaConfig": config}),
    );
    assert_eq!(made.json()["UserPool"]["LambdaConfig"], config);
    let none = world.call("CreateUserPool", &json!({"PoolName": "p"}));
    assert_eq!(none.json()["UserPool"]["LambdaConfig"], json!({}));

    let federation = json!({"LambdaVersion": "V1_0", "LambdaArn": arn("send")});
    let body = json!({"PoolName": "p", "LambdaConfig": {"InboundFederation": federation}});
    let reply = world.call("CreateUserPool", &body);
    let message = "The trigger LambdaConfig.InboundFederation is not implemented by this emulator.";
    assert_eq!(reply.error(), refused("NotImplementedException", message));
}
