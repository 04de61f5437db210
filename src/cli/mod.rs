//! The command line: one file per command.
//!
//! [`Harness`] is the other way in: the same scenarios under `cargo test`, for which the arguments
//! are those of Rust's test harness.
//!
//! This is the only place that knows of arguments, the environment, signals and exit codes.

mod args;
mod causes;
mod check;
mod commit;
mod config;
mod differences;
mod doctor;
mod emulate;
mod exit;
mod explain;
mod harness;
mod history;
mod inbox;
mod init;
mod last_failed;
mod list;
mod mail_file;
mod mirror;
mod packaging;
mod problem;
mod report;
mod report_files;
mod run;
mod run_exit;
mod run_options;
mod run_state;
mod running_args;
mod runtime;
mod selection;
mod settings;
mod signals;
mod state_dir;
mod status_key;
mod steps;
mod sweep;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

pub use exit::Exit;
pub use harness::Harness;

use args::{Cli, Command};

/// Runs the command named by the process arguments.
pub fn main() -> ExitCode {
    let parsed = Cli::command().try_get_matches();
    let parsed = parsed.and_then(|given| Ok((Cli::from_arg_matches(&given)?, given)));
    let (cli, given) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // `--help` and `--version` come this way too, and are not errors.
            let code = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Ok
            };
            // A closed terminal is no reason to fail differently.
            let _ = error.print();
            return code.into();
        }
    };
    let exit = match cli.command {
        Command::Run(args) => run::run(args, given.subcommand_matches("run"), cli.color),
        Command::Report(args) => report::report(&args, cli.color),
        Command::List(args) => list::list(&args, cli.color),
        Command::Check(args) => check::check(&args, cli.color),
        Command::Steps(args) => steps::steps(&args, cli.color),
        Command::Causes(args) => causes::causes(&args, cli.color),
        Command::Doctor(args) => doctor::doctor(&args, cli.color),
        Command::Explain(args) => explain::explain(&args, cli.color),
        Command::Sweep(args) => sweep::sweep(&args, cli.color),
        Command::Emulate(args) => emulate::emulate(&args, cli.color),
        Command::Inbox(args) => inbox::inbox(&args, cli.color),
        Command::History(args) => history::history(&args, cli.color),
        Command::Config(command) => config::config(&command, cli.color),
        Command::Init(args) => init::init(&args, cli.color),
        Command::Mirror(args) => {
            mirror::mirror(&args, given.subcommand_matches("mirror"), cli.color)
        }
        Command::Completions(args) => packaging::completions(&args),
        Command::Man(args) => packaging::man(&args, cli.color),
    };
    exit.into()
}
