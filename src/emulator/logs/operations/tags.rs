//! `TagResource`, `UntagResource` and `ListTagsForResource` of groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::exception::Exception;
use super::super::service::Logs;
use super::{constraint, identifier};

const TAGS_MAX: usize = 50;
const KEY_CHARS_MAX: usize = 128;
const VALUE_CHARS_MAX: usize = 256;

type Tags = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TagResourceRequest {
    resource_arn: Option<String>,
    tags: Option<Tags>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UntagResourceRequest {
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListTagsForResourceRequest {
    resource_arn: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ListTagsForResourceResponse {
    tags: Tags,
}

/// Adds tags to a group.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn tag_resource(logs: &Logs, request: TagResourceRequest) -> Result<(), Exception> {
    let name = group_of(request.resource_arn)?;
    let tags = constraint::required(request.tags, "tags")?;
    let mut store = logs.store();
    let group = store.group_mut(&name).ok_or(Exception::GroupNotFound)?;
    check(&group.tags, &tags)?;
    group.tags.extend(tags);
    Ok(())
}

/// Takes tags away from a group.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn untag_resource(logs: &Logs, request: UntagResourceRequest) -> Result<(), Exception> {
    let name = group_of(request.resource_arn)?;
    let keys = constraint::required(request.tag_keys, "tagKeys")?;
    let mut store = logs.store();
    let group = store.group_mut(&name).ok_or(Exception::GroupNotFound)?;
    group.tags.retain(|key, _| !keys.contains(key));
    Ok(())
}

/// Lists the tags of a group.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn list_tags_for_resource(
    logs: &Logs,
    request: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Exception> {
    let name = group_of(request.resource_arn)?;
    let store = logs.store();
    let group = store.group(&name).ok_or(Exception::GroupNotFound)?;
    Ok(ListTagsForResourceResponse {
        tags: group.tags.clone(),
    })
}

fn group_of(arn: Option<String>) -> Result<String, Exception> {
    let arn = constraint::required(arn, "resourceArn")?;
    let name = identifier::of_arn(&arn).unwrap_or_default();
    let name = name.strip_suffix(":*").unwrap_or(name);
    if name.is_empty() {
        let message = format!("The resource ARN is not one of a log group: {arn}");
        return Err(Exception::InvalidParameter(message));
    }
    Ok(name.to_owned())
}

/// Refuses tags that are too many or too long; the texts are guesses.
pub(super) fn check(present: &Tags, new: &Tags) -> Result<(), Exception> {
    let count = new.keys().filter(|key| !present.contains_key(*key)).count();
    if present.len() + count > TAGS_MAX {
        let message = format!("A log group has {TAGS_MAX} tags at most.");
        return Err(Exception::InvalidParameter(message));
    }
    for (key, value) in new {
        constraint::not_empty(key, "tags.key")?;
        constraint::text(key, KEY_CHARS_MAX, "tags.key")?;
        constraint::text(value, VALUE_CHARS_MAX, "tags.value")?;
    }
    Ok(())
}
