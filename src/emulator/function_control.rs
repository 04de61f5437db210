//! Functions over the control interface: what is deployed, deploying, removing, reading logs.
//!
//! A function is a command that this program starts, so that whoever may deploy one may run
//! anything. Only programs of this machine may: the emulator has to listen on loopback, and a
//! request that a browser sends for a web page is refused, by its `Origin` or, where a foreign name
//! was made to mean this machine, by its `Host`.

use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::caller;
use super::control::{Refused, Reply, json};
use super::function_definition;
use super::lambda::{FunctionName, Host};
use crate::control::{FunctionDefinition, FunctionSummary, Route};

/// What to ask instead.
const HELP: &str = "GET /_reverify/v1/functions lists the functions";

/// Answers the routes of functions; to any other it says that it has none. `is_local` says whether
/// the emulator listens on loopback alone.
pub(super) fn run(
    route: &Route,
    host: &Host,
    is_local: bool,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Reply, Refused> {
    match route {
        Route::DeployFunction(name) => {
            caller::check_program(is_local, headers)?;
            deploy(host, &named(name)?, body)
        }
        Route::RemoveFunction(name) => {
            caller::check_program(is_local, headers)?;
            let name = named(name)?;
            if host.remove(&name) {
                json(&())
            } else {
                Err(unknown(&name))
            }
        }
        Route::FunctionLog(name) => {
            let name = named(name)?;
            let log = host.log(&name).ok_or_else(|| unknown(&name))?;
            let lines = log.events().into_iter().map(|event| event.message);
            Ok(Reply {
                status: StatusCode::OK,
                content_type: HeaderValue::from_static("text/plain; charset=utf-8"),
                body: lines.collect::<String>().into_bytes(),
            })
        }
        Route::FunctionInvocations(name) => {
            let name = named(name)?;
            let invocations = host.invocations(&name).ok_or_else(|| unknown(&name))?;
            json(&invocations.told())
        }
        _ => {
            let functions = host.functions().into_iter();
            let functions: Vec<_> = functions.map(|name| summary(host, &name)).collect();
            json(&functions)
        }
    }
}

fn deploy(host: &Host, name: &FunctionName, body: &[u8]) -> Result<Reply, Refused> {
    let bad = |error: &dyn ToString| refused(StatusCode::BAD_REQUEST, error);
    let definition = serde_json::from_slice::<FunctionDefinition>(body);
    let definition = definition.map_err(|error| bad(&error))?;
    let function = function_definition::function(definition, name.clone());
    let function = function.map_err(|error| bad(&error))?;
    host.deploy(function).map_err(|error| bad(&error))?;
    json(&summary(host, name))
}

fn summary(host: &Host, name: &FunctionName) -> FunctionSummary {
    FunctionSummary {
        function_arn: host.arn(name),
        function_name: name.to_string(),
    }
}

fn named(name: &str) -> Result<FunctionName, Refused> {
    FunctionName::parse(name).map_err(|error| refused(StatusCode::BAD_REQUEST, &error))
}

fn unknown(name: &FunctionName) -> Refused {
    let error = format!("there is no function `{name}`");
    refused(StatusCode::NOT_FOUND, &error)
}

fn refused(status: StatusCode, error: &(impl ToString + ?Sized)) -> Refused {
    Refused::new(status, error.to_string(), HELP)
}
