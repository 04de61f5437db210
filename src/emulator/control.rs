//! The emulator's own interface below `/_reverify/v1/`, in the language of [`crate::control`].

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::MailView;
use super::agenda;
use super::caller;
use super::cognito::{self, Cognito, SeedPool};
use super::function_control;
use super::kms::StartingKey;
use super::lambda::Function;
use super::server::EmulatorError;
use super::ses::StartingSes;
use super::ses_control;
use crate::control::{
    ClockMove, Fault, FaultId, Quotas, ROUTES, Refusal, Route, TrailSettings, Unroutable,
};

/// The control interface's state: what a reset brings back, and the view of the mails.
pub(super) struct Control {
    pub(super) cognito: Arc<Cognito>,
    pub(super) start: Start,
    pub(super) mails: Arc<dyn MailView>,
    /// Whether the emulator listens on loopback alone.
    pub(super) is_local: bool,
}

/// What exists at the start and after each reset.
pub(super) struct Start {
    pub(super) pools: Vec<SeedPool>,
    pub(super) functions: Vec<Function>,
    pub(super) ses: StartingSes,
    pub(super) keys: Vec<StartingKey>,
    pub(super) quotas: Quotas,
    pub(super) trail: TrailSettings,
}

/// An answer of the control interface.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) content_type: HeaderValue,
    pub(super) body: Vec<u8>,
}

/// A request that cannot be answered, and with which status that is said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) refusal: Refusal,
}

impl Control {
    /// Makes the starting pools, functions and conditions, and nothing else, exist.
    ///
    /// # Errors
    /// What the API would answer to the same settings.
    pub(super) fn plant(&self) -> Result<(), EmulatorError> {
        // First the conditions: what is planted is dated by the clock.
        let trail = self.start.trail.clone();
        self.cognito.conditions.reset(self.start.quotas, trail);
        let host = &self.cognito.triggers.host;
        host.clear();
        self.cognito.logs.clear();
        for function in &self.start.functions {
            host.deploy(function.clone())?;
        }
        let planted = self.cognito.ses.plant(&self.start.ses);
        planted.map_err(|refusal| EmulatorError::Starting(refusal.to_string()))?;
        let planted = self.cognito.kms.plant(&self.start.keys);
        planted.map_err(|refusal| EmulatorError::Starting(refusal.to_string()))?;
        let planted = cognito::plant(&self.cognito, &self.start.pools);
        planted.map_err(|refusal| EmulatorError::Starting(refusal.to_string()))
    }

    /// Answers a request, or nothing if it is not for this interface.
    pub(super) async fn answer(&self, head: &Parts, body: &[u8]) -> Option<Reply> {
        let route = Route::read(head.method.as_str(), head.uri.path(), head.uri.query())?;
        let answer = match route {
            Ok(route) => self.run(route, &head.headers, body).await,
            Err(unroutable) => Err(unroutable.into()),
        };
        Some(answer.unwrap_or_else(Refused::reply))
    }

    async fn run(&self, route: Route, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refused> {
        if route.changes() {
            caller::check_page(headers)?;
        }
        let conditions = &self.cognito.conditions;
        match route {
            Route::Mails(query) => {
                let mut mails = self.mails.mails(query.to.as_ref(), query.latest);
                self.cognito.sent_codes.complete(&mut mails);
                json(&mails)
            }
            Route::RawMail(id) => self.raw_mail(&id),
            Route::Sms(query) => {
                check_phone_number(query.to.as_deref())?;
                let messages = self.cognito.sms.messages(query.to.as_deref(), query.latest);
                json(&messages)
            }
            Route::Reset => self.reset(),
            Route::Clock => json(&conditions.clock.state()),
            Route::MoveClock => self.move_clock(read(body)?).await,
            Route::Faults => json(&conditions.faults.list()),
            Route::AddFault => self.add_fault(read(body)?),
            Route::ClearFaults => {
                conditions.faults.clear();
                json(&Done {})
            }
            Route::RemoveFault(id) => self.remove_fault(id),
            Route::Quotas => json(&conditions.quotas.quotas()),
            Route::SetQuotas => {
                conditions.quotas.set(read(body)?);
                json(&conditions.quotas.quotas())
            }
            Route::Logs => json(&self.cognito.logs.usage()),
            Route::Trail => json(&conditions.trail.usage(self.cognito.now())),
            Route::SetTrail => {
                let settings: TrailSettings = read(body)?;
                settings.check().map_err(|error| Refused::bad(&error))?;
                conditions.trail.set(settings);
                json(&conditions.trail.settings())
            }
            Route::SesAccount
            | Route::SesIdentity(_)
            | Route::SesFeedback
            | Route::SesEventRules
            | Route::SetSesEventRules => ses_control::run(&route, &self.cognito.ses, body),
            Route::Functions
            | Route::DeployFunction(_)
            | Route::RemoveFunction(_)
            | Route::FunctionLog(_) => {
                let host = &self.cognito.triggers.host;
                function_control::run(&route, host, self.is_local, headers, body)
            }
        }
    }

    fn raw_mail(&self, id: &str) -> Result<Reply, Refused> {
        let raw = self.mails.raw(id).ok_or_else(|| {
            Refused::new(
                StatusCode::NOT_FOUND,
                format!("there is no mail with the id `{id}`"),
                "GET /_reverify/v1/mails lists the mails with their ids",
            )
        })?;
        Ok(Reply {
            status: StatusCode::OK,
            content_type: HeaderValue::from_static("message/rfc822"),
            body: raw.to_vec(),
        })
    }

    fn reset(&self) -> Result<Reply, Refused> {
        self.plant().map_err(|error| Refused::defect(&error))?;
        self.mails.forget();
        self.cognito.sms.forget();
        self.cognito.sent_codes.forget();
        json(&Done {})
    }

    /// Moves the clock, and has what became due by that done before it answers.
    async fn move_clock(&self, by: ClockMove) -> Result<Reply, Refused> {
        let moved = self.cognito.conditions.clock.go(by);
        let state = moved.map_err(|refusal| {
            let help = "POST /_reverify/v1/reset puts the clock back, with all else";
            Refused::new(StatusCode::BAD_REQUEST, refusal.to_string(), help)
        })?;
        agenda::run_due(&self.cognito).await;
        self.cognito.ses.try_due().await;
        json(&state)
    }

    fn add_fault(&self, fault: Fault) -> Result<Reply, Refused> {
        fault.check().map_err(|error| Refused::bad(&error))?;
        let added = self.cognito.conditions.faults.add(fault);
        json(&added.map_err(|error| {
            let help = "DELETE /_reverify/v1/faults/ID removes one, without an ID all";
            Refused::new(StatusCode::CONFLICT, error.to_string(), help)
        })?)
    }

    fn remove_fault(&self, id: FaultId) -> Result<Reply, Refused> {
        if self.cognito.conditions.faults.remove(id) {
            return json(&Done {});
        }
        let help = "GET /_reverify/v1/faults lists the faults with their ids";
        let error = format!("there is no fault {id}");
        Err(Refused::new(StatusCode::NOT_FOUND, error, help))
    }
}

/// The answer `{}` to what was done and has nothing to tell.
#[derive(Serialize)]
pub(super) struct Done {}

impl Reply {
    fn json(status: StatusCode, body: Vec<u8>) -> Self {
        let content_type = HeaderValue::from_static("application/json");
        Self {
            status,
            content_type,
            body,
        }
    }
}

impl Refused {
    pub(super) fn new(status: StatusCode, error: String, help: &str) -> Self {
        let help = help.to_owned();
        let refusal = Refusal { error, help };
        Self { status, refusal }
    }

    /// A request that says something wrong.
    pub(super) fn bad(error: &(impl ToString + ?Sized)) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string(), &help())
    }

    /// A failure that no request should cause.
    pub(super) fn defect(error: &(impl ToString + ?Sized)) -> Self {
        let help = "this is a defect of the emulator, please report it";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, error.to_string(), help)
    }

    fn reply(self) -> Reply {
        // Two texts always have a JSON form.
        let body = serde_json::to_vec(&self.refusal).unwrap_or_default();
        Reply::json(self.status, body)
    }
}

impl From<Unroutable> for Refused {
    fn from(unroutable: Unroutable) -> Self {
        let status = match unroutable {
            Unroutable::NotFound(_) => StatusCode::NOT_FOUND,
            Unroutable::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Unroutable::Address(_) | Unroutable::Parameter(_) => StatusCode::BAD_REQUEST,
        };
        Self::new(status, unroutable.to_string(), &help())
    }
}

/// What the interface does, for whoever asked for something else.
fn help() -> String {
    let mut help = String::new();
    for route in &ROUTES {
        let comma = if help.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(
            help,
            "{comma}{} /_reverify/v1/{}{}",
            route.method, route.path, route.query
        );
    }
    help
}

pub(super) fn json(value: &impl Serialize) -> Result<Reply, Refused> {
    let body = serde_json::to_vec(value).map_err(|error| Refused::defect(&error))?;
    Ok(Reply::json(StatusCode::OK, body))
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::bad(&format!("the body: {error}")))
}

fn check_phone_number(number: Option<&str>) -> Result<(), Refused> {
    match number {
        Some(number) if !cognito::is_phone_number(number) => Err(Refused::bad(&format!(
            "`{number}` is not a phone number: a plus sign and up to 15 digits"
        ))),
        _ => Ok(()),
    }
}
