//! The emulator's own interface below `/_reverify/v1/`: read the mails, start afresh, deploy
//! functions.

use std::sync::Arc;

use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde::Serialize;

use super::MailView;
use super::cognito::{self, Cognito, SeedPool};
use super::function_control::{self, FunctionCommand};
use super::lambda::Function;
use super::server::EmulatorError;
use crate::model::EmailAddress;

/// What the interface does, for whoever asked for something else.
const HELP: &str = "GET /_reverify/v1/mails (?to=ADDRESS, &latest=1), \
                    GET /_reverify/v1/mails/ID/raw, \
                    GET /_reverify/v1/sms (?to=+PHONE, &latest=1), POST /_reverify/v1/reset, \
                    GET /_reverify/v1/functions, PUT or DELETE /_reverify/v1/functions/NAME, \
                    GET /_reverify/v1/functions/NAME/log, GET /_reverify/v1/logs";

/// The control interface's state: what a reset brings back, and the view of the mails.
pub(super) struct Control {
    cognito: Arc<Cognito>,
    seeds: Vec<SeedPool>,
    functions: Vec<Function>,
    mails: Arc<dyn MailView>,
    is_local: bool,
}

/// An answer of the control interface.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) content_type: HeaderValue,
    pub(super) body: Vec<u8>,
}

/// A request that cannot be answered, and what to ask instead.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Refusal {
    #[serde(skip)]
    pub(super) status: StatusCode,
    pub(super) error: String,
    pub(super) help: String,
}

/// A request that was understood.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Mails {
        to: Option<EmailAddress>,
        latest: bool,
    },
    Raw {
        id: String,
    },
    Sms {
        to: Option<String>,
        latest: bool,
    },
    Reset,
    Logs,
    Functions(FunctionCommand),
}

impl Control {
    /// Prepares the interface; `seeds` and `functions` are what exists at the start. `is_local` says
    /// whether the emulator listens on loopback alone.
    pub(super) fn new(
        cognito: Arc<Cognito>,
        seeds: Vec<SeedPool>,
        functions: Vec<Function>,
        mails: Arc<dyn MailView>,
        is_local: bool,
    ) -> Self {
        Self {
            cognito,
            seeds,
            functions,
            mails,
            is_local,
        }
    }

    /// Makes the starting pools and functions, and nothing else, exist.
    ///
    /// # Errors
    /// What the API would answer to the same settings.
    pub(super) fn plant(&self) -> Result<(), EmulatorError> {
        let host = &self.cognito.triggers.host;
        host.clear();
        self.cognito.logs.clear();
        for function in &self.functions {
            host.deploy(function.clone())?;
        }
        let planted = cognito::plant(&self.cognito, &self.seeds);
        planted.map_err(|refusal| EmulatorError::Starting(refusal.to_string()))
    }

    /// Answers a request, or nothing if it is not for this interface.
    pub(super) fn answer(&self, head: &Parts, body: &[u8]) -> Option<Reply> {
        let command = command(&head.method, &head.uri)?;
        Some(
            command
                .and_then(|command| self.run(command, &head.headers, body))
                .unwrap_or_else(|refusal| {
                    let body = serde_json::to_vec(&refusal).unwrap_or_default();
                    Reply::json(refusal.status, body)
                }),
        )
    }

    fn run(&self, command: Command, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
        match command {
            Command::Functions(command) => {
                let host = &self.cognito.triggers.host;
                function_control::run(command, host, self.is_local, headers, body)
            }
            Command::Mails { to, latest } => {
                let mails = self.mails.mails(to.as_ref(), latest);
                let body = serde_json::to_vec(&mails).map_err(|error| failed(&error))?;
                Ok(Reply::json(StatusCode::OK, body))
            }
            Command::Raw { id } => {
                let raw = self.mails.raw(&id).ok_or_else(|| Refusal {
                    status: StatusCode::NOT_FOUND,
                    error: format!("there is no mail with the id `{id}`"),
                    help: "GET /_reverify/v1/mails lists the mails with their ids".to_owned(),
                })?;
                Ok(Reply {
                    status: StatusCode::OK,
                    content_type: HeaderValue::from_static("message/rfc822"),
                    body: raw.to_vec(),
                })
            }
            Command::Sms { to, latest } => {
                let messages = self.cognito.sms.messages(to.as_deref(), latest);
                let body = serde_json::to_vec(&messages).map_err(|error| failed(&error))?;
                Ok(Reply::json(StatusCode::OK, body))
            }
            Command::Logs => {
                let usage = self.cognito.logs.usage();
                let body = serde_json::to_vec(&usage).map_err(|error| failed(&error))?;
                Ok(Reply::json(StatusCode::OK, body))
            }
            Command::Reset => {
                self.plant().map_err(|error| failed(&error))?;
                self.mails.forget();
                self.cognito.sms.forget();
                Ok(Reply::json(StatusCode::OK, b"{}".to_vec()))
            }
        }
    }
}

impl Reply {
    pub(super) fn json(status: StatusCode, body: Vec<u8>) -> Self {
        let content_type = HeaderValue::from_static("application/json");
        Self {
            status,
            content_type,
            body,
        }
    }
}

/// Reads a request; nothing if its path is not below the interface.
///
/// Empty segments are skipped: a client may join an address that ends in `/` and a path that
/// begins with one.
fn command(method: &Method, uri: &Uri) -> Option<Result<Command, Refusal>> {
    let segments: Vec<&str> = uri
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let rest = segments.strip_prefix(&["_reverify"])?;
    if let ["v1", "functions", rest @ ..] = rest {
        return Some(function_control::command(method, rest).map(Command::Functions));
    }
    let (wanted, command) = match rest {
        ["v1", "mails"] => (Method::GET, mails(uri)),
        ["v1", "mails", id, "raw"] => (
            Method::GET,
            Ok(Command::Raw {
                id: (*id).to_owned(),
            }),
        ),
        ["v1", "sms"] => (Method::GET, sms(uri)),
        ["v1", "logs"] => (Method::GET, Ok(Command::Logs)),
        ["v1", "reset"] => (Method::POST, Ok(Command::Reset)),
        _ => {
            return Some(Err(Refusal {
                status: StatusCode::NOT_FOUND,
                error: format!("there is nothing at {}", uri.path()),
                help: HELP.to_owned(),
            }));
        }
    };
    if *method != wanted {
        return Some(Err(Refusal {
            status: StatusCode::METHOD_NOT_ALLOWED,
            error: format!("{} is not answered to {method}", uri.path()),
            help: HELP.to_owned(),
        }));
    }
    Some(command)
}

fn mails(uri: &Uri) -> Result<Command, Refusal> {
    let (to, latest) = parameters(uri)?;
    let to = to.map(|address| address.parse::<EmailAddress>());
    let to = to.transpose().map_err(|error| bad(error.to_string()))?;
    Ok(Command::Mails { to, latest })
}

fn sms(uri: &Uri) -> Result<Command, Refusal> {
    let (to, latest) = parameters(uri)?;
    match to {
        Some(number) if !cognito::is_phone_number(&number) => Err(bad(format!(
            "`{number}` is not a phone number: a plus sign and up to 15 digits"
        ))),
        to => Ok(Command::Sms { to, latest }),
    }
}

/// Reads `to` and `latest` out of a query.
fn parameters(uri: &Uri) -> Result<(Option<String>, bool), Refusal> {
    let Query(parameters) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| bad("the query is not one of NAME=VALUE".to_owned()))?;
    let (mut to, mut latest) = (None, false);
    for (name, value) in parameters {
        match (name.as_str(), value.as_str()) {
            // A plus sign means a space in a query, and addresses and numbers are typed with one;
            // none has a space.
            ("to", address) => to = Some(address.replace(' ', "+")),
            ("latest", "1" | "true") => latest = true,
            ("latest", "0" | "false") => latest = false,
            ("latest", other) => return Err(bad(format!("latest={other} is neither 1 nor 0"))),
            (other, _) => return Err(bad(format!("there is no parameter `{other}`"))),
        }
    }
    Ok((to, latest))
}

fn bad(error: String) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        error,
        help: HELP.to_owned(),
    }
}

fn failed(error: &impl ToString) -> Refusal {
    Refusal {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        error: error.to_string(),
        help: "this is a defect of the emulator, please report it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &Method, path: &str) -> Option<Result<Command, (u16, String)>> {
        let refusal = |refusal: Refusal| (refusal.status.as_u16(), refusal.error);
        command(method, &path.parse().unwrap()).map(|command| command.map_err(refusal))
    }

    fn mails_to(to: Option<&str>, latest: bool) -> Command {
        let to = to.map(|to| to.parse().unwrap());
        Command::Mails { to, latest }
    }

    #[test]
    fn reads_commands() {
        let tagged = || mails_to(Some("a+t@b.c"), true);
        let raw = Command::Raw { id: "7".to_owned() };
        let cases = [
            (Method::GET, "/_reverify/v1/mails", mails_to(None, false)),
            (
                Method::GET,
                "/_reverify/v1//mails?to=a+t@b.c&latest=1",
                tagged(),
            ),
            (
                Method::GET,
                "//_reverify/v1/mails/?to=a%2Bt%40b.c&latest=true",
                tagged(),
            ),
            (Method::GET, "/_reverify/v1/mails/7/raw", raw),
            (
                Method::GET,
                "/_reverify/v1/sms?to=+4912345&latest=1",
                Command::Sms {
                    to: Some("+4912345".to_owned()),
                    latest: true,
                },
            ),
            (Method::POST, "/_reverify/v1/reset", Command::Reset),
            (Method::GET, "/_reverify/v1/logs", Command::Logs),
        ];
        for (method, path, command) in cases {
            assert_eq!(read(&method, path), Some(Ok(command)), "{path}");
        }
        assert_eq!(read(&Method::GET, "/favicon.ico"), None);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        let cases = [
            (
                Method::GET,
                "/_reverify/v1/mails?to=foo",
                400,
                "`foo` is not an e-mail address",
            ),
            (
                Method::GET,
                "/_reverify/v1/mails?latest=yes",
                400,
                "latest=yes",
            ),
            (
                Method::GET,
                "/_reverify/v1/sms?to=4912345",
                400,
                "`4912345` is not a phone number",
            ),
            (
                Method::GET,
                "/_reverify/v1/mails?from=a@b.c",
                400,
                "no parameter `from`",
            ),
            (
                Method::GET,
                "/_reverify/v1/reset",
                405,
                "not answered to GET",
            ),
            (
                Method::DELETE,
                "/_reverify/v1/mails",
                405,
                "not answered to DELETE",
            ),
            (Method::GET, "/_reverify/v2/mails", 404, "nothing at"),
            (Method::GET, "/_reverify", 404, "nothing at"),
        ];
        for (method, path, status, expected) in cases {
            let (seen, error) = read(&method, path).unwrap().unwrap_err();
            assert_eq!(seen, status, "{path}");
            assert!(error.contains(expected), "{path}: {error}");
        }
    }
}
