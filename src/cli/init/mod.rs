//! `reverify init`: the first scenario of a project, and all that runs it.
//!
//! What is to be done is decided first, as a list of [`Change`](changes::Change)s, and done
//! afterwards, so that a manifest that cannot be understood leaves nothing half done.

mod changes;
mod command;
mod manifest;
mod project;

pub(super) use command::init;
