//! Whether somebody's pool is of a kind that cases need.

use serde_json::{Value, json};

use super::case::Pool;
use super::compare::has;

/// Settings that decide which kind of pool one is, with what stands for their absence.
const DECIDING: [(&str, Option<&str>); 7] = [
    ("UsernameAttributes", None),
    ("AliasAttributes", None),
    ("AutoVerifiedAttributes", None),
    ("LambdaConfig", None),
    ("AccountRecoverySetting", None),
    ("UserAttributeUpdateSettings", None),
    ("MfaConfiguration", Some("OFF")),
];

const DECIDING_OF_CLIENT: [(&str, Option<&str>); 3] = [
    ("PreventUserExistenceErrors", Some("LEGACY")),
    ("ReadAttributes", None),
    ("WriteAttributes", None),
];

/// Flows that every kind allows unless it says otherwise, so that having them decides nothing.
const REFRESH: &str = "ALLOW_REFRESH_TOKEN_AUTH";

/// Why a pool and its app client, as AWS describes them, are not of a kind; nothing if they are.
pub(super) fn unfit(kind: &Pool, pool: &Value, client: &Value) -> Option<String> {
    let mfa = kind.mfa.as_ref().map(|mfa| &mfa["MfaConfiguration"]);
    let of_pool = DECIDING.iter().map(|deciding| {
        let wanted = kind.settings.get(deciding.0);
        let wanted = wanted.or(mfa.filter(|_| deciding.0 == "MfaConfiguration"));
        (deciding, wanted.map(by_name), by_name(&pool[deciding.0]))
    });
    let of_client = DECIDING_OF_CLIENT.iter();
    let of_client = of_client.map(|of| (of, kind.client.get(of.0).cloned(), client[of.0].clone()));
    let differing = of_pool
        .chain(of_client)
        .find_map(|(of, wanted, found)| setting(of, wanted.as_ref(), &found));
    differing
        .or_else(|| links(kind, pool))
        .or_else(|| administration(kind, pool))
        .or_else(|| factors(kind, pool))
        .or_else(|| schema(kind, pool))
        .or_else(|| flows(kind, client))
        .or_else(|| secret(kind, client))
}

/// A setting whose functions go by their names: an ARN also has somebody's account in it.
fn by_name(setting: &Value) -> Value {
    match setting {
        Value::String(text) => json!(text.rsplit(":function:").next()),
        Value::Object(members) => {
            let named = members
                .iter()
                .map(|(key, value)| (key.clone(), by_name(value)));
            Value::Object(named.collect())
        }
        other => other.clone(),
    }
}

fn setting(
    (name, default): &(&str, Option<&str>),
    wanted: Option<&Value>,
    found: &Value,
) -> Option<String> {
    let is_empty = match found {
        Value::Null => true,
        Value::String(text) => Some(text.as_str()) == *default,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    match wanted {
        Some(wanted) if !has(found, wanted) => Some(format!("it needs {name} = {wanted}")),
        None if !is_empty => Some(format!("it needs no {name}, and there is {found}")),
        _ => None,
    }
}

/// How sign-ups are confirmed; where it is by link, the kinds of the table have no domain at first.
fn links(kind: &Pool, pool: &Value) -> Option<String> {
    const TEMPLATE: &str = "VerificationMessageTemplate";
    let by_link = |of: &Value| of["DefaultEmailOption"] == "CONFIRM_WITH_LINK";
    let wanted = kind.settings.get(TEMPLATE).is_some_and(by_link);
    if wanted != by_link(&pool[TEMPLATE]) {
        return Some(format!("it needs confirmation by link: {wanted}"));
    }
    let has_domain = pool.get("Domain").or(pool.get("CustomDomain")).is_some();
    (wanted && has_domain).then(|| "it needs a pool without a domain".to_owned())
}

fn administration(kind: &Pool, pool: &Value) -> Option<String> {
    let only = |of: &Value| of["AllowAdminCreateUserOnly"] == json!(true);
    let wanted = kind.settings.get("AdminCreateUserConfig").is_some_and(only);
    let found = only(&pool["AdminCreateUserConfig"]);
    (wanted != found).then(|| format!("it needs AllowAdminCreateUserOnly = {wanted}"))
}

fn factors(kind: &Pool, pool: &Value) -> Option<String> {
    let policies = |of: &Value| of["SignInPolicy"]["AllowedFirstAuthFactors"].clone();
    let wanted = kind.settings.get("Policies").map(policies)?;
    let found = policies(&pool["Policies"]);
    (wanted != found).then(|| format!("it needs AllowedFirstAuthFactors = {wanted}"))
}

fn schema(kind: &Pool, pool: &Value) -> Option<String> {
    let found = pool["SchemaAttributes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let is_there = |wanted: &Value| {
        let name = wanted["Name"].as_str().unwrap_or_default();
        let custom = format!("custom:{name}");
        let mut found = found.iter();
        let found = found.find(|it| it["Name"] == name || it["Name"] == *custom);
        let same = |member: &str| found.is_some_and(|it| has(&it[member], &wanted[member]));
        same("Required") && same("Mutable")
    };
    let wanted = kind.settings.get("Schema").and_then(Value::as_array);
    let missing = wanted
        .into_iter()
        .flatten()
        .find(|wanted| !is_there(wanted));
    let is_plain = wanted.is_none();
    let required = found.iter().find(|it| {
        is_plain && it["Required"] == json!(true) && it["Name"] != "sub" && it["Name"] != "email"
    });
    let missing = missing.map(|wanted| format!("it needs the attribute {wanted}"));
    missing.or_else(|| required.map(|it| format!("it needs no required attribute {}", it["Name"])))
}

fn flows(kind: &Pool, client: &Value) -> Option<String> {
    let found = client["ExplicitAuthFlows"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let wanted = kind
        .client
        .get("ExplicitAuthFlows")
        .and_then(Value::as_array);
    let wanted = wanted?;
    if let Some(flow) = wanted.iter().find(|flow| !found.contains(flow)) {
        return Some(format!("its app client needs {flow}"));
    }
    let needs_others_missing = wanted.iter().all(|flow| flow == REFRESH);
    let other = found
        .iter()
        .find(|flow| *flow != REFRESH)
        .filter(|_| needs_others_missing);
    other.map(|flow| format!("its app client may not have {flow}"))
}

fn secret(kind: &Pool, client: &Value) -> Option<String> {
    let is_there = client["ClientSecret"].is_string();
    let wanted = kind.client.contains_key("GenerateSecret");
    (is_there != wanted).then(|| {
        let word = if wanted { "a" } else { "no" };
        format!("its app client needs {word} secret")
    })
}

#[test]
fn a_pool_is_of_its_own_kind_only() {
    let table = super::table::Table::read();
    let find = |name: &str| table.pools.iter().find(|pool| pool.name == name).unwrap();
    let plain = json!({
        "AutoVerifiedAttributes": ["email"], "LambdaConfig": {}, "MfaConfiguration": "OFF",
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false},
    });
    let client = json!({"ExplicitAuthFlows": find("plain").client["ExplicitAuthFlows"]});
    assert_eq!(unfit(find("plain"), &plain, &client), None);
    let cases = [
        (
            "quiet",
            "it needs no AutoVerifiedAttributes, and there is [\"email\"]",
        ),
        ("email", "it needs UsernameAttributes = [\"email\"]"),
        ("secret", "its app client needs a secret"),
        (
            "enabled",
            "it needs PreventUserExistenceErrors = \"ENABLED\"",
        ),
        (
            "no password flow",
            "its app client may not have \"ALLOW_USER_PASSWORD_AUTH\"",
        ),
    ];
    for (kind, reason) in cases {
        assert_eq!(
            unfit(find(kind), &plain, &client).as_deref(),
            Some(reason),
            "{kind}"
        );
    }
    let wired = json!({
        "AutoVerifiedAttributes": ["email"],
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:210987654321:function:throws"},
    });
    assert_eq!(unfit(find("pre sign-up throws"), &wired, &client), None);
    let closed = json!({
        "AutoVerifiedAttributes": ["email"],
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
    });
    let reason = unfit(find("plain"), &closed, &client);
    assert_eq!(
        reason.as_deref(),
        Some("it needs AllowAdminCreateUserOnly = false")
    );
}
