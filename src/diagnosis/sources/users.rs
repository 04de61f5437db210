//! Users as the pool knows them.

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::operation::admin_get_user::AdminGetUserOutput;
use cognito::types::{AttributeType, UserType};
use jiff::Timestamp;

use super::clients::Clients;
use super::miss::{Miss, ask, needed};
use super::permission;
use super::values::moment;
use crate::diagnosis::{Evidence, Source, User};
use crate::model::{EmailAddress, UserPoolId, UserSub};

/// By what a user is asked for: the `sub` of the request's answer, which no other user ever gets, or
/// the name that the request was made with.
pub(super) fn name_of(evidence: &Evidence) -> Option<&str> {
    let request = evidence.request()?;
    let sub = request.sub().map(UserSub::as_str);
    sub.or(request.username.as_deref())
}

/// `AdminGetUser`; nothing if there is no such user.
pub(super) async fn named(
    clients: &Clients,
    pool: &UserPoolId,
    name: &str,
) -> Source<Option<User>> {
    let answer = ask(permission::ADMIN_GET_USER, || {
        let request = clients.cognito.admin_get_user();
        request.user_pool_id(pool.as_str()).username(name).send()
    })
    .await;
    Miss::optional(match answer {
        Ok(answer) => described(&answer).ok_or_else(without_sub),
        // A pool that does not exist is no user that does not exist.
        Err(Miss::Absent(words)) if !words.starts_with("UserNotFoundException") => {
            Err(Miss::Failed(words))
        }
        Err(miss) => Err(miss),
    })
}

/// `ListUsers` with this address.
pub(super) async fn of_address(
    clients: &Clients,
    pool: &UserPoolId,
    address: &EmailAddress,
) -> Source<Vec<User>> {
    let filter = filter(address.as_str());
    let answer = ask(permission::LIST_USERS, || {
        let request = clients.cognito.list_users();
        request.user_pool_id(pool.as_str()).filter(&filter).send()
    })
    .await;
    let users = answer.and_then(|answer| {
        let all = answer.users().iter().map(listed);
        all.collect::<Option<Vec<User>>>().ok_or_else(without_sub)
    });
    needed(users)
}

/// The youngest of the users, whom a person without a run means.
pub(super) fn youngest(users: Source<Vec<User>>) -> Source<Option<User>> {
    users.map(|users| users.into_iter().max_by_key(|user| user.created))
}

fn without_sub() -> Miss {
    Miss::Failed("the answer has a user without a sub or a date".to_owned())
}

/// The filter for an address: a text between quotes, in which a quote and a backslash are escaped
/// (<https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html>).
fn filter(address: &str) -> String {
    let escaped = address.replace('\\', "\\\\").replace('"', "\\\"");
    format!("email = \"{escaped}\"")
}

fn described(answer: &AdminGetUserOutput) -> Option<User> {
    user(
        answer.username(),
        answer.user_status().map(AsRef::as_ref),
        answer.enabled,
        moment(answer.user_create_date()),
        answer.user_attributes(),
    )
}

fn listed(one: &UserType) -> Option<User> {
    user(
        one.username().unwrap_or_default(),
        one.user_status().map(AsRef::as_ref),
        one.enabled,
        moment(one.user_create_date()),
        one.attributes(),
    )
}

/// A user, if it has what every user has.
fn user(
    username: &str,
    status: Option<&str>,
    enabled: bool,
    created: Option<Timestamp>,
    attributes: &[AttributeType],
) -> Option<User> {
    let attribute = |name: &str| {
        let found = attributes.iter().find(|attribute| attribute.name() == name);
        found.and_then(AttributeType::value)
    };
    Some(User {
        username: username.to_owned(),
        sub: UserSub::new(attribute("sub")?),
        status: status.unwrap_or("UNKNOWN").to_owned(),
        enabled,
        created: created?,
        email: attribute("email").map(str::to_owned),
        email_verified: attribute("email_verified") == Some("true"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, value: &str) -> AttributeType {
        let builder = AttributeType::builder().name(name).value(value);
        builder.build().unwrap()
    }

    fn at(seconds: i64) -> cognito::primitives::DateTime {
        cognito::primitives::DateTime::from_secs(seconds)
    }

    #[test]
    fn users_are_converted() {
        let one = UserType::builder()
            .username("ada")
            .enabled(true)
            .user_status(cognito::types::UserStatusType::Unconfirmed)
            .user_create_date(at(1_000))
            .attributes(attribute("sub", "s"))
            .attributes(attribute("email", "ada@example.com"))
            .attributes(attribute("email_verified", "true"))
            .build();
        let expected = User {
            username: "ada".to_owned(),
            sub: UserSub::new("s"),
            status: "UNCONFIRMED".to_owned(),
            enabled: true,
            created: Timestamp::from_second(1_000).unwrap(),
            email: Some("ada@example.com".to_owned()),
            email_verified: true,
        };
        assert_eq!(listed(&one), Some(expected));
        let without_sub = UserType::builder().username("ada").user_create_date(at(1));
        assert_eq!(listed(&without_sub.build()), None);
    }

    #[test]
    fn an_address_stays_inside_its_quotes() {
        let odd = r#""a\"b"@example.com"#;
        assert_eq!(filter(odd), r#"email = "\"a\\\"b\"@example.com""#);
    }

    #[test]
    fn the_youngest_is_meant() {
        let user = |sub: &str, created: i64| User {
            username: sub.to_owned(),
            sub: UserSub::new(sub),
            status: "CONFIRMED".to_owned(),
            enabled: true,
            created: Timestamp::from_second(created).unwrap(),
            email: None,
            email_verified: false,
        };
        let users = Source::from(vec![user("a", 5), user("b", 9), user("c", 1)]);
        assert_eq!(youngest(users), Source::from(Some(user("b", 9))));
        assert_eq!(youngest(Source::from(Vec::new())), Source::from(None));
    }
}
