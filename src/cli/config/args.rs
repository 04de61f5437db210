//! The arguments of `reverify config`.

use clap::Subcommand;

use crate::cli::settings::ChoiceArgs;

/// `reverify config`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Prints what holds for a profile and its target, and who says so: a line of a file, a variable
    /// of the environment, an argument, or the defaults.
    ///
    /// The output can be read as reverify.toml again. Of secrets it has the reference alone.
    Show(ChoiceArgs),
    /// Prints the JSON schema of reverify.toml, for editors.
    Schema,
}
