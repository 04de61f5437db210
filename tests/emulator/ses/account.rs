//! `GetAccount` and what changes it (CAUSES.md, `ses-sandbox`, `ses-account-paused`, `ses-quota`).

use aws_sdk_sesv2::types::{MailType, ReviewStatus, SuppressionListReason};
use jiff::SignedDuration;

use super::fixture::{Account, PRODUCTION, name};

#[tokio::test]
async fn a_new_account_is_in_the_sandbox() {
    let account = Account::sandbox();
    let shown = account.ses.get_account().send().await.unwrap();
    assert!(!shown.production_access_enabled);
    assert!(shown.sending_enabled);
    assert_eq!(shown.enforcement_status.as_deref(), Some("HEALTHY"));
    let quota = shown.send_quota.unwrap();
    let numbers = [
        quota.max24_hour_send,
        quota.max_send_rate,
        quota.sent_last24_hours,
    ];
    assert_eq!(format!("{numbers:?}"), "[200.0, 1.0, 0.0]");
    let reasons = shown.suppression_attributes.unwrap();
    assert_eq!(
        reasons.suppressed_reasons(),
        [
            SuppressionListReason::Bounce,
            SuppressionListReason::Complaint
        ]
    );
}

#[tokio::test]
async fn production_access_is_asked_for_and_granted_by_others() {
    let account = Account::sandbox();
    let ask = || {
        let details = account.ses.put_account_details();
        details
            .mail_type(MailType::Transactional)
            .website_url("https://example.com")
            .production_access_enabled(true)
            .send()
    };
    ask().await.unwrap();
    let status = async || {
        let shown = account.ses.get_account().send().await.unwrap();
        let review = shown.details.unwrap().review_details.unwrap();
        (shown.production_access_enabled, review.status.unwrap())
    };
    assert_eq!(status().await, (false, ReviewStatus::Pending));
    assert_eq!(name(ask().await), "ConflictException");
    let granted = r#"{"ProductionAccessEnabled":true,"MaxSendRate":7}"#;
    assert_eq!(account.control("PUT", "account", granted).status, 200);
    assert_eq!(status().await, (true, ReviewStatus::Granted));
    let quota = account.ses.get_account().send().await.unwrap().send_quota;
    assert_eq!(format!("{:?}", quota.unwrap().max_send_rate), "7.0");
}

#[tokio::test]
async fn the_sandbox_sends_to_verified_recipients_and_the_simulator() {
    let account = Account::of(
        "[[ses_identity]]\nEmailIdentity = \"example.com\"\n\
         [[ses_identity]]\nEmailIdentity = \"friend@else.org\"",
    );
    let second = || account.world.clock.advance(SignedDuration::from_secs(1));
    let (error, message) = account.send("stranger@else.org").await.unwrap_err();
    assert_eq!(error, "MessageRejected");
    assert_eq!(
        message,
        "Email address is not verified. The following identities failed the check in region \
         US-EAST-1: stranger@else.org"
    );
    for to in [
        "friend@else.org",
        "anyone@mail.example.com",
        "success+1@simulator.amazonses.com",
    ] {
        account.send(to).await.unwrap();
        second();
    }
    assert_eq!(
        account.recipients(),
        ["friend@else.org", "anyone@mail.example.com"]
    );
    account.control("PUT", "account", r#"{"ProductionAccessEnabled":true}"#);
    account.send("stranger@else.org").await.unwrap();
}

/// Recorded in pm-pmaas/etailors_amazon_ses#117.
#[tokio::test]
async fn rate_and_day_have_quotas() {
    let account = Account::of(&format!(
        "{PRODUCTION}[[ses_suppressed_destination]]\nEmailAddress = \"no@else.org\"\nReason = \"BOUNCE\""
    ));
    let quotas = r#"{"Max24HourSend":3,"MaxSendRate":1}"#;
    account.control("PUT", "account", quotas);
    account.send("ada@else.org").await.unwrap();
    assert_eq!(
        account.send("ada@else.org").await.unwrap_err(),
        (
            "TooManyRequestsException".to_owned(),
            "Maximum sending rate exceeded.".to_owned()
        )
    );
    let second = || account.world.clock.advance(SignedDuration::from_secs(1));
    second();
    account.send("no@else.org").await.unwrap();
    second();
    account
        .send("bounce@simulator.amazonses.com")
        .await
        .unwrap();
    second();
    account.send("ada@else.org").await.unwrap();
    second();
    let sent = async || {
        let shown = account.ses.get_account().send().await.unwrap();
        format!("{:?}", shown.send_quota.unwrap().sent_last24_hours)
    };
    assert_eq!(
        sent().await,
        "3.0",
        "suppressed mails count, simulated do not"
    );
    let (error, message) = account.send("ada@else.org").await.unwrap_err();
    assert_eq!(error, "TooManyRequestsException");
    assert_eq!(message, "Daily message quota exceeded.");
    account.world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(sent().await, "0.0");
    account.send("ada@else.org").await.unwrap();
}

#[tokio::test]
async fn a_paused_account_sends_nothing() {
    let account = Account::of(PRODUCTION);
    let pause = account.ses.put_account_sending_attributes();
    pause.sending_enabled(false).send().await.unwrap();
    let (error, message) = account.send("ada@else.org").await.unwrap_err();
    assert_eq!(error, "SendingPausedException");
    assert!(
        message.starts_with("Sending paused for this account."),
        "{message}"
    );
    let resume = account.ses.put_account_sending_attributes();
    resume.sending_enabled(true).send().await.unwrap();
    account.send("ada@else.org").await.unwrap();
    account.control("PUT", "account", r#"{"EnforcementStatus":"SHUTDOWN"}"#);
    let shown = account.ses.get_account().send().await.unwrap();
    assert_eq!(shown.enforcement_status.as_deref(), Some("SHUTDOWN"));
    assert!(!shown.sending_enabled);
    assert!(account.send("ada@else.org").await.is_err());
    assert_eq!(account.recipients().len(), 1);
}
