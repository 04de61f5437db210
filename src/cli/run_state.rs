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
    #[error(transparent)]
    Budget(#[from] BudgetError),
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
            Self::Budget(error) => {
                problem::say(&error.to_string(), error.help(), color);
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
    let alive = ledger.begin_run(&need, &tested.budget, clock.now())?;
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
        target: target.name.clone(),
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
