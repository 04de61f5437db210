//! `reverify mirror`: a pool's settings as a seed file.

mod args;
mod command;
mod original;
mod target_lines;

pub(super) use args::MirrorArgs;
pub(super) use command::mirror;
