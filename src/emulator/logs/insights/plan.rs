//! From commands to stages: every name becomes a place in a row, and is known to exist.

use std::collections::HashMap;

use memchr::memmem::Finder;

use super::ast::{Column, Command, Expression, Parse, ParsePattern};
use super::error::CompileError;
use super::fields::{EventFields, Field};
use super::parser;
use super::stats::Aggregate;
use super::term::{Slot, Term};

/// What happens to rows, one after the other.
#[derive(Debug)]
pub(super) enum Stage {
    Compute(Vec<(Slot, Term)>),
    Filter(Term),
    Parse {
        source: Term,
        pattern: ParsePattern,
        slots: Vec<Slot>,
    },
    Stats(Stats),
    Sort {
        keys: Vec<(Term, bool)>,
        /// How many of the first rows anyone will see.
        kept: Option<usize>,
    },
    Dedup(Vec<Term>),
    Limit(usize),
}

/// Rows to groups of rows.
#[derive(Debug)]
pub(super) struct Stats {
    /// What makes the groups, and where it is put.
    pub(super) keys: Vec<(Slot, Term)>,
    /// The functions of many rows, of what, and where their values are put.
    pub(super) aggregates: Vec<(Aggregate, Option<Term>, Slot)>,
    /// What is computed from these values.
    pub(super) results: Vec<(Slot, Term)>,
}

/// A query that is ready to run.
#[derive(Debug)]
pub(in crate::emulator::logs) struct Plan {
    pub(super) stages: Vec<Stage>,
    pub(super) fields: EventFields,
    pub(super) slot_count: usize,
    /// The results' columns, by name and place.
    pub(super) columns: Vec<(String, Slot)>,
}

impl Plan {
    /// Reads a query and resolves its names; no more than `limit` rows come out of it.
    ///
    /// # Errors
    /// [`CompileError`] at the first mistake.
    pub(in crate::emulator::logs) fn compile(
        query: &str,
        limit: usize,
    ) -> Result<Self, CompileError> {
        let commands = parser::parse(query)?;
        let mut planner = Planner {
            query,
            fields: EventFields::default(),
            names: HashMap::new(),
            slot_count: 0,
            columns: Columns::default(),
            after_stats: false,
            aggregates: None,
            results: HashMap::new(),
        };
        let mut stages = Vec::with_capacity(commands.len() + 1);
        for command in commands {
            stages.extend(planner.stage(command)?);
        }
        stages.push(Stage::Limit(limit));
        keep_no_more_than_needed(&mut stages);
        let columns = planner.output();
        Ok(Self {
            stages,
            slot_count: planner.slot_count,
            fields: planner.fields,
            columns,
        })
    }
}

/// A sort need not keep rows that no later stage lets through.
fn keep_no_more_than_needed(stages: &mut [Stage]) {
    let mut needed = None;
    for stage in stages.iter_mut().rev() {
        match stage {
            Stage::Limit(limit) => needed = Some(needed.map_or(*limit, |kept| (*limit).min(kept))),
            Stage::Sort { kept, .. } => *kept = needed,
            Stage::Compute(_) | Stage::Parse { .. } => {}
            Stage::Filter(_) | Stage::Dedup(_) | Stage::Stats(_) => needed = None,
        }
    }
}

/// The columns of the results.
#[derive(Debug, Default)]
struct Columns {
    columns: Vec<(String, Slot)>,
    /// Whether a command chose them.
    are_chosen: bool,
}

impl Columns {
    fn add(&mut self, name: &str, slot: Slot) {
        match self.columns.iter_mut().find(|(known, _)| known == name) {
            Some(column) => column.1 = slot,
            None => self.columns.push((name.to_owned(), slot)),
        }
    }
}

struct Planner<'q> {
    query: &'q str,
    fields: EventFields,
    /// Names that commands gave.
    names: HashMap<String, Slot>,
    slot_count: usize,
    columns: Columns,
    /// Whether the events' own fields are gone.
    after_stats: bool,
    /// The functions of the `stats` that is being resolved.
    aggregates: Option<Vec<(Aggregate, Option<Term>, Slot)>>,
    /// Its columns so far: later ones compute with them, outside of its functions.
    results: HashMap<String, Slot>,
}

impl Planner<'_> {
    fn new_slot(&mut self) -> Slot {
        let slot = self.slot_count;
        self.slot_count += 1;
        slot
    }

    fn stage(&mut self, command: Command) -> Result<Vec<Stage>, CompileError> {
        Ok(vec![match command {
            Command::Fields(columns) => {
                self.columns.are_chosen = true;
                Stage::Compute(self.columns(columns)?)
            }
            Command::Display(columns) => {
                self.columns = Columns {
                    are_chosen: true,
                    ..Columns::default()
                };
                Stage::Compute(self.columns(columns)?)
            }
            Command::Filter(expression) => Stage::Filter(self.term(expression)?),
            Command::Parse(parse) => self.parse(parse)?,
            Command::Stats { columns, by } => Stage::Stats(self.stats(columns, by)?),
            Command::Sort(keys) => Stage::Sort {
                keys: keys
                    .into_iter()
                    .map(|key| {
                        let term = self.written(&key.text, key.expression)?;
                        Ok((term, key.is_descending))
                    })
                    .collect::<Result<_, CompileError>>()?,
                kept: None,
            },
            Command::Dedup(fields) => Stage::Dedup(self.terms(fields)?),
            Command::Limit(limit) => Stage::Limit(limit),
        }])
    }

    /// Columns of `fields` and `display`: what has to be computed for them.
    fn columns(&mut self, columns: Vec<Column>) -> Result<Vec<(Slot, Term)>, CompileError> {
        let mut computed = Vec::new();
        for column in columns {
            let term = self.written(&column.text, column.expression)?;
            let slot = match term {
                Term::Slot(slot) => slot,
                term => {
                    let slot = self.new_slot();
                    computed.push((slot, term));
                    slot
                }
            };
            if column.has_alias {
                self.define(&column.name, slot, column.bytes)?;
            }
            self.columns.add(&column.name, slot);
        }
        Ok(computed)
    }

    /// Gives a place a name, which no other command gave yet.
    fn define(
        &mut self,
        name: &str,
        slot: Slot,
        bytes: std::ops::Range<usize>,
    ) -> Result<(), CompileError> {
        if self.names.insert(name.to_owned(), slot).is_some() {
            let message = format!("Ephemeral field is already defined: {name}");
            return Err(CompileError::new(self.query, bytes, message));
        }
        Ok(())
    }

    fn parse(&mut self, parse: Parse) -> Result<Stage, CompileError> {
        let source = self.term(parse.source)?;
        let mut slots = Vec::with_capacity(parse.names.len());
        for name in &parse.names {
            let slot = self.new_slot();
            self.define(name, slot, parse.bytes.clone())?;
            self.columns.add(name, slot);
            slots.push(slot);
        }
        Ok(Stage::Parse {
            source,
            pattern: parse.pattern,
            slots,
        })
    }

    fn stats(&mut self, columns: Vec<Column>, by: Vec<Column>) -> Result<Stats, CompileError> {
        let mut keys = Vec::with_capacity(by.len());
        let mut names = HashMap::new();
        let mut shown = Columns {
            are_chosen: true,
            ..Columns::default()
        };
        for column in by {
            let term = self.term(column.expression)?;
            let slot = self.new_slot();
            keys.push((slot, term));
            shown.add(&column.name, slot);
            names.insert(column.name, slot);
        }
        self.aggregates = Some(Vec::new());
        let mut results = Vec::with_capacity(columns.len());
        for column in columns {
            let term = self.term(column.expression)?;
            let slot = self.new_slot();
            results.push((slot, term));
            self.results.insert(column.name.clone(), slot);
            shown.add(&column.name, slot);
            names.insert(column.name, slot);
        }
        let aggregates = self.aggregates.take().unwrap_or_default();
        self.results.clear();
        self.names = names;
        self.columns = shown;
        self.after_stats = true;
        Ok(Stats {
            keys,
            aggregates,
            results,
        })
    }

    fn terms(&mut self, expressions: Vec<Expression>) -> Result<Vec<Term>, CompileError> {
        expressions
            .into_iter()
            .map(|expression| self.term(expression))
            .collect()
    }

    fn boxed(&mut self, expression: Expression) -> Result<Box<Term>, CompileError> {
        self.term(expression).map(Box::new)
    }

    /// An expression; after `stats`, one that is written like a column of its results means that
    /// column: `stats count(*) by bin(5m) | sort bin(5m)`.
    fn written(&mut self, text: &str, expression: Expression) -> Result<Term, CompileError> {
        match self.names.get(text).filter(|_| self.after_stats) {
            Some(slot) => Ok(Term::Slot(*slot)),
            None => self.term(expression),
        }
    }

    fn term(&mut self, expression: Expression) -> Result<Term, CompileError> {
        Ok(match expression {
            Expression::Field { name, bytes } => Term::Slot(self.field(&name, bytes)?),
            Expression::Number(number) => Term::Number(number),
            Expression::Text(text) => Term::Text(text),
            Expression::Boolean(is_true) => Term::Boolean(is_true),
            Expression::Negated(inner) => Term::Negated(self.boxed(*inner)?),
            Expression::Arithmetic(operator, left, right) => {
                Term::Arithmetic(operator, self.boxed(*left)?, self.boxed(*right)?)
            }
            Expression::Compared(comparison, left, right) => {
                Term::Compared(comparison, self.boxed(*left)?, self.boxed(*right)?)
            }
            Expression::Not(inner) => Term::Not(self.boxed(*inner)?),
            Expression::All(all) => Term::All(self.terms(all)?),
            Expression::Any(any) => Term::Any(self.terms(any)?),
            Expression::Contains(inner, text) => {
                let finder = Finder::new(&text).into_owned();
                Term::Contains(self.boxed(*inner)?, Box::new(finder))
            }
            Expression::Matches(inner, regex) => Term::Matches(self.boxed(*inner)?, regex),
            Expression::In(inner, list) => Term::In(self.boxed(*inner)?, self.terms(list)?),
            Expression::Call(function, arguments) => Term::Call(function, self.terms(arguments)?),
            Expression::Rounded(inner, period, is_up) => {
                Term::Rounded(self.boxed(*inner)?, period, is_up)
            }
            Expression::Aggregated(aggregate, inner) => {
                let results = std::mem::take(&mut self.results);
                let term = inner.map(|inner| self.term(*inner)).transpose()?;
                self.results = results;
                let slot = self.new_slot();
                if let Some(aggregates) = &mut self.aggregates {
                    aggregates.push((aggregate, term, slot));
                }
                Term::Slot(slot)
            }
        })
    }

    fn field(&mut self, name: &str, bytes: std::ops::Range<usize>) -> Result<Slot, CompileError> {
        if let Some(slot) = self.results.get(name).or_else(|| self.names.get(name)) {
            return Ok(*slot);
        }
        if self.after_stats {
            let message = format!("Unknown symbols found in or after stats: {name}");
            return Err(CompileError::new(self.query, bytes, message));
        }
        if let Some(slot) = self.fields.slot(name) {
            return Ok(slot);
        }
        let slot = self.new_slot();
        self.fields.add(name, slot);
        Ok(slot)
    }

    /// The chosen columns; without a choice, the time, the message and what was parsed out of it.
    fn output(&mut self) -> Vec<(String, Slot)> {
        let chosen = std::mem::take(&mut self.columns);
        if chosen.are_chosen {
            return chosen.columns;
        }
        let mut columns = Columns::default();
        for (name, field) in [
            ("@timestamp", Field::Timestamp),
            ("@message", Field::Message),
        ] {
            let slot = self.fields.slot(name).unwrap_or_else(|| {
                let slot = self.slot_count;
                self.slot_count += 1;
                self.fields.add_known(name, field, slot);
                slot
            });
            columns.add(name, slot);
        }
        for (name, slot) in chosen.columns {
            columns.add(&name, slot);
        }
        columns.columns
    }
}
