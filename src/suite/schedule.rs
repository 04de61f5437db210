//! Which attempt starts when; it decides, and starts nothing itself.

use std::time::Duration;

use tokio::time::Instant;

/// What a scenario takes up while it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Demand {
    /// No other runs beside it.
    pub(super) serial: bool,
    /// The groups in which it is, by their places among the limits.
    pub(super) groups: Vec<usize>,
}

/// How much there is to take up.
#[derive(Debug, Clone)]
pub(super) struct Capacity {
    /// How many scenarios at once, at least 1.
    pub(super) jobs: usize,
    /// How many of each group at once, at least 1.
    pub(super) groups: Vec<usize>,
    /// After so many scenarios that did not pass, no further one starts.
    pub(super) failures_max: Option<usize>,
}

/// One try of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Try {
    /// The scenario's place in the plan.
    pub(super) scenario: usize,
    /// From 1.
    pub(super) attempt: u32,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    of: Try,
    /// Not before.
    from: Option<Instant>,
}

/// The attempts that wait and those that run.
///
/// Attempts start in their order, but one that has to wait, for its group or its pause, lets others
/// pass. Serial ones start when nothing runs, before all others that could.
#[derive(Debug)]
pub(super) struct Schedule {
    demands: Vec<Demand>,
    capacity: Capacity,
    waiting: Vec<Waiting>,
    running: Vec<Try>,
    /// How many of each group run.
    in_groups: Vec<usize>,
    failures: usize,
}

impl Schedule {
    /// First attempts of all scenarios, in this order.
    pub(super) fn new(demands: Vec<Demand>, capacity: Capacity) -> Self {
        let first = |scenario| Waiting {
            of: Try {
                scenario,
                attempt: 1,
            },
            from: None,
        };
        Self {
            waiting: (0..demands.len()).map(first).collect(),
            running: Vec::new(),
            in_groups: vec![0; capacity.groups.len()],
            failures: 0,
            demands,
            capacity,
        }
    }

    /// Takes the next attempt that may start.
    pub(super) fn start(&mut self, now: Instant) -> Option<Try> {
        if self.running.len() >= self.capacity.jobs.max(1) || self.runs_serial() {
            return None;
        }
        let ready = |one: &Waiting| one.from.is_none_or(|from| from <= now);
        let serial = |one: &Waiting| self.demands[one.of.scenario].serial;
        let idle = self.running.is_empty();
        let find = |takes: &dyn Fn(&Waiting) -> bool| self.waiting.iter().position(takes);
        let alone = find(&|one| idle && ready(one) && serial(one));
        let beside = |one: &Waiting| ready(one) && !serial(one) && self.has_room(one.of);
        let place = alone.or_else(|| find(&beside))?;
        let next = self.waiting.remove(place).of;
        for &group in &self.demands[next.scenario].groups {
            self.in_groups[group] += 1;
        }
        self.running.push(next);
        Some(next)
    }

    /// When an attempt's pause ends next.
    pub(super) fn next_pause(&self, now: Instant) -> Option<Instant> {
        let pauses = self.waiting.iter().filter_map(|one| one.from);
        pauses.filter(|from| *from > now).min()
    }

    /// An attempt ended, and its scenario passed or is as good as passed.
    pub(super) fn passed(&mut self, ended: Try) {
        self.release(ended);
    }

    /// An attempt ended that did not pass, and another one follows.
    pub(super) fn retry(&mut self, ended: Try, now: Instant, pause: Duration) {
        self.release(ended);
        self.waiting.push(Waiting {
            of: Try {
                attempt: ended.attempt + 1,
                ..ended
            },
            from: Some(now + pause),
        });
    }

    /// A scenario's last attempt did not pass.
    ///
    /// Scenarios that have begun have their further attempts even where no other starts any more:
    /// how they end is not known before.
    pub(super) fn failed(&mut self, ended: Try) {
        self.release(ended);
        self.failures += 1;
        if self
            .capacity
            .failures_max
            .is_some_and(|max| self.failures >= max)
        {
            self.waiting.retain(|one| one.of.attempt > 1);
        }
    }

    /// Nothing starts any more.
    pub(super) fn stop(&mut self) {
        self.waiting.clear();
    }

    fn runs_serial(&self) -> bool {
        let mut running = self.running.iter();
        running.any(|one| self.demands[one.scenario].serial)
    }

    fn has_room(&self, one: Try) -> bool {
        let mut groups = self.demands[one.scenario].groups.iter();
        groups.all(|&group| self.in_groups[group] < self.capacity.groups[group].max(1))
    }

    fn release(&mut self, ended: Try) {
        self.running.retain(|one| *one != ended);
        for &group in &self.demands[ended.scenario].groups {
            self.in_groups[group] -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Demand = Demand {
        serial: false,
        groups: Vec::new(),
    };

    fn serial() -> Demand {
        Demand {
            serial: true,
            ..FREE
        }
    }

    fn grouped(group: usize) -> Demand {
        Demand {
            groups: vec![group],
            ..FREE
        }
    }

    fn schedule(demands: Vec<Demand>, jobs: usize, groups: &[usize]) -> Schedule {
        let capacity = Capacity {
            jobs,
            groups: groups.to_vec(),
            failures_max: None,
        };
        Schedule::new(demands, capacity)
    }

    fn attempt(scenario: usize, attempt: u32) -> Try {
        Try { scenario, attempt }
    }

    /// The scenarios that start now.
    fn starts(schedule: &mut Schedule, now: Instant) -> Vec<usize> {
        std::iter::from_fn(|| schedule.start(now))
            .map(|one| one.scenario)
            .collect()
    }

    #[test]
    fn as_many_run_at_once_as_there_are_jobs() {
        let now = Instant::now();
        let mut schedule = schedule(vec![FREE; 5], 2, &[]);
        assert_eq!(starts(&mut schedule, now), [0, 1]);
        schedule.passed(attempt(1, 1));
        assert_eq!(starts(&mut schedule, now), [2]);
    }

    #[test]
    fn one_that_waits_for_its_group_takes_no_place() {
        let now = Instant::now();
        let demands = vec![grouped(0), grouped(0), grouped(1), FREE, grouped(0)];
        let mut schedule = schedule(demands, 3, &[1, 2]);
        assert_eq!(starts(&mut schedule, now), [0, 2, 3]);
        schedule.passed(attempt(3, 1));
        assert_eq!(starts(&mut schedule, now), [0; 0], "the group is full");
        schedule.passed(attempt(0, 1));
        assert_eq!(starts(&mut schedule, now), [1]);
    }

    #[test]
    fn a_scenario_of_two_groups_needs_room_in_both() {
        let now = Instant::now();
        let both = Demand {
            groups: vec![0, 1],
            ..FREE
        };
        let mut schedule = schedule(vec![grouped(0), both, grouped(1)], 8, &[1, 1]);
        assert_eq!(starts(&mut schedule, now), [0, 2]);
        schedule.passed(attempt(0, 1));
        assert_eq!(starts(&mut schedule, now), [0; 0]);
        schedule.passed(attempt(2, 1));
        assert_eq!(starts(&mut schedule, now), [1]);
    }

    #[test]
    fn a_serial_one_runs_alone() {
        let now = Instant::now();
        let mut schedule = schedule(vec![FREE, serial(), FREE], 4, &[]);
        assert_eq!(starts(&mut schedule, now), [1]);
        schedule.retry(attempt(1, 1), now, Duration::ZERO);
        assert_eq!(starts(&mut schedule, now), [1], "its second attempt");
        schedule.passed(attempt(1, 2));
        assert_eq!(starts(&mut schedule, now), [0, 2]);
    }

    #[test]
    fn a_pause_takes_no_place_and_ends() {
        let now = Instant::now();
        let mut schedule = schedule(vec![FREE, FREE], 1, &[]);
        assert_eq!(starts(&mut schedule, now), [0]);
        let pause = Duration::from_secs(5);
        schedule.retry(attempt(0, 1), now, pause);
        assert_eq!(starts(&mut schedule, now), [1]);
        schedule.passed(attempt(1, 1));
        assert_eq!(starts(&mut schedule, now), [0; 0]);
        assert_eq!(schedule.next_pause(now), Some(now + pause));
        assert_eq!(schedule.start(now + pause), Some(attempt(0, 2)));
        assert_eq!(schedule.next_pause(now + pause), None);
    }

    #[test]
    fn after_enough_failures_no_further_scenario_starts() {
        let now = Instant::now();
        let mut schedule = schedule(vec![FREE; 5], 2, &[]);
        schedule.capacity.failures_max = Some(2);
        assert_eq!(starts(&mut schedule, now), [0, 1]);
        schedule.failed(attempt(0, 1));
        assert_eq!(starts(&mut schedule, now), [2]);
        schedule.retry(attempt(2, 1), now, Duration::ZERO);
        schedule.failed(attempt(1, 1));
        assert_eq!(
            starts(&mut schedule, now),
            [2],
            "what has begun is tried again"
        );
        schedule.failed(attempt(2, 2));
        assert_eq!(starts(&mut schedule, now), [0; 0]);
    }

    #[test]
    fn a_run_that_is_ended_starts_nothing() {
        let now = Instant::now();
        let mut schedule = schedule(vec![FREE; 3], 1, &[]);
        assert_eq!(starts(&mut schedule, now), [0]);
        schedule.retry(attempt(0, 1), now, Duration::ZERO);
        schedule.stop();
        assert_eq!(starts(&mut schedule, now), [0; 0]);
        assert_eq!(schedule.next_pause(now), None);
    }
}
