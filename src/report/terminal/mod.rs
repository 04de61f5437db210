//! The report that is written while the run goes on, a line for each scenario that ended.
//!
//! On a terminal a line below the others says what the running scenarios wait for; elsewhere a
//! heartbeat line does, so that a CI server does not take the silence for a hang.

mod attempt_text;
mod endings;
mod live;
mod mail_line;
mod status;
mod style;
mod summary;
mod verdict;
mod writer;

pub(super) use attempt_text::attempt_text;
pub use endings::{ScenarioEnding, ScenarioEndings};
pub use style::Style;
pub use verdict::verdict_lines;
pub use writer::{Terminal, TerminalOptions};
