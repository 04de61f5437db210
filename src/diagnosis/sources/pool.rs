//! The user pool, its app client and its log export.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::types::{
    CustomEmailLambdaVersionConfigType, CustomSmsLambdaVersionConfigType, DefaultEmailOptionType,
    EmailConfigurationType, EmailSendingAccountType, EventSourceName, InboundFederationLambdaType,
    LambdaConfigType, LogConfigurationType, LogLevel, PreTokenGenerationVersionConfigType,
    PreventUserExistenceErrorTypes, UserPoolClientType, UserPoolType,
};
use jiff::Timestamp;

use super::clients::Clients;
use super::miss::{Miss, ask, needed};
use super::permission;
use super::server_date::ServerDate;
use super::values::{moment, names};
use crate::diagnosis::{ClientSettings, EmailSettings, LogDelivery, PoolSettings, Source};
use crate::model::{AppClientId, UserPoolId};

/// The settings of a pool, with the server's time, if it told one.
#[derive(Debug, Clone)]
pub(super) struct DescribedPool {
    pub(super) settings: PoolSettings,
    pub(super) date: Option<Timestamp>,
}

/// `DescribeUserPool`.
pub(super) async fn describe(clients: &Clients, pool: &UserPoolId) -> Source<DescribedPool> {
    let date = ServerDate::default();
    let answer = ask(permission::DESCRIBE_USER_POOL, || {
        let request = clients.cognito.describe_user_pool();
        let request = request.user_pool_id(pool.as_str());
        request.customize().interceptor(date.clone()).send()
    })
    .await;
    let described = answer.and_then(|answer| match answer.user_pool() {
        Some(pool) => Ok(DescribedPool {
            settings: settings(pool),
            date: date.moment(),
        }),
        None => Err(Miss::Failed("the answer names no user pool".to_owned())),
    });
    needed(described)
}

/// `DescribeUserPoolClient`, in the first of the pools that has the client.
///
/// A client can only be described by a caller who names its pool, so that a client of another pool
/// is found where a call of the run named that pool too.
pub(super) async fn client(
    clients: &Clients,
    pools: &[&UserPoolId],
    id: &AppClientId,
) -> Source<ClientSettings> {
    let mut first_miss = None;
    for pool in pools {
        let answer = ask(permission::DESCRIBE_USER_POOL_CLIENT, || {
            let request = clients.cognito.describe_user_pool_client();
            let request = request.user_pool_id(pool.as_str()).client_id(id.as_str());
            request.send()
        })
        .await;
        match answer {
            Ok(answer) => match answer.user_pool_client() {
                Some(found) => return Source::from(client_settings(found)),
                None => return Source::from(ClientSettings::default()),
            },
            Err(miss @ Miss::Absent(_)) => first_miss = first_miss.or(Some(miss)),
            Err(miss) => return miss.outcome(),
        }
    }
    first_miss.map_or(Source::NotAsked, Miss::outcome)
}

/// `GetLogDeliveryConfiguration`.
pub(super) async fn log_delivery(clients: &Clients, pool: &UserPoolId) -> Source<LogDelivery> {
    let answer = ask(permission::GET_LOG_DELIVERY, || {
        let request = clients.cognito.get_log_delivery_configuration();
        request.user_pool_id(pool.as_str()).send()
    })
    .await;
    needed(answer.map(|answer| {
        let found = answer.log_delivery_configuration();
        let configurations =
            found.map(cognito::types::LogDeliveryConfigurationType::log_configurations);
        LogDelivery {
            notification_log_group: notification_group(configurations.unwrap_or_default()),
        }
    }))
}

/// The log group of `userNotification` at level ERROR, by name.
fn notification_group(configurations: &[LogConfigurationType]) -> Option<String> {
    let exported = configurations.iter().find(|one| {
        one.event_source == EventSourceName::UserNotification && one.log_level == LogLevel::Error
    })?;
    let arn = exported.cloud_watch_logs_configuration()?.log_group_arn()?;
    Some(group_name(arn).to_owned())
}

/// The name in a log group's ARN, `arn:aws:logs:REGION:ACCOUNT:log-group:NAME`, with or without `:*`.
fn group_name(arn: &str) -> &str {
    let name = arn.split_once(":log-group:").map_or(arn, |(_, name)| name);
    name.strip_suffix(":*").unwrap_or(name)
}

/// What matters of `UserPoolType`.
fn settings(pool: &UserPoolType) -> PoolSettings {
    let template = pool.verification_message_template();
    let option = template.and_then(|template| template.default_email_option());
    let by_link = option == Some(&DefaultEmailOptionType::ConfirmWithLink);
    let subject = template.and_then(|template| {
        if by_link {
            template.email_subject_by_link()
        } else {
            template.email_subject()
        }
    });
    let subject = subject.or(pool.email_verification_subject());
    let creation = pool.admin_create_user_config();
    let invitation = creation.and_then(|config| config.invite_message_template());
    let updates = pool.user_attribute_update_settings();
    let before_update =
        updates.map(|updates| names(updates.attributes_require_verification_before_update()));
    PoolSettings {
        last_modified: moment(pool.last_modified_date()),
        auto_verified: names(pool.auto_verified_attributes()),
        username_attributes: names(pool.username_attributes()),
        alias_attributes: names(pool.alias_attributes()),
        case_sensitive: pool
            .username_configuration()
            .map(|case| case.case_sensitive),
        admin_creates_users_only: creation
            .is_some_and(|config| config.allow_admin_create_user_only),
        invitation: invitation.and_then(|template| template.email_message.clone()),
        confirms_by_link: by_link,
        subject: subject.map(str::to_owned),
        domain: pool.domain.clone(),
        custom_domain: pool.custom_domain.clone(),
        verified_before_update: before_update.unwrap_or_default(),
        triggers: pool.lambda_config().map(triggers).unwrap_or_default(),
        email: pool.email_configuration().map(email).unwrap_or_default(),
    }
}

fn email(configuration: &EmailConfigurationType) -> EmailSettings {
    let account = configuration.email_sending_account();
    EmailSettings {
        own_ses: account == Some(&EmailSendingAccountType::Developer),
        source_arn: configuration.source_arn.clone(),
        from: configuration.from.clone(),
        reply_to: configuration.reply_to_email_address.clone(),
        configuration_set: configuration.configuration_set.clone(),
    }
}

/// The triggers by their names in `LambdaConfig`.
fn triggers(config: &LambdaConfigType) -> BTreeMap<String, String> {
    let email = config
        .custom_email_sender()
        .map(CustomEmailLambdaVersionConfigType::lambda_arn);
    let sms = config
        .custom_sms_sender()
        .map(CustomSmsLambdaVersionConfigType::lambda_arn);
    let tokens = config
        .pre_token_generation_config()
        .map(PreTokenGenerationVersionConfigType::lambda_arn);
    let federation = config
        .inbound_federation()
        .map(InboundFederationLambdaType::lambda_arn);
    let arns = [
        ("PreSignUp", config.pre_sign_up()),
        ("CustomMessage", config.custom_message()),
        ("PostConfirmation", config.post_confirmation()),
        ("PreAuthentication", config.pre_authentication()),
        ("PostAuthentication", config.post_authentication()),
        ("DefineAuthChallenge", config.define_auth_challenge()),
        ("CreateAuthChallenge", config.create_auth_challenge()),
        (
            "VerifyAuthChallengeResponse",
            config.verify_auth_challenge_response(),
        ),
        ("PreTokenGeneration", config.pre_token_generation()),
        ("PreTokenGenerationConfig", tokens),
        ("UserMigration", config.user_migration()),
        ("CustomEmailSender", email),
        ("CustomSMSSender", sms),
        ("InboundFederation", federation),
    ];
    // A trigger that was taken away may be left behind as an empty text.
    let set = arns
        .into_iter()
        .filter_map(|(name, arn)| Some((name, arn.filter(|arn| !arn.is_empty())?)));
    set.map(|(name, arn)| (name.to_owned(), arn.to_owned()))
        .collect()
}

fn client_settings(client: &UserPoolClientType) -> ClientSettings {
    let hides = client.prevent_user_existence_errors();
    ClientSettings {
        user_pool_id: client.user_pool_id().map(UserPoolId::new),
        hides_users: hides == Some(&PreventUserExistenceErrorTypes::Enabled),
        has_secret: client.client_secret().is_some(),
    }
}

#[cfg(test)]
mod tests;
