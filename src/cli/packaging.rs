//! What a package of this program brings along: completions for shells, and manual pages.
//!
//! Both are made from the arguments themselves, so they cannot say anything else than `--help`.

use clap::CommandFactory as _;

use super::args::{Cli, Color, CompletionsArgs, ManArgs};
use super::exit::Exit;
use super::list::print_bytes;
use super::problem;

/// Prints what a shell needs to complete arguments.
pub(super) fn completions(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "reverify", &mut script);
    print_bytes(&script)
}

/// Writes a manual page for each command, or prints the first of them.
pub(super) fn man(args: &ManArgs, color: Color) -> Exit {
    let Some(folder) = &args.folder else {
        let mut page = Vec::new();
        return match clap_mangen::Man::new(Cli::command()).render(&mut page) {
            Ok(()) => print_bytes(&page),
            Err(error) => not_written("the manual page cannot be made", &error, color),
        };
    };
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    match written {
        Ok(()) => Exit::Ok,
        Err(error) => {
            let what = format!(
                "the manual pages cannot be written to `{}`",
                folder.display()
            );
            not_written(&what, &error, color)
        }
    }
}

fn not_written(what: &str, error: &std::io::Error, color: Color) -> Exit {
    let help = "name a folder that can be written, or none to print the first page";
    problem::say(&format!("{what}: {error}"), help, color);
    Exit::ReportNotWritten
}
