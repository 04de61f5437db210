//! Texts, times and pages as a person sees them: what [`report`](crate::report) and
//! [`history`](crate::history) have in common.

mod parts;

pub(crate) use parts::parts;
