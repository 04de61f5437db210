//! CloudTrail: an event for each call of the APIs, in the log group of a trail.
//!
//! The record's members are those of AWS's reference,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>.
//! AWS publishes no event of a user pool's API (CAUSES.md, evidence source 2); what is a guess is
//! called one where it is made.

mod identity;
mod record;
mod trail;

pub(crate) use trail::{Peer, Trail, Witness};
