//! Identities, their verification and their policies.

use aws_sdk_sesv2::types::{
    BehaviorOnMxFailure, IdentityType, MailFromDomainStatus, ReputationEntityType, SendingStatus,
    VerificationStatus,
};
use jiff::SignedDuration;
use reverify::emulator::MailView;

use super::fixture::{Account, PRODUCTION, name, named};
use crate::wire::send;

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn an_address_is_verified_by_the_link_in_its_mail() {
    let account = Account::sandbox();
    let create = || {
        account
            .ses
            .create_email_identity()
            .email_identity(ADA)
            .send()
    };
    let created = create().await.unwrap();
    assert_eq!(created.identity_type, Some(IdentityType::EmailAddress));
    assert!(!created.verified_for_sending_status);
    assert_eq!(
        named(&create().await.unwrap_err()),
        (
            "AlreadyExistsException".to_owned(),
            "Email identity ada@example.com already exist.".to_owned()
        )
    );
    let status = async || {
        let shown = account.ses.get_email_identity().email_identity(ADA);
        shown.send().await.unwrap().verification_status.unwrap()
    };
    assert_eq!(status().await, VerificationStatus::Pending);

    let mail = account.world.smtp.mails(Some(&ADA.parse().unwrap()), true);
    let endpoint = account.world.emulator.endpoint();
    let text = mail[0].html.clone().unwrap();
    let link = text.lines().find(|line| line.starts_with(&endpoint));
    let path = link.unwrap().strip_prefix(&endpoint).unwrap();
    let open = || send(&endpoint, "GET", path, "", b"").status;
    account.world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(open(), 400, "a day later");
    account.world.clock.advance(SignedDuration::from_hours(-25));
    assert_eq!(open(), 200);
    assert_eq!(status().await, VerificationStatus::Success);
    assert_eq!(open(), 400, "once");
}

#[tokio::test]
async fn a_domain_is_verified_by_others() {
    let account = Account::sandbox();
    let create = account.ses.create_email_identity();
    let created = create.email_identity("Example.com").send().await.unwrap();
    assert_eq!(created.identity_type, Some(IdentityType::Domain));
    assert_eq!(created.dkim_attributes.unwrap().tokens().len(), 3);
    let change = |status: &str| {
        let body = format!(r#"{{"VerificationStatus":"{status}"}}"#);
        account
            .control("PUT", "identities/example.com", &body)
            .status
    };
    assert_eq!(change("SUCCESS"), 200);
    let shown = account
        .ses
        .get_email_identity()
        .email_identity("example.com");
    let shown = shown.send().await.unwrap();
    assert!(shown.verified_for_sending_status);
    assert!(
        shown
            .verification_info
            .unwrap()
            .last_success_timestamp
            .is_some()
    );
    account.send(ADA).await.unwrap();
    assert_eq!(change("TEMPORARY_FAILURE"), 200);
    let (error, message) = account.send(ADA).await.unwrap_err();
    assert_eq!(error, "MessageRejected");
    assert!(
        message.ends_with("shop@example.com, ada@example.com"),
        "{message}"
    );
    assert_eq!(change("GOOD"), 400);
    account.control(
        "PUT",
        "identities/ada%40example.com",
        r#"{"VerificationStatus":"FAILED"}"#,
    );

    let listed = account.ses.list_email_identities().page_size(1);
    let listed = listed.send().await.unwrap();
    assert_eq!(listed.email_identities()[0].identity_name(), Some(ADA));
    let rest = account.ses.list_email_identities();
    let rest = rest.set_next_token(listed.next_token).send().await.unwrap();
    assert_eq!(
        rest.email_identities()[0].identity_name(),
        Some("example.com")
    );
    assert_eq!(rest.next_token, None);

    let delete = || {
        let delete = account.ses.delete_email_identity();
        delete.email_identity("example.com").send()
    };
    delete().await.unwrap();
    assert_eq!(name(delete().await), "NotFoundException");
    let get = account
        .ses
        .get_email_identity()
        .email_identity("example.com");
    assert_eq!(name(get.send().await), "NotFoundException");
    let bad = account.ses.create_email_identity().email_identity("nobody");
    assert_eq!(name(bad.send().await), "BadRequestException");
}

/// SESV2 `MailFromAttributes`: `REJECT_MESSAGE` refuses mail while the record is not there.
#[tokio::test]
async fn mail_is_refused_without_the_record_of_its_mail_from_domain() {
    let account = Account::of(PRODUCTION);
    let found = |status: &str| {
        let body = format!(r#"{{"MailFromDomainStatus":"{status}"}}"#);
        account
            .control("PUT", "identities/example.com", &body)
            .status
    };
    assert_eq!(found("SUCCESS"), 400, "it has no such domain");
    // Behaviour, what DNS says, and the refusal.
    let refused = Some("MailFromDomainNotVerifiedException");
    let cases = [
        (BehaviorOnMxFailure::RejectMessage, "PENDING", refused),
        (BehaviorOnMxFailure::RejectMessage, "FAILED", refused),
        (BehaviorOnMxFailure::RejectMessage, "SUCCESS", None),
        (BehaviorOnMxFailure::UseDefaultValue, "FAILED", None),
    ];
    for (behavior, status, expected) in cases {
        let put = account.ses.put_email_identity_mail_from_attributes();
        let put = put
            .email_identity("example.com")
            .mail_from_domain("bounces.example.com")
            .behavior_on_mx_failure(behavior.clone());
        put.send().await.unwrap();
        assert_eq!(found(status), 200);
        let shown = account.ses.get_email_identity();
        let shown = shown.email_identity("example.com").send().await.unwrap();
        let shown = shown.mail_from_attributes.unwrap();
        assert_eq!(shown.behavior_on_mx_failure, behavior);
        assert_eq!(
            shown.mail_from_domain_status,
            MailFromDomainStatus::from(status)
        );
        let sent = account.send(ADA).await.map_err(|(name, _)| name);
        assert_eq!(sent.err().as_deref(), expected, "{behavior} {status}");
    }
}

#[tokio::test]
async fn an_identity_can_be_stopped_alone() {
    let account = Account::of(PRODUCTION);
    let arn = "arn:aws:ses:us-east-1:123456789012:identity/example.com";
    let shown = async |arn: &str| {
        let get = account.ses.get_reputation_entity();
        let get = get
            .reputation_entity_type(ReputationEntityType::Resource)
            .reputation_entity_reference(arn);
        let shown = get.send().await.map_err(|error| named(&error).0)?;
        Ok::<_, String>(shown.reputation_entity.unwrap().sending_status_aggregate)
    };
    assert_eq!(shown(arn).await, Ok(Some(SendingStatus::Enabled)));
    for (status, expected) in [
        (SendingStatus::Disabled, Some("SendingPausedException")),
        (SendingStatus::Enabled, None),
    ] {
        let put = account
            .ses
            .update_reputation_entity_customer_managed_status();
        let put = put
            .reputation_entity_type(ReputationEntityType::Resource)
            .reputation_entity_reference(arn)
            .sending_status(status.clone());
        put.send().await.unwrap();
        assert_eq!(shown(arn).await, Ok(Some(status)));
        let sent = account.send(ADA).await.map_err(|(name, _)| name);
        assert_eq!(sent.err().as_deref(), expected);
    }
    let gone = arn.replace("example.com", "example.org");
    assert_eq!(shown(&gone).await, Err("NotFoundException".to_owned()));
}

#[tokio::test]
async fn policies_are_kept_by_name() {
    let account = Account::sandbox();
    account.control(
        "PUT",
        "identities/example.com",
        r#"{"VerificationStatus":"SUCCESS"}"#,
    );
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ses:*"}]}"#;
    let create = |policy: &str| {
        let create = account.ses.create_email_identity_policy();
        let create = create.email_identity("example.com").policy_name("p");
        create.policy(policy).send()
    };
    assert_eq!(name(create("{}").await), "BadRequestException");
    create(policy).await.unwrap();
    assert_eq!(name(create(policy).await), "AlreadyExistsException");
    let update = |name: &str| {
        let update = account.ses.update_email_identity_policy();
        let update = update.email_identity("example.com").policy_name(name);
        update.policy(r#"{"Statement":[]}"#).send()
    };
    update("p").await.unwrap();
    assert_eq!(name(update("q").await), "NotFoundException");
    let get = account.ses.get_email_identity_policies();
    let policies = get.email_identity("example.com").send().await.unwrap();
    assert_eq!(policies.policies().unwrap()["p"], r#"{"Statement":[]}"#);
    let delete = || {
        let delete = account.ses.delete_email_identity_policy();
        delete.email_identity("example.com").policy_name("p").send()
    };
    delete().await.unwrap();
    assert_eq!(name(delete().await), "NotFoundException");
}
