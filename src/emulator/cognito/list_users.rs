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
/// How long a pagination token is good (COGNITO.md 3.9 \[D\]).
const TOKEN_SECONDS_MAX: i64 = 3_600;

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

/// `UserType`: a user as lists and `AdminCreateUser` show it.
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

/// Lists users in the order of their creation, page by page.
///
/// The one operation that walks the users.
///
/// # Errors
/// `InvalidParameterException` for the filter, the token (its text is a guess \[U\]), or an attribute in `AttributesToGet`
/// that a user on the page does not have \[M\] (the last text is a guess \[U\]).
pub(crate) fn list_users(
    cognito: &Cognito,
    request: &ListUsersRequest,
) -> Result<ListUsersResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let filter = Filter::parse(&request.filter)?;
    let now = cognito.now();
    let after = request
        .pagination_token
        .as_deref()
        .map(|token| last_of_page(token, now))
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
        pagination_token: last.filter(|_| more).map(|key| token(key.number(), now)),
        users: page,
    })
}

fn shown(user: &User, names: &[String]) -> Result<UserType, Exception> {
    let mut attributes = user.wire_attributes();
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
    Ok(UserType {
        attributes,
        ..UserType::of(user)
    })
}

/// A page's last user, and when the page was given out.
pub(crate) fn token(last: u64, now: Timestamp) -> String {
    let bytes = [last.to_be_bytes(), now.as_second().to_be_bytes()].concat();
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The last user of the page that gave this token.
///
/// # Errors
/// `InvalidParameterException` for a token that is too old, or was never given out.
pub(crate) fn last_of_page(token: &str, now: Timestamp) -> Result<u64, Exception> {
    let read = || {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (last, issued) = bytes.split_first_chunk()?;
        let issued = i64::from_be_bytes(issued.try_into().ok()?);
        let good = now.as_second() - issued <= TOKEN_SECONDS_MAX;
        good.then(|| u64::from_be_bytes(*last))
    };
    read().ok_or_else(|| Exception::invalid_parameter("Invalid pagination token."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_the_last_user_of_its_page_for_an_hour() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let token = token(61, at(1_000));
        assert_eq!(last_of_page(&token, at(4_600)), Ok(61));
        assert!(last_of_page(&token, at(4_601)).is_err());
        assert!(last_of_page("x", at(1_000)).is_err());
        assert!(last_of_page(&token[..11], at(1_000)).is_err());
    }
}
