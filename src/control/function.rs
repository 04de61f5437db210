//! Functions for the pools' triggers, as they are written down and listed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a function is, in the member names of AWS's `CreateFunction` where it has them. `Command`,
/// `Directory` and `Url` are the emulator's own.
// Without `Debug`: the variables may be secrets.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FunctionDefinition {
    /// The program and its arguments, such as `["python3", "-m", "awslambdaric", "app.handler"]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Where the program starts; the emulator's directory unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<PathBuf>,
    /// `_HANDLER`, by which a runtime finds the code.
    #[serde(default)]
    pub handler: String,
    /// The variables that the program finds in its environment.
    #[serde(default)]
    pub environment: Environment,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// Megabytes; told to the function, never enforced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_size: Option<u32>,
    /// An Invoke endpoint on this machine, in place of a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it does, in place of a command: a function without code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<FunctionScript>,
}

/// What a function without code does. It returns its event, as a user pool expects of a trigger, with
/// members of `response` set; or it fails.
///
/// ```
/// use reverify::control::FunctionScript;
///
/// let confirms: FunctionScript = serde_json::from_str(r#"{"Response": {"autoConfirmUser": true}}"#)?;
/// assert_eq!(confirms.response.len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FunctionScript {
    /// Members of the event's `response` and their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub response: BTreeMap<String, ScriptValue>,
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

/// A value of a member of `response`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScriptValue {
    /// `true` or `false`.
    Flag(bool),
    /// A text.
    Text(String),
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// `Environment` of `CreateFunction`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Environment {
    /// Names and values.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

/// A function as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FunctionSummary {
    /// Its name.
    pub function_name: String,
    /// Its ARN, as a pool's `LambdaConfig` names it.
    pub function_arn: String,
}
