//! `CreateGroup`, `GetGroup`, `UpdateGroup`, `DeleteGroup` and `ListGroups`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::groups::{Group, GroupSettings};
use super::pages::{Page, page};
use super::service::Cognito;
use super::wire::epoch_seconds;
use crate::model::UserPoolId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupRequest {
    user_pool_id: UserPoolId,
    group_name: String,
    #[serde(flatten)]
    settings: GroupSettings,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListGroupsRequest {
    user_pool_id: UserPoolId,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupResponse {
    group: GroupDescription,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupsResponse {
    groups: Vec<GroupDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `GroupType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupDescription {
    group_name: String,
    user_pool_id: UserPoolId,
    #[serde(flatten)]
    settings: GroupSettings,
    #[serde(serialize_with = "epoch_seconds")]
    last_modified_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    creation_date: Timestamp,
}

impl GroupDescription {
    fn of(group: &Group, pool: &UserPoolId) -> Self {
        Self {
            group_name: group.name.to_string(),
            user_pool_id: pool.clone(),
            settings: group.settings.clone(),
            last_modified_date: group.modified,
            creation_date: group.created,
        }
    }
}

impl GroupsResponse {
    /// Shows a page of groups.
    pub(crate) fn of(page: Page<&Group>, pool: &UserPoolId) -> Self {
        let groups = page.items.into_iter();
        Self {
            groups: groups
                .map(|group| GroupDescription::of(group, pool))
                .collect(),
            next_token: page.next_token,
        }
    }
}

/// Makes an empty group.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `GroupExistsException`, `LimitExceededException`.
pub(crate) fn create_group(
    cognito: &Cognito,
    request: GroupRequest,
) -> Result<GroupResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let made = users
        .groups
        .create(&request.group_name, request.settings, cognito.now())?;
    Ok(GroupResponse {
        group: GroupDescription::of(made, &pool.id),
    })
}

/// Shows a group.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the group.
pub(crate) fn get_group(
    cognito: &Cognito,
    request: &GroupRequest,
) -> Result<GroupResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let users = pool.users();
    let found = users.groups.find(&request.group_name)?;
    Ok(GroupResponse {
        group: GroupDescription::of(found, &pool.id),
    })
}

/// Changes what is given of a group; that the rest stays as it was is a guess \[U\].
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the group.
pub(crate) fn update_group(
    cognito: &Cognito,
    request: GroupRequest,
) -> Result<GroupResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let group = users.groups.find_mut(&request.group_name)?;
    let GroupSettings {
        description,
        role_arn,
        precedence,
    } = request.settings;
    let settings = &mut group.settings;
    settings.description = description.or(settings.description.take());
    settings.role_arn = role_arn.or(settings.role_arn.take());
    settings.precedence = precedence.or(settings.precedence);
    group.modified = cognito.now();
    Ok(GroupResponse {
        group: GroupDescription::of(group, &pool.id),
    })
}

/// Deletes a group; its members stay users.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the group.
pub(crate) fn delete_group(cognito: &Cognito, request: &GroupRequest) -> Result<(), Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    pool.users().groups.remove(&request.group_name)
}

/// Lists the groups of a pool, by name; the order is a guess \[U\].
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `InvalidParameterException` for the token.
pub(crate) fn list_groups(
    cognito: &Cognito,
    request: &ListGroupsRequest,
) -> Result<GroupsResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let users = pool.users();
    let token = request.next_token.as_deref();
    let groups = page(
        users.groups.all(),
        |group| &group.name,
        token,
        request.limit,
    )?;
    Ok(GroupsResponse::of(groups, &pool.id))
}
