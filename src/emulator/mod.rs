//! Amazon Cognito user pools on a loopback port, mailing over real SMTP.
//!
//! The emulator is a server: whoever talks to it uses the AWS SDK, the AWS command line or plain
//! HTTP, and never this module's types. Inside, three layers know each other in one direction:
//!
//! - [`Emulator`] owns a thread, a runtime and a listening socket; `http` is the front door,
//!   `aws_json` speaks AWS JSON 1.1 (COGNITO.md 1), `control` the emulator's own interface below
//!   `/_reverify/v1/`;
//! - `cognito` is the service: one file per operation over a state in which every look-up is
//!   indexed;
//! - `conditions` is what the control interface changes: a clock that moves, `faults`, `quotas`, and
//!   an `agenda` of what happens later. A call asks them in `gate`, a mail in `delivery`;
//! - `cloudtrail` keeps what was called, answers `LookupEvents` and writes into `logs`;
//! - `mailer` hands mail to an SMTP server. What arrived there is read back through [`MailView`],
//!   which the composition root implements over whichever sink it runs;
//! - `ses` is Amazon SES, through which pools with `EmailSendingAccount: DEVELOPER` mail (`ses_api`,
//!   `ses_control`);
//! - [`lambda`] runs the functions that pools call as triggers. They come from
//!   [`Settings::functions`], the seed file or the control interface, and can be tried with Lambda's
//!   own Invoke request (`invoke_api`);
//! - `kms` is the Key Management Service, and `encryption_sdk` the format in which custom senders get
//!   their codes; `event_queue` is Lambda's way to invoke without waiting;
//! - `logs` is CloudWatch Logs: functions and failed deliveries write there, and whoever looks for a
//!   reason reads through AWS's API, Logs Insights included.
//!
//! What is not implemented answers with an explicit error, never with a made-up success. Behaviour
//! is cited from COGNITO.md by section; what is a guess there (`[I]`, `[U]`) is called one here.

mod agenda;
mod aws_json;
mod bodies;
mod caller;
mod clock;
mod cloudtrail;
mod cognito;
mod conditions;
mod confirm_page;
mod control;
mod delivery;
mod encryption_sdk;
mod event_queue;
mod faults;
mod function_control;
mod function_definition;
mod function_mail;
mod function_script;
mod gate;
mod http;
mod invoke_api;
mod kms;
pub mod lambda;
mod limits;
mod listener;
mod logs;
mod mailer;
mod mails;
mod panics;
mod quotas;
mod random;
mod refusal;
mod seed_file;
mod seed_tables;
mod sent_codes;
mod server;
mod service;
mod services;
mod ses;
mod ses_api;
mod ses_control;
mod ses_seed;
mod settings;
mod slow_reader;
mod sms;
mod starting;
mod struck;
mod validation;

pub use faults::Reception;
pub use limits::Limits;
pub(crate) use mailer::{MailerError, hand_on};
pub use mails::{MailSummary, MailView};
pub use seed_file::SeedFileError;
pub use seed_tables::InvalidStarting;
pub use server::{Emulator, EmulatorError};
pub use settings::Settings;
pub use starting::{StandardPool, Starting};
