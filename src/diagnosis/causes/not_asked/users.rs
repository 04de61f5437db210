//! Users for whom no verification mail is due.

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Call, Evidence, Gap, SourceName, User};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_user};

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "no-email-attribute",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the user has no e-mail address",
        meaning: "The sign-up did not send the attribute `email`, so there is nowhere to mail to. It \
                  happens in pools whose usernames are not addresses.",
        fix: "send `email` in UserAttributes, and make it required in the pool's schema",
        sources: &["API: SignUp", "gh:aws-amplify/amplify-swift#1245"],
        rule: no_email_attribute,
    },
    Cause {
        id: "pre-signup-auto-confirm",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool's PreSignUp function confirmed the user, so no code was due",
        meaning: "The function answered with autoConfirmUser. A function that remembers addresses \
                  does so only the second time.",
        fix: "let the function leave this address alone, or do not expect a mail for it",
        sources: &["API: SignUp", "gh:aws-amplify/amplify-cli#4534"],
        rule: pre_signup_auto_confirm,
    },
    Cause {
        id: "admin-created-no-verification-mail",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the user was created by an administrator and gets no verification code",
        meaning: "Such a user gets an invitation, by SMS unless DesiredDeliveryMediums names EMAIL, \
                  and none with MessageAction SUPPRESS. Codes are sent to it neither at a resend nor \
                  for a forgotten password.",
        fix: "repeat AdminCreateUser with MessageAction RESEND and DesiredDeliveryMediums EMAIL, or \
              let the user sign up",
        sources: &["API: AdminCreateUser", "gh:NabuCasa/pycognito#50"],
        rule: admin_created,
    },
    Cause {
        id: "federated-user",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the user signs in through another identity provider and needs no code",
        meaning: "Users who come from an external provider are confirmed by it.",
        fix: "test with a user of the pool's own",
        sources: &["API: ConfirmSignUp", "API: UserType"],
        rule: federated_user,
    },
    Cause {
        id: "confirmed-by-someone-else",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "somebody else confirmed the user, so a resend sends nothing",
        meaning: "An administrator, a job or another checker called AdminConfirmSignUp or \
                  ConfirmSignUp.",
        fix: "find the caller in CloudTrail by the request id, and keep it away from test users",
        sources: &["API: AdminConfirmSignUp"],
        rule: confirmed_by_someone_else,
    },
    Cause {
        id: "wrong-pool-client-or-region",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the sign-up, the deletion and the watched pool are not the same pool",
        meaning: "The app client belongs to another pool, or the deletion named another one.",
        fix: "correct pool id, client id and region in the configuration",
        sources: &["API: AdminGetUser"],
        rule: wrong_pool_client_or_region,
    },
];

fn no_email_attribute(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(promised) = reading::mail_was_promised(evidence) {
        return Ok(Opinion::ruled_out(promised));
    }
    let user = reading::user(evidence)?;
    Ok(match &user.email {
        Some(email) => Opinion::ruled_out(of_user(user, format!("the user has {email}"))),
        None => Opinion::certain(of_user(user, "the user has no attribute `email`")),
    })
}

fn pre_signup_auto_confirm(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    Ok(match call.user_confirmed() {
        Some(true) => {
            let text = "SignUp answered UserConfirmed: true";
            let opinion = Opinion::certain(Fact::of_call(call, text));
            let invocations = evidence.invocations("PreSignUp").iter();
            opinion.because_of(invocations.map(|one| {
                let text = format!("the PreSignUp function ran as {}", one.request_id);
                Fact::new(SourceName::FunctionLogs, text).at(one.at)
            }))
        }
        Some(false) => {
            let text = "SignUp answered UserConfirmed: false";
            Opinion::ruled_out(Fact::of_call(call, text))
        }
        None => match call.refusal() {
            Some(refusal) => reading::says_otherwise(&refusal),
            None => reading::was_another(call),
        },
    })
}

fn admin_created(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(call) = evidence.request()
        && call.is_accepted()
        && let Some(asked) = call.asked_for_mail
    {
        let text = format!("{} asked for no mail", call.operation);
        return Ok(if asked {
            Opinion::ruled_out(Fact::of_call(call, "the invitation was asked for by EMAIL"))
        } else {
            Opinion::certain(Fact::of_call(call, text))
        });
    }
    if let Some(sign_up) = made_by(evidence).filter(|call| call.operation == "SignUp") {
        let text = "the user signed up, and no administrator created it";
        return Ok(Opinion::ruled_out(Fact::of_call(sign_up, text)));
    }
    let user = reading::user(evidence)?;
    let by_status = user.is("FORCE_CHANGE_PASSWORD") || user.is("RESET_REQUIRED");
    let status = of_user(user, format!("its status is {}", user.status));
    if !by_status {
        return Ok(Opinion::ruled_out(status));
    }
    Ok(match evidence.request() {
        // A reset leaves this status behind whoever made the user, and sends a code.
        Some(call) if call.operation == "AdminResetUserPassword" && user.is("RESET_REQUIRED") => {
            let text = "the password was reset, which leaves this status behind";
            Opinion::ruled_out(Fact::of_call(call, text))
        }
        // For an invitation the status is as it should be; only its medium is in doubt.
        Some(call) if call.operation == "AdminCreateUser" => Opinion::possible().because(status),
        // An answer that names a delivery speaks of a user whom Cognito can send a code.
        _ => match reading::mail_was_promised(evidence) {
            Some(promised) => Opinion::possible().because(status).although(promised),
            None => Opinion::certain(status),
        },
    })
}

/// The accepted call that made the user whom the request is about, if the run made it before.
fn made_by(evidence: &Evidence) -> Option<&Call> {
    let makes = |call: &&Call| matches!(&*call.operation, "SignUp" | "AdminCreateUser");
    let mut before = evidence.since_deletion().iter().rev();
    before.find(|call| makes(call) && call.is_accepted())
}

fn federated_user(evidence: &Evidence) -> Result<Opinion, Gap> {
    let external = |user: &&User| user.is("EXTERNAL_PROVIDER");
    let of_address = evidence.users_of_address.read();
    let found = of_address.and_then(|users| users.iter().find(external));
    let own = evidence.user.read().and_then(Option::as_ref);
    if let Some(user) = own.filter(external).or(found) {
        let text = format!("{} has the status EXTERNAL_PROVIDER", user.username);
        let fact = of_user(user, text);
        // A native user beside it gets its mail all the same.
        return Ok(match own {
            Some(own) if own.sub != user.sub => {
                Opinion::ruled_out(of_user(own, "the mail was for a user of the pool's own"))
            }
            _ => Opinion::certain(fact),
        });
    }
    let user = reading::user(evidence)?;
    Ok(Opinion::ruled_out(of_user(
        user,
        format!("its status is {}", user.status),
    )))
}

fn confirmed_by_someone_else(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(call) = evidence.request()
        && call.operation == "SignUp"
    {
        let text = "the sign-up itself asked for the mail, before anybody could confirm";
        return Ok(Opinion::ruled_out(Fact::of_call(call, text)));
    }
    let user = reading::user(evidence)?;
    if !user.is("CONFIRMED") {
        let text = format!("its status is {}", user.status);
        return Ok(Opinion::ruled_out(of_user(user, text)));
    }
    let is_confirmation = |name: &str| matches!(name, "ConfirmSignUp" | "AdminConfirmSignUp");
    let mut calls = evidence.since_deletion().iter().chain(evidence.after());
    let own = calls.find(|call| is_confirmation(&call.operation) && call.is_accepted());
    if let Some(own) = own {
        let text = "the run confirmed the user itself";
        return Ok(Opinion::ruled_out(Fact::of_call(own, text)));
    }
    let confirmed = of_user(
        user,
        "its status is CONFIRMED, and this run did not confirm it",
    );
    let events = match evidence.trail.need(SourceName::Trail) {
        Ok(events) => events,
        Err(gap) => return Ok(Opinion::likely(confirmed).lacking(gap)),
    };
    let foreign = events.iter().find(|event| {
        is_confirmation(&event.name)
            && event.sub.as_ref() == Some(&user.sub)
            && event.error_code.as_deref().unwrap_or_default().is_empty()
    });
    Ok(match foreign {
        Some(event) => {
            let who = event.who.as_deref().unwrap_or("somebody");
            let text = format!("{who} called {}", event.name);
            Opinion::certain(Fact {
                request_id: event.request_id.clone(),
                ..Fact::new(SourceName::Trail, text).at(event.at)
            })
            .because(confirmed)
        }
        None => Opinion::likely(confirmed),
    })
}

fn wrong_pool_client_or_region(evidence: &Evidence) -> Result<Opinion, Gap> {
    let watched = &evidence.case.user_pool_id;
    let deletion = evidence.deletion();
    if let Some(call) = deletion
        && let Some(pool) = call.user_pool_id.as_ref().filter(|pool| *pool != watched)
    {
        let text = format!("{} named the pool {pool}, not {watched}", call.operation);
        return Ok(Opinion::certain(Fact::of_call(call, text)));
    }
    let client = evidence.client.read();
    if let Some(pool) = client.and_then(|client| client.user_pool_id.as_ref()) {
        if pool != watched {
            let text = format!("the app client belongs to {pool}, and {watched} is watched");
            return Ok(Opinion::certain(Fact::new(SourceName::AppClient, text)));
        }
        let text = format!("the app client belongs to {watched}");
        return Ok(Opinion::ruled_out(Fact::new(SourceName::AppClient, text)));
    }
    let call = reading::request(evidence)?;
    let found = evidence.user.need(SourceName::User)?;
    Ok(match (call.sub(), found) {
        (Some(sub), Some(user)) if user.sub == *sub => Opinion::ruled_out(of_user(
            user,
            "the user that signed up is in the watched pool",
        )),
        (Some(sub), None) => {
            let text = format!("SignUp made {sub}, and {watched} has no such user");
            Opinion::likely(Fact::of_call(call, text))
        }
        _ => Opinion::possible(),
    })
}
