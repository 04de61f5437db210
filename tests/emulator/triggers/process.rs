//! Functions that are child processes: in the seed file, and over the control interface.

use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use reverify::emulator::Starting;
use serde_json::{Value, json};

use super::fixture::arn;
use crate::custom_runtime;
use crate::wire::{Reply, SIGNED, send};
use crate::world::World;

/// This program as a function that returns its event.
fn echo() -> Value {
    json!({
        "Command": [
            std::env::current_exe().unwrap(), "triggers::process::as_function", "--exact",
            "--nocapture",
        ],
        "Directory": std::env::temp_dir(),
        "Handler": "echo",
        "Timeout": 20,
    })
}

/// Not a test: the process of a function, when a host started this program as one.
#[test]
fn as_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        if let Ok(meeting) = std::env::var("MEETING") {
            // Open until this process ends.
            std::mem::forget(TcpStream::connect(meeting).unwrap());
        }
        let ended = custom_runtime::main();
        std::process::exit(i32::from(ended.is_err()));
    }
}

/// Asks the control interface, by the emulator's own address.
fn control(world: &World, method: &str, path: &str, body: &str) -> Reply {
    let path = format!("/_reverify/v1/functions{path}");
    send(
        &world.emulator.endpoint(),
        method,
        &path,
        "",
        body.as_bytes(),
    )
}

#[test]
fn a_seed_file_brings_its_functions() {
    let pool = format!(
        "[[user_pool]]\nPoolName = \"p\"\nLambdaConfig.PreSignUp = \"{}\"\n\
                        [[user_pool.client]]\nClientName = \"c\"\n",
        arn("echo")
    );
    let function: toml::Table = serde_json::from_value(echo()).unwrap();
    let function = format!("[[function]]\nFunctionName = \"echo\"\n{function}");
    let world = World::of(Starting::from_toml(&(pool + &function)).unwrap());
    assert_eq!(
        world.sign_up("ada", "ada@example.com").json()["UserConfirmed"],
        false
    );

    let log = control(&world, "GET", "/echo/log", "");
    assert_eq!(
        log.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let (start, end) = (
        log.body.find("START RequestId"),
        log.body.find("END RequestId"),
    );
    assert!(start.is_some() && start < end, "{}", log.body);
}

#[test]
fn children_end_with_the_emulator() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut function = echo();
    let meeting = listener.local_addr().unwrap().to_string();
    function["Environment"] = json!({"Variables": {"MEETING": meeting}});
    let world = World::with_pool(&format!("LambdaConfig.PreSignUp = \"{}\"", arn("echo")));
    control(&world, "PUT", "/echo", &function.to_string());
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let (mut child, _) = listener.accept().unwrap();
    child
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    world.emulator.stop().unwrap();
    // The system closes what a process held open, by a reset where something was left unread.
    let ended = child.read(&mut [0]);
    let reset = |error: &std::io::Error| error.kind() == ErrorKind::ConnectionReset;
    assert!(
        matches!(&ended, Ok(0)) || ended.as_ref().is_err_and(reset),
        "{ended:?}"
    );
}

/// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.
#[test]
fn a_function_is_invoked_as_on_aws() {
    let world = World::standard();
    control(&world, "PUT", "/echo", &echo().to_string());
    let invoke = |name: &str, headers: &str, event: &str| {
        let path = format!("/2015-03-31/functions/{name}/invocations");
        send(
            &world.emulator.endpoint(),
            "POST",
            &path,
            headers,
            event.as_bytes(),
        )
    };
    let reply = invoke("echo", SIGNED, "{\"a\":1}");
    assert_eq!((reply.status, reply.json()), (200, json!({"a": 1})));
    assert_eq!(reply.header("x-amz-executed-version"), Some("$LATEST"));
    assert_eq!(reply.header("x-amz-function-error"), None);

    let event = format!("{SIGNED}X-Amz-Invocation-Type: Event\r\n");
    assert_eq!(invoke("echo", &event, "{}").status, 202);
    let missing = invoke("nobody", SIGNED, "{}");
    assert_eq!(missing.status, 404);
    let name = missing.header("x-amzn-errortype");
    assert_eq!(name, Some("ResourceNotFoundException"));
    let message = format!("Function not found: {}", arn("nobody"));
    assert_eq!(missing.json(), json!({"Type": "User", "Message": message}));
    let unsigned = invoke("echo", "", "{}").error().0;
    assert_eq!(unsigned, "MissingAuthenticationTokenException");

    let program = json!({"Command": ["/no/such/program"]}).to_string();
    control(&world, "PUT", "/broken", &program);
    assert_eq!(invoke("broken", SIGNED, "{}").status, 502);
}

#[test]
fn functions_are_deployed_listed_and_removed() {
    let pool = format!("LambdaConfig.PreSignUp = \"{}\"", arn("echo"));
    let world = World::with_pool(&pool);
    let sign_up = |name: &str| world.sign_up(name, "ada@example.com").status;
    assert_eq!(sign_up("ada"), 400, "nothing is deployed");
    assert_eq!(control(&world, "GET", "", "").json(), json!([]));

    assert_eq!(
        control(&world, "PUT", "/echo", &echo().to_string()).status,
        200
    );
    let summary = json!({"FunctionName": "echo", "FunctionArn": arn("echo")});
    assert_eq!(control(&world, "GET", "", "").json(), json!([summary]));
    assert_eq!(sign_up("bob"), 200);

    assert_eq!(control(&world, "DELETE", "/echo", "").status, 200);
    assert_eq!(sign_up("eve"), 400);
    let log = control(&world, "GET", "/echo/log", "");
    assert!(
        log.body.contains("END RequestId"),
        "a log outlives its function"
    );

    control(&world, "PUT", "/echo", &echo().to_string());
    send(
        &world.emulator.endpoint(),
        "POST",
        "/_reverify/v1/reset",
        "",
        b"",
    );
    assert_eq!(control(&world, "GET", "", "").json(), json!([]));
    assert_eq!(control(&world, "GET", "/echo/log", "").status, 404);
}

#[test]
fn what_cannot_be_deployed_is_refused_with_a_reason() {
    let world = World::standard();
    let cases = [
        ("PUT", "/echo", "{", 400, "EOF"),
        ("PUT", "/echo", "{}", 400, "give one of Command"),
        (
            "PUT",
            "/echo",
            "{\"Comand\":[\"x\"]}",
            400,
            "unknown field `Comand`",
        ),
        (
            "PUT",
            "/echo",
            "{\"Command\":[\"x\"],\"Timeout\":901}",
            400,
            "900 s",
        ),
        (
            "PUT",
            "/echo",
            "{\"Url\":\"http://example.com\"}",
            400,
            "not on loopback",
        ),
        ("PUT", "/no%20name", "{}", 400, "no function name"),
        ("DELETE", "/echo", "", 404, "no function `echo`"),
        ("GET", "/echo/log", "", 404, "no function `echo`"),
        ("POST", "/echo", "", 405, "not answered to POST"),
        ("GET", "/echo/log/x", "", 404, "nothing"),
    ];
    for (method, path, body, status, expected) in cases {
        let reply = control(&world, method, path, body);
        assert_eq!(reply.status, status, "{method} {path} {body}");
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(expected), "{method} {path} {body}: {error}");
    }
    let headers = "Origin: https://example.com\r\n";
    let path = "/_reverify/v1/functions/echo";
    let body = echo().to_string();
    let reply = send(
        &world.emulator.endpoint(),
        "PUT",
        path,
        headers,
        body.as_bytes(),
    );
    assert_eq!(reply.status, 403, "a web page may not deploy");
}
