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
mod doctor;
mod emulate;
mod exit;
mod explain;
mod harness;
mod inbox;
mod init;
mod last_failed;
mod list;
mod mail_file;
mod problem;
mod run;
mod running_args;
mod selection;
mod signals;
mod state_dir;
mod status_key;
mod steps;

use std::process::ExitCode;

use clap::Parser as _;

pub use exit::Exit;
pub use harness::Harness;

use args::{Cli, Command};

/// Runs the command named by the process arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
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
        Command::Run(args) => run::run(&args, cli.color),
        Command::List(args) => list::list(&args, cli.color),
        Command::Check(args) => check::check(&args, cli.color),
        Command::Steps(args) => steps::steps(&args, cli.color),
        Command::Causes(args) => causes::causes(&args, cli.color),
        Command::Doctor(args) => doctor::doctor(&args, cli.color),
        Command::Explain(args) => explain::explain(&args, cli.color),
        Command::Emulate(args) => emulate::emulate(&args, cli.color),
        Command::Inbox(args) => inbox::inbox(&args, cli.color),
        Command::Init(args) => init::init(&args, cli.color),
    };
    exit.into()
}
