//! The faults that are in force, and which of them strike.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::scope::{Occurrence, Stage, strikes};
use crate::control::{ActiveFault, Effect, Fault, FaultId};
use crate::emulator::service::Service;

/// Faults that can be in force: several for each of some hundred scenarios side by side.
const FAULTS_MAX: usize = 1_000;
/// Destinations whose mails are counted at a time, over all faults.
const DESTINATIONS_MAX: usize = 10_000;

/// The faults of one emulator.
///
/// Where none is in force, asking costs one atomic load.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    any: AtomicBool,
    table: Mutex<Table>,
}

/// No further fault can be injected.
#[derive(Debug, thiserror::Error)]
#[error("there are {FAULTS_MAX} faults already")]
pub(crate) struct TooManyFaults;

#[derive(Debug, Default)]
struct Table {
    faults: Vec<ActiveFault>,
    last: u64,
    /// When mails left, by fault and destination, for those that are throttled.
    sent: HashMap<(FaultId, String), VecDeque<Timestamp>>,
}

impl Faults {
    /// Whether any fault is in force.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Lets a fault strike from now on.
    ///
    /// # Errors
    /// [`TooManyFaults`] if the table is full.
    pub(crate) fn add(&self, fault: Fault) -> Result<ActiveFault, TooManyFaults> {
        self.change(|table| {
            if table.faults.len() >= FAULTS_MAX {
                return Err(TooManyFaults);
            }
            table.last += 1;
            let id = FaultId(table.last);
            let added = ActiveFault { id, hits: 0, fault };
            table.faults.push(added.clone());
            Ok(added)
        })
    }

    /// All faults, those that struck often enough included.
    pub(crate) fn list(&self) -> Vec<ActiveFault> {
        self.change(|table| table.faults.clone())
    }

    /// Removes a fault; false if there is none of that name.
    pub(crate) fn remove(&self, id: FaultId) -> bool {
        self.change(|table| {
            let before = table.faults.len();
            table.faults.retain(|fault| fault.id != id);
            table.sent.retain(|(fault, _), _| *fault != id);
            table.faults.len() < before
        })
    }

    /// Removes all faults. Their names are not given again, so that a client that still removes
    /// one of them meets no other.
    pub(crate) fn clear(&self) {
        self.change(|table| {
            table.faults.clear();
            table.sent.clear();
        });
    }

    /// Counts this occurrence and gives the effects of the faults that strike, in the order in which
    /// they were injected. `now` is asked for by faults that count in a time.
    pub(crate) fn strike(
        &self,
        stage: Stage,
        occurrence: &Occurrence<'_>,
        now: Option<Timestamp>,
    ) -> Vec<Effect> {
        self.change(|table| table.strike(stage, occurrence, now))
    }

    /// How much later an event becomes visible in this log group, in seconds.
    pub(crate) fn log_delay(&self, group: &str) -> u32 {
        if !self.any() {
            return 0;
        }
        let occurrence = Occurrence {
            service: Service::Logs,
            operations: &[],
            pool: None,
            addresses: &[group],
            caller: None,
            asks_iam: false,
        };
        let effects = self.strike(Stage::Log, &occurrence, None);
        let seconds = effects.iter().map(|effect| match effect {
            Effect::DelayLogs { seconds, .. } => *seconds,
            _ => 0,
        });
        seconds.max().unwrap_or(0)
    }

    fn change<T>(&self, work: impl FnOnce(&mut Table) -> T) -> T {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let done = work(&mut table);
        self.any
            .store(table.faults.iter().any(is_left), Ordering::Relaxed);
        done
    }
}

impl Table {
    fn strike(
        &mut self,
        stage: Stage,
        occurrence: &Occurrence<'_>,
        now: Option<Timestamp>,
    ) -> Vec<Effect> {
        let Self { faults, sent, .. } = self;
        let mut effects = Vec::new();
        for active in faults.iter_mut() {
            let ActiveFault { id, fault, .. } = &*active;
            if !is_left(active) || !strikes(fault, stage, occurrence) {
                continue;
            }
            if let Effect::ThrottleDestination { mails, per_seconds } = fault.effect {
                let destination = occurrence.addresses.first().copied().unwrap_or_default();
                let key = (*id, destination.to_lowercase());
                let within = SignedDuration::from_secs(per_seconds.into());
                if may_leave(sent, key, (mails, within), now.unwrap_or_default()) {
                    continue;
                }
            }
            active.hits = active.hits.saturating_add(1);
            effects.push(active.fault.effect.clone());
        }
        effects
    }
}

/// Whether a further mail to this destination leaves, which then counts.
fn may_leave(
    sent: &mut HashMap<(FaultId, String), VecDeque<Timestamp>>,
    key: (FaultId, String),
    (mails, within): (u32, SignedDuration),
    now: Timestamp,
) -> bool {
    let is_old = |at: &Timestamp| now.duration_since(*at) >= within;
    if sent.len() >= DESTINATIONS_MAX && !sent.contains_key(&key) {
        sent.retain(|_, times| times.back().is_some_and(|at| !is_old(at)));
        if sent.len() >= DESTINATIONS_MAX {
            // Not counted rather than refused: the fault is about a single destination.
            return true;
        }
    }
    let times = sent.entry(key).or_default();
    while times.front().is_some_and(is_old) {
        times.pop_front();
    }
    let leaves = times.len() < usize::try_from(mails).unwrap_or(usize::MAX);
    if leaves {
        times.push_back(now);
    }
    leaves
}

/// Whether the fault has not struck often enough yet.
fn is_left(active: &ActiveFault) -> bool {
    active.fault.times.is_none_or(|times| active.hits < times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserPoolId;

    fn occurrence<'a>(
        operation: &'a [&'a str],
        pool: Option<&'a UserPoolId>,
        addresses: &'a [&'a str],
    ) -> Occurrence<'a> {
        Occurrence {
            service: Service::UserPools,
            operations: operation,
            pool,
            addresses,
            caller: None,
            asks_iam: false,
        }
    }

    #[test]
    fn a_caller_is_struck_and_the_others_are_not() {
        let caller = "ci-*".parse().unwrap();
        let fault = Fault::new(Effect::DenyAccess {}).caller(caller);
        for (signed_by, struck) in [(Some("CI-7"), 1), (Some("ada"), 0), (None, 0)] {
            let faults = Faults::default();
            faults.add(fault.clone()).unwrap();
            let occurrence = Occurrence {
                caller: signed_by,
                asks_iam: true,
                ..occurrence(&["GetAccount"], None, &[])
            };
            let effects = faults.strike(Stage::Call, &occurrence, None);
            assert_eq!(effects.len(), struck, "{signed_by:?}");
        }
    }

    #[test]
    fn a_fault_strikes_where_all_its_scopes_fit() {
        let pool = UserPoolId::new("us-east-1_a");
        let other = UserPoolId::new("us-east-1_b");
        let lose = || Fault::new(Effect::LoseMail {});
        let ada = || "ada*".parse().unwrap();
        let sign_up = || "SignUp".parse().unwrap();
        let everything = lose()
            .address(ada())
            .pool(pool.clone())
            .operation(sign_up());
        let cases = [
            (lose(), Stage::Mail, (Some(&pool), "SignUp", "bob@b.c"), 1),
            (lose(), Stage::Call, (Some(&pool), "SignUp", "bob@b.c"), 0),
            (
                lose().address(ada()),
                Stage::Mail,
                (None, "SignUp", "ADA@b.c"),
                1,
            ),
            (
                lose().address(ada()),
                Stage::Mail,
                (None, "SignUp", "bob@b.c"),
                0,
            ),
            (
                lose().pool(pool.clone()),
                Stage::Mail,
                (Some(&other), "SignUp", "a"),
                0,
            ),
            (
                lose().pool(pool.clone()),
                Stage::Mail,
                (None, "SignUp", "a"),
                0,
            ),
            (
                lose().operation(sign_up()),
                Stage::Mail,
                (None, "ForgotPassword", "a"),
                0,
            ),
            (
                everything.clone(),
                Stage::Mail,
                (Some(&pool), "SignUp", "ada@b.c"),
                1,
            ),
            (
                everything,
                Stage::Mail,
                (Some(&pool), "SignUp", "bob@b.c"),
                0,
            ),
        ];
        for (fault, stage, (pool, operation, address), expected) in cases {
            let faults = Faults::default();
            faults.add(fault.clone()).unwrap();
            let operations = [operation];
            let addresses = [address];
            let occurrence = occurrence(&operations, pool, &addresses);
            let struck = faults.strike(stage, &occurrence, None).len();
            assert_eq!(struck, expected, "{fault:?} {occurrence:?}");
        }
    }

    #[test]
    fn a_fault_that_struck_often_enough_costs_nothing_more() {
        let faults = Faults::default();
        assert!(!faults.any());
        let fault = Fault::new(Effect::LoseMail {}).times(2);
        let id = faults.add(fault).unwrap().id;
        let everyone = occurrence(&[], None, &[]);
        for (struck, any) in [(1, true), (1, false), (0, false)] {
            assert_eq!(faults.strike(Stage::Mail, &everyone, None).len(), struck);
            assert_eq!(faults.any(), any);
        }
        assert_eq!(faults.list()[0].hits, 2);
        assert!(faults.remove(id) && !faults.remove(id));
        let next = faults.add(Fault::new(Effect::JunkMail {})).unwrap();
        assert!(next.id > id);
        faults.clear();
        assert!(faults.list().is_empty() && !faults.any());
    }

    #[test]
    fn a_destination_gets_so_many_mails_in_a_time() {
        let faults = Faults::default();
        let effect = Effect::ThrottleDestination {
            mails: 2,
            per_seconds: 60,
        };
        faults.add(Fault::new(effect)).unwrap();
        let at = |second| Timestamp::from_second(second).ok();
        for (second, address, dropped) in [
            (0, "ada@b.c", false),
            (10, "ADA@b.c", false),
            (20, "ada@b.c", true),
            (20, "bob@b.c", false),
            (60, "ada@b.c", false),
            (61, "ada@b.c", true),
            (70, "ada@b.c", false),
        ] {
            let addresses = [address];
            let occurrence = occurrence(&[], None, &addresses);
            let struck = faults.strike(Stage::Mail, &occurrence, at(second));
            assert_eq!(!struck.is_empty(), dropped, "{second} {address}");
        }
        assert_eq!(faults.list()[0].hits, 2);
    }

    #[test]
    fn a_log_is_as_late_as_the_latest_fault_makes_it() {
        let faults = Faults::default();
        let delay = |seconds, group: Option<&str>| {
            Fault::new(Effect::DelayLogs {
                seconds,
                log_group: group.map(|group| group.parse().unwrap()),
            })
        };
        faults.add(delay(60, None)).unwrap();
        faults.add(delay(300, Some("aws-cloudtrail-*"))).unwrap();
        assert_eq!(faults.log_delay("aws-cloudtrail-logs"), 300);
        assert_eq!(faults.log_delay("/aws/lambda/welcome"), 60);
    }
}
