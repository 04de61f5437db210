//! Events of CloudTrail, from a trail's log group or from `LookupEvents` (CAUSES.md, evidence
//! source 2).
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::insights::Line;
use super::log::Parsed;
use super::query_text::{lines_where, quoted_list};
use crate::diagnosis::{Call, Evidence, MAY_SEND, PoolSettings, TrailEvent};
use crate::model::{UserPoolId, UserSub};

/// The service that user pools belong to.
pub(super) const COGNITO: &str = "cognito-idp.amazonaws.com";
/// The other services whose events matter, in the order in which they are asked for.
pub(super) const OTHERS: [&str; 3] = [
    "kms.amazonaws.com",
    "ses.amazonaws.com",
    "lambda.amazonaws.com",
];

/// Calls in the life of a user that send nothing themselves (query Q3).
const LIFE: [&str; 10] = [
    "AdminConfirmSignUp",
    "AdminDeleteUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "ConfirmSignUp",
    "Confirm_With_Link_GET",
    "DeleteUser",
    "Signup_POST",
    "confirmUser_GET",
    "signup_POST",
];
/// Changes of a pool (query Q4).
const POOL_CHANGES: [&str; 7] = [
    "CreateUserPoolDomain",
    "DeleteUserPoolClient",
    "DeleteUserPoolDomain",
    "SetLogDeliveryConfiguration",
    "SetUserPoolMfaConfig",
    "UpdateUserPool",
    "UpdateUserPoolClient",
];
/// How changes of SES's settings begin (query Q4).
const SES_CHANGES: [&str; 4] = ["Delete", "Put", "Set", "Update"];
/// How changes of functions begin (query Q4).
const LAMBDA_CHANGES: [&str; 3] = ["DeleteFunction", "RemovePermission", "UpdateFunction"];
/// Changes of keys (query Q4).
const KEY_CHANGES: [&str; 4] = [
    "DisableKey",
    "PutKeyPolicy",
    "RevokeGrant",
    "ScheduleKeyDeletion",
];

/// How long before the story something may have been changed that explains it, in seconds.
const BEFORE_SECONDS: i64 = 60;
/// The same where the story begins with the pool's settings, which show each earlier change: events are
/// dated in whole seconds.
const WATCHED_BEFORE_SECONDS: i64 = 2;
/// The hour of UTC at which the default sender's daily quota begins anew (COGNITO.md 2.7).
const QUOTA_HOUR: i8 = 9;

/// An event; everything but its name is best effort.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_time: Option<Timestamp>,
    event_source: String,
    event_name: String,
    error_code: Option<String>,
    error_message: Option<String>,
    #[serde(rename = "requestID")]
    request_id: Option<String>,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: Option<String>,
    user_identity: Option<UserIdentity>,
    additional_event_data: Option<AdditionalEventData>,
    request_parameters: Option<RequestParameters>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestParameters {
    user_pool_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct UserIdentity {
    arn: Option<String>,
}

#[derive(Debug, Deserialize)]
struct AdditionalEventData {
    sub: Option<String>,
}

/// Asks for the calls that concern users, for changes of what mails depend on, and for refusals of
/// KMS.
///
/// No name or id is part of it: calls of others are sorted out by the rules, which know whose they
/// are.
pub(super) fn query() -> String {
    let begins = |words: &[&str]| format!("/^({})/", words.join("|"));
    let mut calls = [&LIFE[..], &MAY_SEND[..], &POOL_CHANGES[..]].concat();
    calls.sort_unstable();
    lines_where(&format!(
        "(eventSource = \"{COGNITO}\" and eventName in {}) \
         or (eventSource = \"ses.amazonaws.com\" and eventName like {}) \
         or (eventSource = \"lambda.amazonaws.com\" and eventName like {}) \
         or (eventSource = \"kms.amazonaws.com\" and (eventName in {} or ispresent(errorCode)))",
        quoted_list(&calls),
        begins(&SES_CHANGES),
        begins(&LAMBDA_CHANGES),
        quoted_list(&KEY_CHANGES),
    ))
}

/// Whether an event is one of those that [`query`] asks for.
pub(super) fn is_wanted(event: &TrailEvent) -> bool {
    let name = event.name.as_str();
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    match event.source.as_str() {
        COGNITO => LIFE
            .iter()
            .chain(&MAY_SEND)
            .chain(&POOL_CHANGES)
            .any(|one| *one == name),
        "ses.amazonaws.com" => begins(&SES_CHANGES),
        "lambda.amazonaws.com" => begins(&LAMBDA_CHANGES),
        "kms.amazonaws.com" => KEY_CHANGES.contains(&name) || event.error_code.is_some(),
        _ => false,
    }
}

/// From when on events matter: the beginning of the story, and that of the day whose mails count
/// where Cognito's own sender has a daily quota.
pub(super) fn since(evidence: &Evidence, pool: Option<&PoolSettings>) -> Timestamp {
    let first = evidence.calls.iter().map(|call| call.at).min();
    let story = first.map_or(evidence.case.since, |first| first.min(evidence.case.since));
    let snapshots = evidence.pool.read().map(Vec::as_slice);
    let watched = snapshots.and_then(|snapshots| snapshots.first());
    let (story, before) = match watched {
        Some(first) if first.at <= story => (first.at, WATCHED_BEFORE_SECONDS),
        _ => (story, BEFORE_SECONDS),
    };
    let story = story
        .checked_sub(SignedDuration::from_secs(before))
        .unwrap_or(story);
    if pool.is_some_and(|pool| !pool.sends_by_default()) || !counts_mails(evidence) {
        return story;
    }
    quota_day(evidence.case.until).map_or(story, |day| day.min(story))
}

/// Whether the mails of the day count: a call was refused for a limit, or nobody knows how the request
/// was answered.
fn counts_mails(evidence: &Evidence) -> bool {
    let refusals = evidence.calls.iter().filter_map(Call::refusal);
    let mut limits = refusals.filter(|refusal| refusal.is("LimitExceededException"));
    evidence.request().is_none() || limits.next().is_some()
}

/// The last 09:00 UTC at or before a moment.
fn quota_day(moment: Timestamp) -> Option<Timestamp> {
    let day = moment.to_zoned(TimeZone::UTC).date();
    let reset = |day: jiff::civil::Date| {
        let reset = day.at(QUOTA_HOUR, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
        Some(reset.timestamp())
    };
    let today = reset(day)?;
    if today <= moment {
        Some(today)
    } else {
        reset(day.yesterday().ok()?)
    }
}

/// The events in lines of a log group.
pub(super) fn parse(lines: &[Line]) -> Parsed<TrailEvent> {
    let mut parsed = Parsed::default();
    for line in lines {
        match event(&line.message, Some(line.at)) {
            Some(event) => parsed.found.push(event),
            None => parsed.unread += 1,
        }
    }
    parsed.found.sort_by_key(|event| event.at);
    parsed
}

/// An event from its JSON; nothing for another text, or one without any time.
pub(super) fn event(text: &str, logged: Option<Timestamp>) -> Option<TrailEvent> {
    let record: Record = serde_json::from_str(text).ok()?;
    let data = record.additional_event_data;
    Some(TrailEvent {
        at: record.event_time.or(logged)?,
        source: record.event_source,
        name: record.event_name,
        // Those of the hosted pages have an empty one.
        error_code: record.error_code.filter(|code| !code.is_empty()),
        error_message: record.error_message.filter(|text| !text.is_empty()),
        sub: data.and_then(|data| data.sub).map(UserSub::new),
        user_pool_id: record
            .request_parameters
            .and_then(|parameters| parameters.user_pool_id)
            .map(UserPoolId::new),
        request_id: record.request_id,
        source_ip: record.source_ip_address,
        who: record.user_identity.and_then(|identity| identity.arn),
    })
}

#[cfg(test)]
mod tests;
