//! Rows by the values that they share.

use std::collections::HashMap;

use super::pipeline::{Budget, Row};
use super::plan::Stats;
use super::results::Stopped;
use super::stats::Accumulator;
use super::term::{Term, Values};
use super::value::Value;

/// Memory of a group besides its key and its accumulators, in bytes.
const GROUP_BYTES: usize = 128;

/// The groups of one `stats`.
#[derive(Debug)]
pub(super) struct Groups<'a> {
    stats: &'a Stats,
    places: HashMap<Vec<u8>, usize>,
    met: Vec<Group<'a>>,
    scratch: Vec<u8>,
}

#[derive(Debug)]
struct Group<'a> {
    keys: Values<'a>,
    accumulators: Vec<Accumulator<'a>>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(stats: &'a Stats) -> Self {
        Self {
            stats,
            places: HashMap::new(),
            met: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Takes a row into its group.
    pub(super) fn push(
        &mut self,
        row: &Row<'a>,
        now: f64,
        budget: &mut Budget,
    ) -> Result<(), Stopped> {
        let keys: Values<'a> = self
            .stats
            .keys
            .iter()
            .map(|(_, term)| term.value(&row.values, now))
            .collect();
        key_of(&keys, &mut self.scratch);
        let place = match self.places.get(&self.scratch) {
            Some(place) => *place,
            None => self.open(keys, budget)?,
        };
        let at = row.event.map_or(0, |(event, _)| event.at);
        let Some(group) = self.met.get_mut(place) else {
            return Ok(());
        };
        for ((aggregate, term, _), accumulator) in
            self.stats.aggregates.iter().zip(&mut group.accumulators)
        {
            let value = match term {
                Some(term) => term.value(&row.values, now),
                None => Some(Value::Boolean(true)),
            };
            if let Some(value) = value {
                budget.spend(accumulator.take(*aggregate, &value, at))?;
            }
        }
        Ok(())
    }

    fn open(&mut self, keys: Values<'a>, budget: &mut Budget) -> Result<usize, Stopped> {
        let aggregates = &self.stats.aggregates;
        let accumulators = aggregates.len() * size_of::<Accumulator<'_>>();
        let owned: usize = keys.iter().flatten().map(Value::owned_bytes).sum();
        budget.spend(GROUP_BYTES + self.scratch.len() + owned + accumulators)?;
        let place = self.met.len();
        self.places.insert(self.scratch.clone(), place);
        self.met.push(Group {
            keys,
            accumulators: aggregates
                .iter()
                .map(|(aggregate, ..)| aggregate.start())
                .collect(),
        });
        Ok(place)
    }

    /// One row for each group, in the order in which they were met.
    pub(super) fn finish(self, slot_count: usize, now: f64) -> Vec<Row<'a>> {
        let stats = self.stats;
        self.met
            .into_iter()
            .map(|group| {
                let mut values: Values<'a> = vec![None; slot_count];
                for ((slot, _), key) in stats.keys.iter().zip(group.keys) {
                    values[*slot] = key;
                }
                for ((aggregate, _, slot), accumulator) in
                    stats.aggregates.iter().zip(group.accumulators)
                {
                    values[*slot] = accumulator.finish(*aggregate);
                }
                for (slot, term) in &stats.results {
                    values[*slot] = term.value(&values, now);
                }
                Row {
                    values,
                    event: None,
                }
            })
            .collect()
    }
}

/// What is equal for equal values, and for no others.
pub(super) fn key_of(values: &Values<'_>, key: &mut Vec<u8>) {
    key.clear();
    for value in values {
        match value {
            None => key.push(0),
            Some(Value::Timestamp(at)) => {
                key.push(1);
                key.extend(at.to_be_bytes());
            }
            Some(value) => {
                let text = value.as_text();
                key.push(2);
                key.extend(text.len().to_be_bytes());
                key.extend(text.as_bytes());
            }
        }
    }
}

/// The combinations of values that were met before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    keys: std::collections::HashSet<Vec<u8>>,
    scratch: Vec<u8>,
}

impl Seen {
    /// Whether a row is the first of its values; one without a value always is, as documented at
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Dedup.html>.
    pub(super) fn is_new<'a>(
        &mut self,
        terms: &'a [Term],
        row: &Row<'a>,
        now: f64,
        budget: &mut Budget,
    ) -> Result<bool, Stopped> {
        let values: Values<'a> = terms
            .iter()
            .map(|term| term.value(&row.values, now))
            .collect();
        if values.iter().any(Option::is_none) {
            return Ok(true);
        }
        key_of(&values, &mut self.scratch);
        if self.keys.contains(&self.scratch) {
            return Ok(false);
        }
        budget.spend(self.scratch.len() + GROUP_BYTES)?;
        self.keys.insert(self.scratch.clone());
        Ok(true)
    }
}
