//! The state of one attempt of one scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng as _;
use rand::rngs::StdRng;
use tokio::sync::watch;
use tokio::time::Instant;

use super::calls::{About, CallLog, Told, not_answered, slowed};
use super::cautions::Reserved;
use super::destination::Destination;
use super::diagnose::Question;
use super::late::LateMails;
use super::limits::{Limits, TimeLimit};
use super::mail_checks::LatestMail;
use super::people::Person;
use super::pools::Pool;
use super::reason;
use super::target::Target;
use crate::cognito::{CallFacts, Called, CognitoError, Ledger};
use crate::control::FaultId;
use crate::model::{AppClientId, EmailAddress, RunId, SharedClock, UserPoolId};
use crate::record::{Answer, Event, Failure, ScenarioRecorder, millis};

/// Calls are not sent again in the last moments of a step, so that it fails with what the service said
/// and not with its time limit.
const PATIENCE_ENDS_BEFORE: Duration = Duration::from_secs(2);

/// A World that scenarios with our steps can run in.
///
/// ```
/// use reverify::steps::{HasSession, Session};
///
/// #[derive(Debug, Default, cucumber::World)]
/// struct Shop {
///     verification: Session,
///     cart: Vec<String>,
/// }
///
/// impl HasSession for Shop {
///     fn session(&mut self) -> &mut Session {
///         &mut self.verification
///     }
/// }
/// ```
pub trait HasSession: cucumber::World {
    /// The session inside this World.
    fn session(&mut self) -> &mut Session;
}

/// Everything that an attempt gets from the run.
pub struct Setting {
    /// The run.
    pub run: RunId,
    /// What is tested.
    pub target: Arc<Target>,
    /// Where created users are noted before they are created.
    pub ledger: Arc<Ledger>,
    /// Where events go.
    pub recorder: ScenarioRecorder,
    /// Where waits go that ended without their mail.
    pub late: LateMails,
    /// The time of day.
    pub clock: SharedClock,
    /// Randomness for passwords.
    pub random: StdRng,
    /// How long things may take.
    pub limits: Limits,
    /// Becomes a failure when the run is to end.
    pub cancel: watch::Receiver<Option<Failure>>,
}

/// What a scenario has done so far: its pool, its people, the latest answer.
///
/// A fresh session belongs to no run; the suite begins it before the first step and finishes it
/// (clean-up included) after the last.
#[derive(Default)]
pub struct Session {
    pub(super) attempt: Option<Box<Attempt>>,
}

pub(super) struct Attempt {
    pub(super) setting: Setting,
    pub(super) began: Instant,
    pub(super) pools: Vec<Pool>,
    pub(super) people: BTreeMap<String, Person>,
    /// The rows in the ledger for this attempt's sign-ups.
    pub(super) ledger_rows: Vec<i64>,
    /// Those of them whose request was refused: nobody comes into being by it any more.
    pub(super) refused_rows: BTreeSet<i64>,
    pub(super) refusal: Option<CognitoError>,
    /// Where the code of the latest request goes.
    pub(super) destination: Destination,
    /// Closes the account that is the attempt's own.
    pub(super) keeper: Option<Box<dyn Send>>,
    /// The log group, an ARN, that delivery errors of pools made from now on go to.
    pub(super) delivery_errors: Option<String>,
    /// What was called, and what came back.
    pub(super) calls: CallLog,
    /// Faults to be taken back at the end.
    pub(super) faults: Vec<FaultId>,
    /// Whether the scenario itself had the service disturbed: then it gets what it asked for.
    pub(super) disturbed: bool,
    /// How many control experiments were made.
    pub(super) controls: u32,
    /// The mail because of which the present step fails.
    pub(super) unexplained: Option<Question>,
    /// The mail that did not come as the scenario expected.
    pub(super) expected: Option<Question>,
    /// Until when calls of the present step may be sent again.
    pub(super) patience: Instant,
    /// From which the pauses between repeated calls are drawn.
    pub(super) seed: u64,
    /// The mail that is counted for the latest request, until its answer says whether it is sent.
    pub(super) reserved: Option<Reserved>,
    /// Addresses that the scenario names, so that another attempt would have the same.
    pub(super) given_addresses: Vec<EmailAddress>,
    /// The mail that a step received last, whoever it was for.
    pub(super) latest_mail: Option<LatestMail>,
}

/// To which pool, and through which app client, a call goes.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) pool: Option<UserPoolId>,
    pub(super) client: Option<AppClientId>,
}

impl Session {
    /// Begins an attempt.
    pub fn begin(&mut self, mut setting: Setting) {
        let (began, seed) = (Instant::now(), setting.random.random());
        self.attempt = Some(Box::new(Attempt {
            patience: began,
            seed,
            reserved: None,
            disturbed: false,
            setting,
            began,
            pools: Vec::new(),
            people: BTreeMap::new(),
            ledger_rows: Vec::new(),
            refused_rows: BTreeSet::new(),
            refusal: None,
            destination: Destination::default(),
            keeper: None,
            delivery_errors: None,
            calls: CallLog::default(),
            faults: Vec::new(),
            controls: 0,
            unexplained: None,
            expected: None,
            given_addresses: Vec::new(),
            latest_mail: None,
        }));
    }

    /// Records an event of this attempt.
    pub fn record(&self, event: Event) {
        if let Some(attempt) = &self.attempt {
            attempt.setting.recorder.record(event);
        }
    }

    /// How long the attempt has taken.
    pub fn took(&self) -> Duration {
        let began = self.attempt.as_ref().map(|attempt| attempt.began);
        began.map_or(Duration::ZERO, |began| began.elapsed())
    }

    pub(super) fn attempt(&mut self) -> Result<&mut Attempt, Failure> {
        self.attempt.as_deref_mut().ok_or_else(|| {
            Failure::broken("the session was not begun")
                .help("run the scenarios through reverify's Suite, which begins it")
        })
    }

    /// The deadline of a step that starts now, and whose it is.
    pub(crate) fn time_left(&mut self) -> Result<(Instant, TimeLimit), Failure> {
        let attempt = self.attempt()?;
        let limits = attempt.setting.limits;
        let step = Instant::now() + limits.step;
        let scenario = attempt.began + limits.scenario;
        attempt.patience = step
            .min(scenario)
            .checked_sub(PATIENCE_ENDS_BEFORE)
            .unwrap_or(step);
        Ok(if step <= scenario {
            (step, TimeLimit::Step(limits.step))
        } else {
            (scenario, TimeLimit::Scenario(limits.scenario))
        })
    }

    /// Becomes ready, with the reason, when the run is to end.
    pub(crate) fn cancelled(&self) -> impl Future<Output = Failure> + use<> {
        let cancel = self.attempt.as_ref().map(|a| a.setting.cancel.clone());
        async move {
            if let Some(mut cancel) = cancel
                && let Ok(reason) = cancel.wait_for(Option::is_some).await
                && let Some(failure) = reason.clone()
            {
                return failure;
            }
            // Nobody is left who could cancel.
            std::future::pending().await
        }
    }
}

impl Attempt {
    /// Awaits a call to the scenario's pool and records it, whatever its answer.
    pub(super) async fn call<T, D: Into<Told>>(
        &mut self,
        username: Option<&str>,
        request: impl Future<Output = Result<Called<T>, CognitoError>>,
        told: impl FnOnce(&T) -> D,
    ) -> Result<T, CognitoError> {
        self.call_at(&self.place(), username, request, told).await
    }

    /// Awaits a call and records it, whatever its answer.
    pub(super) async fn call_at<T, D: Into<Told>>(
        &mut self,
        place: &Place,
        username: Option<&str>,
        request: impl Future<Output = Result<Called<T>, CognitoError>>,
        told: impl FnOnce(&T) -> D,
    ) -> Result<T, CognitoError> {
        let result = request.await;
        let told = told_of(&result, told);
        let call = self.record_answer(username, &result, told.as_ref().map_err(|error| *error));
        self.settle(username, &call, told.as_ref().map_err(|error| *error));
        let about = About {
            username,
            pool: place.pool.as_ref(),
            client: place.client.as_ref(),
            at: self.server_now(),
        };
        self.calls
            .keep(&about, &call, told.as_ref().map_err(|error| *error));
        result.map(|called| called.answer)
    }

    /// Awaits a call that somebody else makes as far as a diagnosis may know: it is recorded, and
    /// none of the run's own calls.
    pub(super) async fn call_of_another<T, D: Into<Told>>(
        &mut self,
        username: Option<&str>,
        request: impl Future<Output = Result<Called<T>, CognitoError>>,
        told: impl FnOnce(&T) -> D,
    ) -> Result<T, CognitoError> {
        let result = request.await;
        let told = told_of(&result, told);
        let call = self.record_answer(username, &result, told.as_ref().map_err(|error| *error));
        self.settle(username, &call, told.as_ref().map_err(|error| *error));
        result.map(|called| called.answer)
    }

    fn record_answer<T>(
        &self,
        username: Option<&str>,
        result: &Result<Called<T>, CognitoError>,
        told: Result<&Told, &CognitoError>,
    ) -> CallFacts {
        let call = match result {
            Ok(called) => called.call.clone(),
            Err(error) => error.call().clone(),
        };
        let answer = match told {
            Ok(told) => Answer::Ok {
                detail: told.detail.clone(),
            },
            Err(error) => not_answered(error),
        };
        self.record_call(call.clone(), username, answer);
        call
    }

    /// The scenario's pool, and the app client through which requests go.
    fn place(&self) -> Place {
        let pool = self.pools.last();
        Place {
            pool: pool.map(|pool| pool.id.clone()),
            client: pool.and_then(|pool| pool.client.as_ref().map(|client| client.id.clone())),
        }
    }

    fn record_call(&self, call: CallFacts, username: Option<&str>, answer: Answer) {
        if let Some(slowed) = slowed(&call) {
            self.setting.recorder.record(slowed);
        }
        self.setting.recorder.record(Event::Call {
            operation: call.operation.to_owned(),
            username: username.map(str::to_owned),
            request_id: call.request_id,
            answer,
            took_ms: millis(call.took),
        });
    }

    /// The pool of the scenario: the one set up last.
    pub(super) fn pool(&self) -> Result<&Pool, Failure> {
        self.pools.last().ok_or_else(|| {
            Failure::broken("the scenario has no user pool")
                .help("begin it with: Given a user pool that verifies e-mail addresses with a code")
        })
    }

    pub(super) fn pool_mut(&mut self) -> Result<&mut Pool, Failure> {
        self.pool()?;
        let last = self.pools.last_mut();
        last.ok_or_else(|| Failure::broken("the scenario has no user pool"))
    }

    /// A person by name.
    pub(super) fn person(&mut self, name: &str) -> Result<&mut Person, Failure> {
        if self.people.contains_key(name) {
            let person = self.people.get_mut(name);
            return person.ok_or_else(|| reason::nobody(name, &[]));
        }
        let known: Vec<_> = self.people.keys().map(String::as_str).collect();
        Err(reason::nobody(name, &known))
    }

    pub(super) fn now(&self) -> jiff::Timestamp {
        self.setting.clock.now()
    }
}

/// What an answer told, if there is one.
fn told_of<T, D: Into<Told>>(
    result: &Result<Called<T>, CognitoError>,
    told: impl FnOnce(&T) -> D,
) -> Result<Told, &CognitoError> {
    let told = |called: &Called<T>| told(&called.answer).into();
    result.as_ref().map(told)
}

impl fmt::Debug for Session {
    /// Cucumber prints a World at high verbosity; passwords and codes have no place there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scenario = self.attempt.as_ref().map(|a| a.setting.recorder.scenario());
        f.debug_struct("Session")
            .field("scenario", &scenario)
            .finish_non_exhaustive()
    }
}
