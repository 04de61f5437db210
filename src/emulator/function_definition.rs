//! A function as it is written down, in a seed file or in a request of the control interface.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::function_script;
use super::lambda::{Endpoint, Function, FunctionName, InvalidFunction, Process};
use super::seed_tables::{InvalidStarting, strict};
use crate::control::FunctionDefinition;

/// Why a definition is no function.
#[derive(Debug, thiserror::Error)]
pub(super) enum InvalidDefinition {
    /// Several or none of the three.
    #[error(
        "give one of Command = [\"PROGRAM\", ...], Url = \"http://127.0.0.1:PORT\" and Script = {{ ... }}"
    )]
    OneOfThree,
    /// No such path can be named.
    #[error("{path} has no absolute path: {reason}")]
    Path {
        /// As it was given.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// A setting that AWS would not take either.
    #[error(transparent)]
    Refused(#[from] InvalidFunction),
}

/// The function of this name that a definition describes.
///
/// # Errors
/// [`InvalidDefinition`] if it does not say what to run, or where.
pub(super) fn function(
    definition: FunctionDefinition,
    name: FunctionName,
) -> Result<Function, InvalidDefinition> {
    let mut command = definition.command.into_iter();
    let mut function = match (command.next(), definition.url, definition.script) {
        (Some(program), None, None) => {
            let directory = absolute(definition.directory.as_deref().unwrap_or(Path::new(".")))?;
            // A bare name is looked for in the function's PATH; a path is meant from here, not
            // from the function's directory.
            let program = if program.contains('/') {
                absolute(Path::new(&program))?.display().to_string()
            } else {
                program
            };
            let process = Process::new(program, directory)
                .args(command)
                .handler(definition.handler);
            let variables = definition.environment.variables.into_iter();
            let process = variables.fold(process, |process, (name, value)| {
                process.variable(name, value)
            });
            Function::process(name, process)
        }
        (None, Some(url), None) => Function::endpoint(name, Endpoint::loopback(&url)?),
        (None, None, Some(script)) => {
            let script = Arc::new(script);
            Function::mailing_closure(name, move |event, outbox| {
                function_script::play(script.clone(), event, outbox)
            })
        }
        _ => return Err(InvalidDefinition::OneOfThree),
    };
    if let Some(seconds) = definition.timeout {
        function = function.timeout(Duration::from_secs(seconds));
    }
    if let Some(megabytes) = definition.memory_size {
        function = function.memory_mb(megabytes);
    }
    Ok(function)
}

fn absolute(path: &Path) -> Result<PathBuf, InvalidDefinition> {
    std::path::absolute(path).map_err(|error| InvalidDefinition::Path {
        path: path.display().to_string(),
        reason: error.to_string(),
    })
}

/// Reads the `[[function]]` tables of a seed file.
///
/// # Errors
/// [`InvalidStarting`] for a table that is no function, or a name that is given twice.
pub(super) fn read_functions(tables: Vec<toml::Table>) -> Result<Vec<Function>, InvalidStarting> {
    let mut names = HashSet::new();
    let numbered = tables.into_iter().enumerate();
    let functions = numbered.map(|(index, mut table)| {
        let place = format!("function {}", index + 1);
        let wrong = |reason: String| InvalidStarting::Value {
            place: place.clone(),
            reason,
        };
        let name = table.remove("FunctionName");
        let name = name.as_ref().and_then(toml::Value::as_str);
        let name = name.ok_or_else(|| wrong("FunctionName is missing".to_owned()))?;
        let name = FunctionName::parse(name).map_err(|error| wrong(error.to_string()))?;
        if !names.insert(name.clone()) {
            return Err(InvalidStarting::DuplicateId(name.to_string()));
        }
        let definition: FunctionDefinition = strict(table, &place)?;
        let function = function(definition, name);
        function.map_err(|error| wrong(error.to_string()))
    });
    functions.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Function, String> {
        let definition: FunctionDefinition = toml::from_str(toml).map_err(|e| e.to_string())?;
        let name = FunctionName::parse("welcome").unwrap();
        function(definition, name).map_err(|error| error.to_string())
    }

    #[test]
    fn a_function_is_a_command_or_an_endpoint() {
        let process = r#"
            Command = [".venv/bin/python", "-m", "awslambdaric", "app.handler"]
            Directory = "triggers"
            Handler = "app.handler"
            Timeout = 5
            Environment = { Variables = { TABLE = "very secret" } }"#;
        let shown = format!("{:?}", read(process).unwrap());
        let program = std::path::absolute(".venv/bin/python").unwrap();
        assert!(shown.contains(&*program.to_string_lossy()), "{shown}");
        assert!(
            shown.contains("/triggers") && shown.contains("5s"),
            "{shown}"
        );
        assert!(!shown.contains("very secret"), "{shown}");
        assert!(read("Url = \"http://127.0.0.1:9000\"").is_ok());
        assert!(read("Script = { Response = { autoConfirmUser = true } }").is_ok());
    }

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            ("", "give one of Command"),
            (
                "Command = [\"a\"]\nUrl = \"http://127.0.0.1:1\"",
                "give one of Command",
            ),
            ("Url = \"http://example.com\"", "not on loopback"),
            ("Comand = [\"a\"]", "unknown field `Comand`"),
        ];
        for (toml, expected) in cases {
            let error = read(toml).unwrap_err();
            assert!(error.contains(expected), "{toml}: {error}");
        }
    }
}
