//! Functions over the control interface: what is deployed, deploying, removing, reading logs.
//!
//! A function is a command that this program starts, so that whoever may deploy one may run
//! anything. Only programs of this machine may: the emulator has to listen on loopback, and a
//! request that a browser sends for a web page is refused, by its `Origin` or, where a foreign name
//! was made to mean this machine, by its `Host`.

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde::Serialize;

use super::control::{Refusal, Reply};
use super::function_definition::FunctionDefinition;
use super::lambda::{FunctionName, Host};

/// What this part of the interface does, for whoever asked for something else.
const HELP: &str = "GET /_reverify/v1/functions, PUT or DELETE /_reverify/v1/functions/NAME, \
                    GET /_reverify/v1/functions/NAME/log";

/// A request about functions that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FunctionCommand {
    List,
    Deploy(FunctionName),
    Remove(FunctionName),
    Log(FunctionName),
}

/// A function as the list shows it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionSummary {
    function_name: String,
    function_arn: String,
}

/// Reads a request; `rest` is the path behind `functions`.
pub(super) fn command(method: &Method, rest: &[&str]) -> Result<FunctionCommand, Refusal> {
    let name = |name: &str| {
        FunctionName::parse(name).map_err(|error| refusal(StatusCode::BAD_REQUEST, &error))
    };
    match (method, rest) {
        (&Method::GET, []) => Ok(FunctionCommand::List),
        (&Method::PUT, [function]) => Ok(FunctionCommand::Deploy(name(function)?)),
        (&Method::DELETE, [function]) => Ok(FunctionCommand::Remove(name(function)?)),
        (&Method::GET, [function, "log"]) => Ok(FunctionCommand::Log(name(function)?)),
        (_, [] | [_] | [_, "log"]) => Err(refusal(
            StatusCode::METHOD_NOT_ALLOWED,
            &format!("that is not answered to {method}"),
        )),
        _ => Err(refusal(
            StatusCode::NOT_FOUND,
            &"there is nothing at this path",
        )),
    }
}

/// Does what was asked. `is_local` says whether the emulator listens on loopback alone.
pub(super) fn run(
    command: FunctionCommand,
    host: &Host,
    is_local: bool,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Reply, Refusal> {
    match command {
        FunctionCommand::List => {
            let functions: Vec<_> = host
                .functions()
                .into_iter()
                .map(|name| FunctionSummary {
                    function_arn: host.arn(&name),
                    function_name: name.to_string(),
                })
                .collect();
            json(&functions)
        }
        FunctionCommand::Deploy(name) => {
            check_caller(is_local, headers)?;
            let bad = |error: &dyn ToString| refusal(StatusCode::BAD_REQUEST, error);
            let definition = serde_json::from_slice::<FunctionDefinition>(body);
            let definition = definition.map_err(|error| bad(&error))?;
            let function = definition
                .function(name.clone())
                .map_err(|error| bad(&error))?;
            host.deploy(function).map_err(|error| bad(&error))?;
            json(&FunctionSummary {
                function_arn: host.arn(&name),
                function_name: name.to_string(),
            })
        }
        FunctionCommand::Remove(name) => {
            check_caller(is_local, headers)?;
            if host.remove(&name) {
                json(&())
            } else {
                Err(unknown(&name))
            }
        }
        FunctionCommand::Log(name) => {
            let log = host.log(&name).ok_or_else(|| unknown(&name))?;
            let lines = log.events().into_iter().map(|event| event.message);
            Ok(Reply {
                status: StatusCode::OK,
                content_type: HeaderValue::from_static("text/plain; charset=utf-8"),
                body: lines.collect::<String>().into_bytes(),
            })
        }
    }
}

/// Refuses whoever is not a program of this machine.
fn check_caller(is_local: bool, headers: &HeaderMap) -> Result<(), Refusal> {
    let why = if !is_local {
        "functions are deployed at an emulator that listens on loopback alone"
    } else if headers.contains_key(ORIGIN) {
        "functions are not deployed from a web page"
    } else if !headers.get(HOST).is_some_and(is_loopback) {
        "functions are deployed by a URL with localhost or a loopback address"
    } else {
        return Ok(());
    };
    Err(refusal(StatusCode::FORBIDDEN, &why))
}

fn is_loopback(host: &HeaderValue) -> bool {
    let authority = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| {
        let host = authority.host().trim_matches(['[', ']']);
        host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

fn json(value: &impl Serialize) -> Result<Reply, Refusal> {
    let body = serde_json::to_vec(value);
    let body = body.map_err(|error| refusal(StatusCode::INTERNAL_SERVER_ERROR, &error))?;
    Ok(Reply::json(StatusCode::OK, body))
}

fn unknown(name: &FunctionName) -> Refusal {
    let error = format!("there is no function `{name}`");
    refusal(StatusCode::NOT_FOUND, &error)
}

fn refusal(status: StatusCode, error: &(impl ToString + ?Sized)) -> Refusal {
    Refusal {
        status,
        error: error.to_string(),
        help: HELP.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_this_machine_deploy() {
        type Headers = &'static [(&'static str, &'static str)];
        let cases: [(bool, Headers, bool); 8] = [
            (true, &[("host", "127.0.0.1:4000")], true),
            (true, &[("host", "localhost:4000")], true),
            (true, &[("host", "[::1]:4000")], true),
            (false, &[("host", "127.0.0.1:4000")], false),
            (
                true,
                &[
                    ("host", "127.0.0.1:4000"),
                    ("origin", "https://example.com"),
                ],
                false,
            ),
            (true, &[("host", "rebound.example.com:4000")], false),
            (true, &[("host", "127.0.0.1.example.com")], false),
            (true, &[], false),
        ];
        for (is_local, pairs, allowed) in cases {
            let headers = pairs.iter().map(|(name, value)| {
                let name = name.parse::<axum::http::HeaderName>().unwrap();
                (name, HeaderValue::from_static(value))
            });
            let checked = check_caller(is_local, &headers.collect());
            assert_eq!(checked.is_ok(), allowed, "{is_local} {pairs:?}");
        }
    }
}
