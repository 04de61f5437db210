//! What goes wrong when the control interface says so (docs/control.md).

mod calls;
mod greylist;
mod mails;
mod quotas;
mod services;
