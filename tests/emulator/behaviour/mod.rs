//! The table of behaviours: what is sent, what Cognito answers, and how that is known.
//!
//! Each case of `cases/*.toml` cites the section of COGNITO.md that it holds the emulator to, and
//! that section's evidence. The table is run against the emulator here; against a real pool with
//! `REVERIFY_LIVE=1` (see [`live`]); and `docs/emulator.md` is written from it (see [`document`]).
//! The services around user pools have tables of their own ([`services`]).

mod case;
mod compare;
mod document;
mod embedded;
mod exchange;
mod fit;
mod live;
mod live_process;
mod live_settings;
mod message;
mod person;
mod report;
mod run;
mod services;
mod table;
mod target;
mod triggers;
