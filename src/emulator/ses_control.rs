//! SES over the control interface: what AWS's people, DNS and recipients decide.

use axum::http::StatusCode;
use serde::Serialize;

use super::control::{Refused, Reply, json, read};
use super::ses::{Ses, SesException};
use crate::control::{Route, SesVerification};

/// What to ask instead.
const HELP: &str = "docs/control.md says what SES's routes take";

/// The answer `{}` to what was done and has nothing to tell.
#[derive(Serialize)]
struct Done {}

/// Answers the routes of SES; to any other it shows the event rules.
pub(super) fn run(route: &Route, ses: &Ses, body: &[u8]) -> Result<Reply, Refused> {
    match route {
        Route::SesAccount => ses.change_account(&read(body)?),
        Route::SesIdentity(name) => {
            let change: SesVerification = read(body)?;
            let changed = ses.change_verification(name, change);
            changed.map_err(|error| refused(&error))?;
        }
        Route::SesFeedback => {
            let told = ses.take_feedback(&read(body)?);
            return json(&told.map_err(|error| refused(&error))?);
        }
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
