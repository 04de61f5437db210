//! What SES answers, member by member.

use std::collections::HashMap;

use jiff::Timestamp;
use sdk::types::{
    DkimAttributes, DkimStatus, MailFromDomainStatus, SendQuota, SuppressionAttributes,
    SuppressionListReason, SuppressionOptions, SuppressionValidationAttributes,
    SuppressionValidationOptions, VerificationError, VerificationInfo, VerificationStatus,
};

use super::*;

fn threshold(status: FeatureStatus) -> SuppressionConditionThreshold {
    let builder = SuppressionConditionThreshold::builder();
    builder.condition_threshold_enabled(status).build().unwrap()
}

#[test]
fn arns_of_identities_are_taken_apart() {
    let domain = "arn:aws:ses:eu-west-1:123456789012:identity/example.com";
    let expected = IdentityArn {
        text: domain.to_owned(),
        region: "eu-west-1".to_owned(),
        name: "example.com".to_owned(),
    };
    assert_eq!(IdentityArn::parse(domain), Some(expected));
    for other in [
        "",
        "example.com",
        "arn:aws:ses:eu-west-1:123456789012:identity/",
        "arn:aws:ses:eu-west-1:123456789012:configuration-set/x",
        "arn:aws:sns:eu-west-1:123456789012:identity/example.com",
    ] {
        assert_eq!(IdentityArn::parse(other), None, "{other}");
    }
}

#[test]
fn each_form_of_an_address_is_asked_for_once() {
    for (address, expected) in [
        ("ada@example.com", &["ada@example.com"][..]),
        ("Ada@example.com", &["Ada@example.com", "ada@example.com"]),
        (
            "Ada+x@Example.com",
            &["Ada+x@Example.com", "ada+x@example.com", "ada@example.com"],
        ),
        ("+x@example.com", &["+x@example.com"]),
    ] {
        assert_eq!(listed_forms(&address.parse().unwrap()), expected);
    }
}

#[test]
fn an_account_that_says_nothing_is_in_the_sandbox_and_off() {
    let expected = SesAccount {
        production_access: false,
        sending_enabled: false,
        enforcement: String::new(),
        max_24_hours: -1,
        sent_24_hours: 0,
        max_per_second: -1,
        suppressed_reasons: Vec::new(),
        auto_validation: false,
    };
    assert_eq!(account(&GetAccountOutput::builder().build()), expected);
}

#[test]
fn an_account_is_read_member_by_member() {
    let quota = SendQuota::builder()
        .max24_hour_send(200.0)
        .sent_last24_hours(3.0)
        .max_send_rate(1.5);
    let validation = SuppressionValidationAttributes::builder()
        .condition_threshold(threshold(FeatureStatus::Enabled));
    let suppression = SuppressionAttributes::builder()
        .suppressed_reasons(SuppressionListReason::Bounce)
        .validation_attributes(validation.build());
    let answer = GetAccountOutput::builder()
        .production_access_enabled(true)
        .sending_enabled(true)
        .enforcement_status("PROBATION")
        .send_quota(quota.build())
        .suppression_attributes(suppression.build());
    let expected = SesAccount {
        production_access: true,
        sending_enabled: true,
        enforcement: "PROBATION".to_owned(),
        max_24_hours: 200,
        sent_24_hours: 3,
        max_per_second: 1,
        suppressed_reasons: vec!["BOUNCE".to_owned()],
        auto_validation: true,
    };
    assert_eq!(account(&answer.build()), expected);
}

#[test]
fn an_identity_is_read_member_by_member() {
    let information = VerificationInfo::builder().error_type(VerificationError::HostNotFound);
    let mail_from = MailFromAttributes::builder()
        .mail_from_domain("bounces.example.com")
        .mail_from_domain_status(MailFromDomainStatus::Failed)
        .behavior_on_mx_failure(BehaviorOnMxFailure::RejectMessage);
    let dkim = DkimAttributes::builder().status(DkimStatus::Success);
    let policies = [("b", "{2}"), ("a", "{1}")];
    let policies = policies.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let answer = GetEmailIdentityOutput::builder()
        .verified_for_sending_status(true)
        .verification_status(VerificationStatus::TemporaryFailure)
        .verification_info(information.build())
        .mail_from_attributes(mail_from.build().unwrap())
        .dkim_attributes(dkim.build())
        .set_policies(Some(HashMap::from(policies)))
        .configuration_set_name("set");
    let expected = SesIdentity {
        name: "example.com".to_owned(),
        verified: true,
        status: "TEMPORARY_FAILURE".to_owned(),
        error: Some("HOST_NOT_FOUND".to_owned()),
        mail_from: Some(MailFrom {
            domain: "bounces.example.com".to_owned(),
            status: "FAILED".to_owned(),
            rejects: true,
        }),
        dkim: Some("SUCCESS".to_owned()),
        policies: vec!["{1}".to_owned(), "{2}".to_owned()],
        sending_disabled: None,
    };
    let read = identity("example.com", &answer.build());
    assert_eq!(read.settings, expected);
    assert_eq!(read.configuration_set.as_deref(), Some("set"));
}

#[test]
fn a_mail_from_domain_without_a_name_is_none() {
    let attributes = MailFromAttributes::builder()
        .mail_from_domain("")
        .mail_from_domain_status(MailFromDomainStatus::Pending)
        .behavior_on_mx_failure(BehaviorOnMxFailure::UseDefaultValue);
    assert_eq!(mail_from(&attributes.build().unwrap()), None);
}

#[test]
fn a_configuration_set_is_on_unless_it_says_otherwise() {
    let validation = SuppressionValidationOptions::builder()
        .condition_threshold(threshold(FeatureStatus::Enabled))
        .build();
    let suppression = SuppressionOptions::builder().validation_options(validation);
    let off = SendingOptions::builder().sending_enabled(false).build();
    let answer = GetConfigurationSetOutput::builder()
        .sending_options(off)
        .suppression_options(suppression.build());
    let set = |sending_enabled: bool, auto_validation: bool| SesConfigurationSet {
        name: "set".to_owned(),
        sending_enabled,
        auto_validation,
    };
    assert_eq!(configuration_set("set", &answer.build()), set(false, true));
    let silent = GetConfigurationSetOutput::builder().build();
    assert_eq!(configuration_set("set", &silent), set(true, false));
}

#[test]
fn entries_and_entities_are_read() {
    let entry = SuppressedDestination::builder()
        .email_address("ada@example.com")
        .reason(SuppressionListReason::Complaint)
        .last_update_time(sdk::primitives::DateTime::from_secs(60));
    let expected = Suppressed {
        address: "ada@example.com".to_owned(),
        reason: "COMPLAINT".to_owned(),
        since: Timestamp::from_second(60).unwrap(),
    };
    assert_eq!(suppressed(&entry.build().unwrap()), Some(expected));
    for (status, disabled) in [
        (Some(SendingStatus::Disabled), true),
        (Some(SendingStatus::Reinstated), false),
        (None, false),
    ] {
        let entity = ReputationEntity::builder().set_sending_status_aggregate(status);
        assert_eq!(is_disabled(&entity.build()), disabled);
    }
}
