//! Faults of a receiving server, by recipient.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::domains::MailDomain;
use super::reception::{CutAt, Reception, RefusedAt, Treatment};
use crate::model::{EmailAddress, SharedClock, SmtpRefusal};

/// Pairs of sender and recipient that a greylist remembers; beyond it all are forgotten, and have to
/// wait once more.
const GREYLISTED_MAX: usize = 10_000;

/// What a greylist answers (RFC 6647 §2).
const GREYLISTED: &str = "451 4.7.1 greylisted, try again later";

/// Something that goes wrong at a receiving server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkFault {
    /// What happens.
    pub effect: SinkEffect,
    /// To whose mail.
    pub to: Recipients,
    /// Only the next so many times; `None` until the faults are cleared.
    pub times: Option<u32>,
}

/// Whose mail a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// Everybody's.
    All,
    /// That of one mailbox.
    Mailbox(EmailAddress),
    /// That of a domain, without those below it.
    Domain(MailDomain),
}

/// What a fault of a receiving server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkEffect {
    /// The mail is refused, for now (`4xx`) or for good (`5xx`).
    Refuse {
        /// At which command.
        at: RefusedAt,
        /// The reply.
        reply: SmtpRefusal,
    },
    /// Mail of a sender who is new to the recipient is put off until so much time has passed on the
    /// sink's clock since the first attempt (RFC 6647).
    Greylist {
        /// How much.
        wait: Duration,
    },
    /// The answer to RCPT comes later, in real time.
    Tarpit {
        /// How much later.
        delay: Duration,
    },
    /// The connection is cut.
    Cut {
        /// Where.
        at: CutAt,
    },
    /// The mail is filed in the junk folder.
    Junk,
    /// The mail is filed several times.
    Duplicate {
        /// How many more times than once.
        copies: usize,
    },
    /// The mail is filed later, in real time.
    Delay {
        /// How much later.
        delay: Duration,
    },
    /// The mail is filed behind the next one to the same recipient.
    Reorder,
}

/// Faults that can be changed while the sink runs; clones share them.
///
/// ```
/// use std::sync::Arc;
/// use reverify::inbox::sink::{Recipients, SinkEffect, SinkFault, SinkFaults, SinkSettings};
/// use reverify::model::SystemClock;
///
/// let faults = SinkFaults::new(Arc::new(SystemClock));
/// faults.add(SinkFault {
///     effect: SinkEffect::Junk,
///     to: Recipients::Domain("mail.test".parse()?),
///     times: Some(1),
/// });
/// let settings = SinkSettings {
///     reception: Some(Arc::new(faults)),
///     ..SinkSettings::default()
/// };
/// # Ok::<(), reverify::inbox::sink::InvalidDomain>(())
/// ```
#[derive(Clone)]
pub struct SinkFaults {
    clock: SharedClock,
    table: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    faults: Vec<(SinkFault, u32)>,
    /// When mail of a sender to a recipient was first put off.
    greylisted: HashMap<(Option<String>, String), Timestamp>,
}

impl SinkFaults {
    /// No faults so far; greylists ask `clock`.
    pub fn new(clock: SharedClock) -> Self {
        Self {
            clock,
            table: Arc::default(),
        }
    }

    /// Lets a fault strike from now on.
    pub fn add(&self, fault: SinkFault) {
        self.lock().faults.push((fault, 0));
    }

    /// Ends all faults and forgets whom the greylist knows.
    pub fn clear(&self) {
        *self.lock() = Table::default();
    }

    /// How often each fault struck, in the order in which they were added.
    pub fn hits(&self) -> Vec<u32> {
        self.lock().faults.iter().map(|(_, hits)| *hits).collect()
    }

    // Whoever panicked with the lock held has left at worst a hit that was not counted.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reception for SinkFaults {
    fn treat(&self, sender: Option<&EmailAddress>, recipient: &EmailAddress) -> Treatment {
        let mut table = self.lock();
        if table.faults.is_empty() {
            return Treatment::default();
        }
        let now = self.clock.now();
        table.treat(sender, recipient, now)
    }
}

impl Table {
    fn treat(
        &mut self,
        sender: Option<&EmailAddress>,
        recipient: &EmailAddress,
        now: Timestamp,
    ) -> Treatment {
        let Self { faults, greylisted } = self;
        let mut treatment = Treatment::default();
        for (fault, hits) in faults {
            let is_left = fault.times.is_none_or(|times| *hits < times);
            if !is_left || !fault.to.include(recipient) {
                continue;
            }
            if let SinkEffect::Greylist { wait } = fault.effect {
                let key = (
                    sender.map(EmailAddress::mailbox_key),
                    recipient.mailbox_key(),
                );
                if greylisted.len() >= GREYLISTED_MAX && !greylisted.contains_key(&key) {
                    greylisted.clear();
                }
                let first = *greylisted.entry(key).or_insert(now);
                let passed = Duration::try_from(now.duration_since(first)).unwrap_or_default();
                if passed >= wait {
                    continue;
                }
            }
            *hits = hits.saturating_add(1);
            fault.effect.apply(&mut treatment);
        }
        treatment
    }
}

impl Recipients {
    fn include(&self, recipient: &EmailAddress) -> bool {
        match self {
            Self::All => true,
            Self::Mailbox(own) => own.same_mailbox(recipient),
            Self::Domain(own) => own.is_of(recipient),
        }
    }
}

impl SinkEffect {
    /// Adds what it does. Of several refusals and cuts the first counts.
    fn apply(&self, treatment: &mut Treatment) {
        let filing = &mut treatment.filing;
        match self {
            Self::Refuse { at, reply } => {
                let refusal = &mut treatment.refusal;
                refusal.get_or_insert_with(|| (*at, reply.clone()));
            }
            Self::Greylist { .. } => {
                if let (None, Ok(reply)) = (&treatment.refusal, GREYLISTED.parse()) {
                    treatment.refusal = Some((RefusedAt::Recipient, reply));
                }
            }
            Self::Tarpit { delay } => treatment.tarpit = treatment.tarpit.max(*delay),
            Self::Cut { at } => {
                treatment.cut.get_or_insert(*at);
            }
            Self::Junk => filing.junk = true,
            Self::Duplicate { copies } => filing.copies = filing.copies.max(*copies),
            Self::Delay { delay } => filing.delay = filing.delay.max(*delay),
            Self::Reorder => filing.behind_next = true,
        }
    }
}

impl fmt::Debug for SinkFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lock().faults.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(effect: SinkEffect, to: Recipients) -> SinkFault {
        SinkFault {
            effect,
            to,
            times: None,
        }
    }

    #[test]
    fn a_fault_strikes_whom_it_is_for_and_as_often_as_it_may() {
        let ada: EmailAddress = "Ada@Mail.test".parse().unwrap();
        let bob: EmailAddress = "bob@mail.test".parse().unwrap();
        let eve: EmailAddress = "eve@sub.mail.test".parse().unwrap();
        let cases = [
            (Recipients::All, [true, true, true]),
            (
                Recipients::Mailbox("ada@mail.test".parse().unwrap()),
                [true, false, false],
            ),
            (
                Recipients::Domain("mail.TEST".parse().unwrap()),
                [true, true, false],
            ),
        ];
        for (to, expected) in cases {
            let mut table = Table::default();
            table.faults.push((fault(SinkEffect::Junk, to.clone()), 0));
            let struck = [&ada, &bob, &eve].map(|recipient| {
                table
                    .treat(None, recipient, Timestamp::UNIX_EPOCH)
                    .filing
                    .junk
            });
            assert_eq!(struck, expected, "{to:?}");
        }
        let mut table = Table::default();
        let mut once = fault(SinkEffect::Junk, Recipients::All);
        once.times = Some(1);
        table.faults.push((once, 0));
        let struck = [(); 2].map(|()| table.treat(None, &ada, Timestamp::UNIX_EPOCH).filing.junk);
        assert_eq!((struck, table.faults[0].1), ([true, false], 1));
    }

    #[test]
    fn a_greylist_lets_a_sender_in_that_comes_again_later() {
        let wait = Duration::from_mins(5);
        let mut table = Table::default();
        let greylist = fault(SinkEffect::Greylist { wait }, Recipients::All);
        table.faults.push((greylist, 0));
        let app: EmailAddress = "app@example.com".parse().unwrap();
        let [ada, bob] =
            ["ada@mail.test", "bob@mail.test"].map(|text| text.parse::<EmailAddress>().unwrap());
        let mut put_off = |sender, recipient, seconds| {
            let now = Timestamp::from_second(seconds).unwrap();
            table.treat(sender, recipient, now).refusal.is_some()
        };
        assert!(put_off(Some(&app), &ada, 0));
        assert!(put_off(Some(&app), &ada, 299));
        assert!(!put_off(Some(&app), &ada, 300));
        assert!(put_off(None, &ada, 300), "another sender");
        assert!(put_off(Some(&app), &bob, 300), "another recipient");
        // A clock that was set back is no reason to panic.
        assert!(put_off(Some(&app), &ada, -5));
    }
}
