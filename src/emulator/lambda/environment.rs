//! One execution environment: a process, its Runtime API, and the invocations it runs in turn.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout};

use super::function::{Function, Process};
use super::host::Platform;
use super::log::LogStream;
use super::outcome::{FunctionError, Outcome, PayloadPart, RequestId, RuntimeExit};
use super::phase::{Answer, Invocation, Phase};
use super::platform_log::{self, Report, Status};
use super::process::{self, Output};
use super::process_group::ProcessGroup;
use super::runtime_api::{RuntimeApi, SharedPhase};

/// How long the host waits for output that was printed before an invocation ended. Reading what is
/// in a pipe takes microseconds; only a function that prints without end uses this up.
const OUTPUT_WAIT_MAX: Duration = Duration::from_millis(200);

/// An environment whose process was started. Dropping it kills the process.
#[derive(Debug)]
pub(super) struct Environment {
    phase: SharedPhase,
    _api: RuntimeApi,
    group: Arc<ProcessGroup>,
    pid: Option<u32>,
    output: Output,
    stream: LogStream,
    started: Instant,
    // Until the first report has told it.
    init: Option<Duration>,
    memory_mb: u32,
}

impl Environment {
    /// Opens the Runtime API of a new environment and starts its process.
    pub(super) async fn launch(
        function: &Function,
        process: &Process,
        platform: &Platform,
        stream: LogStream,
    ) -> io::Result<Self> {
        let phase: SharedPhase = Arc::new(watch::Sender::new(Phase::Initialising));
        let api = RuntimeApi::serve(Arc::clone(&phase)).await?;
        let task_root = std::path::absolute(&process.directory)?;
        let variables = [
            ("_HANDLER", process.handler.clone()),
            ("AWS_DEFAULT_REGION", platform.region.clone()),
            ("AWS_LAMBDA_FUNCTION_NAME", function.name.to_string()),
            (
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                function.memory_mb.to_string(),
            ),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", stream.group().to_owned()),
            ("AWS_LAMBDA_LOG_STREAM_NAME", stream.name().to_owned()),
            ("AWS_LAMBDA_RUNTIME_API", api.address().to_string()),
            ("AWS_REGION", platform.region.clone()),
            ("LAMBDA_TASK_ROOT", task_root.display().to_string()),
        ];
        let started = Instant::now();
        stream.write(&platform_log::init_start(&platform.region));
        let running = process::start(process, &variables, stream.clone())?;
        let of_exit = Arc::clone(&phase);
        tokio::spawn(async move {
            let exit = running
                .children
                .wait()
                .await
                .map_or(RuntimeExit::Code(-1), Into::into);
            of_exit.send_modify(|phase| phase.exit(exit));
        });
        Ok(Self {
            phase,
            _api: api,
            group: running.group,
            pid: running.pid,
            output: running.output,
            stream,
            started,
            init: None,
            memory_mb: function.memory_mb,
        })
    }

    /// The group of the environment's processes.
    pub(super) fn group(&self) -> &Arc<ProcessGroup> {
        &self.group
    }

    /// Whether the runtime waits for work.
    pub(super) fn is_ready(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Ready)
    }

    /// Waits until a new environment asks for work.
    ///
    /// # Errors
    ///
    /// What becomes of the invocation that caused the start, if it does not; the log is written.
    pub(super) async fn initialise(
        &mut self,
        id: RequestId,
        longest: Duration,
    ) -> Result<(), Outcome> {
        let ended = self
            .until(longest, |phase| !matches!(phase, Phase::Initialising))
            .await;
        let init = self.started.elapsed();
        let (outcome, status) = match &*self.phase.borrow() {
            Phase::InitFailed(error) => (
                Outcome::InitFailed(error.clone()),
                Status::Error(error.error_type.clone()),
            ),
            Phase::Exited(exit) => {
                let outcome = Outcome::Crashed {
                    request_id: id,
                    exit: *exit,
                };
                (outcome, Status::Error("Runtime.ExitError".to_owned()))
            }
            _ if ended => {
                self.init = Some(init);
                return Ok(());
            }
            _ => {
                let outcome = Outcome::TimedOut {
                    request_id: id,
                    after: longest,
                };
                // The time limit is not the function's own, so that it counts as a failed start.
                let error = outcome.function_error();
                (error.map_or(outcome, Outcome::InitFailed), Status::Timeout)
            }
        };
        self.group.kill();
        let _flood = timeout(OUTPUT_WAIT_MAX, self.output.flush()).await;
        self.stream.write(&platform_log::init_report(init, &status));
        self.stream.write(&platform_log::start(id));
        self.report(id, init, &outcome, status, None);
        Err(outcome)
    }

    /// Runs one invocation until it is answered, its time is over, or the process ends.
    pub(super) async fn invoke(
        &self,
        function: &Function,
        platform: &Platform,
        id: RequestId,
        payload: Bytes,
    ) -> Outcome {
        self.stream.write(&platform_log::start(id));
        let (answer, answered) = oneshot::channel();
        let work = Invocation {
            id,
            payload,
            deadline: Platform::machine_time() + function.timeout,
            trace_id: platform.trace_id(),
            function_arn: platform.arn(&function.name),
            answer,
        };
        // If the process has just ended, the work is dropped, and with it the answer's sender.
        self.phase.send_modify(|phase| {
            phase.offer(work);
        });
        match timeout(function.timeout, answered).await {
            Ok(Ok(Answer::Returned(body))) => Outcome::Returned(body),
            Ok(Ok(Answer::Failed(error))) => Outcome::Failed(error),
            Ok(Ok(Answer::TooLarge)) => Outcome::TooLarge(PayloadPart::Response),
            Ok(Err(_)) => Outcome::Crashed {
                request_id: id,
                exit: self.exit(),
            },
            Err(_) => Outcome::TimedOut {
                request_id: id,
                after: function.timeout,
            },
        }
    }

    /// Waits until the runtime, having answered, asks for more or ends. False if it did neither.
    pub(super) async fn settled(&self, longest: Duration) -> bool {
        self.until(longest, |phase| {
            matches!(phase, Phase::Ready | Phase::Exited(_))
        })
        .await
    }

    /// Writes the end of an invocation into the log, after all that the function printed. A process
    /// that is not ready for the next one is killed.
    pub(super) async fn conclude(&mut self, id: RequestId, duration: Duration, outcome: &Outcome) {
        let memory_used_mb = self.memory_used_mb();
        if !self.is_ready() {
            self.group.kill();
        }
        let _flood = timeout(OUTPUT_WAIT_MAX, self.output.flush()).await;
        let status = match outcome {
            Outcome::TimedOut { .. } => Status::Timeout,
            Outcome::Crashed { .. } => Status::Error("Runtime.ExitError".to_owned()),
            _ => Status::Ok,
        };
        self.report(id, duration, outcome, status, memory_used_mb);
    }

    fn report(
        &mut self,
        id: RequestId,
        duration: Duration,
        outcome: &Outcome,
        status: Status,
        memory_used_mb: Option<u64>,
    ) {
        match (outcome, outcome.function_error()) {
            (Outcome::TimedOut { after, .. }, _) => {
                let now = self.stream.now();
                self.stream.write(&platform_log::timed_out(now, id, *after));
            }
            (
                Outcome::Crashed { .. },
                Some(FunctionError {
                    error_type,
                    error_message,
                    ..
                }),
            ) => {
                self.stream
                    .write(&platform_log::runtime_error(&error_message, &error_type));
            }
            _ => {}
        }
        self.stream.write(&platform_log::end(id));
        let init = self.init.take();
        let report = Report {
            duration,
            init,
            memory_mb: self.memory_mb,
            memory_used_mb,
            status,
        };
        self.stream.write(&platform_log::report(id, &report));
    }

    fn memory_used_mb(&self) -> Option<u64> {
        let is_alive = !matches!(*self.phase.borrow(), Phase::Exited(_));
        self.pid
            .filter(|_| is_alive)
            .and_then(process::memory_used_mb)
    }

    fn exit(&self) -> RuntimeExit {
        match *self.phase.borrow() {
            Phase::Exited(exit) => exit,
            _ => RuntimeExit::Code(0),
        }
    }

    /// Waits for a phase. False if it did not come in time.
    async fn until(&self, longest: Duration, is_it: impl Fn(&Phase) -> bool) -> bool {
        let mut changes = self.phase.subscribe();
        timeout(longest, changes.wait_for(|phase| is_it(phase)))
            .await
            .is_ok()
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.group.kill();
    }
}
