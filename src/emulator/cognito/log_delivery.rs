//! `SetLogDeliveryConfiguration` and `GetLogDeliveryConfiguration` (COGNITO.md 7.1).

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::pools::UserPool;
use super::service::Cognito;
use crate::emulator::logs;
use crate::model::UserPoolId;

/// `EventSourceName`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EventSource {
    UserNotification,
    UserAuthEvents,
}

/// `LogLevel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum LogLevel {
    Error,
    Info,
}

/// `LogConfigurationType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LogConfiguration {
    pub(crate) log_level: LogLevel,
    pub(crate) event_source: EventSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cloud_watch_logs_configuration: Option<CloudWatchLogsConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) s3_configuration: Option<S3Configuration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) firehose_configuration: Option<FirehoseConfiguration>,
}

/// `CloudWatchLogsConfigurationType`: a log group's ARN, without `:*` at its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CloudWatchLogsConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log_group_arn: Option<String>,
}

/// `S3ConfigurationType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct S3Configuration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bucket_arn: Option<String>,
}

/// `FirehoseConfigurationType`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FirehoseConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stream_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SetLogDeliveryConfigurationRequest {
    user_pool_id: UserPoolId,
    log_configurations: Vec<LogConfiguration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetLogDeliveryConfigurationRequest {
    user_pool_id: UserPoolId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LogDeliveryConfigurationResponse {
    log_delivery_configuration: LogDeliveryConfiguration,
}

/// `LogDeliveryConfigurationType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LogDeliveryConfiguration {
    log_configurations: Vec<LogConfiguration>,
    user_pool_id: UserPoolId,
}

/// An event of the `userNotification` export, as documented (COGNITO.md 7.1 \[D\]).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserNotification<'a> {
    /// Milliseconds since the epoch, as text.
    event_timestamp: String,
    event_source: &'static str,
    log_level: LogLevel,
    message: NotificationMessage<'a>,
    log_source_id: LogSourceId<'a>,
}

#[derive(Serialize)]
struct NotificationMessage<'a> {
    details: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogSourceId<'a> {
    user_pool_id: &'a UserPoolId,
}

/// Writes into the log group of the pool's configuration that a message was not delivered; nothing
/// without a configuration, or for an exception of another kind.
///
/// Real words of `details` and names of log streams are not known (CAUSES.md, evidence sources 1): the
/// exception's words and the pool's id are guesses.
pub(crate) fn notify(cognito: &Cognito, pool: &UserPool, failure: &Exception) {
    if matches!(
        failure,
        Exception::CodeDeliveryFailure(_)
            | Exception::SesRefused(_)
            | Exception::InvalidEmailRoleAccessPolicy(_)
            | Exception::SesQuotaExceeded(_)
    ) {
        not_delivered(cognito, pool, &failure.to_string());
    }
}

/// Writes these details of a message that was not delivered, where the pool's configuration says.
pub(crate) fn not_delivered(cognito: &Cognito, pool: &UserPool, details: &str) {
    let of_notifications = |configuration: &&LogConfiguration| {
        configuration.event_source == EventSource::UserNotification
    };
    let configuration = pool.log_delivery.iter().find(of_notifications);
    let arn = configuration
        .and_then(|configuration| configuration.cloud_watch_logs_configuration.as_ref())
        .and_then(|destination| destination.log_group_arn.as_deref());
    let Some(group) = arn.and_then(logs::group_of_arn) else {
        return;
    };
    let now = cognito.now();
    let event = UserNotification {
        event_timestamp: now.as_millisecond().to_string(),
        event_source: "USER_NOTIFICATION",
        log_level: LogLevel::Error,
        message: NotificationMessage { details },
        log_source_id: LogSourceId {
            user_pool_id: &pool.id,
        },
    };
    // Texts always have a JSON form.
    let event = serde_json::to_string(&event).unwrap_or_default();
    cognito.logs.append(group, pool.id.as_str(), now, event);
}

/// Replaces where a pool's logs go; an empty list ends their delivery.
///
/// Failed deliveries are written to the log group; events of `userAuthEvents` are not written yet.
///
/// # Errors
/// `ResourceNotFoundException`, `FeatureUnavailableInTierException` and, for what does not go
/// together, `InvalidParameterException` (the texts are guesses \[U\]).
pub(crate) fn set_log_delivery_configuration(
    cognito: &Cognito,
    request: SetLogDeliveryConfigurationRequest,
) -> Result<LogDeliveryConfigurationResponse, Exception> {
    let configurations = request.log_configurations;
    let changed = cognito
        .pools
        .change_pool(&request.user_pool_id, cognito.now(), |pool| {
            let tier = pool.settings.user_pool_tier.as_deref();
            check(&configurations, tier.unwrap_or_default())?;
            pool.log_delivery = configurations;
            Ok(())
        })?;
    Ok(described(&changed.id, &changed.log_delivery))
}

/// Shows where a pool's logs go.
///
/// # Errors
/// `ResourceNotFoundException`.
pub(crate) fn get_log_delivery_configuration(
    cognito: &Cognito,
    request: &GetLogDeliveryConfigurationRequest,
) -> Result<LogDeliveryConfigurationResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    Ok(described(&pool.id, &pool.log_delivery))
}

fn described(
    pool: &UserPoolId,
    configurations: &[LogConfiguration],
) -> LogDeliveryConfigurationResponse {
    LogDeliveryConfigurationResponse {
        log_delivery_configuration: LogDeliveryConfiguration {
            log_configurations: configurations.to_vec(),
            user_pool_id: pool.clone(),
        },
    }
}

/// The rules of COGNITO.md 7.1 \[M, D\].
fn check(configurations: &[LogConfiguration], tier: &str) -> Result<(), Exception> {
    let invalid = |message: &str| Err(Exception::invalid_parameter(message));
    for (index, configuration) in configurations.iter().enumerate() {
        let source = configuration.event_source;
        let logs = configuration.cloud_watch_logs_configuration.is_some();
        let s3 = configuration.s3_configuration.is_some();
        let firehose = configuration.firehose_configuration.is_some();
        let destinations = usize::from(logs) + usize::from(s3) + usize::from(firehose);
        if configurations[..index]
            .iter()
            .any(|other| other.event_source == source)
        {
            return invalid("Each event source can have one log configuration.");
        }
        match (source, configuration.log_level) {
            (EventSource::UserNotification, LogLevel::Error) if destinations == 1 && logs => {}
            (EventSource::UserNotification, LogLevel::Error) => {
                return invalid("userNotification logs can be sent to CloudWatch Logs only.");
            }
            (EventSource::UserAuthEvents, LogLevel::Info) if tier != "PLUS" => {
                return Err(Exception::FeatureUnavailableInTier(
                    "Export of userAuthEvents",
                ));
            }
            (EventSource::UserAuthEvents, LogLevel::Info) if destinations == 1 => {}
            (EventSource::UserAuthEvents, LogLevel::Info) => {
                return invalid("userAuthEvents logs need exactly one destination.");
            }
            _ => return invalid("The log level does not match the event source."),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_to_the_pairs_and_destinations() {
        let notification = r#""LogLevel":"ERROR","EventSource":"userNotification""#;
        let events = r#""LogLevel":"INFO","EventSource":"userAuthEvents""#;
        let logs = r#""CloudWatchLogsConfiguration":{"LogGroupArn":"a"}"#;
        let s3 = r#""S3Configuration":{"BucketArn":"a"}"#;
        let cases = [
            (format!("[{{{notification},{logs}}}]"), "ESSENTIALS", None),
            (
                format!("[{{{notification},{s3}}}]"),
                "ESSENTIALS",
                Some("InvalidParameterException"),
            ),
            (
                format!("[{{{notification}}}]"),
                "PLUS",
                Some("InvalidParameterException"),
            ),
            (
                format!("[{{{events},{s3}}}]"),
                "ESSENTIALS",
                Some("FeatureUnavailableInTierException"),
            ),
            (
                format!("[{{{events},{s3}}},{{{notification},{logs}}}]"),
                "PLUS",
                None,
            ),
            (
                format!("[{{{events},{s3},{logs}}}]"),
                "PLUS",
                Some("InvalidParameterException"),
            ),
            (
                r#"[{"LogLevel":"INFO","EventSource":"userNotification"}]"#.to_owned(),
                "PLUS",
                Some("InvalidParameterException"),
            ),
            ("[]".to_owned(), "LITE", None),
        ];
        for (json, tier, name) in cases {
            let configurations: Vec<LogConfiguration> = serde_json::from_str(&json).unwrap();
            let refused = check(&configurations, tier).err();
            assert_eq!(refused.map(|error| error.name()), name, "{json}");
        }
    }
}
