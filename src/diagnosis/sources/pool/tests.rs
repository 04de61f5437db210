//! `UserPoolType` and its relatives as settings.

use aws_sdk_cognitoidentityprovider::types::{
    AdminCreateUserConfigType, AliasAttributeType, CloudWatchLogsConfigurationType,
    CustomEmailSenderLambdaVersionType, MessageTemplateType, UserAttributeUpdateSettingsType,
    UsernameConfigurationType, VerificationMessageTemplateType, VerifiedAttributeType,
};

use super::*;

#[test]
fn a_pool_that_says_nothing_has_the_defaults() {
    assert_eq!(
        settings(&UserPoolType::builder().build()),
        PoolSettings::default()
    );
}

#[test]
fn a_pool_is_read_member_by_member() {
    let template = VerificationMessageTemplateType::builder()
        .default_email_option(DefaultEmailOptionType::ConfirmWithLink)
        .email_subject("by code")
        .email_subject_by_link("by link");
    let invitation = MessageTemplateType::builder().email_message("Welcome {####}");
    let creation = AdminCreateUserConfigType::builder()
        .allow_admin_create_user_only(true)
        .invite_message_template(invitation.build());
    let sender = CustomEmailLambdaVersionConfigType::builder()
        .lambda_version(CustomEmailSenderLambdaVersionType::V10)
        .lambda_arn("arn:sender");
    let triggers = LambdaConfigType::builder()
        .pre_sign_up("arn:pre")
        .custom_message("")
        .custom_email_sender(sender.build().unwrap());
    let email = EmailConfigurationType::builder()
        .email_sending_account(EmailSendingAccountType::Developer)
        .source_arn("arn:identity")
        .from("shop@example.com")
        .reply_to_email_address("reply@example.com")
        .configuration_set("set");
    let updates = UserAttributeUpdateSettingsType::builder()
        .attributes_require_verification_before_update(VerifiedAttributeType::Email);
    let case = UsernameConfigurationType::builder().case_sensitive(false);
    let pool = UserPoolType::builder()
        .last_modified_date(cognito::primitives::DateTime::from_millis(1_500))
        .auto_verified_attributes(VerifiedAttributeType::Email)
        .alias_attributes(AliasAttributeType::PreferredUsername)
        .verification_message_template(template.build())
        .email_verification_subject("of old")
        .admin_create_user_config(creation.build())
        .lambda_config(triggers.build())
        .email_configuration(email.build())
        .user_attribute_update_settings(updates.build())
        .username_configuration(case.build().unwrap())
        .domain("shop");
    let expected = PoolSettings {
        last_modified: Some(Timestamp::from_millisecond(1_500).unwrap()),
        auto_verified: vec!["email".to_owned()],
        username_attributes: Vec::new(),
        alias_attributes: vec!["preferred_username".to_owned()],
        case_sensitive: Some(false),
        admin_creates_users_only: true,
        invitation: Some("Welcome {####}".to_owned()),
        confirms_by_link: true,
        subject: Some("by link".to_owned()),
        domain: Some("shop".to_owned()),
        custom_domain: None,
        verified_before_update: vec!["email".to_owned()],
        triggers: [
            ("CustomEmailSender", "arn:sender"),
            ("PreSignUp", "arn:pre"),
        ]
        .map(|(name, arn)| (name.to_owned(), arn.to_owned()))
        .into(),
        email: EmailSettings {
            own_ses: true,
            source_arn: Some("arn:identity".to_owned()),
            from: Some("shop@example.com".to_owned()),
            reply_to: Some("reply@example.com".to_owned()),
            configuration_set: Some("set".to_owned()),
        },
    };
    assert_eq!(settings(&pool.build()), expected);
}

#[test]
fn the_export_of_errors_is_told_from_the_others() {
    let configuration = |source: EventSourceName, level: LogLevel, arn: Option<&str>| {
        let group = arn.map(|arn| {
            let group = CloudWatchLogsConfigurationType::builder();
            group.log_group_arn(arn).build()
        });
        LogConfigurationType::builder()
            .event_source(source)
            .log_level(level)
            .set_cloud_watch_logs_configuration(group)
            .build()
            .unwrap()
    };
    let arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/exported:*";
    let errors = EventSourceName::UserNotification;
    let cases = [
        (
            errors.clone(),
            LogLevel::Error,
            Some(arn),
            Some("/aws/exported"),
        ),
        (
            errors.clone(),
            LogLevel::Error,
            Some("exported"),
            Some("exported"),
        ),
        (errors.clone(), LogLevel::Error, None, None),
        (errors, LogLevel::Info, Some(arn), None),
        (
            EventSourceName::UserAuthEvents,
            LogLevel::Error,
            Some(arn),
            None,
        ),
    ];
    for (source, level, arn, expected) in cases {
        let all = [configuration(source, level, arn)];
        assert_eq!(notification_group(&all).as_deref(), expected, "{all:?}");
    }
    assert_eq!(notification_group(&[]), None);
}

#[test]
fn a_client_hides_users_only_when_enabled() {
    for (setting, hides) in [
        (Some(PreventUserExistenceErrorTypes::Enabled), true),
        (Some(PreventUserExistenceErrorTypes::Legacy), false),
        (None, false),
    ] {
        let client = UserPoolClientType::builder()
            .user_pool_id("p")
            .set_prevent_user_existence_errors(setting);
        let expected = ClientSettings {
            user_pool_id: Some(UserPoolId::new("p")),
            hides_users: hides,
            has_secret: false,
        };
        assert_eq!(client_settings(&client.build()), expected);
    }
}
