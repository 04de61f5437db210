//! What a mirror is made from: answers of AWS's APIs, as the AWS CLI prints them.

use serde_json::{Map, Value};

/// A member of an answer, by name.
pub(super) type Members = Map<String, Value>;

/// Why answers make no mirror.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MirrorError {
    /// Not JSON.
    #[error("the answer of {operation} is not JSON: {reason}")]
    NotJson {
        /// Whose answer it should be.
        operation: &'static str,
        /// What the parser said.
        reason: String,
    },
    /// Another answer than the one that was to be read.
    #[error("the answer of {operation} has no `{member}`: is it another command's?")]
    Missing {
        /// Whose answer it should be.
        operation: &'static str,
        /// The member.
        member: &'static str,
    },
    /// A client of another pool.
    #[error("the app client {client} belongs to {found}, not to {pool}")]
    OtherPool {
        /// The client's id.
        client: String,
        /// Its pool.
        found: String,
        /// The pool that is mirrored.
        pool: String,
    },
}

/// Answers about a pool, each the JSON text of an operation.
#[derive(Debug, Clone, Default)]
pub struct PoolAnswers {
    /// `DescribeUserPool`.
    pub user_pool: String,
    /// `DescribeUserPoolClient`, once for each client.
    pub clients: Vec<String>,
    /// Whether the pool has more clients than were asked about.
    pub more_clients: bool,
    /// `GetUserPoolMfaConfig`.
    pub mfa: Option<String>,
    /// `GetLogDeliveryConfiguration`.
    pub log_delivery: Option<String>,
    /// SES's answers, for a pool that names an identity.
    pub ses: SesAnswers,
}

/// Answers of SES v2, each the JSON text of an operation.
#[derive(Debug, Clone, Default)]
pub struct SesAnswers {
    /// `GetAccount`.
    pub account: Option<String>,
    /// `GetEmailIdentity` with the identity's name.
    pub identity: Option<(String, String)>,
    /// `GetConfigurationSet`.
    pub configuration_set: Option<String>,
}

/// What to ask SES about, for a pool that mails through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SesNames {
    /// The region of the identity, which need not be the pool's.
    pub region: String,
    /// The address or domain.
    pub identity: String,
    /// The configuration set, if the pool names one.
    pub configuration_set: Option<String>,
}

impl SesNames {
    /// Whom the pool of a `DescribeUserPool` mails as; nothing for Cognito's own sender.
    ///
    /// ```
    /// use reverify::mirror::SesNames;
    ///
    /// let arn = "arn:aws:ses:eu-west-1:123456789012:identity/shop.example";
    /// let pool = format!(r#"{{"UserPool": {{"EmailConfiguration": {{"SourceArn": "{arn}"}}}}}}"#);
    /// let names = SesNames::of(&pool)?.ok_or("no identity")?;
    /// assert_eq!((&*names.region, &*names.identity), ("eu-west-1", "shop.example"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is no such answer.
    pub fn of(user_pool: &str) -> Result<Option<Self>, MirrorError> {
        let pool = object("DescribeUserPool", user_pool, "UserPool")?;
        let sending = pool.get("EmailConfiguration");
        let text = |name: &str| sending.and_then(|all| all.get(name)?.as_str());
        let named = text("SourceArn").and_then(|arn| {
            let (head, identity) = arn.split_once(":identity/")?;
            let region = head.split(':').nth(3)?;
            Some((region.to_owned(), identity.to_owned()))
        });
        Ok(named.map(|(region, identity)| Self {
            region,
            identity,
            configuration_set: text("ConfigurationSet").map(str::to_owned),
        }))
    }
}

/// The object in a member of an answer.
pub(super) fn object(
    operation: &'static str,
    text: &str,
    member: &'static str,
) -> Result<Members, MirrorError> {
    match whole(operation, text)?.remove(member) {
        Some(Value::Object(members)) => Ok(members),
        _ => Err(MirrorError::Missing { operation, member }),
    }
}

/// All members of an answer.
pub(super) fn whole(operation: &'static str, text: &str) -> Result<Members, MirrorError> {
    serde_json::from_str(text).map_err(|error| MirrorError::NotJson {
        operation,
        reason: error.to_string(),
    })
}
