//! Pools with `EmailSendingAccount: DEVELOPER`, and those that name an identity (COGNITO.md 5.4, 2.7;
//! CAUSES.md, stage D).

use reverify::emulator::{MailView, Starting};
use serde_json::{Value, json};

use super::fixture::{Account, PRODUCTION};
use crate::world::World;

const ARN: &str = "arn:aws:ses:us-east-1:123456789012:identity/shop@example.com";
const SES_SAID: &str = "Cognito received the following error from Amazon SES when attempting to \
                        send email: ";
const VERIFIED: &str = "[[ses_identity]]\nEmailIdentity = \"shop@example.com\"\n";

/// A pool that mails as the shop through SES, beside these tables of SES.
fn account(ses: &str) -> Account {
    Account::of(&format!(
        "{ses}[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
         [user_pool.EmailConfiguration]\nEmailSendingAccount = \"DEVELOPER\"\n\
         SourceArn = \"{ARN}\"\nConfigurationSet = \"set\"\n\
         ReplyToEmailAddress = \"help@example.com\"\n[[user_pool.client]]\nClientName = \"c\"\n\
         [[ses_configuration_set]]\nConfigurationSetName = \"set\"\n"
    ))
}

fn production() -> Account {
    account(&format!(
        "[ses]\nProductionAccessEnabled = true\n{VERIFIED}"
    ))
}

#[test]
fn its_mails_go_through_ses() {
    let account = production();
    let reply = account.world.sign_up("ada", "ada@else.org");
    assert_eq!(reply.status, 200, "{reply:?}");
    let mail = account.world.smtp.mails(None, true).remove(0);
    assert_eq!(
        (mail.from.as_str(), mail.to.as_str()),
        ("shop@example.com", "ada@else.org")
    );
    let code = account.world.code("ada@else.org");
    assert_eq!(account.world.confirm("ada", &code).status, 200);
    let raw = account.world.smtp.raw(&mail.id).unwrap();
    let raw = String::from_utf8_lossy(&raw);
    assert!(raw.contains("Message-ID: <0100"), "{raw}");
    assert!(raw.contains("-000000@email.amazonses.com>"), "{raw}");
    assert!(raw.contains("Reply-To: help@example.com"), "{raw}");
}

#[test]
fn the_sandbox_refuses_a_stranger_and_the_user_exists_all_the_same() {
    let account = account(VERIFIED);
    let expected = "Email address is not verified. The following identities failed the check in \
                    region US-EAST-1: ada@else.org";
    assert_eq!(
        account.world.sign_up("ada", "ada@else.org").error(),
        (
            "CodeDeliveryFailureException".to_owned(),
            format!("{SES_SAID}{expected}")
        )
    );
    let user = account.world.admin_get_user("ada").json();
    assert_eq!(user["UserStatus"], "UNCONFIRMED");
    assert!(account.recipients().is_empty());
}

#[test]
fn what_ses_refuses_the_caller_learns() {
    let cases = [
        (
            "PUT",
            "identities/shop@example.com",
            r#"{"VerificationStatus":"FAILED"}"#,
            "InvalidEmailRoleAccessPolicyException",
            "identities failed the check in region US-EAST-1: arn:aws:ses:",
        ),
        (
            "PUT",
            "account",
            r#"{"SendingEnabled":false}"#,
            "CodeDeliveryFailureException",
            "Sending paused for this account.",
        ),
        (
            "PUT",
            "account",
            r#"{"Max24HourSend":0}"#,
            "LimitExceededException",
            "Daily message quota exceeded.",
        ),
    ];
    for (method, path, body, name, text) in cases {
        let account = production();
        assert_eq!(account.control(method, path, body).status, 200);
        let (error, message) = account.world.sign_up("ada", "ada@else.org").error();
        assert_eq!(error, name, "{body}");
        assert!(message.starts_with(SES_SAID), "{message}");
        assert!(message.contains(text), "{message}");
        assert!(account.recipients().is_empty());
    }
}

/// Only events and lists tell (CAUSES.md, `ses-account-suppressed`, `handover-throttled-by-ses`).
#[test]
fn what_happens_behind_ses_the_caller_does_not_learn() {
    let account = production();
    account.control("PUT", "account", r#"{"MaxSendRate":1}"#);
    let first = account.world.sign_up("ada", "ada@else.org");
    let second = account.world.sign_up("bob", "bob@else.org");
    for reply in [&first, &second] {
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.json()["CodeDeliveryDetails"]["DeliveryMedium"],
            "EMAIL"
        );
    }
    assert_eq!(account.recipients(), ["ada@else.org"], "one a second");
}

/// Recorded in aws/aws-cdk#18964.
#[test]
fn a_pool_cannot_be_set_up_with_an_identity_that_is_not_verified() {
    let account = Account::of(PRODUCTION);
    let pool = |arn: &str| -> Value {
        json!({"PoolName": "p", "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER", "SourceArn": arn}})
    };
    let (error, message) = account.world.call("CreateUserPool", &pool(ARN)).error();
    assert_eq!(error, "InvalidParameterException");
    assert_eq!(
        message,
        format!(
            "{SES_SAID}Email address is not verified. The following identities failed the check \
             in region US-EAST-1: {ARN}"
        )
    );
    let arn = ARN.replace("shop@", "");
    let created = account.world.call("CreateUserPool", &pool(&arn)).json();
    let id = &created["UserPool"]["Id"];
    let mut update = pool(ARN);
    update["UserPoolId"] = id.clone();
    update.as_object_mut().unwrap().remove("PoolName");
    let (error, _) = account.world.call("UpdateUserPool", &update).error();
    assert_eq!(error, "InvalidParameterException");
}

/// CAUSES.md, `ses-identity-policy`: the default sender needs a policy to use an identity.
#[test]
fn the_default_sender_needs_a_policy_to_use_an_identity() {
    let policy = |source: &str| {
        format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"Service":"email.cognito-idp.amazonaws.com"}},"Action":["ses:SendEmail","ses:SendRawEmail"],"Resource":"{ARN}","Condition":{{"StringEquals":{{"aws:SourceAccount":"{source}"}},"ArnLike":{{"aws:SourceArn":"arn:aws:cognito-idp:us-east-1:*:userpool/*"}}}}}}}}"#
        )
    };
    for (account, allowed) in [
        (Some("123456789012"), true),
        (Some("1"), false),
        (None, false),
    ] {
        let policies = account.map_or_else(String::new, |account| {
            format!("[ses_identity.Policies]\ncognito = '{}'\n", policy(account))
        });
        let toml = format!(
            "{VERIFIED}{policies}[[user_pool]]\nPoolName = \"p\"\n\
             AutoVerifiedAttributes = [\"email\"]\n\
             EmailConfiguration = {{ SourceArn = \"{ARN}\" }}\n\
             [[user_pool.client]]\nClientName = \"c\"\n"
        );
        let world = World::of(Starting::from_toml(&toml).unwrap());
        let reply = world.sign_up("ada", "ada@else.org");
        if allowed {
            assert_eq!(reply.status, 200, "{reply:?}");
            assert_eq!(world.smtp.mails(None, true)[0].from, "shop@example.com");
        } else {
            assert_eq!(reply.error().0, "InvalidEmailRoleAccessPolicyException");
        }
    }
}
