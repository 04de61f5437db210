//! The emulator as a whole: a thread, a runtime and a listening socket.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::cognito::{Cognito, SeedPool};
use super::control::{Control, Start};
use super::lambda::InvalidFunction;
use super::panics::Panics;
use super::random::Random;
use super::settings::Settings;
use super::{Limits, agenda, http, listener, services};
use crate::model::{AppClientId, UserPoolId};

/// Longest wait for the thread when the emulator stops: its own grace and a margin.
const STOP_SECONDS_MAX: u64 = 5;
/// Time for work that computes in the background when the emulator stops.
const BACKGROUND_SECONDS_MAX: u64 = 1;

/// Why an emulator did not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The system refused a socket, a runtime or a thread.
    #[error("the system refused {what}: {source}")]
    System {
        /// What was asked for.
        what: &'static str,
        /// The system's answer.
        source: io::Error,
    },
    /// What should exist at the start is refused as the API would refuse it.
    #[error("the starting pools are refused: {0}")]
    Starting(String),
    /// A function has a setting that AWS would not take either.
    #[error("a function is refused: {0}")]
    Function(#[from] InvalidFunction),
    /// A request, or the emulator itself, panicked.
    #[error("the emulator panicked: {0}; this is a defect, please report it")]
    Panicked(String),
    /// The thread did not end in time.
    #[error("the emulator did not stop within {STOP_SECONDS_MAX} seconds")]
    StillRunning,
}

/// A running emulator: it serves on a thread and a runtime of its own until it is stopped or
/// dropped, so that the code under test may block its own runtime.
///
/// ```no_run
/// use std::net::TcpListener;
///
/// use reverify::emulator::{Emulator, Settings};
///
/// # fn run(smtp: std::net::SocketAddr, mails: std::sync::Arc<dyn reverify::emulator::MailView>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let emulator = Emulator::start(listener, Settings::new(smtp, mails))?;
/// println!("{} has {:?}", emulator.endpoint(), emulator.user_pool_id());
/// emulator.stop()?;
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    endpoint: String,
    user_pool_id: Option<UserPoolId>,
    client_id: Option<AppClientId>,
    stop: watch::Sender<bool>,
    thread: Option<Thread>,
    panics: Arc<Panics>,
}

struct Thread {
    handle: JoinHandle<()>,
    ended: mpsc::Receiver<()>,
}

impl EmulatorError {
    /// Says what the system refused.
    fn system(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::System { what, source }
    }
}

/// A runtime of the emulator's own, and the listener as its.
fn listening(listener: TcpListener) -> Result<(Runtime, tokio::net::TcpListener), EmulatorError> {
    let blocking = listener.set_nonblocking(true);
    blocking.map_err(EmulatorError::system("a listener that does not block"))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_name("reverify-emulator-worker")
        .build()
        .map_err(EmulatorError::system("a runtime"))?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener)
    };
    let listener = listener.map_err(EmulatorError::system("the listener"))?;
    Ok((runtime, listener))
}

impl Emulator {
    /// Starts to serve on `listener`; requests are answered when this returns.
    ///
    /// The listener is the caller's choice, and so is whether others than this machine reach it.
    ///
    /// # Errors
    /// [`EmulatorError::System`] if the system refuses a thread or a runtime,
    /// [`EmulatorError::Starting`] if the starting pools are not possible.
    pub fn start(listener: TcpListener, settings: Settings) -> Result<Self, EmulatorError> {
        let address = listener.local_addr();
        let address = address.map_err(EmulatorError::system("the listener's address"))?;
        let (runtime, listener) = listening(listener)?;
        let endpoint = endpoint(address);
        let random = Arc::new(Random::new(settings.seed));
        let seeds = settings.starting.resolved(&settings.region, &random);
        let (user_pool_id, client_id) = first_ids(&seeds);
        let cognito = services::of(&settings, &endpoint, random);
        let mut functions = settings.starting.functions().to_vec();
        functions.extend(settings.functions);
        let control = Control {
            cognito: Arc::clone(&cognito),
            start: Start {
                pools: seeds,
                functions,
                ses: settings.starting.ses().clone(),
                keys: settings.starting.keys().to_vec(),
                quotas: settings.starting.quotas().unwrap_or(settings.quotas),
                trail: settings.starting.trail().unwrap_or(settings.trail),
            },
            mails: settings.mails,
            is_local: address.ip().is_loopback(),
        };
        control.plant()?;

        let panics = Arc::new(Panics::default());
        let (stop, stopped) = watch::channel(false);
        let limits = settings.limits;
        let router = http::router(Arc::clone(&cognito), control, Arc::clone(&panics), limits);
        let serving = Serving {
            runtime,
            listener,
            router,
            cognito,
            stopped,
            limits,
        };
        let thread = Thread::spawn(serving, &panics);
        let thread = Some(thread.map_err(EmulatorError::system("a thread"))?);
        Ok(Self {
            endpoint,
            user_pool_id,
            client_id,
            stop,
            thread,
            panics,
        })
    }

    /// Where the emulator listens, as an SDK's endpoint: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// The first of the starting pools.
    pub fn user_pool_id(&self) -> Option<&UserPoolId> {
        self.user_pool_id.as_ref()
    }

    /// The first client of that pool.
    pub fn client_id(&self) -> Option<&AppClientId> {
        self.client_id.as_ref()
    }

    /// Stops: no new request is taken, those in progress may finish for two seconds.
    ///
    /// # Errors
    /// [`EmulatorError::Panicked`] if anything panicked since the start,
    /// [`EmulatorError::StillRunning`] if the thread does not end.
    pub fn stop(mut self) -> Result<(), EmulatorError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), EmulatorError> {
        let Some(Thread { handle, ended }) = self.thread.take() else {
            return Ok(());
        };
        self.stop.send_replace(true);
        // The sender is dropped when the thread ends, by a panic too.
        let limit = Duration::from_secs(STOP_SECONDS_MAX);
        if ended.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
            return Err(EmulatorError::StillRunning);
        }
        if let Err(panic) = handle.join() {
            self.panics.record(panic.as_ref());
        }
        self.panics
            .first()
            .map_or(Ok(()), |message| Err(EmulatorError::Panicked(message)))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Whoever wants to know how it ended calls `stop`.
        let _ = self.end();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// What the thread owns.
struct Serving {
    runtime: Runtime,
    listener: tokio::net::TcpListener,
    router: axum::Router,
    cognito: Arc<Cognito>,
    stopped: watch::Receiver<bool>,
    limits: Limits,
}

impl Thread {
    fn spawn(serving: Serving, panics: &Arc<Panics>) -> io::Result<Self> {
        let (running, ended) = mpsc::channel();
        let panics = Arc::clone(panics);
        let work = move || {
            let _running = running;
            let Serving {
                runtime,
                listener,
                router,
                cognito,
                stopped,
                limits,
            } = serving;
            runtime.block_on(async move {
                let errands = tokio::spawn(agenda::work(Arc::clone(&cognito)));
                let retries = tokio::spawn(Arc::clone(&cognito.ses).work());
                let ended = (stopped, Arc::clone(&panics));
                listener::serve(listener, router, ended, limits).await;
                for work in [errands, retries] {
                    work.abort();
                    if let Err(error) = work.await
                        && let Ok(panic) = error.try_into_panic()
                    {
                        panics.record(panic.as_ref());
                    }
                }
                cognito.mailer.close().await;
            });
            runtime.shutdown_timeout(Duration::from_secs(BACKGROUND_SECONDS_MAX));
        };
        let thread = std::thread::Builder::new().name("reverify-emulator".to_owned());
        let handle = thread.spawn(work)?;
        Ok(Self { handle, ended })
    }
}

/// The first of the starting pools, and its first client.
fn first_ids(pools: &[SeedPool]) -> (Option<UserPoolId>, Option<AppClientId>) {
    let pool = pools.first();
    let client = pool.and_then(|pool| pool.clients.first());
    (
        pool.map(|pool| pool.id.clone()),
        client.map(|client| client.id.clone()),
    )
}

/// The URL of a listener; one that listens everywhere is reached on loopback too.
fn endpoint(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    format!("http://{address}")
}
