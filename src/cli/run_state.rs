//! What a run leaves behind, and what it needs of a target, before it begins.

use std::fs::File;
use std::path::PathBuf;

use super::args::RunArgs;
use super::state_dir::StateDir;
use crate::cognito::{Ledger, RunNeed};
use crate::model::{Partition, RunId, Share};
use crate::steps::Target;
use crate::suite::Plan;

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
        target: target.counted_as().to_owned(),
        mails: plan.mails(),
        share: share.unwrap_or(Share::WHOLE),
    }
}

/// The record's path, the ledger, and the record.
type State = (Option<PathBuf>, Ledger, Option<File>);

/// Opens them; `ends_with_process` says that the users do, too.
pub(super) fn open(args: &RunArgs, id: &RunId, ends_with_process: bool) -> Result<State, String> {
    let folder = StateDir::new(&args.state_dir);
    let unwritable = |what: &str, error: &dyn std::fmt::Display| {
        format!(
            "the {what} cannot be written below `{}`: {error}",
            args.state_dir.display()
        )
    };
    // A run without a record, too, notes users who outlive it where `reverify sweep` finds them.
    let ledger = if ends_with_process {
        Ledger::in_memory()
    } else {
        let path = folder
            .ledger()
            .map_err(|error| unwritable("ledger", &error))?;
        Ledger::open(&path)
    };
    let ledger = ledger.map_err(|error| unwritable("ledger", &error))?;
    if args.no_record {
        return Ok((None, ledger, None));
    }
    let (path, file) = folder
        .new_record(id)
        .map_err(|error| unwritable("record", &error))?;
    Ok((Some(path), ledger, Some(file)))
}
