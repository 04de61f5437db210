//! The routes of the interface: read by the emulator, written by the client, listed for people.

use std::borrow::Cow;

use url::form_urlencoded;

use super::FaultId;
use super::routes::ROUTES;
use crate::model::{EmailAddress, InvalidAddress};

/// The path that AWS does not use, and under which the interface lives.
const ROOT: &str = "_reverify";
/// The version that this crate speaks.
const VERSION: &str = "v1";

/// A request of the interface, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Lists the mails that arrived.
    Mails(Query<EmailAddress>),
    /// Gives one mail's bytes.
    RawMail(String),
    /// Lists the text messages that were sent, to a phone number or to all.
    Sms(Query<String>),
    /// Brings back the state of the start.
    Reset,
    /// Shows the clock.
    Clock,
    /// Moves the clock forward; the body is a [`ClockMove`](super::ClockMove).
    MoveClock,
    /// Lists the faults.
    Faults,
    /// Injects a fault; the body is a [`Fault`](super::Fault).
    AddFault,
    /// Removes all faults.
    ClearFaults,
    /// Removes one fault.
    RemoveFault(FaultId),
    /// Shows the quotas.
    Quotas,
    /// Sets the quotas; the body is [`Quotas`](super::Quotas).
    SetQuotas,
    /// Tells how much the log groups hold.
    Logs,
    /// Shows where the trail of API calls goes, and how much of the event history is held.
    Trail,
    /// Sets where it goes; the body is [`TrailSettings`](super::TrailSettings).
    SetTrail,
    /// Changes the SES account; the body is [`SesAccount`](super::SesAccount).
    SesAccount,
    /// Changes an SES identity; the body is [`SesVerification`](super::SesVerification).
    SesIdentity(String),
    /// A recipient complains or bounces; the body is [`SesFeedback`](super::SesFeedback).
    SesFeedback,
    /// Shows where SES's events go.
    SesEventRules,
    /// Sets where they go; the body is a list of [`SesEventRule`](super::SesEventRule).
    SetSesEventRules,
    /// Lists the functions.
    Functions,
    /// Deploys a function; the body is a [`FunctionDefinition`](super::FunctionDefinition).
    DeployFunction(String),
    /// Removes a function.
    RemoveFunction(String),
    /// Gives what a function wrote.
    FunctionLog(String),
    /// Tells how often a function was invoked, and with what.
    FunctionInvocations(String),
}

/// Which messages are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query<T> {
    /// Those to this recipient only.
    pub to: Option<T>,
    /// The newest alone.
    pub latest: bool,
}

impl<T> Query<T> {
    /// All messages.
    pub fn all() -> Self {
        Self {
            to: None,
            latest: false,
        }
    }

    /// Those to this recipient.
    pub fn to(recipient: T) -> Self {
        Self {
            to: Some(recipient),
            latest: false,
        }
    }

    /// The newest of them alone.
    #[must_use]
    pub fn latest(self) -> Self {
        Self {
            latest: true,
            ..self
        }
    }
}

/// Why a request below the interface's path is none of its requests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unroutable {
    /// The path is unknown.
    #[error("there is nothing at {0}")]
    NotFound(String),
    /// The path is known, but not with this method.
    #[error("{path} is not answered to {method}")]
    Method {
        /// The path.
        path: String,
        /// The request's method.
        method: String,
    },
    /// A recipient that is no address.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// A query's parameter or value that is not known.
    #[error("{0}")]
    Parameter(String),
}

impl Route {
    /// Reads a request's method, path and query; nothing if the path is not the interface's.
    ///
    /// Empty segments are skipped: a client may join an address that ends in `/` and a path that
    /// begins with one.
    pub fn read(method: &str, path: &str, query: Option<&str>) -> Option<Result<Self, Unroutable>> {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let segments = segments.strip_prefix(&[ROOT])?;
        let below = segments.strip_prefix(&[VERSION]).unwrap_or_default();
        Some(
            Self::below(method, below, query.unwrap_or_default()).unwrap_or_else(|| {
                let path = path.to_owned();
                Err(if ROUTES.iter().any(|entry| entry.has_shape(below)) {
                    let method = method.to_owned();
                    Unroutable::Method { path, method }
                } else {
                    Unroutable::NotFound(path)
                })
            }),
        )
    }

    /// Reads a path below the version; nothing if method and path together are unknown.
    fn below(method: &str, segments: &[&str], query: &str) -> Option<Result<Self, Unroutable>> {
        Some(Ok(match (method, segments) {
            ("GET", ["mails"]) => {
                return Some(parameters(query).and_then(|Query { to, latest }| {
                    let to = to.map(|to| to.parse()).transpose()?;
                    Ok(Self::Mails(Query { to, latest }))
                }));
            }
            ("GET", ["mails", id, "raw"]) => Self::RawMail(decoded(id)),
            ("GET", ["sms"]) => return Some(parameters(query).map(Self::Sms)),
            ("POST", ["reset"]) => Self::Reset,
            ("GET", ["clock"]) => Self::Clock,
            ("PUT" | "POST", ["clock"]) => Self::MoveClock,
            ("GET", ["faults"]) => Self::Faults,
            ("POST", ["faults"]) => Self::AddFault,
            ("DELETE", ["faults"]) => Self::ClearFaults,
            ("DELETE", ["faults", id]) => Self::RemoveFault(FaultId(id.parse().ok()?)),
            ("GET", ["quotas"]) => Self::Quotas,
            ("PUT", ["quotas"]) => Self::SetQuotas,
            ("GET", ["logs"]) => Self::Logs,
            ("GET", ["cloudtrail"]) => Self::Trail,
            ("PUT", ["cloudtrail"]) => Self::SetTrail,
            ("PUT", ["ses", "account"]) => Self::SesAccount,
            ("PUT", ["ses", "identities", name]) => Self::SesIdentity(decoded(name)),
            ("POST", ["ses", "feedback"]) => Self::SesFeedback,
            ("GET", ["ses", "event-rules"]) => Self::SesEventRules,
            ("PUT", ["ses", "event-rules"]) => Self::SetSesEventRules,
            ("GET", ["functions"]) => Self::Functions,
            ("PUT", ["functions", name]) => Self::DeployFunction(decoded(name)),
            ("DELETE", ["functions", name]) => Self::RemoveFunction(decoded(name)),
            ("GET", ["functions", name, "log"]) => Self::FunctionLog(decoded(name)),
            ("GET", ["functions", name, "invocations"]) => Self::FunctionInvocations(decoded(name)),
            _ => return None,
        }))
    }

    /// The HTTP method.
    pub fn method(&self) -> &'static str {
        match self {
            Self::Reset | Self::AddFault | Self::SesFeedback => "POST",
            Self::MoveClock
            | Self::SetQuotas
            | Self::SetTrail
            | Self::SesAccount
            | Self::SesIdentity(_)
            | Self::SetSesEventRules
            | Self::DeployFunction(_) => "PUT",
            Self::ClearFaults | Self::RemoveFault(_) | Self::RemoveFunction(_) => "DELETE",
            _ => "GET",
        }
    }

    /// Path and query, from the root of the server.
    pub fn path(&self) -> String {
        let below: Cow<'static, str> = match self {
            Self::Mails(query) => format!("mails{}", query_text(query)).into(),
            Self::RawMail(id) => format!("mails/{}/raw", encoded(id)).into(),
            Self::Sms(query) => format!("sms{}", query_text(query)).into(),
            Self::Reset => "reset".into(),
            Self::Clock | Self::MoveClock => "clock".into(),
            Self::Faults | Self::AddFault | Self::ClearFaults => "faults".into(),
            Self::RemoveFault(id) => format!("faults/{id}").into(),
            Self::Quotas | Self::SetQuotas => "quotas".into(),
            Self::Logs => "logs".into(),
            Self::Trail | Self::SetTrail => "cloudtrail".into(),
            Self::SesAccount => "ses/account".into(),
            Self::SesIdentity(name) => format!("ses/identities/{}", encoded(name)).into(),
            Self::SesFeedback => "ses/feedback".into(),
            Self::SesEventRules | Self::SetSesEventRules => "ses/event-rules".into(),
            Self::Functions => "functions".into(),
            Self::DeployFunction(name) | Self::RemoveFunction(name) => {
                format!("functions/{}", encoded(name)).into()
            }
            Self::FunctionLog(name) => format!("functions/{}/log", encoded(name)).into(),
            Self::FunctionInvocations(name) => {
                format!("functions/{}/invocations", encoded(name)).into()
            }
        };
        format!("/{ROOT}/{VERSION}/{below}")
    }

    /// Whether answering it changes the emulator.
    pub fn changes(&self) -> bool {
        self.method() != "GET"
    }
}

/// Reads `to` and `latest` out of a query.
fn parameters(query: &str) -> Result<Query<String>, Unroutable> {
    let mut read = Query::all();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, &*value) {
            // A plus sign means a space in a query, and addresses and numbers are typed with one;
            // none has a space.
            ("to", address) => read.to = Some(address.replace(' ', "+")),
            ("latest", "1" | "true") => read.latest = true,
            ("latest", "0" | "false") => read.latest = false,
            ("latest", other) => {
                let error = format!("latest={other} is neither 1 nor 0");
                return Err(Unroutable::Parameter(error));
            }
            (other, _) => {
                return Err(Unroutable::Parameter(format!(
                    "there is no parameter `{other}`"
                )));
            }
        }
    }
    Ok(read)
}

fn query_text<T: ToString>(query: &Query<T>) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    if let Some(to) = &query.to {
        text.append_pair("to", &to.to_string());
    }
    if query.latest {
        text.append_pair("latest", "1");
    }
    let text = text.finish();
    if text.is_empty() {
        text
    } else {
        format!("?{text}")
    }
}

/// A name as one segment of a path. What is written for a query may stand in a path too, but for the
/// plus sign, which means a space in queries alone.
fn encoded(name: &str) -> String {
    let text: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    text.replace('+', "%20")
}

fn decoded(segment: &str) -> String {
    let text = format!("={}", segment.replace('+', "%2B"));
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(_, name)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_writes_the_emulator_reads() {
        let ada: EmailAddress = "ada+t@b.c".parse().unwrap();
        let name = || "a b/c+é".to_owned();
        let routes = [
            Route::Mails(Query::all()),
            Route::Mails(Query::to(ada).latest()),
            Route::RawMail(name()),
            Route::Sms(Query::to("+4912345".to_owned())),
            Route::Reset,
            Route::Clock,
            Route::MoveClock,
            Route::Faults,
            Route::AddFault,
            Route::ClearFaults,
            Route::RemoveFault(FaultId(7)),
            Route::Quotas,
            Route::SetQuotas,
            Route::Logs,
            Route::Trail,
            Route::SetTrail,
            Route::SesAccount,
            Route::SesIdentity(name()),
            Route::SesFeedback,
            Route::SesEventRules,
            Route::SetSesEventRules,
            Route::Functions,
            Route::DeployFunction(name()),
            Route::RemoveFunction(name()),
            Route::FunctionLog(name()),
            Route::FunctionInvocations(name()),
        ];
        for route in routes {
            let path = route.path();
            let (path, query) = path.split_once('?').unwrap_or((&path, ""));
            let read = Route::read(route.method(), path, Some(query));
            assert_eq!(read, Some(Ok(route)));
        }
    }

    #[test]
    fn reads_what_people_type_and_says_what_it_does_not_understand() {
        let tagged = || Route::Mails(Query::to("a+t@b.c".parse().unwrap()).latest());
        for (path, query) in [
            ("/_reverify/v1//mails", "to=a+t@b.c&latest=1"),
            ("//_reverify/v1/mails/", "to=a%2Bt%40b.c&latest=true"),
        ] {
            let read = Route::read("GET", path, Some(query));
            assert_eq!(read, Some(Ok(tagged())), "{path}");
        }
        assert_eq!(Route::read("GET", "/favicon.ico", None), None);
        let cases = [
            ("GET", "mails?to=foo", "`foo` is not an e-mail address"),
            ("GET", "mails?latest=yes", "latest=yes"),
            ("GET", "mails?from=a@b.c", "no parameter `from`"),
            ("GET", "reset", "not answered to GET"),
            ("DELETE", "mails", "not answered to DELETE"),
            ("DELETE", "faults/x", "not answered to DELETE"),
            ("GET", "nothing", "nothing at"),
            ("GET", "", "nothing at"),
        ];
        for (method, below, expected) in cases {
            let (path, query) = below.split_once('?').unwrap_or((below, ""));
            let path = format!("/_reverify/v1/{path}");
            let error = Route::read(method, &path, Some(query))
                .unwrap()
                .unwrap_err();
            assert!(error.to_string().contains(expected), "{below}: {error}");
        }
        for path in ["/_reverify/v2/mails", "/_reverify"] {
            let error = Route::read("GET", path, None).unwrap().unwrap_err();
            assert_eq!(error, Unroutable::NotFound(path.to_owned()));
        }
    }
}
