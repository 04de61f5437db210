//! SES over the control interface: what AWS's people, DNS and recipients decide.
//!
//! Below `/_reverify/v1/ses/`, bodies are JSON in AWS's member names:
//!
//! - `PUT account`: `ProductionAccessEnabled`, `SendingEnabled`, `EnforcementStatus`,
//!   `SuppressedReasons`, `Max24HourSend`, `MaxSendRate`, those that are to change;
//! - `PUT identities/NAME`: `VerificationStatus`; an identity that is missing comes to be;
//! - `POST feedback`: `EmailAddress` and `FeedbackType` (`BOUNCE` or `COMPLAINT`), about the latest
//!   mail that SES delivered there;
//! - `GET` and `PUT event-rules`: a list of `LogGroupName` and, if not all, `DetailType`.

use axum::http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::control::{Refusal, Reply};
use super::ses::{Ses, SesException};

/// What this part of the interface does, for whoever asked for something else.
const HELP: &str = "PUT /_reverify/v1/ses/account, PUT /_reverify/v1/ses/identities/NAME, \
                    POST /_reverify/v1/ses/feedback, GET or PUT /_reverify/v1/ses/event-rules";

/// A request about SES that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SesCommand {
    Account,
    Identity(String),
    Feedback,
    EventRules,
    SetEventRules,
}

/// Reads a request; `rest` is the path behind `ses`.
pub(super) fn command(method: &Method, rest: &[&str]) -> Result<SesCommand, Refusal> {
    match (method, rest) {
        (&Method::PUT, ["account"]) => Ok(SesCommand::Account),
        (&Method::PUT, ["identities", name]) => {
            let name = percent_decode_str(name).decode_utf8_lossy();
            Ok(SesCommand::Identity(name.into_owned()))
        }
        (&Method::POST, ["feedback"]) => Ok(SesCommand::Feedback),
        (&Method::GET, ["event-rules"]) => Ok(SesCommand::EventRules),
        (&Method::PUT, ["event-rules"]) => Ok(SesCommand::SetEventRules),
        (_, ["account" | "feedback" | "event-rules"] | ["identities", _]) => Err(refusal(
            StatusCode::METHOD_NOT_ALLOWED,
            &format!("that is not answered to {method}"),
        )),
        _ => Err(refusal(
            StatusCode::NOT_FOUND,
            &"there is nothing at this path",
        )),
    }
}

/// Does what was asked.
pub(super) fn run(command: &SesCommand, ses: &Ses, body: &[u8]) -> Result<Reply, Refusal> {
    match command {
        SesCommand::Account => ses.change_account(&typed(body)?),
        SesCommand::Identity(name) => {
            let change = typed(body)?;
            ses.change_verification(name, &change).map_err(refused)?;
        }
        SesCommand::Feedback => ses.report(&typed(body)?).map_err(refused)?,
        SesCommand::EventRules => return json(&ses.event_rules()),
        SesCommand::SetEventRules => ses.set_event_rules(typed(body)?),
    }
    Ok(Reply::json(StatusCode::OK, b"{}".to_vec()))
}

fn typed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| refusal(StatusCode::BAD_REQUEST, &error))
}

fn json(value: &impl Serialize) -> Result<Reply, Refusal> {
    let body = serde_json::to_vec(value);
    let body = body.map_err(|error| refusal(StatusCode::INTERNAL_SERVER_ERROR, &error))?;
    Ok(Reply::json(StatusCode::OK, body))
}

fn refused(exception: SesException) -> Refusal {
    let status = StatusCode::from_u16(exception.status());
    refusal(status.unwrap_or(StatusCode::BAD_REQUEST), &exception)
}

fn refusal(status: StatusCode, error: &impl ToString) -> Refusal {
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
    fn reads_commands() {
        let cases: [(Method, &[&str], Result<SesCommand, u16>); 6] = [
            (Method::PUT, &["account"], Ok(SesCommand::Account)),
            (
                Method::PUT,
                &["identities", "ada%40example.com"],
                Ok(SesCommand::Identity("ada@example.com".to_owned())),
            ),
            (Method::POST, &["feedback"], Ok(SesCommand::Feedback)),
            (Method::GET, &["account"], Err(405)),
            (Method::GET, &["event-rules"], Ok(SesCommand::EventRules)),
            (Method::GET, &["mails"], Err(404)),
        ];
        for (method, rest, expected) in cases {
            let seen = command(&method, rest).map_err(|refusal| refusal.status.as_u16());
            assert_eq!(seen, expected, "{method} {rest:?}");
        }
    }
}
