//! Hands mail to an SMTP server, written as a mail service would write it.
//!
//! `mail` writes the MIME, `dialogue` talks to a server over one connection, and [`Mailer`] keeps
//! the connections. [`hand_on()`] does it for the mail of another sender. [`SmtpReply`] is what a server said. The protocol's words and replies are lettre's.

mod client;
mod dialogue;
mod hand_on;
mod mail;
mod reply;

pub(crate) use client::{Mailer, MailerError};
pub(crate) use hand_on::hand_on;
pub(crate) use mail::{Mail, Outgoing, SPAM_FLAG};
pub(crate) use reply::SmtpReply;
