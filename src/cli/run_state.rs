//! What a run leaves behind, and what it needs of a target, before it begins.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Color, RunArgs};
use super::exit::Exit;
use super::problem;
use super::run::new_run;
use super::state_dir::StateDir;
use crate::cognito::{Ledger, LiveRun, RunNeed};
use crate::config;
use crate::model::{Partition, RunId, Share, SharedClock};
use crate::steps::Target;
use crate::suite::Plan;
use crate::targets::{OpenTarget, open_target};

/// What a run of this plan, or of a part of it, needs of a target.
pub(super) fn need(
    run: &RunId,
    target: &Target,
    plan: &Plan,
    partition: Option<Partition>,
) -> RunNeed {
    let share = partition.and_then(|part| Share::new(part.number(), part.of()));
    RunNeed {
        run: run.clone(),
        target: target.name.clone(),
        mails: plan.mails(),
        share: share.unwrap_or(Share::WHOLE),
    }
}

/// What is there when a run begins.
pub(super) struct Begun {
    pub(super) id: RunId,
    pub(super) target: OpenTarget,
    pub(super) tested: Arc<Target>,
    pub(super) ledger: Arc<Ledger>,
    /// Until it is dropped, others leave the run's users and its part of the mails alone.
    pub(super) alive: LiveRun,
    /// The record with its path, if one is kept.
    pub(super) record: Option<(PathBuf, File)>,
}

/// Opens the ledger and the target, sets aside what the run needs, and makes its record.
///
/// The record comes last: a run that is refused is none, and leaves none behind.
pub(super) async fn begin(
    args: &RunArgs,
    target: &config::Target,
    plan: &Plan,
    clock: &SharedClock,
    color: Color,
) -> Result<Begun, Exit> {
    let unwritable = |error: Unwritable| {
        problem::say(&error.to_string(), error.help(), color);
        Exit::ReportNotWritten
    };
    // The users of the embedded target end with the process, and so may what is known of them.
    let ends_with_process = matches!(target.kind, config::TargetKind::Embedded { .. });
    let ledger = ledger(args, ends_with_process).map_err(unwritable)?;
    let target = open_target(target).await;
    let target = target.map_err(|error| problem::target(&error, color))?;
    let (id, tested) = (new_run(), target.target());
    let need = need(&id, &tested, plan, args.running.partition);
    let begun = ledger.begin_run(&need, &tested.budget, clock.now());
    let alive = begun.map_err(|error| {
        problem::say(&error.to_string(), error.help(), color);
        Exit::Broken
    })?;
    let record = record(args, &id).map_err(unwritable)?;
    Ok(Begun {
        id,
        target,
        tested,
        ledger: Arc::new(ledger),
        alive,
        record,
    })
}

/// A file below the state folder that cannot be written.
#[derive(Debug, thiserror::Error)]
enum Unwritable {
    #[error("the ledger cannot be written below `{}`: {reason}", folder.display())]
    Ledger { folder: PathBuf, reason: String },
    #[error("the record cannot be written below `{}`: {reason}", folder.display())]
    Record { folder: PathBuf, reason: String },
}

impl Unwritable {
    fn help(&self) -> &'static str {
        match self {
            Self::Ledger { .. } => "choose another folder with --state-dir",
            Self::Record { .. } => {
                "choose another folder with --state-dir, or keep no record with --no-record"
            }
        }
    }
}

/// A run without a record, too, notes users who outlive it where `reverify sweep` finds them.
fn ledger(args: &RunArgs, ends_with_process: bool) -> Result<Ledger, Unwritable> {
    let unwritable = |reason: String| Unwritable::Ledger {
        folder: args.state_dir.clone(),
        reason,
    };
    let opened = if ends_with_process {
        Ledger::in_memory()
    } else {
        let path = StateDir::new(&args.state_dir).ledger();
        Ledger::open(&path.map_err(|error| unwritable(error.to_string()))?)
    };
    opened.map_err(|error| unwritable(error.to_string()))
}

fn record(args: &RunArgs, id: &RunId) -> Result<Option<(PathBuf, File)>, Unwritable> {
    if args.no_record {
        return Ok(None);
    }
    let made = StateDir::new(&args.state_dir).new_record(id);
    made.map(Some).map_err(|error| Unwritable::Record {
        folder: args.state_dir.clone(),
        reason: error.to_string(),
    })
}
