//! How an emulator is set up.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use super::lambda::{CallLimits, Function};
use super::{Limits, MailView, Reception, Starting};
use crate::control::{Quotas, TrailSettings};
use crate::model::{SharedClock, SystemClock};

/// How an emulator is set up; the fields may be changed before it starts.
///
/// ```
/// use reverify::emulator::Settings;
/// use reverify::emulator::lambda::{Function, FunctionError, FunctionName};
///
/// # fn with_trigger(smtp: std::net::SocketAddr, mails: std::sync::Arc<dyn reverify::emulator::MailView>)
/// # -> Result<Settings, reverify::emulator::lambda::InvalidFunction> {
/// // For a pool with LambdaConfig = { PreSignUp = "arn:aws:lambda:us-east-1:1:function:refuse" }.
/// let refuse = Function::closure(FunctionName::parse("refuse")?, |_event| async {
///     Err(FunctionError::new("Error", "by invitation only"))
/// });
/// let mut settings = Settings::new(smtp, mails);
/// settings.functions.push(refuse);
/// # Ok(settings)
/// # }
/// ```
#[derive(Clone)]
pub struct Settings {
    /// The AWS region that ids, ARNs and issuers name.
    pub region: String,
    /// The AWS account that ARNs name.
    pub account_id: String,
    /// The clock by which codes and tokens expire and mails are dated.
    pub clock: SharedClock,
    /// Makes ids and codes repeatable; unpredictable without.
    pub seed: Option<u64>,
    /// The SMTP server that takes the mails.
    pub smtp: SocketAddr,
    /// Shows the mails that arrived at that server.
    pub mails: Arc<dyn MailView>,
    /// What exists at the start and after each reset.
    pub starting: Starting,
    /// What clients may cost.
    pub limits: Limits,
    /// Functions for the pools' triggers, besides those of `starting`; of two with one name, this
    /// one counts.
    pub functions: Vec<Function>,
    /// How long a trigger's function is waited for, and how often: five seconds, three times
    /// (COGNITO.md 6.1). Tests of slow functions set less.
    pub trigger_limits: CallLimits,
    /// The account's quotas at the start and after each reset, unless `starting` has some.
    pub quotas: Quotas,
    /// Where the trail of API calls goes, unless `starting` says it.
    pub trail: TrailSettings,
    /// What the control interface lets go wrong at the receiving mail server, if that one asks.
    pub reception: Reception,
}

impl Settings {
    /// An emulator of `us-east-1` that mails through `smtp`, with the system's clock, real
    /// randomness and [`Starting::standard`].
    pub fn new(smtp: SocketAddr, mails: Arc<dyn MailView>) -> Self {
        Self {
            region: "us-east-1".to_owned(),
            account_id: "123456789012".to_owned(),
            clock: Arc::new(SystemClock),
            seed: None,
            smtp,
            mails,
            starting: Starting::standard(),
            limits: Limits::default(),
            functions: Vec::new(),
            trigger_limits: CallLimits::default(),
            quotas: Quotas::default(),
            trail: TrailSettings::default(),
            reception: Reception::default(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("region", &self.region)
            .field("smtp", &self.smtp)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
