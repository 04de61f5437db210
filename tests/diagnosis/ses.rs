//! SES refused the mail, dropped it or could not deliver it.

use reverify::diagnosis::{
    Confidence, Evidence, MailFrom, RejectedMail, SesEventKind, SesIdentity, Source, Suppressed,
};

use super::handover::control;
use super::scene::*;

pub(crate) fn all() -> Vec<Produced> {
    use Confidence::{Certain, Likely, Possible};
    vec![
        produced("ses-sandbox", Certain, |evidence| {
            of_account(evidence, |account| account.production_access = false);
            not_verified(evidence, "ada@example.com");
        }),
        produced("ses-sandbox", Likely, |evidence| {
            of_account(evidence, |account| account.production_access = false);
        }),
        produced("ses-account-paused", Certain, |evidence| {
            of_account(evidence, |account| account.sending_enabled = false);
            logged(evidence, "Sending paused for this account.");
        }),
        produced("ses-account-paused", Likely, |evidence| {
            of_account(evidence, |account| {
                account.enforcement = "SHUTDOWN".to_owned();
            });
        }),
        produced("ses-config-set-paused", Certain, |evidence| {
            if let Some(Some(set)) = read(&mut evidence.ses.configuration_set) {
                set.sending_enabled = false;
            }
            logged(evidence, "ConfigurationSetSendingPausedException: set");
        }),
        produced("ses-config-set-paused", Likely, |evidence| {
            evidence.ses.configuration_set = Source::from(None);
        }),
        produced("ses-quota", Certain, |evidence| {
            of_account(evidence, |account| account.sent_24_hours = 50_000);
            logged(evidence, "Daily message quota exceeded.");
        }),
        produced("ses-quota", Likely, |evidence| {
            of_account(evidence, |account| account.sent_24_hours = 50_000);
        }),
        produced("ses-auto-validation", Likely, |evidence| {
            of_account(evidence, |account| account.auto_validation = true);
        }),
        produced("ses-identity-unverified", Certain, |evidence| {
            of_sender(evidence, |sender| {
                sender.verified = false;
                sender.status = "TEMPORARY_FAILURE".to_owned();
                sender.error = Some("HOST_NOT_FOUND".to_owned());
            });
            not_verified(evidence, "shop@example.com");
        }),
        produced("ses-identity-unverified", Likely, |evidence| {
            evidence.ses.sender = Source::from(None);
        }),
        produced("ses-identity-policy", Certain, |evidence| {
            by_default(evidence);
            evidence.ses.sender = story().ses.sender;
            let text = "Email address is not verified or the identity policy is not set.";
            refused(evidence, "InvalidEmailRoleAccessPolicyException", text);
        }),
        // The exception has another reason too, which only the sender excludes.
        produced("ses-identity-policy", Likely, |evidence| {
            by_default(evidence);
            let text = "Email address is not verified or the identity policy is not set.";
            refused(evidence, "InvalidEmailRoleAccessPolicyException", text);
        }),
        produced("ses-wrong-region", Possible, |evidence| {
            by_default(evidence);
            let arn = "arn:aws:ses:*:123456789012:identity/example.com";
            of_pool(evidence, |pool| {
                pool.email.source_arn = Some(arn.to_owned());
            });
            evidence.case.user_pool_id = reverify::model::UserPoolId::new("eu-central-2_AbCdEfGhI");
            evidence.client = Source::NotAsked;
        }),
        produced("ses-wrong-region", Likely, |evidence| {
            by_default(evidence);
            let arn = "arn:aws:ses:*:123456789012:identity/example.com";
            of_pool(evidence, |pool| {
                pool.email.source_arn = Some(arn.to_owned());
            });
            evidence.case.user_pool_id = reverify::model::UserPoolId::new("eu-central-2_AbCdEfGhI");
            evidence.client = Source::NotAsked;
            evidence.ses.sender = Source::from(None);
        }),
        produced("ses-mail-from-rejects", Certain, |evidence| {
            mail_from(evidence);
            logged(evidence, "MailFromDomainNotVerifiedException");
        }),
        produced("ses-mail-from-rejects", Likely, mail_from),
        produced("ses-reputation-entity-disabled", Certain, |evidence| {
            of_sender(evidence, |sender| sender.sending_disabled = Some(true));
            logged(evidence, "Sending is disabled for this identity.");
        }),
        produced("ses-account-suppressed", Certain, |evidence| {
            evidence.ses.suppression = Source::from(Some(Suppressed {
                address: "ada@example.com".to_owned(),
                reason: "BOUNCE".to_owned(),
                since: at(5),
            }));
        }),
        produced("ses-account-suppressed", Certain, |evidence| {
            evidence.ses.suppression = super::not_asked::denied();
            event(
                evidence,
                23,
                bounce("Permanent", "OnAccountSuppressionList"),
            );
        }),
        produced("ses-global-suppressed", Certain, |evidence| {
            event(evidence, 23, bounce("Permanent", "Suppressed"));
        }),
        produced("ses-global-suppressed", Possible, |_| {}),
        produced("cognito-default-suppressed", Likely, |evidence| {
            by_default(evidence);
            no_first_mail(evidence);
            evidence.control = control(true);
            evidence.case.until = at(2 * 86_400);
        }),
        produced("cognito-default-suppressed", Possible, |evidence| {
            by_default(evidence);
            no_first_mail(evidence);
        }),
        produced("ses-hard-bounce", Certain, |evidence| {
            event(evidence, 22, SesEventKind::Send);
            event(evidence, 23, bounce("Permanent", "NoEmail"));
        }),
        // The bounce itself put the address on the list, before Cognito had answered.
        produced("ses-hard-bounce", Certain, |evidence| {
            event(evidence, 21, bounce("Permanent", "General"));
            evidence.ses.suppression = Source::from(Some(Suppressed {
                address: "ada@example.com".to_owned(),
                reason: "BOUNCE".to_owned(),
                since: at(21),
            }));
        }),
        produced("ses-hard-bounce", Certain, |evidence| {
            rejected(evidence, "550 5.1.1 user unknown");
        }),
        produced("ses-soft-bounce", Certain, |evidence| {
            event(evidence, 23, bounce("Transient", "ContentRejected"));
        }),
        // SES has its own view of a reply with 5, and its word counts.
        produced("ses-soft-bounce", Certain, |evidence| {
            rejected(evidence, "552 5.3.4 the message is too large");
            event(evidence, 23, bounce("Transient", "MessageTooLarge"));
        }),
        produced("ses-delivery-delay", Certain, |evidence| {
            let kind = SesEventKind::DeliveryDelay {
                kind: "RecipientServerError".to_owned(),
                diagnostic: "451 4.7.1 try again later".to_owned(),
            };
            event(evidence, 23, kind);
        }),
        produced("ses-delivery-delay", Certain, |evidence| {
            rejected(evidence, "451 4.7.1 greylisted, try again later");
        }),
        produced("ses-reject", Certain, |evidence| {
            let reason = "Bad content".to_owned();
            event(evidence, 23, SesEventKind::Reject { reason });
        }),
        produced("ses-rendering-failure", Certain, |evidence| {
            let error = "Attribute 'code' is not present".to_owned();
            event(evidence, 23, SesEventKind::RenderingFailure { error });
        }),
    ]
}

pub(crate) fn bounce(kind: &str, sub_kind: &str) -> SesEventKind {
    SesEventKind::Bounce {
        kind: kind.to_owned(),
        sub_kind: sub_kind.to_owned(),
        diagnostic: "smtp; 550 no".to_owned(),
    }
}

pub(crate) fn rejected(evidence: &mut Evidence, answer: &str) {
    rejected_at(evidence, 22, answer);
}

pub(crate) fn rejected_at(evidence: &mut Evidence, seconds: i64, answer: &str) {
    let mail = RejectedMail {
        at: at(seconds),
        to: "ada@example.com".to_owned(),
        answer: answer.to_owned(),
    };
    if let Some(mails) = read(&mut evidence.inbox.rejected) {
        mails.push(mail);
    }
}

pub(crate) fn no_first_mail(evidence: &mut Evidence) {
    evidence.inbox.mails = Source::from(Vec::new());
}

fn not_verified(evidence: &mut Evidence, address: &str) {
    let text = format!(
        "Cognito received the following error from Amazon SES when attempting to send email: Email \
         address is not verified. The following identities failed the check in region EU-WEST-1: \
         {address}"
    );
    refused(evidence, "CodeDeliveryFailureException", &text);
}

fn of_sender(evidence: &mut Evidence, change: impl Fn(&mut SesIdentity)) {
    if let Some(Some(sender)) = read(&mut evidence.ses.sender) {
        change(sender);
    }
}

fn mail_from(evidence: &mut Evidence) {
    of_sender(evidence, |sender| {
        sender.mail_from = Some(MailFrom {
            domain: "mail.example.com".to_owned(),
            status: "FAILED".to_owned(),
            rejects: true,
        });
    });
}

#[test]
fn each_is_found() {
    check(&all());
}
