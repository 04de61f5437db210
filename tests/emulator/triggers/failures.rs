//! What the caller sees when a function fails (COGNITO.md 6.1, 6.2).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reverify::emulator::lambda::{Concurrency, Function, Process};
use serde_json::json;

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

/// COGNITO.md 6.2: the class of each failure, and no user is created by any.
#[test]
fn every_failure_has_its_exception() {
    let own = |stage: Stage, function| stage.with("PreSignUp", function);
    let stage = || Stage::pool("");
    let never = Function::closure(function_name("PreSignUp"), |_| std::future::pending());
    let no_room = Function::closure(function_name("PreSignUp"), |event| async { Ok(event) });
    let missing_program = Process::new("/no/such/program", std::env::temp_dir());
    let cases = [
        (
            "6.2 [R]",
            stage().on("PreSignUp", |_| thrown("callback is not a function")),
            "UserLambdaValidationException",
            "PreSignUp failed with error callback is not a function.",
        ),
        (
            "6.2 [R]",
            own(stage(), never),
            "UnexpectedLambdaException",
            "PreSignUp invocation failed due to error Socket timeout while invoking Lambda \
             function.",
        ),
        (
            "6.2 [R], the name is a guess",
            stage().named("PreSignUp"),
            "UnexpectedLambdaException",
            "PreSignUp invocation failed due to error ResourceNotFoundException.",
        ),
        (
            "6.2 [R], the name is a guess",
            own(stage(), no_room.concurrency(Concurrency::Reserved(0))),
            "UnexpectedLambdaException",
            "PreSignUp invocation failed due to error TooManyRequestsException.",
        ),
        (
            "6.2 [R], the name is a guess",
            own(
                stage(),
                Function::process(function_name("PreSignUp"), missing_program),
            ),
            "UnexpectedLambdaException",
            "PreSignUp invocation failed due to error InvalidRuntimeException.",
        ),
        (
            "6.2 [R]",
            own(stage(), returning("\"an echo\"")),
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        ),
        (
            "6.2 [R]",
            own(stage(), returning("{\"response\":{}}")),
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        ),
        (
            "6.2 [U]",
            stage().on("PreSignUp", |event| {
                event["response"]["autoConfirmUser"] = json!("true");
                Ok(())
            }),
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        ),
    ];
    for (section, stage, name, message) in cases {
        let world = stage.open_impatient(SHORT);
        let reply = world.sign_up("ada", "ada@example.com");
        assert_eq!(reply.status, 400, "COGNITO.md {section}");
        assert_eq!(
            reply.error(),
            refused(name, message),
            "COGNITO.md {section}"
        );
        let user = world.admin_get_user("ada").error();
        assert_eq!(user.0, "UserNotFoundException", "COGNITO.md {section}");
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

/// A pool is not made to look as if its senders worked, and shows the triggers that do.
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

    for sender in ["CustomEmailSender", "CustomSMSSender"] {
        let config = json!({sender: {"LambdaVersion": "V1_0", "LambdaArn": arn("send")}});
        let body = json!({"PoolName": "p", "LambdaConfig": config});
        let reply = world.call("CreateUserPool", &body);
        let message =
            format!("The trigger LambdaConfig.{sender} is not implemented by this emulator.");
        assert_eq!(reply.error(), refused("NotImplementedException", &message));
    }
}
