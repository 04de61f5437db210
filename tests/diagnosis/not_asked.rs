//! The request never asked for a mail.

use reverify::diagnosis::{Confidence, Evidence, Reply, Source, TrailEvent, Verdict};
use reverify::model::{UserPoolId, UserSub};

use super::scene::*;

pub(crate) fn all() -> Vec<Produced> {
    use Confidence::{Certain, Likely, Possible};
    vec![
        produced("auto-verify-off", Certain, |evidence| {
            of_pool(evidence, |pool| pool.auto_verified.clear());
            without_delivery(evidence);
        }),
        produced("auto-verify-off", Likely, |evidence| {
            of_pool(evidence, |pool| pool.auto_verified.clear());
            reported_by_a_person(evidence);
        }),
        produced("config-drift", Likely, |evidence| {
            let last = read(&mut evidence.pool).and_then(|snapshots| snapshots.last_mut());
            if let Some(last) = last {
                last.settings.email.from = Some("other@example.com".to_owned());
                last.settings.last_modified = Some(at(15));
            }
        }),
        produced("config-drift", Likely, |evidence| {
            let snapshots = read(&mut evidence.pool);
            if let Some(last) = snapshots.and_then(|snapshots| {
                snapshots.drain(..snapshots.len() - 1);
                snapshots.last_mut()
            }) {
                last.settings.last_modified = Some(at(15));
            }
        }),
        produced("invite-template-without-placeholder", Certain, |evidence| {
            asked_with(evidence, "AdminCreateUser");
            without_delivery(evidence);
            of_pool(evidence, |pool| {
                pool.invitation = Some("Welcome".to_owned());
            });
        }),
        produced("attribute-update-rules", Certain, |evidence| {
            asked_with(evidence, "UpdateUserAttributes");
            delivered_by(evidence, "EMAIL", "n***@e***");
        }),
        produced("phone-preferred", Certain, |evidence| {
            delivered_by(evidence, "SMS", "+*******5678");
        }),
        produced("no-email-attribute", Certain, |evidence| {
            without_delivery(evidence);
            of_user(evidence, |user| user.email = None);
        }),
        produced("pre-signup-auto-confirm", Certain, |evidence| {
            of_request(evidence, |call| {
                call.reply = Reply::Accepted {
                    sub: Some(UserSub::new(SECOND)),
                    user_confirmed: Some(true),
                    deliveries: Vec::new(),
                };
            });
            of_user(evidence, |user| user.status = "CONFIRMED".to_owned());
        }),
        produced("admin-created-no-verification-mail", Certain, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            without_delivery(evidence);
            of_user(evidence, |user| {
                user.status = "FORCE_CHANGE_PASSWORD".to_owned();
            });
        }),
        produced("admin-created-no-verification-mail", Certain, |evidence| {
            asked_with(evidence, "AdminCreateUser");
            without_delivery(evidence);
            of_request(evidence, |call| call.asked_for_mail = Some(false));
        }),
        produced("federated-user", Certain, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            without_delivery(evidence);
            of_user(evidence, |user| {
                user.status = "EXTERNAL_PROVIDER".to_owned();
            });
        }),
        produced("confirmed-by-someone-else", Certain, |evidence| {
            confirmed_elsewhere(evidence);
            trailed(evidence, "AdminConfirmSignUp");
        }),
        produced("confirmed-by-someone-else", Likely, confirmed_elsewhere),
        produced("wrong-pool-client-or-region", Certain, |evidence| {
            let Some(client) = read(&mut evidence.client) else {
                return;
            };
            client.user_pool_id = Some(UserPoolId::new("eu-west-1_other0000"));
        }),
        produced("resend-to-deleted-user-simulated", Certain, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            delivered_by(evidence, "EMAIL", "u***@y***");
            evidence.user = Source::from(None);
            evidence.users_of_address = Source::from(Vec::new());
        }),
        produced("resend-to-deleted-user-simulated", Likely, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            delivered_by(evidence, "EMAIL", "u***@y***");
            evidence.user = denied();
        }),
        produced("forgot-password-simulated", Certain, |evidence| {
            asked_with(evidence, "ForgotPassword");
            of_user(evidence, |user| user.status = "CONFIRMED".to_owned());
        }),
        produced("client-swallowed-error", Likely, |evidence| {
            reported_by_a_person(evidence);
            trailed(evidence, "SignUp");
            let events = read(&mut evidence.trail);
            let Some(event) = events.and_then(|events| events.last_mut()) else {
                return;
            };
            event.error_code = Some("LimitExceededException".to_owned());
        }),
        produced("client-swallowed-error", Possible, reported_by_a_person),
    ]
}

pub(crate) fn denied<T>() -> Source<T> {
    Source::Denied {
        permission: "cognito-idp:AdminGetUser".to_owned(),
    }
}

fn without_delivery(evidence: &mut Evidence) {
    of_request(evidence, |call| {
        if let Reply::Accepted { deliveries, .. } = &mut call.reply {
            deliveries.clear();
        }
    });
}

fn delivered_by(evidence: &mut Evidence, medium: &str, destination: &str) {
    of_request(evidence, |call| {
        if let Reply::Accepted { deliveries, .. } = &mut call.reply {
            *deliveries = vec![by(medium, destination)];
        }
    });
}

pub(crate) fn of_user(evidence: &mut Evidence, change: impl Fn(&mut reverify::diagnosis::User)) {
    if let Some(Some(user)) = read(&mut evidence.user) {
        change(user);
    }
    read(&mut evidence.users_of_address)
        .into_iter()
        .flatten()
        .for_each(change);
}

fn confirmed_elsewhere(evidence: &mut Evidence) {
    asked_with(evidence, "ResendConfirmationCode");
    without_delivery(evidence);
    // The first account was confirmed by the run; this story has only the second.
    only_the_last_call(evidence);
    of_user(evidence, |user| user.status = "CONFIRMED".to_owned());
}

pub(crate) fn trailed(evidence: &mut Evidence, name: &str) {
    let event = TrailEvent {
        at: at(22),
        source: "cognito-idp.amazonaws.com".to_owned(),
        name: name.to_owned(),
        error_code: None,
        error_message: None,
        sub: Some(UserSub::new(SECOND)),
        user_pool_id: Some(UserPoolId::new(POOL)),
        request_id: Some("foreign".to_owned()),
        source_ip: Some("192.0.2.1".to_owned()),
        who: Some("arn:aws:iam::123456789012:user/eve".to_owned()),
    };
    if let Some(events) = read(&mut evidence.trail) {
        events.push(event);
    }
}

#[test]
fn each_is_found() {
    check(&all());
}

/// An administrator reset the password of somebody who had signed up, and the mail was lost.
#[test]
fn who_signed_up_was_not_created_by_an_administrator() {
    let cause = "admin-created-no-verification-mail";
    let reset = |evidence: &mut Evidence| {
        evidence.calls.push(accepted("ConfirmSignUp", 25));
        evidence.calls.push(accepted("AdminResetUserPassword", 30));
        evidence.case.request = Some(evidence.calls.len() - 1);
        of_user(evidence, |user| user.status = "RESET_REQUIRED".to_owned());
    };
    let opinion = |evidence: &Evidence| {
        let findings = Verdict::of(evidence).findings;
        let mut found = findings.into_iter();
        found.find(|found| found.cause.id == cause).unwrap().opinion
    };
    let mut by_the_run = story();
    reset(&mut by_the_run);
    assert_eq!(opinion(&by_the_run).confidence, Confidence::RuledOut);
    // The run did not see who made the user.
    let mut before_the_run = story();
    before_the_run.calls.clear();
    reset(&mut before_the_run);
    assert_eq!(opinion(&before_the_run).confidence, Confidence::RuledOut);
    // Who made it counts, and not who made one that was deleted before.
    let mut by_an_administrator = story();
    by_an_administrator.calls.truncate(3);
    by_an_administrator
        .calls
        .push(accepted("AdminCreateUser", 21));
    by_an_administrator
        .calls
        .push(accepted("ResendConfirmationCode", 30));
    by_an_administrator.case.request = Some(4);
    of_user(&mut by_an_administrator, |user| {
        user.status = "FORCE_CHANGE_PASSWORD".to_owned();
    });
    assert_eq!(
        opinion(&by_an_administrator).confidence,
        Confidence::Certain
    );
}
