//! A Lambda host on loopback: runs functions that were written for AWS, unmodified.
//!
//! A [`Host`] holds [`Function`]s and invokes them. A function is one of three things:
//!
//! - a **child process** that speaks the [Lambda Runtime API][runtime], started with AWS's own
//!   runtime clients (`python -m awslambdaric app.handler`, a Rust binary with `lambda_runtime`) or
//!   as a custom runtime ([`Process`]);
//! - an **endpoint** that answers AWS's Invoke request, such as a container's local one
//!   ([`Endpoint`]);
//! - a **closure** of a program that uses this crate as a library ([`Function::closure`]).
//!
//! The host does not know what an event means: bytes go in, an [`Outcome`] comes out. What a user
//! pool makes of an outcome (five seconds, three attempts) is the policy of [`call_trigger`].
//!
//! # What is like on AWS
//!
//! Environments are started by the first invocation that finds none free, run one invocation at a
//! time, stay warm, and are replaced after a crash or a time-out. A caller that stops waiting does
//! not stop the function: it runs on until its own [time limit](Function::timeout), which is how
//! one slow cold start becomes three executions of a trigger (COGNITO.md 6.1). Each line that the
//! function prints is an event of its [log](Host::log), between `INIT_START`, `START`, `END` and `REPORT`.
//!
//! # What is not
//!
//! - Memory is measured, never limited; no file system, network or user separates a function from
//!   this machine. Run only functions that you would run by hand.
//! - An initialisation that fails or takes longer than ten seconds fails the invocation. AWS starts
//!   it a second time inside the function's own time limit first.
//! - No extensions, layers, versions, aliases, response streaming or X-Ray; `INIT_START` names version
//!   zero of `provided.al2023`, because there is no managed runtime whose version it could name.
//! - A function gets no AWS credentials and nothing of this process's environment: what it needs is
//!   given with [`Process::variable`].
//!
//! # Children end with the host
//!
//! The processes of an environment are one process group. It is killed when the host is dropped,
//! the function removed or its time is over. If the host's own process dies, even by `SIGKILL`, the
//! pipe that a watching `/bin/sh` in each group reads is closed by the kernel, and the shell kills
//! its group. Only a function that leaves the group by `setsid` escapes. This needs a Unix.
//!
//! [runtime]: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

mod deployment;
mod endpoint;
mod environment;
mod function;
mod host;
mod invocations;
mod lines;
mod log;
mod outbox;
mod outcome;
mod phase;
mod platform_log;
mod process;
mod process_group;
mod runtime_api;
mod trigger_call;

pub use endpoint::Endpoint;
pub use function::{
    Concurrency, Function, FunctionName, InvalidFunction, Process, RESERVED_VARIABLES,
    TIMEOUT_DEFAULT_SECONDS, TIMEOUT_MAX_SECONDS,
};
pub use host::{Host, HostSettings};
pub use log::{FunctionLog, LOG_BYTES_MAX, LOG_EVENTS_MAX, LogEvent, LogSink};
pub(crate) use outbox::Outbox;
pub use outcome::{
    FunctionError, InvokeRefusal, Outcome, PAYLOAD_BYTES_MAX, PayloadPart, RequestId, RuntimeExit,
};
pub use trigger_call::{CallLimits, Reply, TriggerCall, call_trigger};
