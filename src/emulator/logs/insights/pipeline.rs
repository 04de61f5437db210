//! Rows on their way through the stages of a query.

use super::ast::ParsePattern;
use super::fields::EventView;
use super::grouping::{Groups, Seen};
use super::plan::{Plan, Stage};
use super::results::{Pointer, RESULT_BYTES_MAX, ResultRow, Results, Stopped};
use super::sorter::Sorter;
use super::term::Values;
use super::value::Value;
use crate::emulator::logs::json_fields::Found;

/// Bytes that one query may use for rows that wait for others: two run at once.
const WORK_BYTES_MAX: usize = 128 * 1024 * 1024;

/// A row: the values of its places, and the event that it is, if it is one.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub(super) values: Values<'a>,
    pub(super) event: Option<(EventView<'a>, Pointer)>,
}

impl Row<'_> {
    /// What it costs in memory.
    pub(super) fn bytes(&self) -> usize {
        let owned: usize = self.values.iter().flatten().map(Value::owned_bytes).sum();
        size_of::<Self>() + self.values.len() * size_of::<Option<Value<'_>>>() + owned
    }
}

/// Bytes that a query may still use.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Stopped> {
        self.0 = self.0.checked_sub(bytes).ok_or(Stopped::TooLarge)?;
        Ok(())
    }

    pub(super) fn give_back(&mut self, bytes: usize) {
        self.0 = self.0.saturating_add(bytes).min(WORK_BYTES_MAX);
    }
}

/// What a stage remembers between rows.
#[derive(Debug)]
enum Memory<'a> {
    Nothing,
    Rows(Sorter<'a>),
    Groups(Groups<'a>),
    Seen(Seen),
    /// How many may still pass.
    Left(usize),
}

/// A query at work.
#[derive(Debug)]
pub(super) struct Pipeline<'a> {
    plan: &'a Plan,
    now: f64,
    memories: Vec<Memory<'a>>,
    budget: Budget,
    scratch: Vec<Option<Found<'a>>>,
    /// The stage before which the event's text has to be searched.
    discovered_at: usize,
    /// The first stage that does more than choosing and computing.
    matched_at: usize,
    matched: u64,
    results: Results,
}

impl<'a> Pipeline<'a> {
    /// A query at its start; `now` is the moment, in seconds.
    pub(super) fn new(plan: &'a Plan, now: f64) -> Self {
        let memories = plan.stages.iter().map(|stage| match stage {
            Stage::Compute(_) | Stage::Filter(_) | Stage::Parse { .. } => Memory::Nothing,
            Stage::Sort { keys, kept } => Memory::Rows(Sorter::new(keys, *kept)),
            Stage::Stats(stats) => Memory::Groups(Groups::new(stats)),
            Stage::Dedup(_) => Memory::Seen(Seen::default()),
            Stage::Limit(limit) => Memory::Left(*limit),
        });
        let stages = plan.stages.iter();
        let discovered_at = stages.clone().position(|stage| plan.searches_text(stage));
        let matched_at = stages.clone().position(|stage| !stage.is_streaming());
        let columns = plan.columns.iter();
        Self {
            plan,
            now,
            memories: memories.collect(),
            budget: Budget(WORK_BYTES_MAX),
            scratch: plan.fields.scratch(),
            discovered_at: discovered_at.unwrap_or(plan.stages.len()),
            matched_at: matched_at.unwrap_or(plan.stages.len()),
            matched: 0,
            results: Results {
                columns: columns.map(|(name, _)| name.clone()).collect(),
                ..Results::default()
            },
        }
    }

    /// An empty row, to be used again for each event.
    pub(super) fn empty_row(&self) -> Row<'a> {
        Row {
            values: vec![None; self.plan.slot_count],
            event: None,
        }
    }

    /// How many events passed the filters.
    pub(super) fn matched(&self) -> u64 {
        self.matched
    }

    /// Takes one event.
    pub(super) fn take(
        &mut self,
        event: EventView<'a>,
        pointer: Pointer,
        row: &mut Row<'a>,
    ) -> Result<(), Stopped> {
        row.values.fill(None);
        row.event = Some((event, pointer));
        self.plan.fields.fill(&event, &mut row.values);
        self.push(row, 0)
    }

    /// Passes a row through the stages from one on, as far as it gets.
    fn push(&mut self, row: &mut Row<'a>, from: usize) -> Result<(), Stopped> {
        let plan = self.plan;
        for (index, stage) in plan.stages.iter().enumerate().skip(from) {
            if index == self.matched_at {
                self.matched += 1;
            }
            if index == self.discovered_at {
                self.discover(row);
            }
            let passes = match (stage, &mut self.memories[index]) {
                (Stage::Filter(term), _) => term.holds(&row.values, self.now),
                (Stage::Compute(terms), _) => {
                    for (slot, term) in terms {
                        row.values[*slot] = term.value(&row.values, self.now);
                    }
                    true
                }
                (
                    Stage::Parse {
                        source,
                        pattern,
                        slots,
                    },
                    _,
                ) => {
                    if let Some(value) = source.value(&row.values, self.now) {
                        parse(pattern, slots, &value, &mut row.values);
                    }
                    true
                }
                (Stage::Dedup(terms), Memory::Seen(seen)) => {
                    seen.is_new(terms, row, self.now, &mut self.budget)?
                }
                (_, Memory::Left(left)) => {
                    let passes = *left > 0;
                    *left = left.saturating_sub(1);
                    passes
                }
                (_, Memory::Rows(sorter)) => {
                    sorter.push(row, self.now, &mut self.budget)?;
                    false
                }
                (_, Memory::Groups(groups)) => {
                    groups.push(row, self.now, &mut self.budget)?;
                    false
                }
                (_, Memory::Nothing | Memory::Seen(_)) => true,
            };
            if !passes {
                return Ok(());
            }
        }
        if self.discovered_at >= plan.stages.len() {
            self.discover(row);
        }
        self.keep(row)
    }

    fn discover(&mut self, row: &mut Row<'a>) {
        if let Some((event, _)) = row.event {
            let fields = &self.plan.fields;
            fields.discover(&event, &mut self.scratch, &mut row.values);
        }
    }

    /// Adds a row to the results.
    fn keep(&mut self, row: &Row<'a>) -> Result<(), Stopped> {
        let values: Vec<Option<Box<str>>> = self
            .plan
            .columns
            .iter()
            .map(|(_, slot)| Some(row.values[*slot].as_ref()?.as_text().as_ref().into()))
            .collect();
        let texts = values.iter().flatten();
        self.results.bytes += texts.map(|text| text.len()).sum::<usize>();
        if self.results.bytes > RESULT_BYTES_MAX {
            return Err(Stopped::TooLarge);
        }
        self.results.rows.push(ResultRow {
            values,
            event: row.event.map(|(_, pointer)| pointer),
        });
        Ok(())
    }

    /// Lets go of the rows that stages kept back, and gives the results.
    pub(super) fn finish(mut self) -> Result<Results, Stopped> {
        for index in 0..self.memories.len() {
            let memory = std::mem::replace(&mut self.memories[index], Memory::Nothing);
            let rows = match memory {
                Memory::Rows(sorter) => sorter.finish(),
                Memory::Groups(groups) => groups.finish(self.plan.slot_count, self.now),
                other => {
                    self.memories[index] = other;
                    continue;
                }
            };
            for mut row in rows {
                self.push(&mut row, index + 1)?;
            }
        }
        Ok(self.results)
    }
}

impl Plan {
    /// Whether a stage needs what is found in the text of events.
    fn searches_text(&self, stage: &Stage) -> bool {
        let is_discovered = |slot| self.fields.is_discovered(slot);
        let reads = |term: &super::term::Term| term.reads(&is_discovered);
        match stage {
            Stage::Compute(terms) => terms.iter().any(|(_, term)| reads(term)),
            Stage::Filter(term) => reads(term),
            Stage::Parse { source, .. } => reads(source),
            Stage::Sort { keys, .. } => keys.iter().any(|(term, _)| reads(term)),
            Stage::Dedup(terms) => terms.iter().any(reads),
            Stage::Limit(_) => false,
            Stage::Stats(stats) => {
                let values = stats
                    .aggregates
                    .iter()
                    .filter_map(|(_, term, _)| term.as_ref());
                stats
                    .keys
                    .iter()
                    .map(|(_, term)| term)
                    .chain(values)
                    .any(reads)
            }
        }
    }
}

impl Stage {
    /// Whether it looks at one row at a time and chooses or computes.
    fn is_streaming(&self) -> bool {
        matches!(
            self,
            Self::Compute(_) | Self::Filter(_) | Self::Parse { .. }
        )
    }
}

/// Writes the parts of a text to their places; nothing if the pattern does not fit.
fn parse<'a>(
    pattern: &'a ParsePattern,
    slots: &[usize],
    value: &Value<'a>,
    values: &mut Values<'a>,
) {
    // Parts of a text that the event has are borrowed from it like the text itself.
    let (borrowed, owned);
    let text: &str = match value {
        Value::Text(std::borrow::Cow::Borrowed(text)) => {
            borrowed = Some(*text);
            text
        }
        other => {
            borrowed = None;
            owned = other.as_text();
            &owned
        }
    };
    let mut put = |slot: usize, part: std::ops::Range<usize>| {
        values[slot] = match borrowed {
            Some(text) => text.get(part).map(Value::text),
            None => text
                .get(part)
                .map(|part| Value::Text(part.to_owned().into())),
        };
    };
    match pattern {
        ParsePattern::Glob(glob) => {
            for (slot, part) in slots.iter().zip(glob.fields(text).unwrap_or_default()) {
                put(*slot, part);
            }
        }
        ParsePattern::Regex(regex, groups) => {
            let Some(captures) = regex.captures(text) else {
                return;
            };
            for (slot, group) in slots.iter().zip(groups) {
                if let Some(part) = captures.get(*group) {
                    put(*slot, part.range());
                }
            }
        }
    }
}
