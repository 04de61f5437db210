//! All scenarios over the runs, as one HTML file that needs nothing but a browser.
//!
//! It loads nothing: its Content-Security-Policy allows the style and the script that it carries, by
//! their hashes, and nothing else. It reads without the script, which searches and filters. Markup
//! is made by `maud`, which escapes every value; `PreEscaped` is used for our own style and script
//! alone.

mod document;
mod overview;
mod plot;
mod scenario;
mod shown;

pub use document::page;
