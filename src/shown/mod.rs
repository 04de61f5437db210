//! Texts, times and pages as a person sees them: what [`report`](crate::report) and
//! [`history`](crate::history) have in common. The style that their pages begin with is `base.css`.

mod page;
mod parts;
mod text;
mod time;

pub(crate) use page::policy;
pub(crate) use parts::parts;
pub(crate) use text::{bounded, visible};
pub(crate) use time::short;
