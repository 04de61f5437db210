//! The diagnosis: each rule on evidence that proves its cause, on evidence that refutes it, with
//! each source denied in turn, and with two faults at once.

mod catalogue;
mod checker;
mod document;
mod handover;
mod not_asked;
mod receiving;
mod refused;
mod scene;
mod ses;
mod verdicts;
