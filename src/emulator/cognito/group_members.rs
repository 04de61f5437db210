//! Who is in a group: `AdminAddUserToGroup`, `AdminRemoveUserFromGroup`,
//! `AdminListGroupsForUser` and `ListUsersInGroup`.

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::list_users::{PAGE_USERS_MAX, UserType, last_of_page, token};
use super::pages::page;
use super::service::Cognito;
use super::user_pool_groups::GroupsResponse;
use crate::model::UserPoolId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MembershipRequest {
    user_pool_id: UserPoolId,
    username: String,
    group_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminListGroupsForUserRequest {
    user_pool_id: UserPoolId,
    username: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUsersInGroupRequest {
    user_pool_id: UserPoolId,
    group_name: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUsersInGroupResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    users: Vec<UserType>,
}

/// Puts a user into a group. Tokens that are issued from now on name it.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the group, `UserNotFoundException`.
pub(crate) fn admin_add_user_to_group(
    cognito: &Cognito,
    request: &MembershipRequest,
) -> Result<(), Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let found = users.find(&pool.naming, &request.username);
    let key = found.ok_or(Exception::UserNotFound)?;
    users.groups.join(&request.group_name, key)
}

/// Takes a user out of a group. That it need not have been in it is a guess \[U\].
///
/// # Errors
/// As [`admin_add_user_to_group`].
pub(crate) fn admin_remove_user_from_group(
    cognito: &Cognito,
    request: &MembershipRequest,
) -> Result<(), Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let found = users.find(&pool.naming, &request.username);
    let key = found.ok_or(Exception::UserNotFound)?;
    users.groups.leave(&request.group_name, key)
}

/// Lists a user's groups by name; the order is a guess \[U\].
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `UserNotFoundException`,
/// `InvalidParameterException` for the token.
pub(crate) fn admin_list_groups_for_user(
    cognito: &Cognito,
    request: &AdminListGroupsForUserRequest,
) -> Result<GroupsResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let users = pool.users();
    let found = users.find(&pool.naming, &request.username);
    let key = found.ok_or(Exception::UserNotFound)?;
    let token = request.next_token.as_deref();
    let groups = page(
        users.groups.of(key),
        |group| &group.name,
        token,
        request.limit,
    )?;
    Ok(GroupsResponse::of(groups, &pool.id))
}

/// Lists the users of a group in the order of their creation; the order is a guess \[U\].
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the group, `InvalidParameterException` for the
/// token.
pub(crate) fn list_users_in_group(
    cognito: &Cognito,
    request: &ListUsersInGroupRequest,
) -> Result<ListUsersInGroupResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let now = cognito.now();
    let token_given = request.next_token.as_deref();
    let after = token_given
        .map(|token| last_of_page(token, now))
        .transpose()?;
    let asked = request.limit.filter(|limit| *limit > 0);
    let size = asked.unwrap_or(PAGE_USERS_MAX).min(PAGE_USERS_MAX);
    let users = pool.users();
    let mut members = users.groups.find(&request.group_name)?.members(after);
    let keys: Vec<_> = members.by_ref().take(size).collect();
    let more = members.next().is_some();
    let last = keys.last().filter(|_| more);
    let shown = keys
        .iter()
        .filter_map(|key| users.user(*key))
        .map(UserType::of);
    Ok(ListUsersInGroupResponse {
        next_token: last.map(|key| token(key.number(), now)),
        users: shown.collect(),
    })
}
