//! Answers that look like a promise and are none.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Call, Evidence, Gap, SourceName, User, mask_fits};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_user};

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "resend-to-deleted-user-simulated",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the code was asked for again for a user who is gone, and the promise was simulated",
        meaning: "With PreventUserExistenceErrors ENABLED, ResendConfirmationCode answers for a user \
                  who does not exist as if a code went out, with an invented destination.",
        fix: "call SignUp after a deletion, not a resend; test with an app client whose \
              PreventUserExistenceErrors is LEGACY",
        sources: &[
            "Cognito guide: managing error responses",
            "gh:aws-amplify/aws-sdk-ios#4837",
        ],
        rule: resend_to_deleted_user,
    },
    Cause {
        id: "forgot-password-simulated",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "no code can be sent for this user's password, and the promise was simulated",
        meaning: "ForgotPassword answers with success for a user who does not exist, is disabled or \
                  has no verified address. A user with a temporary password gets no code either.",
        fix: "verify the address first, or let an administrator set a password",
        sources: &[
            "Cognito guide: managing error responses",
            "gh:aws-amplify/amplify-js#5783",
        ],
        rule: forgot_password_simulated,
    },
    Cause {
        id: "client-swallowed-error",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Likely,
        title: "the application hid Cognito's answer, or never sent the request",
        meaning: "A front end said that a code is on its way although Cognito had refused.",
        fix: "log `__type` and `message` of the answer in the application",
        sources: &[
            "gh:aws-amplify/amplify-js#4489",
            "gh:aws-amplify/amplify-js#6286",
        ],
        rule: client_swallowed_error,
    },
];

/// Whether the promise is for a user who can have a mail.
enum Standing<'a> {
    Gone,
    Disabled(&'a User),
    Good(&'a User),
}

fn standing(found: Option<&User>) -> Standing<'_> {
    match found {
        None => Standing::Gone,
        Some(user) if !user.enabled => Standing::Disabled(user),
        Some(user) => Standing::Good(user),
    }
}

/// That the request's promise was simulated, so that no mail was made, if it may have been.
///
/// # Errors
///
/// The gap, where a code was asked for and what tells a real promise from a simulated one could not be
/// read.
pub(in super::super) fn simulated_promise(evidence: &Evidence) -> Result<Option<Fact>, Gap> {
    let opinion = match evidence.request().map(|call| &*call.operation) {
        Some("ResendConfirmationCode") => resend_to_deleted_user(evidence)?,
        Some("ForgotPassword") => forgot_password_simulated(evidence)?,
        _ => return Ok(None),
    };
    let is_simulated = opinion.confidence <= Confidence::Likely;
    Ok(opinion.proof.into_iter().next().filter(|_| is_simulated))
}

fn resend_to_deleted_user(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    if call.operation != "ResendConfirmationCode" {
        return Ok(reading::was_another(call));
    }
    if let Some(refusal) = call.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    let promise = Fact::of_call(call, "ResendConfirmationCode was answered with success");
    let foreign = foreign_mask(evidence, call);
    let found = match evidence.user.need(SourceName::User) {
        Ok(found) => found,
        Err(gap) => {
            return Ok(match foreign {
                Some(mask) => Opinion::likely(mask).lacking(gap),
                None => return Err(gap),
            });
        }
    };
    Ok(match standing(found.as_ref()) {
        Standing::Good(user) => Opinion::ruled_out(of_user(user, "the user exists")),
        Standing::Gone => {
            let gone = Fact::new(SourceName::User, "the user does not exist");
            simulated(evidence, promise, gone).because_of(foreign)
        }
        Standing::Disabled(user) => {
            simulated(evidence, promise, of_user(user, "the user is disabled")).because_of(foreign)
        }
    })
}

/// Certain if the app client hides users; without its settings, likely.
fn simulated(evidence: &Evidence, promise: Fact, user: Fact) -> Opinion {
    let client = match evidence.client.need(SourceName::AppClient) {
        Ok(client) => client,
        Err(gap) => return Opinion::likely(promise).because(user).lacking(gap),
    };
    if client.hides_users {
        let text = "PreventUserExistenceErrors is ENABLED";
        let setting = Fact::new(SourceName::AppClient, text);
        return Opinion::certain(promise).because(user).because(setting);
    }
    // The user may have gone after the call: nothing is simulated for this client.
    let text = "PreventUserExistenceErrors is not ENABLED, so nothing is simulated";
    Opinion::ruled_out(Fact::new(SourceName::AppClient, text))
}

/// A masked destination that cannot be the address.
fn foreign_mask(evidence: &Evidence, call: &Call) -> Option<Fact> {
    let delivery = evidence.delivery()?;
    let address = &evidence.case.address;
    let foreign = delivery.medium == "EMAIL" && !mask_fits(&delivery.destination, address);
    foreign.then(|| {
        let text = format!("{} is not a mask of {address}", delivery.destination);
        Fact::of_call(call, text)
    })
}

fn forgot_password_simulated(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    if call.operation != "ForgotPassword" {
        return Ok(reading::was_another(call));
    }
    if let Some(refusal) = call.refusal() {
        return Ok(if refusal.says("no registered/verified email") {
            Opinion::certain(reading::refused(&refusal))
        } else {
            reading::says_otherwise(&refusal)
        });
    }
    let promise = Fact::of_call(call, "ForgotPassword was answered with success");
    let found = evidence.user.need(SourceName::User)?;
    Ok(match standing(found.as_ref()) {
        Standing::Gone => {
            let gone = Fact::new(SourceName::User, "the user does not exist");
            simulated(evidence, promise, gone)
        }
        Standing::Disabled(user) => {
            simulated(evidence, promise, of_user(user, "the user is disabled"))
        }
        Standing::Good(user) if user.is("FORCE_CHANGE_PASSWORD") => {
            let text = "the user still has a temporary password, for which no code is sent";
            Opinion::certain(promise).because(of_user(user, text))
        }
        Standing::Good(user) if !user.email_verified => simulated(
            evidence,
            promise,
            of_user(user, "its address is not verified"),
        ),
        Standing::Good(user) => {
            Opinion::ruled_out(of_user(user, "the user has a verified address"))
        }
    })
}

fn client_swallowed_error(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(call) = evidence.request() {
        let text = "the checker made the call itself and saw the answer";
        return Ok(Opinion::ruled_out(Fact::of_call(call, text)));
    }
    let events = evidence.trail.need(SourceName::Trail)?;
    let mut sign_ups = events.iter().filter(|event| event.is_cognito("SignUp"));
    let refused = sign_ups.clone().find_map(|event| {
        let code = event
            .error_code
            .as_deref()
            .filter(|code| !code.is_empty())?;
        let message = event.error_message.as_deref().unwrap_or_default();
        let text = format!("a SignUp was refused with {code}: {message}");
        Some(Fact {
            request_id: event.request_id.clone(),
            ..Fact::new(SourceName::Trail, text).at(event.at)
        })
    });
    // CloudTrail names no address, so the refusal may have been somebody else's.
    Ok(match (refused, sign_ups.next()) {
        (Some(fact), _) => Opinion::likely(fact),
        (None, None) => {
            let text = "no SignUp was seen in this time";
            Opinion::possible().because(Fact::new(SourceName::Trail, text))
        }
        (None, Some(event)) => {
            let text = "a SignUp was answered with success";
            Opinion::possible().although(Fact::new(SourceName::Trail, text).at(event.at))
        }
    })
}
