//! The checker's own mistakes, and the limits of what it sees.

mod limits;
mod reading_mail;

pub(super) use limits::CAUSES as LIMITS;
pub(super) use reading_mail::CAUSES as READING;
