//! Cognito refused, and said so.

use reverify::diagnosis::{
    Confidence, Evidence, FunctionLog, Invocation, InvocationEnd, Source, Trouble,
};

use super::not_asked::{of_user, trailed};
use super::scene::*;

const DAILY: &str = "Exceeded daily email limit for the operation or the account.";

pub(crate) fn all() -> Vec<Produced> {
    use Confidence::{Certain, Likely, Possible};
    vec![
        produced("link-mode-no-domain", Certain, |evidence| {
            let text = "Cannot perform specific action because there does not exist a valid use \
                        pool domain associated with the user pool";
            refused(evidence, "InvalidParameterException", text);
        }),
        produced("link-mode-no-domain", Likely, |evidence| {
            reported_by_a_person(evidence);
            of_pool(evidence, |pool| pool.confirms_by_link = true);
        }),
        produced("signup-disabled", Certain, |evidence| {
            let text = "SignUp is not permitted for this user pool";
            refused(evidence, "NotAuthorizedException", text);
        }),
        produced("client-or-secret-wrong", Certain, |evidence| {
            let text = "Unable to verify secret hash for client 1h57kf5cpq17m0eml12EXAMPLE";
            refused(evidence, "NotAuthorizedException", text);
        }),
        produced("signup-validation-rejected", Certain, |evidence| {
            let text = "Password did not conform with policy: Password not long enough";
            refused(evidence, "InvalidPasswordException", text);
        }),
        produced("waf-block", Certain, |evidence| {
            refused(
                evidence,
                "ForbiddenException",
                "Request not allowed due to WAF block.",
            );
        }),
        produced(
            "username-exists-unconfirmed-leftover",
            Certain,
            |evidence| {
                exists(evidence);
                only_the_last_call(evidence);
            },
        ),
        produced("delete-did-not-delete", Certain, exists),
        produced("delete-did-not-delete", Certain, |evidence| {
            exists(evidence);
            let deletion = evidence.calls.get_mut(2);
            if let Some(deletion) = deletion {
                deletion.reply = refusal("UserNotFoundException", "User does not exist.");
            }
        }),
        produced("delete-not-yet-consistent", Possible, |evidence| {
            exists(evidence);
            gone(evidence);
        }),
        produced("duplicate-signup-race", Certain, |evidence| {
            let text = "Alias entry already exists for a different username";
            refused(evidence, "InvalidParameterException", text);
        }),
        produced("alias-exists-at-confirm", Certain, |evidence| {
            let text = "An account with the email already exists.";
            code_refused(evidence, "AliasExistsException", text);
        }),
        produced("username-format-rejected", Certain, |evidence| {
            let text = "Username cannot be of email format, since user pool is configured for \
                        email alias.";
            refused(evidence, "InvalidParameterException", text);
        }),
        produced("username-case-mismatch", Certain, |evidence| {
            of_pool(evidence, |pool| pool.case_sensitive = None);
            asked_with(evidence, "ResendConfirmationCode");
            of_request(evidence, |call| {
                call.username = Some("Ada@example.com".to_owned());
            });
            refused(
                evidence,
                "UserNotFoundException",
                "Username/client id combination not found.",
            );
        }),
        produced("api-rate-throttled", Certain, |evidence| {
            refused(evidence, "TooManyRequestsException", "Rate exceeded");
        }),
        produced("resend-hourly-limit", Certain, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            let text = "Attempt limit exceeded, please try after some time.";
            refused(evidence, "LimitExceededException", text);
        }),
        produced("default-mail-daily-quota", Certain, |evidence| {
            by_default(evidence);
            refused(evidence, "LimitExceededException", DAILY);
            // CloudTrail has as many calls as the quota has mails.
            (0..50).for_each(|_| trailed(evidence, "SignUp"));
        }),
        produced("default-mail-daily-quota", Likely, |evidence| {
            by_default(evidence);
            reported_by_a_person(evidence);
            (0..50).for_each(|_| trailed(evidence, "SignUp"));
        }),
        produced("already-confirmed", Certain, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            refused(
                evidence,
                "InvalidParameterException",
                "User is already confirmed.",
            );
            of_user(evidence, |user| user.status = "CONFIRMED".to_owned());
        }),
        produced("already-confirmed", Possible, |evidence| {
            asked_with(evidence, "ResendConfirmationCode");
            let text = "User is already confirmed.";
            refused(evidence, "InvalidParameterException", text);
            of_user(evidence, |user| user.status = "UNKNOWN".to_owned());
        }),
        produced("pre-signup-rejected", Certain, |evidence| {
            let text = "PreSignUp failed with error address already seen.";
            refused(evidence, "UserLambdaValidationException", text);
        }),
        produced("post-confirmation-side-table", Certain, |evidence| {
            let text = "PostConfirmation failed with error duplicate key.";
            code_refused(evidence, "UserLambdaValidationException", text);
        }),
        produced("trigger-broken", Certain, |evidence| {
            let text = "PreSignUp invocation failed due to error AccessDeniedException.";
            refused(evidence, "UnexpectedLambdaException", text);
            let end = InvocationEnd::TimedOut {
                line: "Task timed out after 5.00 seconds".to_owned(),
            };
            ran(evidence, "PreSignUp", end);
        }),
        produced("custom-message-invalid", Certain, |evidence| {
            let arn = "arn:aws:lambda:eu-west-1:123456789012:function:message";
            of_pool(evidence, |pool| {
                pool.triggers
                    .insert("CustomMessage".to_owned(), arn.to_owned());
            });
            let text = "1 validation error detected: Value at 'emailBody' failed to satisfy \
                        constraint: Member must satisfy regular expression pattern";
            refused(evidence, "InvalidParameterException", text);
        }),
        produced("custom-message-silent-fallback", Likely, |evidence| {
            let arn = "arn:aws:lambda:eu-west-1:123456789012:function:message";
            of_pool(evidence, |pool| {
                pool.triggers
                    .insert("CustomMessage".to_owned(), arn.to_owned());
            });
            let mut late = mail(90);
            late.seen_by_watch = true;
            late.content = reverify::diagnosis::Content::Nothing;
            found(evidence, late);
        }),
    ]
}

/// Both the daily limit and its cause: the quota is proven, the reduced limit is not.
#[test]
fn a_reduced_quota_is_likely_when_few_mails_were_sent() {
    let mut evidence = story();
    by_default(&mut evidence);
    refused(&mut evidence, "LimitExceededException", DAILY);
    let of = |evidence: &Evidence| {
        let cause = reverify::diagnosis::by_id("default-mail-bounce-restricted").unwrap();
        cause.weigh(evidence).opinion.confidence
    };
    assert_eq!(of(&evidence), Confidence::Likely);
    evidence.trail = super::not_asked::denied();
    assert_eq!(of(&evidence), Confidence::Possible);
}

/// The second sign-up is refused because the name is taken.
fn exists(evidence: &mut Evidence) {
    refused(evidence, "UsernameExistsException", "User already exists");
    of_user(evidence, |user| user.created = at(0));
}

fn gone(evidence: &mut Evidence) {
    evidence.user = Source::from(None);
    evidence.users_of_address = Source::from(Vec::new());
}

/// The mail came, and its code was refused.
pub(crate) fn code_refused(evidence: &mut Evidence, code: &str, message: &str) {
    evidence.case.trouble = Trouble::CodeRefused;
    let mut used = mail(24);
    used.used = true;
    found(evidence, used);
    let mut confirmation = accepted("ConfirmSignUp", 30);
    confirmation.reply = refusal(code, message);
    evidence.calls.push(confirmation);
}

/// A function of the pool ran.
pub(crate) fn ran(evidence: &mut Evidence, trigger: &str, end: InvocationEnd) {
    let log = FunctionLog {
        trigger: trigger.to_owned(),
        log_group: format!("/aws/lambda/{trigger}"),
        invocations: vec![Invocation {
            at: at(22),
            request_id: "lambda-1".to_owned(),
            end,
            lines: Vec::new(),
        }],
    };
    if let Some(logs) = read(&mut evidence.functions) {
        logs.push(log);
    }
}

#[test]
fn each_is_found() {
    check(&all());
}
