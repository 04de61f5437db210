//! The way by which functions without code send mail.

use futures::future::BoxFuture;

use super::outcome::FunctionError;
use crate::control::ScriptMail;

/// Takes the mails of functions, as SES does from a program that may call it.
pub(crate) trait Outbox: Send + Sync {
    /// Sends a mail.
    ///
    /// # Errors
    /// What SES says, as a program would throw it.
    fn send(&self, mail: ScriptMail) -> BoxFuture<'static, Result<(), FunctionError>>;
}
