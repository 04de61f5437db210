//! Sending authorization policies: who else may send with an identity.
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html>. A policy is read when it is put,
//! and asked for Cognito's principal when a pool with the default sender names an identity of its
//! own (COGNITO.md 5.4 \[D\]; CAUSES.md, `ses-identity-policy`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::SesException;
use crate::control::wildcard;

/// Longest policy: 4 KB (the page above).
const POLICY_BYTES_MAX: usize = 4 * 1024;

/// A policy as text and as what it says.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) text: String,
    document: Document,
}

/// What a caller wants, and where from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    /// A service such as `email.cognito-idp.amazonaws.com`.
    pub(super) service: &'a str,
    pub(super) action: &'a str,
    /// The identity's ARN.
    pub(super) resource: &'a str,
    /// The pool's ARN.
    pub(super) source_arn: &'a str,
    pub(super) source_account: &'a str,
    pub(super) from: &'a str,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    statement: OneOrMany<Statement>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: Effect,
    principal: Principal,
    action: OneOrMany<String>,
    resource: Option<OneOrMany<String>>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, OneOrMany<String>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Principal {
    Everybody(Everybody),
    Named(NamedPrincipal),
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum Everybody {
    #[serde(rename = "*")]
    Star,
}

#[derive(Debug, Clone, Deserialize)]
struct NamedPrincipal {
    #[serde(rename = "AWS")]
    accounts: Option<OneOrMany<String>>,
    #[serde(rename = "Service")]
    services: Option<OneOrMany<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// `BadRequestException` for a text that is no policy; the texts are guesses.
    pub(super) fn parse(text: String) -> Result<Self, SesException> {
        if text.len() > POLICY_BYTES_MAX {
            return Err(SesException::bad_request(format!(
                "Policy is longer than {POLICY_BYTES_MAX} bytes."
            )));
        }
        let document: Document = serde_json::from_str(&text)
            .map_err(|error| SesException::bad_request(format!("Invalid policy: {error}")))?;
        Ok(Self { text, document })
    }
}

/// Whether the policies together allow it: one statement allows and none denies.
pub(super) fn allow<'a>(policies: impl Iterator<Item = &'a Policy>, wish: Wish<'_>) -> bool {
    let statements = policies.flat_map(|policy| policy.document.statement.as_slice());
    let applying: Vec<Effect> = statements
        .filter(|statement| statement.applies(wish))
        .map(|statement| statement.effect)
        .collect();
    applying.contains(&Effect::Allow) && !applying.contains(&Effect::Deny)
}

impl Statement {
    fn applies(&self, wish: Wish<'_>) -> bool {
        let mut actions = self.action.as_slice().iter();
        let resources = self.resource.as_ref().map(OneOrMany::as_slice);
        self.principal.names(wish.service)
            && actions.any(|action| matches(&action.to_lowercase(), &wish.action.to_lowercase()))
            && resources.is_none_or(|names| names.iter().any(|name| matches(name, wish.resource)))
            && self.condition.iter().all(|(operator, keys)| {
                let mut keys = keys.iter();
                keys.all(|(key, values)| holds(operator, key, values.as_slice(), wish))
            })
    }
}

impl Principal {
    fn names(&self, service: &str) -> bool {
        let Self::Named(named) = self else {
            return true;
        };
        let listed = |names: &Option<OneOrMany<String>>, wanted: &str| {
            let known = names.as_ref().map_or(&[][..], OneOrMany::as_slice);
            known.iter().any(|name| name == wanted)
        };
        listed(&named.services, service) || listed(&named.accounts, "*")
    }
}

/// Whether one condition holds. An operator or a key that is not known here does not hold, so that
/// it allows nothing; that a denial then does not apply either is this emulator's limit.
fn holds(operator: &str, key: &str, values: &[String], wish: Wish<'_>) -> bool {
    let actual = match key.to_lowercase().as_str() {
        "aws:sourcearn" => wish.source_arn,
        "aws:sourceaccount" => wish.source_account,
        "ses:fromaddress" => wish.from,
        _ => return false,
    };
    let mut values = values.iter();
    match operator {
        "StringEquals" => values.any(|value| value == actual),
        "StringNotEquals" => values.all(|value| value != actual),
        "StringEqualsIgnoreCase" => values.any(|value| value.eq_ignore_ascii_case(actual)),
        "StringLike" | "ArnLike" | "ArnEquals" => values.any(|value| matches(value, actual)),
        "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => {
            values.all(|value| !matches(value, actual))
        }
        _ => false,
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters and `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    wildcard(pattern.as_bytes(), text.as_bytes(), Some(b'?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COGNITO: &str = "email.cognito-idp.amazonaws.com";
    const POOL: &str = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a";

    fn wish() -> Wish<'static> {
        Wish {
            service: COGNITO,
            action: "ses:SendEmail",
            resource: "arn:aws:ses:us-east-1:123456789012:identity/example.com",
            source_arn: POOL,
            source_account: "123456789012",
            from: "shop@example.com",
        }
    }

    /// A statement as AWS's page on Cognito's e-mail has it, with these parts.
    fn statement(effect: &str, principal: &str, condition: &str) -> String {
        format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":["SES:SendEmail","SES:SendRawEmail"],
            "Resource":"arn:aws:ses:us-east-1:123456789012:identity/example.com","Condition":{condition}}}"#
        )
    }

    #[test]
    fn cognito_may_send_where_a_statement_says_so() {
        let service = format!(r#"{{"Service":["{COGNITO}"]}}"#);
        let conditions = [
            ("{}", true),
            (
                r#"{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":{"aws:SourceArn":"arn:aws:cognito-idp:us-east-1:*:userpool/*"}}"#,
                true,
            ),
            (
                r#"{"StringEquals":{"AWS:SourceAccount":["1","123456789012"]}}"#,
                true,
            ),
            (r#"{"StringEquals":{"aws:SourceAccount":"1"}}"#, false),
            (
                r#"{"ArnLike":{"aws:SourceArn":"arn:aws:cognito-idp:us-east-1:*:userpool/us-east-1_b"}}"#,
                false,
            ),
            (
                r#"{"StringLike":{"ses:FromAddress":"*@example.com"}}"#,
                true,
            ),
            (r#"{"Bool":{"aws:SecureTransport":"true"}}"#, false),
        ];
        for (condition, expected) in conditions {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":{}}}"#,
                statement("Allow", &service, condition)
            );
            let policy = Policy::parse(text).unwrap();
            assert_eq!(
                allow([&policy].into_iter(), wish()),
                expected,
                "{condition}"
            );
        }
    }

    #[test]
    fn a_denial_counts_more_and_another_principal_does_not_count() {
        let allowing = statement("Allow", r#""*""#, "{}");
        let denying = statement("Deny", r#"{"AWS":"*"}"#, "{}");
        let others = statement("Allow", r#"{"AWS":"arn:aws:iam::1:root"}"#, "{}");
        let cases = [
            (format!("[{allowing}]"), true),
            (format!("[{allowing},{denying}]"), false),
            (format!("[{others}]"), false),
            ("[]".to_owned(), false),
        ];
        for (statements, expected) in cases {
            let policy = Policy::parse(format!(r#"{{"Statement":{statements}}}"#)).unwrap();
            assert_eq!(
                allow([&policy].into_iter(), wish()),
                expected,
                "{statements}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_policy() {
        let long = format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(5_000));
        for text in [
            "",
            "{}",
            "[]",
            r#"{"Statement":[{"Effect":"allow"}]}"#,
            &long,
        ] {
            assert!(Policy::parse(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn stars_and_question_marks_match() {
        let cases = [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abbd", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xxaxxbxx", true),
            ("abc", "abcd", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        assert!(!matches(&"*a".repeat(50), &"a".repeat(49)));
    }
}
