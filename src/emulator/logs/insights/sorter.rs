//! Rows in an order, and only as many as are needed.

use std::cmp::Ordering;

use super::pipeline::{Budget, Row};
use super::results::Stopped;
use super::term::Term;
use super::value::Rank;

/// Collects rows and gives them back in order.
#[derive(Debug)]
pub(super) struct Sorter<'a> {
    keys: &'a [(Term, bool)],
    kept: Option<usize>,
    rows: Vec<(Vec<Rank<'a>>, Row<'a>)>,
    /// What a row must be before to be among those that are kept.
    threshold: Option<Vec<Rank<'a>>>,
}

impl<'a> Sorter<'a> {
    pub(super) fn new(keys: &'a [(Term, bool)], kept: Option<usize>) -> Self {
        Self {
            keys,
            kept,
            rows: Vec::new(),
            threshold: None,
        }
    }

    /// Takes a row.
    pub(super) fn push(
        &mut self,
        row: &Row<'a>,
        now: f64,
        budget: &mut Budget,
    ) -> Result<(), Stopped> {
        let ranks: Vec<Rank<'a>> = self
            .keys
            .iter()
            .map(|(term, _)| Rank::of(term.value(&row.values, now)))
            .collect();
        if let Some(threshold) = &self.threshold
            && compare(self.keys, &ranks, threshold).is_ge()
        {
            return Ok(());
        }
        budget.spend(row.bytes())?;
        self.rows.push((ranks, row.clone()));
        if let Some(kept) = self.kept
            && self.rows.len() >= kept.saturating_mul(2)
        {
            self.cut(kept, budget);
        }
        Ok(())
    }

    /// Keeps the first rows of the order.
    fn cut(&mut self, kept: usize, budget: &mut Budget) {
        let keys = self.keys;
        self.rows.sort_by(|a, b| compare(keys, &a.0, &b.0));
        for (_, row) in self.rows.drain(kept..) {
            budget.give_back(row.bytes());
        }
        self.threshold = self.rows.last().map(|(ranks, _)| ranks.clone());
    }

    /// The rows in order; those that are equal as they came.
    pub(super) fn finish(mut self) -> Vec<Row<'a>> {
        let keys = self.keys;
        self.rows.sort_by(|a, b| compare(keys, &a.0, &b.0));
        self.rows.into_iter().map(|(_, row)| row).collect()
    }
}

fn compare(keys: &[(Term, bool)], a: &[Rank<'_>], b: &[Rank<'_>]) -> Ordering {
    let mut orders = keys
        .iter()
        .zip(a.iter().zip(b))
        .map(|((_, is_descending), (a, b))| {
            let order = a.compare(b);
            if *is_descending {
                order.reverse()
            } else {
                order
            }
        });
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
