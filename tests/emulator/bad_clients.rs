//! Clients that are slow, silent, too many or gone in the middle: the server goes on.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reverify::emulator::{Limits, Starting};
use serde_json::json;

use crate::wire::{SIGNED, call};
use crate::world::World;

/// Long enough for a request in a test, short enough to wait for.
const PATIENCE: Duration = Duration::from_millis(300);

fn impatient(connections: usize) -> World {
    let limits = Limits {
        connections,
        patience: PATIENCE,
        ..Limits::default()
    };
    World::with(Starting::standard(), |settings| settings.limits = limits)
}

fn connect(world: &World) -> TcpStream {
    let endpoint = world.emulator.endpoint();
    let stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
    let limit = Some(Duration::from_secs(10));
    stream.set_read_timeout(limit).unwrap();
    stream.set_write_timeout(limit).unwrap();
    stream
}

/// All that the server says until it closes.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is a close too: the client was still sending.
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }
    String::from_utf8(bytes).unwrap()
}

fn head(length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: a\r\n{SIGNED}Content-Length: {length}\r\n\
         X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools\r\n\r\n"
    )
}

#[test]
fn a_client_that_stops_in_the_middle_is_given_up() {
    let world = impatient(64);
    let began = Instant::now();
    let cases = [
        ("nothing at all", String::new(), ""),
        ("half a request line", "POST / HT".to_owned(), ""),
        (
            "half a head",
            "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-T".to_owned(),
            "",
        ),
        (
            "half a body",
            head(100) + r#"{"Max"#,
            "RequestTimeoutException",
        ),
        (
            "half a chunk",
            head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked") + "8\r\n{",
            "RequestTimeoutException",
        ),
    ];
    let mut open: Vec<_> = cases
        .iter()
        .map(|(_, sent, _)| {
            let mut stream = connect(&world);
            stream.write_all(sent.as_bytes()).unwrap();
            stream
        })
        .collect();
    for ((name, _, expected), stream) in cases.iter().zip(&mut open) {
        let said = rest(stream);
        assert!(said.contains(expected), "{name}: {said}");
        assert!(
            !expected.is_empty() || !said.contains("200 OK"),
            "{name}: {said}"
        );
    }
    assert!(began.elapsed() >= PATIENCE);
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    world.emulator.stop().unwrap();
}

#[test]
fn a_client_that_hangs_up_in_the_middle_leaves_nothing_behind() {
    let world = impatient(4);
    let sent = ["", "POST / HT", &head(100), &(head(100) + "{")];
    for part in sent.iter().cycle().take(200) {
        connect(&world).write_all(part.as_bytes()).unwrap();
    }
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    world.emulator.stop().unwrap();
}

/// One connection at a time, and the first client asks for megabytes and reads nothing.
#[test]
fn a_client_that_does_not_read_holds_up_nobody_for_long() {
    let world = impatient(1);
    let mut deaf = connect(&world);
    deaf.set_nonblocking(true).unwrap();
    let echoed = "x".repeat(32 * 1024);
    let request = format!(
        "OPTIONS / HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Headers: {echoed}\r\n\r\n"
    );
    let deadline = Instant::now() + Duration::from_secs(10);
    // Until the server has stopped to read, because it cannot write.
    loop {
        match deaf.write(request.as_bytes()) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(_) => break,
        }
        assert!(Instant::now() < deadline, "the connection is still open");
    }
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    world.emulator.stop().unwrap();
}

#[test]
fn thousands_of_connections_are_answered_in_turn() {
    let world = impatient(8);
    // Silent ones first: whoever is beyond the limit waits until they are given up.
    let silent: Vec<_> = (0..24).map(|_| connect(&world)).collect();
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    drop(silent);
    let endpoint = world.emulator.endpoint();
    let body = json!({"UserPoolId": world.pool, "Username": "ada"});
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..125 {
                    assert_eq!(call(&endpoint, "AdminGetUser", &body).status, 200);
                }
            });
        }
    });
    world.emulator.stop().unwrap();
}

#[test]
fn a_head_that_does_not_end_is_cut_off() {
    let world = impatient(8);
    let mut stream = connect(&world);
    stream.write_all(b"POST / HTTP/1.1\r\n").unwrap();
    let line = format!("X-Filler: {}\r\n", "x".repeat(1_000));
    // The server closes long before a megabyte; the writes after that fail.
    for _ in 0..1_000 {
        if stream.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    let said = rest(&mut stream);
    assert!(
        said.is_empty() || said.starts_with("HTTP/1.1 431"),
        "{said}"
    );
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    world.emulator.stop().unwrap();
}
