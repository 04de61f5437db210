//! Functions for the pools' triggers, as they are written down and listed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::FunctionScript;

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
