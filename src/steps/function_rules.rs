//! Steps that give the pool's functions something to decide.

use std::path::Path;

use super::args::{Args, BadArgument};
use super::functions::{deploy, deploy_definition};
use super::session::{Attempt, Session};
use crate::cognito::Trigger;
use crate::control::{Condition, FunctionDefinition, FunctionScript, ScriptRule, ScriptValue};
use crate::model::read_text;
use crate::record::Failure;

/// Where an event has the address (COGNITO.md 6.5).
const EMAIL: &str = "request.userAttributes.email";
/// Where it has the phone number.
const PHONE_NUMBER: &str = "request.userAttributes.phone_number";
/// Largest definition of a function: it has a command and some settings, not the program.
const DEFINITION_BYTES_MAX: u64 = 1024 * 1024;

pub(super) async fn confirms_everybody(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let flags = |names: &[&str]| {
        let flags = names.iter();
        flags
            .map(|name| ((*name).to_owned(), ScriptValue::Flag(true)))
            .collect()
    };
    // Cognito refuses to verify what the sign-up does not carry, so each case has its rule.
    let rule = |email: bool, phone: bool, names: &[&str]| ScriptRule {
        when: [
            (EMAIL.to_owned(), Condition::Present(email)),
            (PHONE_NUMBER.to_owned(), Condition::Present(phone)),
        ]
        .into(),
        response: flags(names),
        error_message: None,
    };
    let (confirm, email, phone) = ("autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone");
    let script = FunctionScript {
        rules: vec![
            rule(true, true, &[confirm, email, phone]),
            rule(true, false, &[confirm, email]),
            rule(false, true, &[confirm, phone]),
        ],
        response: flags(&[confirm]),
        ..FunctionScript::default()
    };
    deploy(s.attempt()?, Trigger::PreSignUp, script).await
}

pub(super) async fn fails_at_domain(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let rule = ScriptRule {
        error_message: Some(args.quoted()?.to_owned()),
        ..at_domain(args)?
    };
    add(s.attempt()?, args.trigger()?, |script| {
        script.rules.push(rule);
    })
    .await
}

pub(super) async fn fails_elsewhere(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (rule, message) = (at_domain(args)?, args.quoted()?.to_owned());
    add(s.attempt()?, args.trigger()?, |script| {
        script.rules.push(rule);
        script.error_message = Some(message);
    })
    .await
}

pub(super) async fn fails_if(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let path = format!("request.userAttributes.{}", args.attribute()?);
    let is = Condition::Equals(args.value()?.to_owned());
    let rule = ScriptRule {
        when: [(path, is)].into(),
        error_message: Some(args.quoted()?.to_owned()),
        ..ScriptRule::default()
    };
    add(session.attempt()?, args.trigger()?, |script| {
        script.rules.push(rule);
    })
    .await
}

pub(super) async fn sets_at_domain(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let rule = ScriptRule {
        response: [(args.quoted()?.to_owned(), ScriptValue::of(args.value()?))].into(),
        ..at_domain(args)?
    };
    add(s.attempt()?, args.trigger()?, |script| {
        script.rules.push(rule);
    })
    .await
}

pub(super) async fn also_sets(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, value) = (args.quoted()?.to_owned(), ScriptValue::of(args.value()?));
    add(session.attempt()?, args.trigger()?, |script| {
        script.response.insert(name, value);
    })
    .await
}

pub(super) async fn from_file(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (path, trigger) = (Path::new(args.quoted()?), args.trigger()?);
    let definition = read(path).map_err(|reason| BadArgument {
        reason: format!("the function in {}: {reason}", path.display()),
    })?;
    deploy_definition(session.attempt()?, trigger, &definition).await
}

/// A function's definition in TOML, in the member names of the control interface. Its directory, and
/// a program with a slash in it, are meant from the file's folder.
fn read(path: &Path) -> Result<FunctionDefinition, String> {
    let file = std::fs::File::open(path);
    let text = file.and_then(|file| read_text(file, DEFINITION_BYTES_MAX));
    let text = text.map_err(|error| error.to_string())?;
    let definition = toml::from_str::<FunctionDefinition>(&text);
    let definition = definition.map_err(|error| error.to_string())?;
    // A bare file name has an empty parent, which is no folder.
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let folder = std::path::absolute(folder).map_err(|error| error.to_string())?;
    let mut command = definition.command;
    if let Some(program) = command.first_mut().filter(|program| program.contains('/')) {
        *program = folder.join(&program).display().to_string();
    }
    Ok(FunctionDefinition {
        command,
        directory: Some(folder.join(definition.directory.unwrap_or_default())),
        ..definition
    })
}

/// What fits the events of users with an address at the domain of the step.
fn at_domain(args: &Args<'_>) -> Result<ScriptRule, BadArgument> {
    let ends = Condition::EndsWith(format!("@{}", args.domain()?));
    Ok(ScriptRule {
        when: [(EMAIL.to_owned(), ends)].into(),
        ..ScriptRule::default()
    })
}

/// Adds to what the trigger's function does, or gives the trigger one.
async fn add(
    attempt: &mut Attempt,
    trigger: Trigger,
    change: impl FnOnce(&mut FunctionScript),
) -> Result<(), Failure> {
    let known = attempt.pool()?.scripts.get(&trigger);
    let mut script = known.cloned().unwrap_or_default();
    change(&mut script);
    deploy(attempt, trigger, script).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_meant_from_the_folder_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("function.toml");
        let cases = [
            ("[\"./run.sh\", \"./x\"]", folder.path().join("./run.sh")),
            ("[\"python3\", \"./x\"]", "python3".into()),
            ("[\"/bin/sh\", \"./x\"]", "/bin/sh".into()),
        ];
        for (command, program) in cases {
            let text = format!("Command = {command}\nDirectory = \"triggers\"\n");
            std::fs::write(&file, text).unwrap();
            let read = read(&file).unwrap();
            assert_eq!(
                read.command,
                [program.display().to_string(), "./x".to_owned()]
            );
            assert_eq!(read.directory, Some(folder.path().join("triggers")));
        }
        assert!(super::read(&folder.path().join("none.toml")).is_err());
        // A device has no length to look at.
        let endless = super::read(Path::new("/dev/zero")).err();
        let said = "it is larger than 1048576 bytes";
        assert_eq!(endless.as_deref(), Some(said));
    }
}
