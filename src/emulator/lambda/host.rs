//! The host: which functions there are, and the way to invoke them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::deployment::Deployment;
use super::function::{Function, FunctionName, InvalidFunction};
use super::invocations::Invocations;
use super::log::{FunctionLog, LogSink};
use super::outbox::Outbox;
use super::outcome::{InvokeRefusal, Outcome, PAYLOAD_BYTES_MAX, PayloadPart, RequestId};
use crate::model::{Clock as _, SharedClock, SystemClock};

/// How long an environment may take until it asks for work, as on AWS:
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>.
const INIT_SECONDS_MAX: u64 = 10;

/// What a host is given from outside.
#[derive(Clone)]
pub struct HostSettings {
    clock: SharedClock,
    region: String,
    account_id: String,
    seed: u64,
    sink: Option<Arc<dyn LogSink>>,
    outbox: Option<Arc<dyn Outbox>>,
    init_max: Duration,
}

impl HostSettings {
    /// Settings for a region and an account, with the clock that stamps the logs and the seed of
    /// all ids. A host with the same seed gives the same ids in the same order.
    pub fn new(
        clock: SharedClock,
        region: impl Into<String>,
        account_id: impl Into<String>,
        seed: u64,
    ) -> Self {
        Self {
            clock,
            region: region.into(),
            account_id: account_id.into(),
            seed,
            sink: None,
            outbox: None,
            init_max: Duration::from_secs(INIT_SECONDS_MAX),
        }
    }

    /// Passes each event of each log on as it is written.
    #[must_use]
    pub fn sink(self, sink: Arc<dyn LogSink>) -> Self {
        Self {
            sink: Some(sink),
            ..self
        }
    }

    /// Lets functions without code send mail.
    #[must_use]
    pub(crate) fn outbox(self, outbox: Arc<dyn Outbox>) -> Self {
        Self {
            outbox: Some(outbox),
            ..self
        }
    }

    /// Sets how long an environment may take until it asks for work; ten seconds by default.
    #[must_use]
    pub fn init_max(self, init_max: Duration) -> Self {
        Self { init_max, ..self }
    }
}

impl fmt::Debug for HostSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostSettings")
            .field("region", &self.region)
            .field("account_id", &self.account_id)
            .finish_non_exhaustive()
    }
}

/// What all functions of a host share.
pub(super) struct Platform {
    pub(super) clock: SharedClock,
    pub(super) region: String,
    pub(super) init_max: Duration,
    pub(super) outbox: Option<Arc<dyn Outbox>>,
    account_id: String,
    rng: Mutex<StdRng>,
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform")
            .field("region", &self.region)
            .field("account_id", &self.account_id)
            .finish_non_exhaustive()
    }
}

impl Platform {
    pub(super) fn random(&self) -> u128 {
        self.rng
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .random()
    }

    pub(super) fn request_id(&self) -> RequestId {
        RequestId::from_random(self.random().to_be_bytes())
    }

    /// An X-Ray header of a trace that is not sampled.
    pub(super) fn trace_id(&self) -> String {
        let root = self.random() >> 32;
        let parent = self.random() >> 64;
        let seconds = Self::machine_time().as_secs();
        format!("Root=1-{seconds:08x}-{root:024x};Parent={parent:016x};Sampled=0")
    }

    pub(super) fn arn(&self, name: &FunctionName) -> String {
        format!(
            "arn:aws:lambda:{}:{}:function:{name}",
            self.region, self.account_id
        )
    }

    /// The time since the Unix epoch by the clock that child processes read, which is not the one
    /// of the emulator when that was moved.
    pub(super) fn machine_time() -> Duration {
        Duration::try_from(SystemClock.now().as_duration()).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Deployments {
    functions: BTreeMap<FunctionName, Arc<Deployment>>,
    // A log outlives its function, as a log group does.
    logs: BTreeMap<FunctionName, Arc<FunctionLog>>,
    // So do the invocations, as CloudWatch's metrics do.
    invocations: BTreeMap<FunctionName, Arc<Invocations>>,
}

/// A set of functions that can be invoked. Dropping it ends every process that it started.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use reverify::emulator::lambda::{Function, FunctionName, Host, HostSettings, Outcome};
/// use reverify::model::SystemClock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let host = Host::new(HostSettings::new(Arc::new(SystemClock), "eu-west-1", "123456789012", 7));
/// let echo = FunctionName::parse("echo")?;
/// host.deploy(Function::closure(echo.clone(), |event| async { Ok(event) }))?;
///
/// let outcome = host.invoke(&echo, "{}", Duration::from_secs(5)).await;
/// assert_eq!(outcome, Outcome::Returned("{}".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Host {
    platform: Arc<Platform>,
    sink: Sink,
    deployments: Mutex<Deployments>,
}

struct Sink(Option<Arc<dyn LogSink>>);

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Some" } else { "None" })
    }
}

impl Host {
    /// A host without functions.
    pub fn new(settings: HostSettings) -> Self {
        let platform = Platform {
            clock: settings.clock,
            region: settings.region,
            init_max: settings.init_max,
            outbox: settings.outbox,
            account_id: settings.account_id,
            rng: Mutex::new(StdRng::seed_from_u64(settings.seed)),
        };
        Self {
            platform: Arc::new(platform),
            sink: Sink(settings.sink),
            deployments: Mutex::default(),
        }
    }

    /// Makes a function known. One of the same name is replaced: its environments end, its log goes
    /// on. Nothing is started before the first invocation.
    ///
    /// # Errors
    ///
    /// [`InvalidFunction`] if a setting is one that AWS would not take either.
    pub fn deploy(&self, function: Function) -> Result<(), InvalidFunction> {
        function.check()?;
        let name = function.name.clone();
        let mut deployments = self.lock();
        let log = Arc::clone(deployments.logs.entry(name.clone()).or_insert_with(|| {
            Arc::new(FunctionLog::new(
                format!("/aws/lambda/{name}"),
                self.sink.0.clone(),
            ))
        }));
        deployments.invocations.entry(name.clone()).or_default();
        let deployment = Deployment::new(function, Arc::clone(&self.platform), log);
        let replaced = deployments.functions.insert(name, Arc::new(deployment));
        drop(deployments);
        if let Some(replaced) = replaced {
            replaced.close();
        }
        Ok(())
    }

    /// Removes a function and ends its environments; its log stays. False if there was none.
    pub fn remove(&self, name: &FunctionName) -> bool {
        let removed = self.lock().functions.remove(name);
        removed.inspect(|deployment| deployment.close()).is_some()
    }

    /// Removes all functions, ends their environments and forgets their logs.
    pub fn clear(&self) {
        let cleared = std::mem::take(&mut *self.lock());
        for deployment in cleared.functions.values() {
            deployment.close();
        }
        for log in cleared.logs.values() {
            log.close();
        }
    }

    /// Invokes a function and waits for what becomes of it, no longer than `wait`. It needs a Tokio
    /// runtime with I/O and time.
    pub async fn invoke(
        &self,
        name: &FunctionName,
        payload: impl Into<Bytes>,
        wait: Duration,
    ) -> Outcome {
        let id = self.request_id();
        self.invoke_as(id, name, payload.into(), wait).await
    }

    /// As [`invoke`](Self::invoke), under a given id: Lambda's own repetitions have that of the first
    /// attempt.
    pub(crate) async fn invoke_as(
        &self,
        id: RequestId,
        name: &FunctionName,
        payload: Bytes,
        wait: Duration,
    ) -> Outcome {
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Outcome::TooLarge(PayloadPart::Request);
        }
        let deployment = {
            let deployments = self.lock();
            let deployment = deployments.functions.get(name).cloned();
            if deployment.is_some()
                && let Some(invocations) = deployments.invocations.get(name)
            {
                invocations.note(self.platform.clock.now(), payload.clone());
            }
            deployment
        };
        match deployment {
            Some(deployment) => deployment.invoke(id, payload, wait).await,
            None => Outcome::Refused(InvokeRefusal::NoSuchFunction),
        }
    }

    /// A new id for an invocation.
    pub(crate) fn request_id(&self) -> RequestId {
        self.platform.request_id()
    }

    /// Whether a function of this name is deployed.
    pub(crate) fn has(&self, name: &FunctionName) -> bool {
        self.lock().functions.contains_key(name)
    }

    /// The log of a function that is or was deployed.
    pub fn log(&self, name: &FunctionName) -> Option<Arc<FunctionLog>> {
        self.lock().logs.get(name).cloned()
    }

    /// With what a function that is or was deployed was invoked.
    pub(crate) fn invocations(&self, name: &FunctionName) -> Option<Arc<Invocations>> {
        self.lock().invocations.get(name).cloned()
    }

    /// The functions that are deployed, by name.
    pub fn functions(&self) -> Vec<FunctionName> {
        self.lock().functions.keys().cloned().collect()
    }

    /// The ARN of a function in this host's region and account.
    pub fn arn(&self, name: &FunctionName) -> String {
        self.platform.arn(name)
    }

    fn lock(&self) -> MutexGuard<'_, Deployments> {
        // The maps are whole after any panic, so that a poisoned lock is still good.
        self.deployments
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        for deployment in self.lock().functions.values() {
            deployment.close();
        }
    }
}
