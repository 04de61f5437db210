//! One HTML file that needs nothing but a browser.
//!
//! It loads nothing: its Content-Security-Policy allows the style and the script that it carries,
//! by their hashes, and nothing else. All that a scenario can tell is written out, so it reads
//! without the script, which searches, filters and listens to keys. Places have addresses:
//! `#features/sign_up.feature:12`, and `…/attempt-2` for one of several attempts.
//!
//! Markup is made by `maud`, whose macro knows text from markup when it is compiled: every value is
//! escaped unless it says otherwise, and `PreEscaped` is used for our own style, script and data
//! alone, all in one place. Text of mails is shown as text.

mod delivery;
mod document;
mod list;
mod mail;
mod page;
mod past;
mod place;
mod scenario;
mod summary;
mod timeline;
mod verdict;

pub use page::html;
pub use past::{PastOutcome, PastRun};
