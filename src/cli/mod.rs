//! The command line: one file per command.

use std::process::ExitCode;

/// Runs the command named by the process arguments.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
