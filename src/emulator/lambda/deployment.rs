//! A deployed function: its environments, and who may use one.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use axum::body::Bytes;
use futures::FutureExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::endpoint;
use super::environment::Environment;
use super::function::{Closure, Code, Concurrency, Function, Process};
use super::host::Platform;
use super::log::{FunctionLog, LogStream};
use super::outcome::{InvokeRefusal, Outcome, RequestId, RuntimeExit};
use super::platform_log::{self, Report, Status};
use super::process_group::ProcessGroup;

/// How long an answer is held back until its runtime asks for more, so that the log is complete and
/// the environment free when the caller goes on. Usual runtimes ask within a millisecond; one that
/// works on after its answer does not make the caller wait longer than this.
const ANSWER_HELD_MAX: Duration = Duration::from_millis(250);

/// The code with which a Rust program ends that panics, and so a function that is a closure.
const PANIC_EXIT: RuntimeExit = RuntimeExit::Code(101);

/// A function with its environments.
#[derive(Debug)]
pub(super) struct Deployment {
    function: Function,
    platform: Arc<Platform>,
    log: Arc<FunctionLog>,
    slots: Arc<Semaphore>,
    environments: Mutex<Environments>,
    // A closure has one environment, this program, and so one stream.
    closure_stream: OnceLock<LogStream>,
    closed: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Environments {
    // The last one used is the next one used, as long as its process lives.
    idle: Vec<Environment>,
    groups: Vec<Weak<ProcessGroup>>,
    is_closed: bool,
}

/// Who waits for an outcome. It is told once.
struct Caller(Option<oneshot::Sender<Outcome>>);

impl Caller {
    fn tell(&mut self, outcome: Outcome) {
        if let Some(sender) = self.0.take() {
            // A caller that has stopped waiting has its own outcome.
            let _gone = sender.send(outcome);
        }
    }
}

impl Deployment {
    pub(super) fn new(function: Function, platform: Arc<Platform>, log: Arc<FunctionLog>) -> Self {
        let (Concurrency::Queued(most) | Concurrency::Reserved(most)) = function.concurrency;
        let slots = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        Self {
            function,
            platform,
            log,
            slots,
            environments: Mutex::default(),
            closure_stream: OnceLock::new(),
            closed: watch::Sender::new(false),
        }
    }

    /// Invokes the function and waits for its outcome, no longer than `wait`.
    pub(super) async fn invoke(
        self: &Arc<Self>,
        id: RequestId,
        payload: Bytes,
        wait: Duration,
    ) -> Outcome {
        let limit = Instant::now() + wait;
        let late = Outcome::NoAnswer { waited: wait };
        let slots = Arc::clone(&self.slots);
        let slot = match self.function.concurrency {
            Concurrency::Reserved(_) => match slots.try_acquire_owned() {
                Ok(slot) => slot,
                Err(_) => return Outcome::Refused(InvokeRefusal::TooManyRequests),
            },
            Concurrency::Queued(_) => match timeout_at(limit, slots.acquire_owned()).await {
                Ok(Ok(slot)) => slot,
                Ok(Err(_)) => return Outcome::Refused(InvokeRefusal::NoSuchFunction),
                Err(_) => return late,
            },
        };
        let (sender, outcome) = oneshot::channel();
        let deployment = Arc::clone(self);
        // A task of its own: the function runs on when its caller stops waiting.
        tokio::spawn(async move {
            let mut closed = deployment.closed.subscribe();
            tokio::select! {
                () = deployment.run(id, payload, Caller(Some(sender)), slot) => {}
                _ = closed.wait_for(|closed| *closed) => {}
            }
        });
        match timeout_at(limit, outcome).await {
            Ok(Ok(outcome)) => outcome,
            // The function was removed while it ran.
            Ok(Err(_)) => Outcome::Refused(InvokeRefusal::NoSuchFunction),
            Err(_) => late,
        }
    }

    /// Ends all environments and all invocations that run.
    pub(super) fn close(&self) {
        let mut environments = self.lock();
        environments.is_closed = true;
        environments.idle.clear();
        for group in environments
            .groups
            .drain(..)
            .filter_map(|group| group.upgrade())
        {
            group.kill();
        }
        drop(environments);
        self.slots.close();
        self.closed.send_replace(true);
    }

    async fn run(
        &self,
        id: RequestId,
        payload: Bytes,
        mut caller: Caller,
        slot: OwnedSemaphorePermit,
    ) {
        let outcome = match &self.function.code {
            Code::Process(process) => self.run_process(process, payload, id, &mut caller).await,
            Code::Closure(closure) => self.run_closure(closure, payload, id).await,
            Code::Endpoint(endpoint) => {
                endpoint::invoke(
                    endpoint,
                    &self.function.name,
                    payload,
                    self.function.timeout,
                )
                .await
            }
        };
        // First, so that a caller who goes on at once finds the place free.
        drop(slot);
        caller.tell(outcome);
    }

    async fn run_process(
        &self,
        process: &Process,
        payload: Bytes,
        id: RequestId,
        caller: &mut Caller,
    ) -> Outcome {
        let mut environment = match self.idle_environment() {
            Some(environment) => environment,
            None => match self.new_environment(process, id).await {
                Ok(environment) => environment,
                Err(outcome) => return outcome,
            },
        };
        let begun = Instant::now();
        let outcome = environment
            .invoke(&self.function, &self.platform, id, payload)
            .await;
        let has_answered = !matches!(outcome, Outcome::TimedOut { .. } | Outcome::Crashed { .. });
        if has_answered && !environment.settled(ANSWER_HELD_MAX).await {
            caller.tell(outcome.clone());
            let rest = self.function.timeout.saturating_sub(begun.elapsed());
            environment.settled(rest).await;
        }
        environment.conclude(id, begun.elapsed(), &outcome).await;
        self.keep(environment);
        outcome
    }

    async fn new_environment(
        &self,
        process: &Process,
        id: RequestId,
    ) -> Result<Environment, Outcome> {
        let stream = self.new_stream();
        let launched = Environment::launch(&self.function, process, &self.platform, stream).await;
        let mut environment = launched.map_err(|error| Outcome::CouldNotStart {
            why: format!(
                "`{}` in {}: {error}",
                process.program,
                process.directory.display()
            ),
        })?;
        {
            let mut environments = self.lock();
            if environments.is_closed {
                return Err(Outcome::Refused(InvokeRefusal::NoSuchFunction));
            }
            environments.groups.retain(|group| group.strong_count() > 0);
            environments
                .groups
                .push(Arc::downgrade(environment.group()));
        }
        environment.initialise(id, self.platform.init_max).await?;
        Ok(environment)
    }

    fn idle_environment(&self) -> Option<Environment> {
        let mut environments = self.lock();
        // One whose process has ended meanwhile is dropped on the way.
        std::iter::from_fn(|| environments.idle.pop()).find(Environment::is_ready)
    }

    fn keep(&self, environment: Environment) {
        let mut environments = self.lock();
        if environment.is_ready() && !environments.is_closed {
            environments.idle.push(environment);
        }
    }

    async fn run_closure(&self, closure: &Closure, payload: Bytes, id: RequestId) -> Outcome {
        let limit = self.function.timeout;
        let stream = self.closure_stream.get_or_init(|| self.new_stream());
        stream.write(&platform_log::start(id));
        let begun = Instant::now();
        let outbox = self.platform.outbox.clone();
        let code = AssertUnwindSafe(async { closure(payload, outbox).await }).catch_unwind();
        let (outcome, status) = match timeout(limit, code).await {
            Ok(Ok(Ok(body))) => (Outcome::Returned(body), Status::Ok),
            Ok(Ok(Err(error))) => {
                // As AWS's runtime clients write it for functions that are processes.
                let (kind, message) = (&error.error_type, &error.error_message);
                stream.write(&format!("[ERROR] {kind}: {message}"));
                (Outcome::Failed(error), Status::Ok)
            }
            Ok(Err(_panic)) => {
                let error = Status::Error("Runtime.ExitError".to_owned());
                (
                    Outcome::Crashed {
                        request_id: id,
                        exit: PANIC_EXIT,
                    },
                    error,
                )
            }
            Err(_) => {
                stream.write(&platform_log::timed_out(stream.now(), id, limit));
                (
                    Outcome::TimedOut {
                        request_id: id,
                        after: limit,
                    },
                    Status::Timeout,
                )
            }
        };
        let report = Report {
            duration: begun.elapsed(),
            init: None,
            memory_mb: self.function.memory_mb,
            memory_used_mb: None,
            status,
        };
        stream.write(&platform_log::end(id));
        stream.write(&platform_log::report(id, &report));
        outcome
    }

    fn new_stream(&self) -> LogStream {
        let clock = Arc::clone(&self.platform.clock);
        LogStream::open(Arc::clone(&self.log), clock, self.platform.random())
    }

    fn lock(&self) -> MutexGuard<'_, Environments> {
        // The lists are whole after any panic, so that a poisoned lock is still good.
        self.environments
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
