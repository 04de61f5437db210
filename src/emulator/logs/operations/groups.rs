//! `CreateLogGroup`, `DeleteLogGroup`, `DescribeLogGroups` and the retention of groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::exception::Exception;
use super::super::group::{Group, LogGroupClass};
use super::super::service::Logs;
use super::super::store::GROUPS_MAX;
use super::{constraint, tags};

/// The days that a retention may have:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>.
const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];
const DESCRIBED_MAX: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateLogGroupRequest {
    log_group_name: Option<String>,
    kms_key_id: Option<String>,
    tags: Option<BTreeMap<String, String>>,
    log_group_class: Option<LogGroupClass>,
    deletion_protection_enabled: Option<bool>,
}

/// A request that names a group and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogGroupRequest {
    log_group_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutRetentionPolicyRequest {
    log_group_name: Option<String>,
    retention_in_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogGroupsRequest {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_class: Option<LogGroupClass>,
    log_group_identifiers: Option<Vec<String>>,
    limit: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogGroupsResponse {
    log_groups: Vec<LogGroup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `LogGroup`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the members of the wire")]
struct LogGroup {
    log_group_name: String,
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_in_days: Option<u32>,
    metric_filter_count: u32,
    arn: String,
    stored_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
    log_group_class: LogGroupClass,
    log_group_arn: String,
}

/// Makes a group.
///
/// # Errors
/// `InvalidParameterException`, `ResourceAlreadyExistsException`, `LimitExceededException`.
pub(super) fn create_log_group(
    logs: &Logs,
    request: CreateLogGroupRequest,
) -> Result<(), Exception> {
    let name = constraint::group_name(request.log_group_name)?;
    let new_tags = request.tags.unwrap_or_default();
    tags::check(&BTreeMap::new(), &new_tags)?;
    if request.deletion_protection_enabled == Some(true) {
        let what = "Deletion protection of log groups";
        return Err(Exception::NotImplemented(what.to_owned()));
    }
    let mut store = logs.store();
    match store.create_group(&name, logs.now()) {
        Ok(true) => {}
        Ok(false) => return Err(Exception::GroupExists),
        Err(_) => {
            let message = format!("The maximum number of log groups is {GROUPS_MAX}.");
            return Err(Exception::LimitExceeded(message));
        }
    }
    if let Some(group) = store.group_mut(&name) {
        group.tags = new_tags;
        group.kms_key_id = request.kms_key_id;
        group.class = request.log_group_class.unwrap_or(LogGroupClass::Standard);
    }
    Ok(())
}

/// Removes a group with its streams and events.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn delete_log_group(logs: &Logs, request: LogGroupRequest) -> Result<(), Exception> {
    let name = constraint::group_name(request.log_group_name)?;
    if logs.store().remove_group(&name) {
        Ok(())
    } else {
        Err(Exception::GroupNotFound)
    }
}

/// Sets for how many days events are kept.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn put_retention_policy(
    logs: &Logs,
    request: PutRetentionPolicyRequest,
) -> Result<(), Exception> {
    let name = constraint::group_name(request.log_group_name)?;
    let days = constraint::required(request.retention_in_days, "retentionInDays")?;
    if !RETENTION_DAYS.contains(&days) {
        let allowed = RETENTION_DAYS.map(|days| days.to_string()).join(", ");
        return Err(Exception::InvalidParameter(format!(
            "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy \
             constraint: Member must satisfy enum value set: [{allowed}]"
        )));
    }
    set_retention(logs, &name, Some(days))
}

/// Keeps events for ever.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn delete_retention_policy(
    logs: &Logs,
    request: LogGroupRequest,
) -> Result<(), Exception> {
    let name = constraint::group_name(request.log_group_name)?;
    set_retention(logs, &name, None)
}

fn set_retention(logs: &Logs, name: &str, days: Option<u32>) -> Result<(), Exception> {
    let mut store = logs.store();
    let group = store.group_mut(name).ok_or(Exception::GroupNotFound)?;
    group.retention_days = days;
    store.expire(logs.now());
    Ok(())
}

/// Lists groups by name.
///
/// # Errors
/// `InvalidParameterException`.
pub(super) fn describe_log_groups(
    logs: &Logs,
    request: &DescribeLogGroupsRequest,
) -> Result<DescribeLogGroupsResponse, Exception> {
    let limit = constraint::limit(request.limit, DESCRIBED_MAX, "limit")?;
    let prefix = request.log_group_name_prefix.as_deref();
    let pattern = request.log_group_name_pattern.as_deref();
    if prefix.is_some() && pattern.is_some() {
        return Err(Exception::invalid_parameter(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let names = request.log_group_identifiers.as_ref().map(|identifiers| {
        let names = identifiers.iter().map(|one| super::identifier::named(one));
        names.collect::<Result<Vec<_>, _>>()
    });
    let names = names.transpose()?;
    let mut store = logs.store();
    store.expire(logs.now());
    let is_wanted = |group: &&Group| {
        prefix.is_none_or(|prefix| group.name.starts_with(prefix))
            && pattern.is_none_or(|pattern| group.name.contains(pattern))
            && request
                .log_group_class
                .is_none_or(|class| group.class == class)
            && names
                .as_ref()
                .is_none_or(|names| names.iter().any(|name| **name == *group.name))
    };
    let after = request.next_token.as_deref();
    let mut found = store
        .groups()
        .filter(is_wanted)
        .filter(|group| after.is_none_or(|after| *group.name > *after))
        .peekable();
    let page = found.by_ref().take(limit);
    let log_groups: Vec<LogGroup> = page.map(|group| described(logs, group)).collect();
    let last = log_groups.last().map(|group| group.log_group_name.clone());
    let next_token = last.filter(|_| found.peek().is_some());
    Ok(DescribeLogGroupsResponse {
        log_groups,
        next_token,
    })
}

fn described(logs: &Logs, group: &Group) -> LogGroup {
    let arn = logs.arn(&group.name);
    LogGroup {
        log_group_name: group.name.to_string(),
        creation_time: group.created,
        retention_in_days: group.retention_days,
        metric_filter_count: 0,
        arn: format!("{arn}:*"),
        stored_bytes: group.amount().bytes,
        kms_key_id: group.kms_key_id.clone(),
        log_group_class: group.class,
        log_group_arn: arn,
    }
}
