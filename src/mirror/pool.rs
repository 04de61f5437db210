//! The seed file.

use serde_json::Value;

use super::answers::{Members, MirrorError, PoolAnswers, object, whole};
use super::ses;

/// What of `DescribeUserPool` is taken by `CreateUserPool`, and so by a seed file, under the same name.
const POOL_MEMBERS: [&str; 20] = [
    "AccountRecoverySetting",
    "AdminCreateUserConfig",
    "AliasAttributes",
    "AutoVerifiedAttributes",
    "DeletionProtection",
    "EmailConfiguration",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "MfaConfiguration",
    "Policies",
    "SmsAuthenticationMessage",
    "SmsConfiguration",
    "SmsVerificationMessage",
    "UserAttributeUpdateSettings",
    "UserPoolAddOns",
    "UserPoolTags",
    "UserPoolTier",
    "UsernameAttributes",
    "UsernameConfiguration",
    "VerificationMessageTemplate",
];
/// What the service tells of a pool, and nobody sets.
const TOLD_MEMBERS: [&str; 5] = [
    "Arn",
    "CreationDate",
    "EstimatedNumberOfUsers",
    "LastModifiedDate",
    "Status",
];
/// What of `DescribeUserPoolClient` is not a setting of the client.
const CLIENT_TOLD_MEMBERS: [&str; 3] = ["UserPoolId", "CreationDate", "LastModifiedDate"];
/// How `DescribeUserPool` writes a pool's own attributes; `CreateUserPool` wants the bare name.
const CUSTOM_PREFIXES: [&str; 3] = ["custom:", "dev:custom:", "dev:"];
/// Attributes that every pool has, which `CreateUserPool` does not take.
const ATTRIBUTES_OF_SERVICE: [&str; 2] = ["sub", "identities"];

/// A setting that is not in the mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which, in AWS's words.
    pub what: String,
    /// Why.
    pub why: String,
}

impl LeftOut {
    pub(super) fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
        }
    }
}

/// A pool's settings as a seed file.
///
/// ```
/// use reverify::mirror::{Mirror, PoolAnswers};
///
/// let answers = PoolAnswers {
///     user_pool: r#"{"UserPool": {"Id": "eu-west-1_AbCdEfGhI", "Name": "shop",
///                    "AutoVerifiedAttributes": ["email"], "EstimatedNumberOfUsers": 4711}}"#.into(),
///     ..PoolAnswers::default()
/// };
/// let mirror = Mirror::of(&answers)?;
/// assert!(mirror.seed.contains("PoolName = \"shop\""));
/// assert!(!mirror.seed.contains("4711"));
/// # Ok::<(), reverify::mirror::MirrorError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// The pool's id.
    pub user_pool_id: String,
    /// TOML, as `reverify emulate --seed` reads it, with comments on what was left out.
    pub seed: String,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
}

impl Mirror {
    /// Writes answers down.
    ///
    /// # Errors
    ///
    /// When a text is not the answer that it should be, or a client is another pool's.
    pub fn of(answers: &PoolAnswers) -> Result<Self, MirrorError> {
        let mut left_out = Vec::new();
        let described = object("DescribeUserPool", &answers.user_pool, "UserPool")?;
        let id = text(&described, "Id").ok_or(MirrorError::Missing {
            operation: "DescribeUserPool",
            member: "Id",
        })?;
        let mut pool = pool(described, &mut left_out);
        if let Some(mfa) = &answers.mfa {
            take_mfa(whole("GetUserPoolMfaConfig", mfa)?, &mut pool);
        }
        if let Some(delivery) = &answers.log_delivery {
            let delivery = whole("GetLogDeliveryConfiguration", delivery)?;
            name_log_delivery(&delivery, &mut left_out);
        }
        let clients = answers.clients.iter();
        let clients = clients.map(|text| client(text, &id, &mut left_out));
        let clients = clients.collect::<Result<Vec<_>, _>>()?;
        if !clients.is_empty() {
            let clients = clients.into_iter().map(Value::Object).collect();
            pool.insert("client".to_owned(), Value::Array(clients));
        }
        if answers.more_clients {
            let shown = answers.clients.len();
            left_out.push(LeftOut::new(
                format!("app clients after the first {shown}"),
                "more were not asked about; name those that matter with --client",
            ));
        }
        let mut file = ses::tables(&answers.ses, &mut left_out)?;
        file.insert(
            "user_pool".to_owned(),
            Value::Array(vec![Value::Object(pool)]),
        );
        left_out.push(LeftOut::new(
            "users and groups",
            "a mirror has the settings alone",
        ));
        Ok(Self {
            seed: written(&id, &left_out, file),
            user_pool_id: id,
            left_out,
        })
    }
}

fn pool(described: Members, left_out: &mut Vec<LeftOut>) -> Members {
    let mut pool = Members::new();
    for (name, value) in described {
        match &*name {
            "Name" => insert(&mut pool, "PoolName", value),
            "Id" | "Domain" => insert(&mut pool, &name, value),
            "SchemaAttributes" => insert(&mut pool, "Schema", schema(value)),
            "LambdaConfig" => name_functions(&value, left_out),
            "CustomDomain" => left_out.push(LeftOut::new(
                "CustomDomain",
                "its certificate is AWS's; links lead to the emulator",
            )),
            "DeviceConfiguration" => left_out.push(LeftOut::new(
                "DeviceConfiguration",
                "the emulator remembers no devices",
            )),
            "SmsConfigurationFailure" | "EmailConfigurationFailure" => left_out.push(LeftOut::new(
                name.clone(),
                format!("AWS says of the pool itself: {value}"),
            )),
            known if POOL_MEMBERS.contains(&known) => insert(&mut pool, known, value),
            told if TOLD_MEMBERS.contains(&told) => {}
            _ => left_out.push(LeftOut::new(name, "this version does not know it")),
        }
    }
    only_one_validity(&mut pool);
    pool
}

/// A pool has two names for how long a temporary password is valid, and `CreateUserPool` takes one.
fn only_one_validity(pool: &mut Members) {
    let policy = pool
        .get("Policies")
        .and_then(|all| all.get("PasswordPolicy"));
    let has_new_name = policy.is_some_and(|one| one.get("TemporaryPasswordValidityDays").is_some());
    if let Some(Value::Object(config)) = pool.get_mut("AdminCreateUserConfig")
        && has_new_name
    {
        config.remove("UnusedAccountValidityDays");
    }
}

/// Attributes by the names that `CreateUserPool` takes.
fn schema(described: Value) -> Value {
    let Value::Array(attributes) = described else {
        return described;
    };
    let name = |attribute: &Value| attribute.get("Name")?.as_str().map(str::to_owned);
    let of_service = |one: &Value| name(one).is_some_and(|n| ATTRIBUTES_OF_SERVICE.contains(&&*n));
    let attributes = attributes.into_iter().filter(|one| !of_service(one));
    let bare = attributes.map(|mut attribute| {
        if let Some(written) = name(&attribute) {
            let stripped = CUSTOM_PREFIXES
                .iter()
                .find_map(|prefix| written.strip_prefix(prefix));
            attribute["Name"] = Value::from(stripped.unwrap_or(&written));
        }
        attribute
    });
    Value::Array(bare.collect())
}

/// Triggers are code: their names are all that a description has.
fn name_functions(config: &Value, left_out: &mut Vec<LeftOut>) {
    for (trigger, function) in config.as_object().into_iter().flatten() {
        // The key of custom senders, and the older name of what a newer member says, too.
        let arn = function.get("LambdaArn").unwrap_or(function);
        let arn = arn.as_str().map_or_else(|| arn.to_string(), str::to_owned);
        left_out.push(LeftOut::new(
            format!("LambdaConfig.{trigger}"),
            format!("a function's code is not in its description: {arn}"),
        ));
    }
}

/// Second factors are set by an operation of their own, which answers `MfaConfiguration` again.
fn take_mfa(answer: Members, pool: &mut Members) {
    for (name, value) in answer {
        if matches!(
            &*name,
            "SoftwareTokenMfaConfiguration" | "EmailMfaConfiguration" | "MfaConfiguration"
        ) {
            insert(pool, &name, value);
        }
    }
}

fn name_log_delivery(answer: &Members, left_out: &mut Vec<LeftOut>) {
    let delivery = answer.get("LogDeliveryConfiguration");
    let all = delivery.and_then(|one| one.get("LogConfigurations")?.as_array());
    if all.is_some_and(|all| !all.is_empty()) {
        left_out.push(LeftOut::new(
            "LogDeliveryConfiguration",
            "set it with `aws cognito-idp set-log-delivery-configuration` at the emulator",
        ));
    }
}

fn client(answer: &str, pool: &str, left_out: &mut Vec<LeftOut>) -> Result<Members, MirrorError> {
    let described = object("DescribeUserPoolClient", answer, "UserPoolClient")?;
    let id = text(&described, "ClientId").ok_or(MirrorError::Missing {
        operation: "DescribeUserPoolClient",
        member: "ClientId",
    })?;
    if let Some(found) = text(&described, "UserPoolId").filter(|found| found != pool) {
        return Err(MirrorError::OtherPool {
            client: id,
            found,
            pool: pool.to_owned(),
        });
    }
    let mut client = Members::new();
    for (name, value) in described {
        match &*name {
            "ClientSecret" => {
                insert(&mut client, "GenerateSecret", Value::Bool(true));
                left_out.push(LeftOut::new(
                    format!("ClientSecret of {id}"),
                    "secrets are not written down; the emulator draws one",
                ));
            }
            "AnalyticsConfiguration" => left_out.push(LeftOut::new(
                format!("AnalyticsConfiguration of {id}"),
                "the emulator has no analytics",
            )),
            told if CLIENT_TOLD_MEMBERS.contains(&told) => {}
            _ => insert(&mut client, &name, value),
        }
    }
    Ok(client)
}

fn text(members: &Members, name: &str) -> Option<String> {
    members.get(name)?.as_str().map(str::to_owned)
}

/// What is not set is not written: TOML has no null, and an empty map says the same.
fn insert(members: &mut Members, name: &str, value: Value) {
    let empty = match &value {
        Value::Null => true,
        Value::Object(inner) => inner.is_empty(),
        _ => false,
    };
    if !empty {
        members.insert(name.to_owned(), without_nulls(value));
    }
}

/// The same without members that are null.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            let members = members.map(|(name, value)| (name, without_nulls(value)));
            Value::Object(members.collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn written(id: &str, left_out: &[LeftOut], file: Members) -> String {
    let mut lines = vec![
        format!("# The settings of the user pool {id}, by `reverify mirror`."),
        "# Start it with `reverify emulate --seed FILE`.".to_owned(),
        "#".to_owned(),
        "# Left out:".to_owned(),
    ];
    let left_out = left_out.iter();
    // A line break in what AWS says would end the comment.
    lines.extend(left_out.map(|one| format!("# - {}: {}", one.what, one.why).replace('\n', " ")));
    let tables = toml::to_string_pretty(&Value::Object(file));
    // JSON without nulls is TOML: there is nothing that could fail.
    lines.join("\n") + "\n\n" + &tables.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_that_were_not_asked_about_are_named() {
        let client = r#"{"UserPoolClient": {"UserPoolId": "eu-west-1_A", "ClientId": "c1", "ClientName": "web"}}"#;
        for (more_clients, count) in [(false, 0), (true, 1)] {
            let mirror = Mirror::of(&PoolAnswers {
                user_pool: r#"{"UserPool": {"Id": "eu-west-1_A", "Name": "shop"}}"#.into(),
                clients: vec![client.into()],
                more_clients,
                ..PoolAnswers::default()
            });
            let mirror = mirror.unwrap();
            let words = "app clients after the first 1";
            assert_eq!(mirror.seed.matches(words).count(), count);
            let named = mirror.left_out.iter().filter(|one| one.what == words);
            assert_eq!(named.count(), count);
        }
    }
}
