//! SES over the control interface: what AWS's people, DNS and recipients decide.
//!
//! Bodies are JSON in AWS's member names; `docs/control.md` lists them.

use axum::http::StatusCode;

use super::control::{Done, Refused, Reply, json, read};
use super::ses::{Ses, SesException};
use crate::control::Route;

/// What to ask instead.
const HELP: &str = "docs/control.md describes the routes below /_reverify/v1/ses/";

/// Answers the routes of SES; any other gives the event rules.
pub(super) fn run(route: &Route, ses: &Ses, body: &[u8]) -> Result<Reply, Refused> {
    match route {
        Route::SesAccount => ses.change_account(&read(body)?),
        Route::SesIdentity(name) => {
            let change = read(body)?;
            ses.change_verification(name, &change)
                .map_err(|exception| refused(&exception))?;
        }
        Route::SesFeedback => ses
            .report(&read(body)?)
            .map_err(|exception| refused(&exception))?,
        Route::SetSesEventRules => ses.set_event_rules(read(body)?),
        _ => return json(&ses.event_rules()),
    }
    json(&Done {})
}

fn refused(exception: &SesException) -> Refused {
    let status = StatusCode::from_u16(exception.status());
    let status = status.unwrap_or(StatusCode::BAD_REQUEST);
    Refused::new(status, exception.to_string(), HELP)
}
