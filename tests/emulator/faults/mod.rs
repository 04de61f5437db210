//! What goes wrong when the control interface says so (docs/control.md).

mod calls;
mod mails;
mod quotas;
