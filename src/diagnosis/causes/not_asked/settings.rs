//! Settings of the pool by which no mail is due.

use jiff::{SignedDuration, Timestamp};

use super::super::super::cause::{Cause, Role, Stage};
use super::super::super::evidence::{Call, Evidence, Gap, PoolSettings, SourceName};
use super::super::super::finding::{Confidence, Fact, Opinion};
use super::super::reading::{self, of_pool};

/// By how much a change is at least before the request that it spoilt.
const A_MOMENT: SignedDuration = SignedDuration::from_millis(1);

pub(in super::super) static CAUSES: &[Cause] = &[
    Cause {
        id: "auto-verify-off",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool does not verify e-mail addresses",
        meaning: "AutoVerifiedAttributes lacks `email`, so a sign-up makes no code and sends no mail. \
                  The answer to the sign-up has no CodeDeliveryDetails.",
        fix: "put `email` into AutoVerifiedAttributes; UpdateUserPool resets what it is not given, so \
              send the other settings along",
        sources: &["API: SignUp", "gh:aws-amplify/amplify-cli#3646"],
        rule: auto_verify_off,
    },
    Cause {
        id: "config-drift",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the pool's settings were changed between the two sign-ups",
        meaning: "UpdateUserPool sets everything that it is not given back to its default, so a change \
                  of the password policy can switch verification or the sender off.",
        fix: "look up who changed the pool in CloudTrail, put the settings back, and manage the pool \
              from one place",
        sources: &[
            "API: UpdateUserPool",
            "gh:hashicorp/terraform-provider-aws#3458",
        ],
        rule: config_drift,
    },
    Cause {
        id: "invite-template-without-placeholder",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the invitation's template has no {####}, so the invitation is dropped",
        meaning: "AdminCreateUser answers with success, and Cognito silently sends nothing when the \
                  invitation has no place for the temporary password.",
        fix: "put `{username}` and `{####}` into the invitation, then repeat AdminCreateUser with \
              MessageAction RESEND",
        sources: &["API: AdminCreateUser", "API: AdminCreateUserConfigType"],
        rule: invite_template_without_placeholder,
    },
    Cause {
        id: "attribute-update-rules",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the change of the address sends no code there",
        meaning: "With AttributesRequireVerificationBeforeUpdate the code for a changed address goes \
                  to the new one, and the old value stays until it is confirmed. If `email` is not \
                  verified automatically, no code goes out.",
        fix: "read the mailbox of the new address, or verify `email` automatically",
        sources: &["API: UserAttributeUpdateSettingsType"],
        rule: attribute_update_rules,
    },
    Cause {
        id: "phone-preferred",
        stage: Stage::NotAsked,
        role: Role::Explains,
        reaches: Confidence::Certain,
        title: "the code went to the phone number instead",
        meaning: "When address and phone number are both given and both verified automatically, \
                  Cognito sends one code, by SMS.",
        fix: "leave `phone_number` out of the sign-up, or verify `email` alone automatically",
        sources: &[
            "Cognito guide: signing up users",
            "gh:aws-amplify/amplify-js#1959",
        ],
        rule: phone_preferred,
    },
];

fn auto_verify_off(evidence: &Evidence) -> Result<Opinion, Gap> {
    if let Some(promised) = reading::mail_was_promised(evidence) {
        return Ok(Opinion::ruled_out(promised));
    }
    let call = evidence.request();
    if let Some(refusal) = call.and_then(Call::refusal) {
        return Ok(if refusal.says("Auto verification not turned on") {
            Opinion::certain(reading::refused(&refusal))
        } else {
            reading::says_otherwise(&refusal)
        });
    }
    if let Some(call) = call {
        if call.user_confirmed() == Some(true) {
            let text = "the user was confirmed at once, so no code was due";
            return Ok(Opinion::ruled_out(Fact::of_call(call, text)));
        }
        if !matches!(&*call.operation, "SignUp" | "ResendConfirmationCode") {
            return Ok(reading::was_another(call));
        }
    }
    let pool = evidence.pool_at_request()?;
    if pool.verifies_email() {
        return Ok(Opinion::ruled_out(of_pool(
            "AutoVerifiedAttributes has `email`",
        )));
    }
    let listed = of_pool(match pool.auto_verified.as_slice() {
        [] => "AutoVerifiedAttributes is empty".to_owned(),
        some => format!("AutoVerifiedAttributes has only {}", some.join(", ")),
    });
    Ok(match call {
        // Both at once: the setting, and an answer that names no delivery.
        Some(call) if call.is_accepted() => {
            let text = format!("{} named no delivery of a code", call.operation);
            Opinion::certain(Fact::of_call(call, text)).because(listed)
        }
        _ => Opinion::likely(listed),
    })
}

fn config_drift(evidence: &Evidence) -> Result<Opinion, Gap> {
    let snapshots = evidence.pool.need(SourceName::UserPool)?;
    let asked = evidence
        .request()
        .map_or(evidence.case.until, |call| call.at);
    let first_asked = evidence.first_sign_up().map(|call| call.at);
    let (Some(first), Some(last)) = (snapshots.first(), snapshots.last()) else {
        return Ok(Opinion::possible());
    };
    let modified = last.settings.last_modified;
    // Their times are those of `Date`, in whole seconds: their order is what counts.
    if snapshots.len() > 1 {
        let differences = first.settings.differences(&last.settings);
        if differences.is_empty() {
            return Ok(Opinion::ruled_out(of_pool(
                "the settings before and after are the same",
            )));
        }
        let stops = stops_mail(&last.settings) && !stops_mail(&first.settings);
        // It came before the request, whatever the two clocks say that tell the times.
        let before_request = asked.checked_sub(A_MOMENT).unwrap_or(asked);
        let when = modified.unwrap_or(last.at).min(before_request);
        let mut facts = differences.into_iter().map(|text| of_pool(text).at(when));
        let Some(fact) = facts.next() else {
            return Ok(Opinion::possible());
        };
        let opinion = if stops {
            Opinion::certain(fact)
        } else {
            Opinion::likely(fact)
        };
        let opinion = opinion.because_of(facts);
        return Ok(opinion.because_of(changes(evidence)));
    }
    let between = |at: Timestamp| first_asked.is_some_and(|first| first < at) && at <= asked;
    match modified {
        Some(at) if between(at) => {
            let fact = of_pool("the pool was modified between the two sign-ups").at(at);
            Ok(Opinion::likely(fact).because_of(changes(evidence)))
        }
        Some(at) if first_asked.is_some() => Ok(Opinion::ruled_out(
            of_pool("the pool was last modified at another time").at(at),
        )),
        _ => Ok(Opinion::possible()),
    }
}

/// Whether these settings alone keep every verification mail away.
fn stops_mail(pool: &PoolSettings) -> bool {
    let has_domain = pool.domain.is_some() || pool.custom_domain.is_some();
    !pool.verifies_email()
        || pool.admin_creates_users_only
        || (pool.confirms_by_link && !has_domain)
}

/// Who changed the pool, by CloudTrail.
fn changes(evidence: &Evidence) -> impl Iterator<Item = Fact> {
    const CHANGES: [&str; 4] = [
        "UpdateUserPool",
        "SetUserPoolMfaConfig",
        "CreateUserPoolDomain",
        "DeleteUserPoolDomain",
    ];
    let events = evidence.trail.read().map(Vec::as_slice).unwrap_or_default();
    let watched = Some(&evidence.case.user_pool_id);
    let changes = events.iter().filter(move |event| {
        CHANGES.iter().any(|name| event.is_cognito(name)) && event.user_pool_id.as_ref() == watched
    });
    changes.map(|event| {
        let who = event.who.as_deref().unwrap_or("somebody");
        let text = format!("{who} called {}", event.name);
        Fact {
            request_id: event.request_id.clone(),
            ..Fact::new(SourceName::Trail, text).at(event.at)
        }
    })
}

fn invite_template_without_placeholder(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    if call.operation != "AdminCreateUser" {
        return Ok(reading::was_another(call));
    }
    if !call.is_accepted() {
        return Ok(Opinion::ruled_out(Fact::of_call(call, "it was refused")));
    }
    if call.asked_for_mail == Some(false) {
        let text = "it asked for no mail";
        return Ok(Opinion::ruled_out(Fact::of_call(call, text)));
    }
    let pool = evidence.pool_at_request()?;
    Ok(match &pool.invitation {
        Some(text) if !text.contains("{####}") => {
            Opinion::certain(of_pool("the invitation's text has no {####}"))
        }
        Some(_) => Opinion::ruled_out(of_pool("the invitation's text has {####}")),
        None => Opinion::ruled_out(of_pool("the invitation's text is Cognito's own")),
    })
}

fn attribute_update_rules(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    let updates = ["UpdateUserAttributes", "AdminUpdateUserAttributes"];
    if !updates.contains(&&*call.operation) {
        return Ok(reading::was_another(call));
    }
    if let Some(refusal) = call.refusal() {
        return Ok(reading::says_otherwise(&refusal));
    }
    let pool = evidence.pool_at_request()?;
    let address = &evidence.case.address;
    let Some(delivery) = evidence.delivery() else {
        let fact = Fact::of_call(call, format!("{} named no delivery", call.operation));
        return Ok(if pool.verifies_email() {
            Opinion::likely(fact)
        } else {
            Opinion::certain(fact).because(of_pool("AutoVerifiedAttributes lacks `email`"))
        });
    };
    let text = format!(
        "{} said that the code goes to {}",
        call.operation, delivery.destination
    );
    let fact = Fact::of_call(call, text);
    let fits = super::super::super::evidence::mask_fits(&delivery.destination, address);
    Ok(if delivery.medium == "EMAIL" && fits {
        Opinion::ruled_out(fact)
    } else {
        Opinion::certain(fact)
    })
}

fn phone_preferred(evidence: &Evidence) -> Result<Opinion, Gap> {
    let call = reading::request(evidence)?;
    Ok(match evidence.delivery() {
        Some(delivery) if delivery.medium == "SMS" => {
            let text = format!(
                "{} said that the code goes by SMS to {}",
                call.operation, delivery.destination
            );
            Opinion::certain(Fact::of_call(call, text))
        }
        Some(delivery) => Opinion::ruled_out(Fact::of_call(
            call,
            format!("the code goes by {}", delivery.medium),
        )),
        None => Opinion::ruled_out(Fact::of_call(call, "no delivery by SMS was named")),
    })
}
