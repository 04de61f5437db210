//! The commands, and how they end.

use jiff::Timestamp;

use super::super::args::Color;
use super::super::exit::Exit;
use super::super::problem;
use super::super::state_dir::StateDir;
use super::args::{HistoryArgs, HistoryCommand, ScopeArgs};
use super::{compare, export, flaky, import, list, prune, show};
use crate::history::{History, HistoryError, PastRun, UnknownRun};

/// Why a command could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The history cannot be used.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// It has no such run.
    #[error(transparent)]
    Run(#[from] UnknownRun),
    /// It has nothing that fits.
    #[error("{what}")]
    Nothing { what: String, help: String },
    /// A file could not be written or removed.
    #[error("{what}")]
    File { what: String, help: &'static str },
}

impl Refusal {
    /// Says it, and which code to exit with.
    pub(super) fn say(&self, color: Color) -> Exit {
        let (help, exit) = match self {
            Self::History(error @ HistoryError::Missing { .. }) => (error.help(), Exit::Invalid),
            Self::History(error) => (error.help(), Exit::ReportNotWritten),
            Self::Run(_) => ("`reverify history` lists the runs", Exit::Invalid),
            Self::Nothing { help, .. } => (help.as_str(), Exit::Invalid),
            Self::File { help, .. } => (*help, Exit::ReportNotWritten),
        };
        problem::say(&self.to_string(), help, color);
        exit
    }
}

/// Does what was asked for, on the history of the folder.
pub(in crate::cli) fn history(args: &HistoryArgs, color: Color) -> Exit {
    let folder = match args.state.folder() {
        Ok(folder) => folder,
        Err(error) => return problem::config(&error, color),
    };
    let done = match &args.command {
        None => list::list(&folder, &args.scope),
        Some(HistoryCommand::List(scope)) => list::list(&folder, scope),
        Some(HistoryCommand::Show(args)) => show::show(&folder, args),
        Some(HistoryCommand::Flaky(scope)) => flaky::flaky(&folder, scope),
        Some(HistoryCommand::Compare(args)) => {
            compare::runs(&folder, args, problem::style_of_output(color))
        }
        Some(HistoryCommand::Export(args)) => export::csv_table(&folder, args),
        Some(HistoryCommand::Html(args)) => export::html(&folder, args, Timestamp::now()),
        Some(HistoryCommand::Import(args)) => import::import(&folder, args, color),
        Some(HistoryCommand::Prune(args)) => prune::prune(&folder, args, Timestamp::now()),
    };
    done.unwrap_or_else(|refusal| refusal.say(color))
}

/// The newest runs that are asked for, the oldest first.
pub(super) fn runs(folder: &StateDir, scope: &ScopeArgs) -> Result<Vec<PastRun>, Refusal> {
    let history = History::open_existing(&folder.history())?;
    let runs = history.last(scope.target.as_deref(), None, scope.last)?;
    if runs.is_empty() {
        let whose = scope.target.as_ref();
        let whose = whose.map(|name| format!(" of target `{name}`"));
        let help = match whose {
            Some(_) => "`reverify history` lists all runs with their targets",
            None => "`reverify run` adds one, and `reverify history import` takes records in",
        };
        return Err(Refusal::Nothing {
            what: format!("the history has no run{}", whose.unwrap_or_default()),
            help: help.to_owned(),
        });
    }
    Ok(runs)
}
