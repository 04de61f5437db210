//! The sources of evidence: against the embedded emulator, and against endpoints that misbehave.

mod deploy;
mod embedded;
mod logs;
mod outcomes;
mod queries;
mod ses;
mod target;
