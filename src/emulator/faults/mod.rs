//! What goes wrong, as the control interface was told (see `docs/control.md`).
//!
//! Faults are asked in three places: before and after an operation of any service (`gate`), where a mail leaves
//! (`delivery`), and where the receiving server takes a recipient ([`Reception`]). Which faults strike
//! is decided by [`Faults`] over its table; what follows from those that do is decided by the pure
//! functions of `plan`.

mod plan;
mod reception;
mod scope;
mod table;

pub(crate) use plan::{CallPlan, Denial, MailEnd, MailPlan, Strike};
pub use reception::Reception;
pub(crate) use scope::{Occurrence, Stage};
pub(crate) use table::Faults;
