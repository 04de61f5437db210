//! Prints what holds.

use std::fmt::Write as _;

use super::args::ConfigCommand;
use crate::cli::args::Color;
use crate::cli::exit::Exit;
use crate::cli::list::print;
use crate::cli::problem;
use crate::cli::settings::{Choice, ChoiceArgs};
use crate::config::{Origin, ShownSetting, schema};

/// Columns that settings are filled up to, so that who says them stands in a line below each other.
const SETTING_COLUMNS_MAX: usize = 48;

/// Shows.
pub(crate) fn config(command: &ConfigCommand, color: Color) -> Exit {
    match command {
        ConfigCommand::Schema => print(&schema()),
        ConfigCommand::Show(args) => match args.load() {
            Ok(choice) => print(&shown(&choice, args)),
            Err(error) => problem::config(&error, color),
        },
    }
}

fn shown(choice: &Choice, args: &ChoiceArgs) -> String {
    let names: Vec<_> = choice
        .targets
        .iter()
        .map(|target| target.name.clone())
        .collect();
    let mut settings = choice.configuration.settings(&choice.profile.name, &names);
    if let ([only], false) = (&*names, args.targets.is_empty()) {
        let target = settings.iter_mut().find(|one| one.key == "target");
        if let Some(target) = target {
            target.value = toml::Value::from(only.as_str()).to_string();
            target.origin = Origin::Flag("--target");
        }
    }
    let files = match choice.configuration.files() {
        [] => "no file was found".to_owned(),
        files => format!("from {}", files.join(", ")),
    };
    // Writing to a string cannot fail, here and below.
    let mut text = format!("# {files}\n");
    let mut table = "";
    for one in &settings {
        if one.table != table {
            let _ = write!(text, "\n{}\n", one.table);
            table = &one.table;
        }
        text.push_str(&line(one));
    }
    text
}

fn line(setting: &ShownSetting) -> String {
    let said = format!("{} = {}", setting.key, setting.value);
    format!("{said:SETTING_COLUMNS_MAX$}  # {}\n", setting.origin)
}
