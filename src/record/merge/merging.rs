//! The fold of several records into one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Remark;
use crate::model::{Partition, RunId, ScenarioId};
use crate::record::{Entry, Event, PlannedScenario, RunSetting, TargetInfo};

/// Why records could not be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Two of them are of the same run, so that each scenario would count twice.
    #[error("two of the records are of the same run, {0}; name each once")]
    SameRun(RunId),
    /// One does not begin as a record does.
    #[error("record {0} of those given does not begin with the start of a run")]
    NoStart(
        /// Its place among those given, from 1.
        usize,
    ),
}

/// The records of one target as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// What was tested.
    pub target: TargetInfo,
    /// As the record of one run: begun with the earliest, ended with the latest if all have ended.
    pub entries: Vec<Entry>,
    /// What is to be known of it.
    pub remarks: Vec<Remark>,
}

/// Merges records, target by target in the order of their names.
///
/// Each record counts its time from its own beginning, by a clock that never goes back, so its events
/// stay in their order; where several begin is told by the clocks of their machines, which should
/// agree. Where a scenario is in several records, the one that began last counts: a part that was run
/// again stands for its first try, of which only what it left behind is told.
///
/// # Errors
///
/// When a record does not begin with the start of a run, or two are of the same run.
pub fn merge(records: Vec<Vec<Entry>>) -> Result<Vec<Merged>, MergeError> {
    let mut runs = BTreeSet::new();
    let mut targets: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (place, entries) in (1..).zip(records) {
        let part = Part::new(entries).ok_or(MergeError::NoStart(place))?;
        if !runs.insert(part.run.clone()) {
            return Err(MergeError::SameRun(part.run));
        }
        let name = part.target.name.clone();
        targets.entry(name).or_default().push(part);
    }
    Ok(targets.into_values().filter_map(merge_parts).collect())
}

/// One record, its start taken apart.
struct Part {
    at: Timestamp,
    format: u32,
    run: RunId,
    version: String,
    target: TargetInfo,
    planned: Vec<PlannedScenario>,
    setting: RunSetting,
    /// All but the start and the end, with the time since the start.
    entries: Vec<Entry>,
    /// The end, if it came to one.
    end: Option<Entry>,
    /// Whether a later part has all that it planned, so that its own end is of no matter.
    replaced: bool,
}

impl Part {
    fn new(entries: Vec<Entry>) -> Option<Self> {
        let mut entries = entries.into_iter();
        let start = entries.next()?;
        let Event::RunStarted {
            format,
            run,
            version,
            target,
            planned,
            setting,
        } = start.event
        else {
            return None;
        };
        let mut latest_ms = start.elapsed_ms;
        let entries = entries.map(|mut entry| {
            // A record that somebody edited may go back; its events stay in their order.
            latest_ms = latest_ms.max(entry.elapsed_ms);
            entry.elapsed_ms = latest_ms - start.elapsed_ms;
            entry
        });
        let (ends, entries): (Vec<_>, _) =
            entries.partition(|entry| matches!(entry.event, Event::RunFinished { .. }));
        Some(Self {
            at: start.at,
            format,
            run,
            version,
            target,
            planned,
            setting,
            entries,
            end: ends.into_iter().next_back(),
            replaced: false,
        })
    }

    /// Counts the time from `began`, the beginning of the earliest part, on.
    fn count_from(&mut self, began: Timestamp) {
        let later_ms = self.at.duration_since(began).as_secs_f64() * 1e3;
        for entry in self.entries.iter_mut().chain(&mut self.end) {
            entry.elapsed_ms += later_ms;
        }
    }

    fn partition(&self) -> Option<Partition> {
        self.setting.partition.as_ref()?.parse().ok()
    }
}

fn merge_parts(mut parts: Vec<Part>) -> Option<Merged> {
    parts.sort_by(|one, other| one.at.cmp(&other.at).then(one.run.cmp(&other.run)));
    let target = parts.first()?.target.clone();
    let mut remarks = missing(&parts);
    remarks.extend(leave_out_overlaps(&mut parts));
    let cut = parts.iter();
    let cut = cut.filter(|part| !part.replaced && part.end.is_none());
    remarks.extend(cut.map(|part| Remark::Cut(part.run.clone())));
    let began = parts.first()?.at;
    for part in &mut parts {
        part.count_from(began);
    }
    let start = start(&parts)?;
    let end = end(&parts);
    let mut entries: Vec<_> = parts.into_iter().flat_map(|part| part.entries).collect();
    // Entries of the same moment keep their order.
    entries.sort_by(|one, other| one.elapsed_ms.total_cmp(&other.elapsed_ms));
    entries.insert(0, start);
    entries.extend(end);
    for (seq, entry) in (1..).zip(&mut entries) {
        entry.seq = seq;
    }
    Some(Merged {
        target,
        entries,
        remarks,
    })
}

/// The end of the part that ended last, if all have ended that count.
fn end(parts: &[Part]) -> Option<Entry> {
    let counting = parts.iter().filter(|part| !part.replaced);
    let ends = counting.map(|part| part.end.as_ref());
    let ends: Vec<_> = ends.collect::<Option<_>>()?;
    let ends = ends.into_iter();
    let latest = ends.max_by(|one, other| one.elapsed_ms.total_cmp(&other.elapsed_ms))?;
    Some(Entry {
        event: Event::RunFinished {
            took_ms: latest.elapsed_ms,
        },
        ..latest.clone()
    })
}

/// The beginning of the merged record, as the earliest part has it where the parts differ.
fn start(parts: &[Part]) -> Option<Entry> {
    let first = parts.first()?;
    let others = parts.len() - 1;
    let run = if others == 0 {
        first.run.clone()
    } else {
        RunId::new(format!("{}+{others}", first.run))
    };
    let mut planned: Vec<_> = parts.iter().flat_map(|part| part.planned.clone()).collect();
    planned.sort_by(|one, other| one.id.cmp(&other.id));
    let same = |of: fn(&RunSetting) -> &Option<String>| {
        let value = of(&first.setting).clone();
        value.filter(|value| {
            parts
                .iter()
                .all(|part| of(&part.setting).as_ref() == Some(value))
        })
    };
    let event = Event::RunStarted {
        format: first.format,
        run,
        version: first.version.clone(),
        target: first.target.clone(),
        planned,
        setting: RunSetting {
            profile: same(|setting| &setting.profile),
            commit: same(|setting| &setting.commit),
            partition: same(|setting| &setting.partition),
        },
    };
    Some(Entry {
        seq: 1,
        at: first.at,
        elapsed_ms: 0.0,
        scenario: None,
        attempt: None,
        event,
    })
}

/// The parts that are named by none of the records.
fn missing(parts: &[Part]) -> Vec<Remark> {
    let there: BTreeSet<_> = parts.iter().filter_map(Part::partition).collect();
    let ways: BTreeSet<_> = there.iter().map(|one| (one.scheme(), one.of())).collect();
    let mut ways = ways.into_iter();
    match (ways.next(), ways.next()) {
        (None, _) => Vec::new(),
        (Some((scheme, of)), None) => (1..=of)
            .filter_map(|number| Partition::new(scheme, number, of))
            .filter(|part| !there.contains(part))
            .map(Remark::Missing)
            .collect(),
        (Some(_), Some(_)) => vec![Remark::DividedDifferently(there.into_iter().collect())],
    }
}

/// Takes each scenario out of all parts, sorted by their beginning, but the last that planned it.
fn leave_out_overlaps(parts: &mut [Part]) -> Vec<Remark> {
    let mut counts: BTreeMap<ScenarioId, RunId> = BTreeMap::new();
    let mut remarks = Vec::new();
    for part in parts.iter_mut().rev() {
        let mut taken: BTreeMap<RunId, Vec<ScenarioId>> = BTreeMap::new();
        part.planned
            .retain(|planned| match counts.get(&planned.id) {
                None => true,
                Some(later) => {
                    let of_run = taken.entry(later.clone()).or_default();
                    of_run.push(planned.id.clone());
                    false
                }
            });
        part.replaced = part.planned.is_empty() && !taken.is_empty();
        part.entries.retain_mut(|entry| {
            let id = entry.scenario.as_ref();
            if id.is_some_and(|id| counts.contains_key(id)) {
                // What it left behind is still there, whatever a later run did.
                (entry.scenario, entry.attempt) = (None, None);
                matches!(entry.event, Event::LeftBehind { .. })
            } else {
                true
            }
        });
        remarks.extend(taken.into_iter().map(|(later, scenarios)| Remark::Overlap {
            scenarios,
            left_out: part.run.clone(),
            counts: later,
        }));
        let own = part.planned.iter().map(|planned| planned.id.clone());
        counts.extend(own.map(|id| (id, part.run.clone())));
    }
    remarks
}
