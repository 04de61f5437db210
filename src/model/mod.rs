//! Nouns without I/O: addresses, codes, secrets, identifiers, parts of a run, the clock, quotas,
//! refusals, budgets. And the one way to read a file or a pipe of a person's choice: up to a bound.
//!
//! What people write is parsed here once, by `FromStr` or a constructor that checks it, so that the rest
//! of the crate never has to ask again whether an address has an `@` or a code has digits. Identifiers
//! that a service gave are taken as they are.

mod address;
mod bounded;
mod budget;
mod clock;
mod code;
mod endpoint;
mod error_chain;
mod ids;
mod mailbox_quota;
mod partition;
mod permissions;
mod secret;
mod smtp_refusal;

pub use address::{EmailAddress, InvalidAddress};
pub(crate) use bounded::{read_bounded, read_text};
pub use budget::{Budget, Rate, Share, mail_day_start};
pub use clock::{Clock, SharedClock, SystemClock};
pub use code::{ConfirmationCode, InvalidCode};
pub use endpoint::Endpoint;
pub use error_chain::error_chain;
pub use ids::{AppClientId, InvalidId, RunId, ScenarioId, UserPoolId, UserSub};
pub use mailbox_quota::{MailboxQuota, QuotaUnit};
pub use partition::{InvalidPartition, Partition, PartitionScheme};
pub use permissions::Permissions;
pub use secret::Secret;
pub use smtp_refusal::{InvalidRefusal, SmtpRefusal};
