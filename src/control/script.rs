//! Functions without code: what they do, and on which events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FunctionEvent;

/// What a function without code does. It returns its event, as a user pool expects of a trigger, with
/// members of `response` set; or it fails. A rule whose conditions hold takes the place of the rest.
///
/// ```
/// use reverify::control::FunctionScript;
///
/// let confirms: FunctionScript = serde_json::from_str(r#"{"Response": {"autoConfirmUser": true}}"#)?;
/// assert_eq!(confirms.response.len(), 1);
/// let partners_only: FunctionScript = serde_json::from_str(
///     r#"{"Rules": [{"When": {"request.userAttributes.email": {"EndsWith": "@partner.example"}}}],
///         "ErrorMessage": "partners only"}"#,
/// )?;
/// assert!(partners_only.rules[0].error_message.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FunctionScript {
    /// Looked at in order; the first that fits the event is followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ScriptRule>,
    /// Members of the event's `response` and their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub response: BTreeMap<String, ScriptValue>,
    /// A mail that it sends through SES before it answers; if SES refuses, it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<ScriptMail>,
    /// The error that it ends with, instead of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The answer as it is, in place of the event; it need not be JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// How long it runs before that, in milliseconds of real time.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub milliseconds: u32,
}

/// A mail that a function sends, as a program does that calls SES. Each text may hold members of the
/// event, as [`ScriptValue::Text`] does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScriptMail {
    /// The sender, an identity that is verified in SES.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What a script does with some events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScriptRule {
    /// Members of the event by their path, such as `request.userAttributes.email`, and what each has
    /// to be.
    pub when: BTreeMap<String, Condition>,
    /// As [`FunctionScript::response`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub response: BTreeMap<String, ScriptValue>,
    /// As [`FunctionScript::error_message`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

impl ScriptRule {
    /// Whether every condition holds.
    pub fn fits(&self, event: &FunctionEvent) -> bool {
        let mut conditions = self.when.iter();
        conditions.all(|(path, condition)| condition.holds(event.member(path).as_deref()))
    }
}

/// What a member of an event has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// This text.
    Equals(String),
    /// A text that ends so; capitals make no difference.
    EndsWith(String),
    /// There at all, or not there.
    Present(bool),
}

impl Condition {
    fn holds(&self, member: Option<&str>) -> bool {
        match self {
            Self::Equals(text) => member == Some(text),
            Self::EndsWith(end) => {
                member.is_some_and(|member| member.to_lowercase().ends_with(&end.to_lowercase()))
            }
            Self::Present(present) => member.is_some() == *present,
        }
    }
}

/// A value of a member of `response`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScriptValue {
    /// `true` or `false`.
    Flag(bool),
    /// A text, in which `{request.userAttributes.name}` stands for that member of the event.
    Text(String),
}

impl ScriptValue {
    /// The value that a person writes: `true` and `false` are no texts.
    pub fn of(written: &str) -> Self {
        match written {
            "true" => Self::Flag(true),
            "false" => Self::Flag(false),
            text => Self::Text(text.to_owned()),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
