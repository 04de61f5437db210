//! The protocol below the operations (COGNITO.md 1), and clients that misbehave.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reverify::emulator::{Emulator, MailSummary, MailView, Settings};
use reverify::model::EmailAddress;
use serde_json::json;

use crate::wire::{SIGNED, send};
use crate::world::World;

fn target(operation: &str) -> String {
    format!("x-amz-TARGET: AWSCognitoIdentityProviderService.{operation}\r\n")
}

/// COGNITO.md 1.2 \[R\].
#[test]
fn a_success_has_the_recorded_headers_and_a_compact_body() {
    let world = World::standard();
    let reply = world.sign_up("u", "u@y.example");
    assert_eq!(
        reply.header("content-type"),
        Some("application/x-amz-json-1.1")
    );
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
    assert_eq!(reply.header("access-control-expose-headers"), Some(exposed));
    assert_eq!(reply.header("x-amzn-requestid").map(str::len), Some(36));
    assert!(reply.header("date").unwrap().ends_with(" GMT"));
    let details = r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"u***@y***"}"#;
    assert!(reply.body.starts_with(details), "{}", reply.body);
    let length = reply.body.len().to_string();
    assert_eq!(reply.header("content-length"), Some(&*length));
}

/// COGNITO.md 1.3 \[R\]: the recorded 97 bytes.
#[test]
fn an_error_has_the_recorded_body_and_headers() {
    let world = World::with_pool("");
    world.sign_up("ada", "ada@example.com");
    let reply = world.confirm("ada", "123456");
    let message = "Invalid code provided, please request a code again.";
    let body = format!(r#"{{"__type":"ExpiredCodeException","message":"{message}"}}"#);
    assert_eq!((reply.status, &reply.body), (400, &body));
    assert_eq!(reply.header("content-length"), Some("97"));
    assert_eq!(
        reply.header("x-amzn-errortype"),
        Some("ExpiredCodeException:")
    );
    assert_eq!(reply.header("x-amzn-errormessage"), Some(message));
}

/// COGNITO.md 1.4: \[R\], \[C\] and \[U\] as its rows say.
#[test]
fn the_front_door_refuses_what_it_does_not_know() {
    let world = World::standard();
    let endpoint = world.emulator.endpoint();
    let post = |headers: &str, body: &[u8]| send(&endpoint, "POST", "/", headers, body);

    let unsigned = post(&target("AdminGetUser"), b"{}");
    let missing = (
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    );
    assert_eq!(
        unsigned.error(),
        (missing.0.to_owned(), missing.1.to_owned())
    );

    let unknown = post(&target("SignDown"), b"{}");
    let body = r#"{"__type":"UnknownOperationException"}"#;
    assert_eq!((unknown.status, &*unknown.body), (400, body));
    assert_eq!(post("", b"{}").body, body);

    for body in [
        "{",
        "[]",
        "\"\"",
        r#"{"ClientId":1,"Username":"a"}"#,
        "\u{0}",
    ] {
        let reply = post(&target("SignUp"), body.as_bytes());
        assert_eq!(
            (reply.status, &*reply.error().0),
            (400, "SerializationException"),
            "{body}"
        );
    }

    let get = send(&endpoint, "GET", "/favicon.ico", "", b"");
    let body = r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#;
    assert_eq!((get.status, &*get.body), (400, body));

    let other = post(&(target("AdminLinkProviderForUser") + SIGNED), b"{}");
    let (name, message) = other.error();
    assert_eq!((other.status, &*name), (501, "NotImplementedException"));
    assert_eq!(
        message,
        "The operation AdminLinkProviderForUser is not implemented by this emulator."
    );
}

/// COGNITO.md 1.2 \[I\]: browsers ask first.
#[test]
fn a_browser_may_call() {
    let world = World::standard();
    let asked = "Access-Control-Request-Headers: content-type,x-amz-target\r\n";
    let reply = send(&world.emulator.endpoint(), "OPTIONS", "/", asked, b"");
    assert_eq!(reply.status, 200);
    let allowed = reply.header("access-control-allow-headers");
    assert_eq!(allowed, Some("content-type,x-amz-target"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

/// COGNITO.md 1.6 \[U\] and \[T\].
#[test]
fn unknown_pools_and_clients_are_named() {
    let world = World::standard();
    let cases = [
        (
            "SignUp",
            json!({"ClientId": "nobody", "Username": "a", "Password": "p"}),
            "User pool client nobody does not exist.",
        ),
        (
            "DescribeUserPool",
            json!({"UserPoolId": "us-east-1_x"}),
            "User pool us-east-1_x does not exist.",
        ),
    ];
    for (operation, body, message) in cases {
        let expected = ("ResourceNotFoundException".to_owned(), message.to_owned());
        assert_eq!(
            world.call(operation, &body).error(),
            expected,
            "{operation}"
        );
    }
}

#[test]
fn a_body_of_ten_megabytes_is_refused_and_the_server_goes_on() {
    let world = World::standard();
    let body = vec![b' '; 10 * 1024 * 1024];
    let reply = send(
        &world.emulator.endpoint(),
        "POST",
        "/",
        &target("SignUp"),
        &body,
    );
    assert_eq!(
        (reply.status, &*reply.error().0),
        (413, "RequestEntityTooLargeException")
    );
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    world.emulator.stop().unwrap();
}

/// A view of the mails that panics, as a defect of the emulator would.
struct Broken;

impl MailView for Broken {
    fn mails(&self, _: Option<&EmailAddress>, _: bool) -> Vec<MailSummary> {
        panic!("the view is broken")
    }

    fn raw(&self, _: &str) -> Option<Arc<[u8]>> {
        None
    }

    fn forget(&self) {}
}

#[test]
fn a_panic_in_a_request_is_reported_when_it_stops() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings::new(listener.local_addr().unwrap(), Arc::new(Broken));
    let emulator = Emulator::start(listener, settings).unwrap();
    let host = emulator.endpoint().replace("http://", "");
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .write_all(b"GET /_reverify/v1/mails HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    assert_eq!(
        stream.read(&mut [0]).unwrap(),
        0,
        "the connection is closed"
    );
    let answer = send(&emulator.endpoint(), "GET", "/", "", b"");
    assert_eq!(answer.status, 400, "the server goes on");
    let error = emulator.stop().unwrap_err().to_string();
    assert!(error.contains("the view is broken"), "{error}");
}

#[test]
fn idle_connections_do_not_keep_it_from_answering_or_stopping() {
    let world = World::standard();
    let endpoint = world.emulator.endpoint();
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut idle: Vec<_> = (0..200)
        .map(|_| TcpStream::connect(host).unwrap())
        .collect();
    idle[0].write_all(b"POST / HTTP/1.1\r\nContent-Le").unwrap();
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let began = Instant::now();
    world.emulator.stop().unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
    // A clean close: the peer reads the end, not an error.
    idle[1]
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    assert_eq!(idle[1].read(&mut [0]).unwrap(), 0);
    assert!(TcpStream::connect(host).is_err());
}
