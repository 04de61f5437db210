//! What was collected about one missing mail: typed facts, and what became of each place that was
//! looked at.
//!
//! Nothing here does I/O, and everything can be written down and read back, so that a verdict can be
//! made again from a file.

mod call;
mod case;
mod collected;
mod inbox;
mod logs;
mod pool;
mod ses;
mod source;
mod user;

pub use call::{Call, Delivery, MAY_SEND, Refusal, Reply, mask_fits};
pub use case::{Case, Trouble};
pub use collected::{ClockSkew, ControlExperiment, Evidence, Remark};
pub use inbox::{Content, FoundMail, InboxEvidence, Place, Recipient, RejectedMail};
pub use logs::{FunctionLog, Invocation, InvocationEnd, LogDelivery, Notification, TrailEvent};
pub use pool::{ClientSettings, EmailSettings, PoolSettings, PoolSnapshot};
pub use ses::{
    MailFrom, SesAccount, SesConfigurationSet, SesEvent, SesEventKind, SesEvidence, SesIdentity,
    Suppressed,
};
pub(super) use source::NOBODY_LOOKED;
pub use source::{Gap, Source, SourceName};
pub use user::User;
