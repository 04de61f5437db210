//! CloudTrail: an event for each call of the APIs, in the event history and in the log group of a
//! trail.
//!
//! Every call is kept as it came and costs little (`call`): its event is written when somebody looks
//! it up, or when a log group has it. The members are those of AWS's reference,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>.
//! AWS publishes no event of a user pool's API (CAUSES.md, evidence source 2); what is a guess is
//! called one where it is made.

mod api;
mod call;
mod exception;
mod history;
mod identity;
mod lookup;
mod record;
mod trail;
mod witness;

pub(crate) use api::call;
pub(crate) use exception::Exception;
pub(crate) use trail::Trail;
pub(crate) use witness::{Peer, Witness};
