//! Mails of functions without code, handed to SES.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::lambda::{FunctionError, Outbox};
use super::ses::{Caller, Outgoing, Ses, SesException, SimpleMail, mailbox};
use crate::control::ScriptMail;

/// By what role SES's events say that a function called.
const ROLE: &str = "function-role";
/// From where they say that it did.
const ADDRESS: &str = "127.0.0.1";

/// SES, as functions call it.
pub(super) struct SesOutbox(pub(super) Arc<Ses>);

impl Outbox for SesOutbox {
    fn send(&self, mail: ScriptMail) -> BoxFuture<'static, Result<(), FunctionError>> {
        let ses = Arc::clone(&self.0);
        async move {
            let sent = match outgoing(mail) {
                Ok(outgoing) => ses.send(outgoing).await,
                Err(refusal) => Err(refusal),
            };
            sent.map(drop)
                .map_err(|refusal| FunctionError::new("ClientError", refusal.to_string()))
        }
        .boxed()
    }
}

fn outgoing(mail: ScriptMail) -> Result<Outgoing, SesException> {
    let simple = SimpleMail {
        from: mailbox(&mail.from)?,
        to: vec![mailbox(&mail.to)?],
        cc: Vec::new(),
        reply_to: Vec::new(),
        subject: mail.subject,
        text: Some(mail.text),
        html: None,
        headers: Vec::new(),
    };
    let caller = Caller {
        identity: ROLE.to_owned(),
        ip: ADDRESS.to_owned(),
    };
    Outgoing::to_one(simple, None, None, caller)
}
