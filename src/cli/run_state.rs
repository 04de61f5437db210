//! What a run leaves behind, and what it needs of a target, before it begins.

use std::fmt::Display;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Color, RunArgs};
use super::exit::Exit;
use super::problem;
use super::state_dir::StateDir;
use crate::cognito::{BudgetError, Ledger, LiveRun, RunNeed};
use crate::config;
use crate::model::{Partition, RunId, Share, SharedClock};
use crate::steps::Target;
use crate::targets::{OpenTarget, TargetError, open_target};

const RECORD: &str = "record";

/// A run that may begin.
pub(super) struct Begun {
    pub(super) target: OpenTarget,
    pub(super) ledger: Arc<Ledger>,
    /// Until it is dropped others leave the run's users and its part of the mails alone.
    pub(super) alive: LiveRun,
    pub(super) record: Option<(PathBuf, File)>,
}

/// Why a run does not begin.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotBegun {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("{error}")]
    Budget {
        error: BudgetError,
        /// Why nobody knows who mails for the pool, if so.
        unknown_sender: Option<String>,
    },
    #[error("the {what} cannot be written below `{}`: {reason}", folder.display())]
    Unwritable {
        what: &'static str,
        folder: PathBuf,
        reason: String,
    },
}

impl NotBegun {
    /// Says it, and with which code to exit.
    pub(super) fn tell(&self, color: Color) -> Exit {
        match self {
            Self::Target(error) => problem::target(error, color),
            Self::Budget {
                error,
                unknown_sender,
            } => {
                let help = budget_help(error, unknown_sender.as_deref());
                problem::say(&error.to_string(), &help, color);
                Exit::Broken
            }
            Self::Unwritable { what, .. } => {
                // Without a ledger nothing is run: it remembers whom to delete.
                let help = if *what == RECORD {
                    "choose another folder with --state-dir, or keep no record with --no-record"
                } else {
                    "choose another folder with --state-dir"
                };
                problem::say(&self.to_string(), help, color);
                Exit::ReportNotWritten
            }
        }
    }
}

/// What to do about a run that does not fit, and why its budget is as it is.
fn budget_help(error: &BudgetError, unknown_sender: Option<&str>) -> String {
    match unknown_sender {
        Some(unknown) if matches!(error, BudgetError::Day { .. }) => format!(
            "{}; who mails for the pool could not be found out, so that Cognito's own sender is \
             assumed: {unknown}",
            error.help()
        ),
        _ => error.help().to_owned(),
    }
}

/// Opens the target, looks whether its inbox can be read, and sets the run's mails aside. The record
/// comes last: a run that does not begin leaves none.
pub(super) async fn begin(
    args: &RunArgs,
    configured: &config::Target,
    mails: u32,
    id: &RunId,
    clock: &SharedClock,
) -> Result<Begun, NotBegun> {
    // The users of the embedded target end with the process, and so may what is known of them.
    let ends_with_process = matches!(configured.kind, config::TargetKind::Embedded { .. });
    let ledger = Arc::new(open_ledger(args, ends_with_process)?);
    let target = open_target(configured).await?;
    target.check_inbox().await?;
    let tested = target.target();
    let need = need(id, &tested, mails, args.running.partition);
    let alive = ledger.begin_run(&need, &tested.budget, clock.now());
    let alive = alive.map_err(|error| NotBegun::Budget {
        error,
        unknown_sender: target.unknown_sender().map(ToString::to_string),
    })?;
    let record = open_record(args, id)?;
    Ok(Begun {
        target,
        ledger,
        alive,
        record,
    })
}

/// What a run with so many mails, or a part of it, needs of a target.
pub(super) fn need(
    run: &RunId,
    target: &Target,
    mails: u32,
    partition: Option<Partition>,
) -> RunNeed {
    let share = partition.and_then(|part| Share::new(part.number(), part.of()));
    RunNeed {
        run: run.clone(),
        target: target.counted_as().to_owned(),
        mails,
        share: share.unwrap_or(Share::WHOLE),
    }
}

/// Opens the ledger; `ends_with_process` says that the users do, too.
fn open_ledger(args: &RunArgs, ends_with_process: bool) -> Result<Ledger, NotBegun> {
    let unwritable = |error: &dyn Display| unwritable("ledger", error, args);
    // A run without a record, too, notes users who outlive it where `reverify sweep` finds them.
    let ledger = if ends_with_process {
        Ledger::in_memory()
    } else {
        let path = StateDir::new(&args.state_dir).ledger();
        Ledger::open(&path.map_err(|error| unwritable(&error))?)
    };
    ledger.map_err(|error| unwritable(&error))
}

/// Opens the record, if one is kept.
fn open_record(args: &RunArgs, id: &RunId) -> Result<Option<(PathBuf, File)>, NotBegun> {
    if args.no_record {
        return Ok(None);
    }
    let record = StateDir::new(&args.state_dir).new_record(id);
    let record = record.map_err(|error| unwritable(RECORD, &error, args))?;
    Ok(Some(record))
}

fn unwritable(what: &'static str, error: &dyn Display, args: &RunArgs) -> NotBegun {
    NotBegun::Unwritable {
        what,
        folder: args.state_dir.clone(),
        reason: error.to_string(),
    }
}
