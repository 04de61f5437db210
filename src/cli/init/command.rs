//! Does what was planned and shows it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::super::args::{Color, InitArgs};
use super::super::exit::Exit;
use super::super::list::print;
use super::super::problem;
use super::changes::Done;
use super::manifest::ManifestError;
use super::project::{self, Plan, ProjectError};

/// Plans, changes, tells.
pub(in crate::cli) fn init(args: &InitArgs, color: Color) -> Exit {
    let folder = fs::create_dir_all(&args.folder).and_then(|()| args.folder.canonicalize());
    let folder = match folder {
        Ok(folder) => folder,
        Err(error) => {
            let message = format!("`{}` cannot be used: {error}", args.folder.display());
            problem::say(&message, "name a folder that can be written to", color);
            return Exit::Configuration;
        }
    };
    let dependency = match dependency(args, &folder) {
        Ok(dependency) => dependency,
        Err(message) => {
            problem::say(
                &message,
                "name the folder with reverify's Cargo.toml",
                color,
            );
            return Exit::Configuration;
        }
    };
    match project::plan(&folder, &dependency) {
        Ok(plan) => carry_out(&plan, &folder, color),
        Err(error) => {
            problem::say(&error.to_string(), help(&error), color);
            Exit::Configuration
        }
    }
}

fn help(error: &ProjectError) -> &'static str {
    match error {
        ProjectError::Unreadable { .. } => "nothing was changed",
        ProjectError::Manifest { reason, .. } => match reason {
            ManifestError::Toml(_) => "put the manifest right first; nothing was changed",
            ManifestError::Workspace => {
                "name the folder of the member that the scenarios belong to; nothing was changed"
            }
        },
    }
}

/// The value of the dev-dependency: this version, or the sources in a folder.
fn dependency(args: &InitArgs, folder: &Path) -> Result<String, String> {
    let Some(sources) = &args.sources else {
        return Ok(format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    };
    let unusable = |why: &dyn std::fmt::Display| {
        format!(
            "`{}` does not hold reverify's sources: {why}",
            sources.display()
        )
    };
    let absolute = sources.canonicalize().map_err(|error| unusable(&error))?;
    if !absolute.join("Cargo.toml").is_file() {
        return Err(unusable(&"there is no Cargo.toml"));
    }
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    // A path that counts from the package is worth more in a repository than an absolute one.
    let path = match here {
        Ok(here) if here == *folder && sources.is_relative() => sources,
        _ => &absolute,
    };
    let path = toml::Value::from(path.to_string_lossy().into_owned());
    Ok(format!("{{ path = {path} }}"))
}

fn carry_out(plan: &Plan, folder: &Path, color: Color) -> Exit {
    let mut said = String::new();
    for change in &plan.changes {
        let path = change.path();
        let shown = path.strip_prefix(folder).unwrap_or(path).display();
        // Writing to a string cannot fail.
        let _ = match change.apply() {
            Ok(Done::Created) => writeln!(said, "     created {shown}"),
            Ok(Done::Extended(what)) => writeln!(said, "    extended {shown}: {what}"),
            Ok(Done::Kept(why)) => writeln!(said, "        kept {shown}: {why}"),
            Err(error) => {
                print(&said);
                let message = format!("`{shown}` cannot be written: {error}");
                problem::say(&message, "what is listed above was done", color);
                return Exit::ReportNotWritten;
            }
        };
    }
    if let Some(lines) = &plan.by_hand {
        let _ = write!(said, "\nAdd to Cargo.toml:\n\n{lines}");
    }
    let next = if plan.rust {
        "cargo test --test verification"
    } else {
        "reverify run features"
    };
    let _ = writeln!(said, "\nNow run: {next}");
    print(&said)
}
