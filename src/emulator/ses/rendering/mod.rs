//! The language of templates: Handlebars, as far as SES documents it
//! (<https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html>).
//!
//! `pattern` is a text that was read, `parser` reads it, `data` is what is put in, `path` how a text
//! names a part of that, and `writing` puts it in.
//!
//! - Paths: `{{name}}`, `{{nested.name}}`, `{{list.0}}`, `{{this}}`, `{{../name}}`, `{{@root.name}}`; with
//!   two braces or three, since SES escapes nothing.
//! - Blocks: `{{#if}}`, `{{#unless}}`, `{{#each}}` with `@index`, `@key`, `@first` and `@last`, and
//!   `{{#with}}`, each with `{{else}}` and `{{else if}}`.
//! - Partials: `{{#* inline "name"}}` and `{{> name}}`, in the text that defines them.
//! - Comments, and `~` against the white space beside an expression.
//!
//! An attribute that is missing is a rendering failure where its value is written, and false where a
//! block asks for it. Anything else of Handlebars is refused when a template is made, not when a mail is
//! sent.
//!
//! The parser is ours because templates come from callers: depth, steps and bytes have bounds here,
//! and the libraries for this language recurse as deep as a template says.

mod data;
mod parser;
mod path;
mod pattern;
#[cfg(test)]
mod tests;
mod writing;

pub(super) use data::{RenderingData, RenderingError};
pub(super) use pattern::Pattern;
