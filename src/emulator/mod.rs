//! Amazon Cognito user pools on a loopback port, mailing over real SMTP.
//!
//! The emulator is a server: whoever talks to it uses the AWS SDK, the AWS command line or plain
//! HTTP, and never this module's types. Inside, three layers know each other in one direction:
//!
//! - [`Emulator`] owns a thread, a runtime and a listening socket; `http` is the front door that
//!   speaks AWS JSON 1.1 (COGNITO.md 1), `control` the emulator's own interface below
//!   `/_reverify/v1/`;
//! - `cognito` is the service: one file per operation over a state in which every look-up is
//!   indexed;
//! - `mailer` hands mail to an SMTP server. What arrived there is read back through [`MailView`],
//!   which the composition root implements over whichever sink it runs;
//! - [`lambda`] runs the functions that pools call as triggers. They come from
//!   [`Settings::functions`], the seed file or the control interface, and can be tried with Lambda's
//!   own Invoke request (`invoke_api`);
//! - `logs` is CloudWatch Logs: functions and failed deliveries write there, and whoever looks for a
//!   reason reads through AWS's API, Logs Insights included.
//!
//! What is not implemented answers with an explicit error, never with a made-up success. Behaviour
//! is cited from COGNITO.md by section; what is a guess there (`[I]`, `[U]`) is called one here.

mod bodies;
mod cognito;
mod confirm_page;
mod control;
mod function_control;
mod function_definition;
mod http;
mod invoke_api;
pub mod lambda;
mod limits;
mod listener;
mod logs;
mod mailer;
mod mails;
mod random;
mod seed_tables;
mod server;
mod slow_reader;
mod sms;
mod starting;
mod validation;

pub use limits::Limits;
pub use mails::{MailSummary, MailView};
pub use seed_tables::InvalidStarting;
pub use server::{Emulator, EmulatorError, Settings};
pub use starting::{StandardPool, Starting};
