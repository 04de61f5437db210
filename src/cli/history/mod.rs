//! `reverify history`: runs over time, and what a run does for them at its end.

mod args;
mod command;
mod compare;
mod export;
mod flaky;
mod import;
mod list;
mod missing;
mod plot;
mod prune;
mod run_end;
mod show;
mod strip;
mod text;

pub(super) use args::{CompareArgs, HistoryArgs};
pub(super) use command::history;
pub(super) use run_end::{after_run, before_run};
pub(super) use strip::runs_before;
