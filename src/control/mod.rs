//! The language of the emulator's control interface, below `/_reverify/v1/`, and a client for it.
//!
//! The interface is the emulator's own: it shows what arrived, moves the clock, injects faults, sets
//! quotas and starts afresh. It is plain JSON over HTTP, served where the AWS APIs are. `docs/control.md`
//! describes it for people; [`ROUTES`] lists it for programs, and a test holds the two together.
//!
//! The types here are what both ends say to each other, and nothing else of either end: the emulator
//! reads and writes them, and so does [`Client`]. Whoever uses the client still meets the emulator
//! only on the wire.
//!
//! The version in the path changes when a client of the former version would break. A new route or a
//! new member of an answer is no such change: readers ignore members that they do not know. Requests
//! are read strictly, so that a misspelt member is an error rather than a fault that never strikes.

mod client;
mod clock;
mod effect;
mod event;
mod exchange;
mod fault;
mod function;
mod logs;
mod messages;
mod moment;
mod pattern;
mod quotas;
mod refusal;
mod route;
mod routes;
mod script;
mod ses;
mod trail;

pub use client::{Client, ClientError};
pub use clock::{ClockMove, ClockState};
pub use effect::Effect;
pub use event::{FunctionEvent, FunctionInvocation, FunctionInvocations};
pub use fault::{ActiveFault, Fault, FaultId, InvalidFault};
pub use function::{Environment, FunctionDefinition, FunctionSummary};
pub use logs::LogUsage;
pub use messages::{MailSummary, SmsMessage};
pub use moment::{CutMoment, Moment, RefusalMoment};
pub use pattern::Pattern;
pub(crate) use pattern::wildcard;
pub use quotas::{Quotas, RequestRates};
pub use refusal::Refusal;
pub use route::{Query, Route, Unroutable};
pub use routes::{ROUTES, RouteEntry};
pub use script::{Condition, FunctionScript, ScriptMail, ScriptRule, ScriptValue};
pub use ses::{
    EnforcementStatus, SesAccount, SesEventRule, SesFeedback, SesFeedbackTold, SesVerification,
    SuppressionReason, VerificationStatus,
};
pub use trail::{InvalidTrail, TrailSettings, TrailState};
