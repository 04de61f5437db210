//! No process of a function outlives its host. A process is seen to end by its socket: the kernel
//! closes it.

use std::process::{Command, Stdio};

use reverify::emulator::lambda::{InvokeRefusal, Outcome};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::functions::{LONG, Meeting, function_that_meets, host, name};

/// Waits until the process at the other end is gone. It sleeps longer than this waits.
async fn assert_ends(mut process: TcpStream) {
    let ended = timeout(LONG / 2, process.read_to_end(&mut Vec::new())).await;
    match ended.expect("the process ends") {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
}

#[tokio::test]
async fn dropping_the_host_ends_a_function_and_its_children() {
    let (host, _events) = host();
    let meeting = Meeting::open().await;
    host.deploy(function_that_meets("with_child", meeting.address()))
        .unwrap();
    host.invoke(&name(), "{}", LONG).await;
    let grandchild = meeting.accept().await;
    drop(host);
    assert_ends(grandchild).await;
}

#[tokio::test]
async fn removing_a_function_ends_the_invocation_that_runs() {
    let (host, _events) = host();
    let meeting = Meeting::open().await;
    host.deploy(function_that_meets("busy", meeting.address()))
        .unwrap();
    let trigger = name();
    let (outcome, function) = tokio::join!(host.invoke(&trigger, "{}", LONG), async {
        let function = meeting.accept().await;
        assert!(host.remove(&trigger));
        function
    });
    assert_eq!(outcome, Outcome::Refused(InvokeRefusal::NoSuchFunction));
    assert_ends(function).await;
    assert_eq!(host.functions(), []);
    assert!(host.log(&name()).is_some(), "the log outlives the function");
}

/// Not a test: a process with a host, whose function is busy for long.
#[test]
fn as_host() {
    let Ok(meeting) = std::env::var("HOST_FOR_MEETING") else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (host, _events) = host();
        host.deploy(function_that_meets("busy", meeting.parse().unwrap()))
            .unwrap();
        host.invoke(&name(), "{}", LONG).await;
    });
}

#[tokio::test]
async fn a_killed_host_takes_its_functions_with_it() {
    let meeting = Meeting::open().await;
    let mut host = Command::new(std::env::current_exe().unwrap())
        .args(["survival::as_host", "--exact"])
        .env("HOST_FOR_MEETING", meeting.address().to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let function = meeting.accept().await;
    host.kill().unwrap();
    host.wait().unwrap();
    assert_ends(function).await;
}
