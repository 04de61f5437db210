//! The pages behind the links of mails: a user's confirmation (COGNITO.md 5.3), and an address's
//! verification for SES.
//!
//! AWS serves it at the pool's domain: `https://DOMAIN/confirmUser/?client_id=..&user_name=..&
//! confirmation_code=..`. Path and query are the same here, at the emulator's own address.

use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use super::cognito::{self, Cognito, Exception};
use super::gate::{self, Asked, Cut};
use super::service::Service;
use super::ses::{self, Ses, VerificationLink};
use crate::model::AppClientId;

/// What a browser shows.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) html: String,
}

#[derive(Deserialize)]
struct Link {
    client_id: AppClientId,
    user_name: String,
    confirmation_code: String,
}

/// Confirms the user whose link was opened, and says how that went.
///
/// What AWS's pages say is not recorded but for the title of its error page \[R\]; that its status
/// is 400 is a guess.
///
/// Faults strike it as `ConfirmSignUp`, which it does, and as `confirmUser`.
///
/// # Errors
/// [`Cut`] if a fault cuts the connection.
pub(super) async fn open(cognito: &Cognito, uri: &Uri) -> Result<Page, Cut> {
    let Ok(Query(link)) = Query::<Link>::try_from_uri(uri) else {
        return Ok(Page::bad_request("invalid_request"));
    };
    // A plus sign that was not encoded reads as a space, which no username has.
    let username = link.user_name.replace(' ', "+");
    let code = &link.confirmation_code;
    let asked = || Asked {
        service: Service::UserPools,
        operations: ["ConfirmSignUp", "confirmUser"].map(str::to_owned).into(),
        pool: cognito
            .client(&link.client_id)
            .ok()
            .map(|(pool, _)| pool.id.clone()),
        addresses: vec![username.clone()],
        caller: None,
        denial: None,
    };
    let page = gate::pass(cognito, asked, async |_| {
        let confirmed = cognito::confirm_by_link(cognito, &link.client_id, &username, code).await;
        Ok(match confirmed {
            Ok(()) => Page::new(
                StatusCode::OK,
                "Confirmed",
                "Your registration has been confirmed!",
            ),
            Err(refused) => Page::bad_request(&reason(&refused)),
        })
    });
    gate::answered(page.await)
}

/// Verifies the address whose link was opened, and says how that went; the words are not AWS's.
pub(super) fn verify_identity(ses: &Ses, link: &VerificationLink) -> Page {
    if ses::open_verification_link(ses, link) {
        let title = "Congratulations!";
        return Page::new(StatusCode::OK, title, "The email address is verified.");
    }
    Page::bad_request("The link was used already, or is older than 24 hours.")
}

/// What the person can know: not whether a client or a user exists.
fn reason(refused: &Exception) -> String {
    match refused {
        Exception::ResourceNotFound { .. } | Exception::UserOfClientNotFound => {
            "invalid_request".to_owned()
        }
        refused => refused.to_string(),
    }
}

impl Page {
    fn bad_request(reason: &str) -> Self {
        Self::failed(StatusCode::BAD_REQUEST, reason)
    }

    /// The page of an error.
    pub(super) fn failed(status: StatusCode, reason: &str) -> Self {
        let title = "An error was encountered with the requested page.";
        Self::new(status, title, reason)
    }

    fn new(status: StatusCode, title: &str, text: &str) -> Self {
        let (title, text) = (cognito::escaped(title), cognito::escaped(text));
        let html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
             <title>{title}</title></head>\n<body><h1>{title}</h1><p>{text}</p></body>\n</html>\n"
        );
        Self { status, html }
    }
}
