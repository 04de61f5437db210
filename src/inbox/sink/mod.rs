//! An SMTP server in this process that keeps every mail it is given: the embedded inbox.
//!
//! It speaks RFC 5321 with PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8
//! (RFC 6531), STARTTLS (RFC 3207) if it has a certificate, and enhanced status codes (RFC 2034). It
//! accepts mail for every address, or for those of listed domains ([`AcceptedDomains`]), and relays
//! none, unless it has a [`NextHop`]. It runs on a thread and a runtime of its own, so that a test which
//! blocks its runtime does not block the mail, and so that a panic in it is seen by [`SmtpSink::stop`].
//!
//! A mail that a filter on the way has marked by `X-Spam-Flag: YES` is filed as
//! [`Folder::Junk`](super::Folder), as mailboxes do; all others go to the inbox.
//!
//! What belongs to the envelope is kept as typed fields of an [`Arrival`](super::Arrival), and the
//! mail's bytes stay exactly as the client sent them, dots unstuffed. The `Return-Path` and
//! `Received` lines that RFC 5321 §4.4 lets a last host add would only repeat those fields, and
//! would make the bytes differ from what the sender can be asked about. A [`SinkMaildir`] has no place
//! but the mail itself for them, so there they are added.
//!
//! The way of a byte: `session` reads from a `connection`, `framing` finds lines and the end of the data
//! (by `CRLF . CRLF` alone, so that no message can be smuggled in by other line ends), `command`
//! gives a line its meaning, `dialogue` decides the reply, `transaction` gathers the envelope, `filing`
//! says when, and [`Mailstore`] keeps the mail and tells who waits for it.
//!
//! What goes wrong at a receiving server (refusals, greylisting, slow answers, cut connections, mails
//! filed as junk, late, twice or in another order) is for [`Reception`] to say, recipient by recipient.

mod acknowledge;
mod command;
mod connection;
mod dialogue;
mod domains;
mod faults;
mod filing;
mod framing;
mod greeting;
mod maildir;
mod mailstore;
mod next_hop;
mod reception;
mod server;
mod session;
mod settings;
mod tls;
mod transaction;

pub use domains::{AcceptedDomains, InvalidDomain, MailDomain};
pub use faults::{Recipients, SinkEffect, SinkFault, SinkFaults};
pub use maildir::SinkMaildir;
pub use mailstore::{Mailstore, StoringTrouble};
pub use next_hop::{NextHop, NotHandedOn};
pub use reception::{BEHIND_TIME_MAX, CutAt, Filing, Reception, RefusedAt, Treatment};
pub use server::{SinkError, SinkInbox, SmtpSink};
pub use settings::{SinkLimits, SinkSettings};
pub use tls::{SinkTls, SinkTlsError};
