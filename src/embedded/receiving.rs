//! Lets the sink treat recipients as the emulator's control interface says.

use std::time::Duration;

use crate::control::{CutMoment, Effect, RefusalMoment};
use crate::emulator;
use crate::inbox::sink::{CutAt, Reception, RefusedAt, Treatment};
use crate::model::EmailAddress;

/// What a greylist answers (RFC 6647 §2).
const GREYLISTED: &str = "451 4.7.1 greylisted, try again later";

/// The faults of the receiving server, as the sink asks for them.
#[derive(Debug)]
pub(super) struct Receiving(pub(super) emulator::Reception);

impl Reception for Receiving {
    fn treat(&self, _: Option<&EmailAddress>, recipient: &EmailAddress) -> Treatment {
        let mut treatment = Treatment::default();
        for effect in self.0.strike(recipient.as_str()) {
            apply(&effect, &mut treatment);
        }
        treatment
    }
}

/// Adds what an effect does. Of several refusals and cuts the first counts.
fn apply(effect: &Effect, treatment: &mut Treatment) {
    match effect {
        Effect::GreylistMail {} => {
            if let (None, Ok(reply)) = (&treatment.refusal, GREYLISTED.parse()) {
                treatment.refusal = Some((RefusedAt::Recipient, reply));
            }
        }
        Effect::RefuseMail { reply, at } => {
            let at = match at {
                RefusalMoment::Recipient => RefusedAt::Recipient,
                RefusalMoment::Data => RefusedAt::Data,
            };
            let refusal = &mut treatment.refusal;
            refusal.get_or_insert_with(|| (at, reply.clone()));
        }
        Effect::TarpitMail { milliseconds } => {
            let tarpit = Duration::from_millis((*milliseconds).into());
            treatment.tarpit = treatment.tarpit.max(tarpit);
        }
        Effect::CutMail { at } => {
            treatment.cut.get_or_insert(match at {
                CutMoment::Recipient => CutAt::Recipient,
                CutMoment::Data => CutAt::Data,
                CutMoment::Answer => CutAt::Answer,
            });
        }
        Effect::DiscardMail {} => treatment.filing.discarded = true,
        Effect::UntagMail {} => treatment.filing.untagged = true,
        // The others strike before a mail reaches its server.
        _ => {}
    }
}
