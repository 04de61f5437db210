//! The quotas of the account: mails in a day, calls in a second (COGNITO.md 2.7 and 9).
//!
//! What may be is [`Quotas`](crate::control::Quotas), which the control interface sets; what was
//! used is counted here, on the emulator's clock.

mod category;
mod meter;

pub(crate) use meter::QuotaMeter;
