//! The built command, as a person or a CI server meets it.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]

mod accounts;
mod budgets;
mod causes;
mod check;
mod command;
mod config;
mod deploy;
mod emulate;
mod explain;
mod features;
mod gherkin;
mod history;
mod history_kept;
mod history_killed;
mod inbox;
mod inbox_parse;
mod inbox_serve;
mod init;
#[path = "../common/installed.rs"]
mod installed;
mod mirror;
mod output;
mod packaging;
mod parts;
mod real_pool;
mod report;
mod run;
mod running;
#[path = "../common/skipped.rs"]
mod skipped;
mod steps;
mod sweep;
mod target_chosen;
mod targets;
mod vocabulary;
