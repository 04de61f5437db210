//! Amazon SES v2: REST JSON below `/v2/email/`, and the way of a mail from SES to its recipients.
//!
//! - `api` and `route` find the operation; `account`, `email_identities`, `identity_policies`,
//!   `suppression`, `configuration_sets`, `event_destinations`, `templates` and `send_email` are the
//!   operations, `rendering` the templates' language;
//! - `outgoing` decides whether a mail is taken and what becomes of it for each recipient, a pure
//!   function over the state; `quota`, `policy`, `simulator` and `identities` are its rules;
//! - `mime` writes mails, `delivery` hands them to the SMTP server and tries again;
//! - `control` is what AWS's people, DNS and recipients do, `seed` what exists at the start;
//! - `events` and `sent` tell of it as EventBridge would write it into a log group.
//!
//! Behaviour is cited by AWS's page or by CAUSES.md; what is a guess is called one. No mail is
//! signed, and no bounce is forwarded as a mail.

mod account;
mod api;
mod configuration_sets;
mod control;
mod delivery;
mod email_identities;
mod error;
mod event_destinations;
mod events;
mod identities;
mod identity_policies;
mod mail_from;
mod mime;
mod outgoing;
mod pages;
mod policy;
mod quota;
mod recent;
mod rendering;
mod reputation;
mod route;
mod seed;
mod send_email;
mod sent;
mod service;
mod simulator;
mod suppression;
mod templates;
mod verification_mail;
mod wire;

pub(crate) use api::{ApiRequest, call};
pub(crate) use error::{QuotaExceeded, SesException};
pub(crate) use mime::{SimpleMail, mailbox};
pub(crate) use outgoing::{Caller, IdentityArn, Outgoing};
pub(crate) use route::Route;
pub(crate) use seed::StartingSes;
pub(crate) use service::{Ses, Surroundings};
pub(crate) use verification_mail::{VerificationLink, open as open_verification_link};
