//! `ListUsers` (COGNITO.md 3.9).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::filter::Filter;
use super::service::Cognito;
use super::users::User;
use super::wire::{Attribute, epoch_seconds, null_as_default};
use crate::model::UserPoolId;

/// Users on a page, at most and by default (COGNITO.md 3.9 \[M\]).
pub(crate) const PAGE_USERS_MAX: usize = 60;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUsersRequest {
    user_pool_id: UserPoolId,
    #[serde(default, deserialize_with = "null_as_default")]
    attributes_to_get: Vec<String>,
    limit: Option<usize>,
    pagination_token: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    filter: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUsersResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination_token: Option<String>,
    users: Vec<UserType>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserType {
    attributes: Vec<Attribute>,
    enabled: bool,
    #[serde(serialize_with = "epoch_seconds")]
    user_create_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    user_last_modified_date: Timestamp,
    user_status: &'static str,
    username: String,
}

/// Lists users in the order of their creation, page by page.
///
/// The one operation that walks the users. A token stays good for longer than AWS's hour.
///
/// # Errors
/// `InvalidParameterException` for the filter, the token, or an attribute in `AttributesToGet`
/// that a user on the page does not have \[M\] (the last text is a guess \[U\]).
pub(crate) fn list_users(
    cognito: &Cognito,
    request: &ListUsersRequest,
) -> Result<ListUsersResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let filter = Filter::parse(&request.filter)?;
    let after = request
        .pagination_token
        .as_deref()
        .map(last_of_page)
        .transpose()?;
    // The model allows a limit of 0 and says no more; taking it as the default is a guess.
    let asked = request
        .limit
        .filter(|limit| *limit > 0)
        .unwrap_or(PAGE_USERS_MAX);
    let size = asked.min(PAGE_USERS_MAX);

    let users = pool.users();
    let wanted = |user: &User| filter.as_ref().is_none_or(|filter| filter.matches(user));
    let mut matching = users.walk(after).filter(|(_, user)| wanted(user));
    let mut page = Vec::with_capacity(size);
    let mut last = None;
    for (key, user) in matching.by_ref().take(size) {
        page.push(shown(user, &request.attributes_to_get)?);
        last = Some(key);
    }
    let more = matching.next().is_some();
    Ok(ListUsersResponse {
        pagination_token: last.filter(|_| more).map(|key| token(key.number())),
        users: page,
    })
}

impl UserType {
    /// A user with all its attributes.
    pub(crate) fn of(user: &User) -> Self {
        Self {
            attributes: user.wire_attributes(),
            enabled: user.enabled,
            user_create_date: user.created,
            user_last_modified_date: user.modified,
            user_status: user.status.name(),
            username: user.username.to_string(),
        }
    }
}

fn shown(user: &User, names: &[String]) -> Result<UserType, Exception> {
    let mut shown = UserType::of(user);
    let attributes = &mut shown.attributes;
    if !names.is_empty() {
        for name in names {
            if !attributes.iter().any(|attribute| attribute.name == *name) {
                return Err(Exception::invalid_parameter(format!(
                    "One or more requested attributes do not exist: {name}"
                )));
            }
        }
        attributes.retain(|attribute| names.contains(&attribute.name));
    }
    Ok(shown)
}

/// The token of the page after this user.
pub(crate) fn token(last: u64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(last.to_be_bytes())
}

/// The user whose page a token ended.
///
/// # Errors
/// `InvalidParameterException` for a token that was not given out here.
pub(crate) fn last_of_page(token: &str) -> Result<u64, Exception> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok();
    let number = bytes
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_be_bytes);
    number.ok_or_else(|| Exception::invalid_parameter("Invalid pagination token."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_the_last_user_of_its_page() {
        assert_eq!(last_of_page(&token(61)), Ok(61));
        assert!(last_of_page("x").is_err());
    }
}
