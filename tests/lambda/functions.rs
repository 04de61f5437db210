//! Functions for the tests, chosen by `_HANDLER`, and what starts them.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use reverify::emulator::lambda::{
    Function, FunctionName, Host, HostSettings, LogEvent, LogSink, Outcome, Process,
};
use reverify::model::SystemClock;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::custom_runtime::{self, Answer, RuntimeClient};

/// Longer than anything here takes; a wait that reaches it is a failure.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// The name that every test gives to its one function.
pub(crate) fn name() -> FunctionName {
    FunctionName::parse("trigger").unwrap()
}

/// A host whose log events arrive in a channel, too.
pub(crate) fn host() -> (Host, mpsc::UnboundedReceiver<LogEvent>) {
    struct Channel(mpsc::UnboundedSender<LogEvent>);
    impl LogSink for Channel {
        fn receive(&self, group: &str, event: &LogEvent) {
            assert_eq!(group, "/aws/lambda/trigger");
            let _ended = self.0.send(event.clone());
        }
    }
    let (sender, events) = mpsc::unbounded_channel();
    let settings = HostSettings::new(Arc::new(SystemClock), "eu-west-1", "123456789012", 7);
    (Host::new(settings.sink(Arc::new(Channel(sender)))), events)
}

/// This program as a function, with one of the handlers below.
pub(crate) fn process(handler: &str) -> Process {
    Process::new(
        std::env::current_exe().unwrap().to_str().unwrap(),
        std::env::temp_dir(),
    )
    .args(["functions::as_function", "--exact", "--nocapture"])
    .handler(handler)
}

/// A function that is [`process`], with time enough.
pub(crate) fn function(handler: &str) -> Function {
    Function::process(name(), process(handler)).timeout(LONG)
}

/// A function that connects to `meeting` before it answers.
pub(crate) fn function_that_meets(handler: &str, meeting: SocketAddr) -> Function {
    let process = process(handler).variable("MEETING", meeting.to_string());
    Function::process(name(), process).timeout(LONG)
}

/// A place where a test and a function meet.
pub(crate) struct Meeting(TcpListener);

impl Meeting {
    pub(crate) async fn open() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    /// Waits for a function to come.
    pub(crate) async fn accept(&self) -> tokio::net::TcpStream {
        let accepted = timeout(LONG / 2, self.0.accept()).await;
        let (mut stream, _) = accepted.expect("a function comes").unwrap();
        stream.read_exact(&mut [0]).await.unwrap();
        stream
    }
}

/// The text that an invocation returned.
pub(crate) fn returned(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Returned(body) => String::from_utf8(body.to_vec()).unwrap(),
        other => panic!("not returned: {other:?}"),
    }
}

/// Not a test: the process of a function, when a host started this program as one.
#[test]
fn as_function() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        let ended = serve(&std::env::var("_HANDLER").unwrap_or_default());
        std::process::exit(i32::from(ended.is_err()));
    }
}

fn serve(handler: &str) -> Result<(), Box<dyn Error>> {
    match handler {
        "echo" => return custom_runtime::main(),
        "hold" => {
            let _meeting = meet()?;
            std::thread::sleep(LONG);
        }
        "exit_at_once" => std::process::exit(4),
        "never_ask" => std::thread::sleep(LONG),
        _ => {}
    }
    let mut runtime = RuntimeClient::connect()?;
    if handler == "fail_init" {
        let body = br#"{"errorMessage":"no such module","errorType":"Runtime.ImportModuleError"}"#;
        runtime.call("POST", "init/error", body)?;
        std::process::exit(1);
    }
    loop {
        let invocation = runtime.next()?;
        let path = |what: &str| format!("invocation/{}/{what}", invocation.request_id);
        let answer = match handler {
            "fail" => {
                let body = br#"{"errorMessage":"not you","errorType":"ValueError","stackTrace":["line 1"]}"#;
                runtime.call("POST", &path("error"), body)?;
                continue;
            }
            "pid" => std::process::id().to_string().into_bytes(),
            "meet" => {
                // Whoever is met says when to go on.
                meet()?.read_exact(&mut [0])?;
                std::process::id().to_string().into_bytes()
            }
            "busy" => {
                let _meeting = meet()?;
                std::thread::sleep(LONG);
                Vec::new()
            }
            "with_child" => {
                Command::new(std::env::current_exe()?)
                    .args(["functions::as_function", "--exact"])
                    .env("_HANDLER", "hold")
                    .spawn()?;
                b"{}".to_vec()
            }
            "crash" => std::process::exit(3),
            "talk" => {
                println!("to stdout");
                eprintln!("to stderr");
                print!("without an end");
                std::io::stdout().flush()?;
                b"{}".to_vec()
            }
            "variables" => {
                let variables: Vec<_> = std::env::vars().map(|(key, _)| key).collect();
                variables.join(" ").into_bytes()
            }
            "remaining" => invocation.deadline_ms.to_string().into_bytes(),
            "too_much" if invocation.payload == b"\"much\"" => vec![b'x'; 7 * 1024 * 1024],
            "misbehave" => misbehave(&mut runtime, &invocation.request_id)?,
            _ => invocation.payload.clone(),
        };
        runtime.call("POST", &path("response"), &answer)?;
    }
}

fn meet() -> Result<TcpStream, Box<dyn Error>> {
    let mut stream = TcpStream::connect(std::env::var("MEETING")?)?;
    stream.write_all(b"!")?;
    Ok(stream)
}

/// Makes calls that do not fit while an invocation runs, and tells what came of them.
fn misbehave(runtime: &mut RuntimeClient, id: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let other = "00000000-0000-4000-8000-000000000000";
    let mut seen = Vec::new();
    for (method, path) in [
        ("GET", "invocation/next".to_owned()),
        ("POST", format!("invocation/{other}/response")),
        ("POST", "invocation/no-id-at-all/error".to_owned()),
        ("POST", "init/error".to_owned()),
        ("PUT", format!("invocation/{id}/response")),
        ("GET", "invocation/previous".to_owned()),
    ] {
        let Answer { status, body, .. } = runtime.call(method, &path, b"{}")?;
        let path = path.replace(id, "ID").replace(other, "OTHER");
        seen.push(format!(
            "{method} {path} {status} {}\n",
            String::from_utf8_lossy(&body)
        ));
    }
    Ok(seen.concat().into_bytes())
}
