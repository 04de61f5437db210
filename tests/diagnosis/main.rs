//! The diagnosis: each rule on evidence that proves its cause, on evidence that refutes it, with
//! each source denied in turn, and with two faults at once.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]
#![expect(
    clippy::too_many_lines,
    clippy::assigning_clones,
    reason = "the stories are tables, and short lines matter more there than speed"
)]

mod catalogue;
mod checker;
mod document;
mod handover;
#[path = "../common/installed.rs"]
mod installed;
mod not_asked;
mod produced_by;
mod receiving;
mod recorded;
mod refused;
mod runs;
mod scene;
mod ses;
#[path = "../common/skipped.rs"]
mod skipped;
mod sources;
mod verdicts;
