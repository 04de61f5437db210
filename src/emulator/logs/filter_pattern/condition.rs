//! Conditions joined by `&&`, `||` and brackets.

use super::pattern::InvalidPattern;
use super::scanner::Scanner;

/// How deep brackets may be nested: the parser calls itself for each.
const NESTING_MAX: usize = 32;

/// A condition over whatever its leaves are.
#[derive(Debug)]
pub(super) enum Condition<L> {
    Leaf(L),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl<L> Condition<L> {
    /// Reads a condition, whose leaves are read by `leaf`.
    pub(super) fn parse(
        scanner: &mut Scanner<'_>,
        leaf: &mut dyn FnMut(&mut Scanner<'_>) -> Result<L, InvalidPattern>,
    ) -> Result<Self, InvalidPattern> {
        Self::any(scanner, leaf, 0)
    }

    fn any(
        scanner: &mut Scanner<'_>,
        leaf: &mut dyn FnMut(&mut Scanner<'_>) -> Result<L, InvalidPattern>,
        depth: usize,
    ) -> Result<Self, InvalidPattern> {
        if depth > NESTING_MAX {
            return Err(scanner.error(format!("more than {NESTING_MAX} levels deep")));
        }
        let mut choices = vec![Self::all(scanner, leaf, depth)?];
        while scanner.takes("||") {
            choices.push(Self::all(scanner, leaf, depth)?);
        }
        Ok(Self::Any(choices))
    }

    fn all(
        scanner: &mut Scanner<'_>,
        leaf: &mut dyn FnMut(&mut Scanner<'_>) -> Result<L, InvalidPattern>,
        depth: usize,
    ) -> Result<Self, InvalidPattern> {
        let mut conditions = Vec::new();
        loop {
            if scanner.takes("(") {
                conditions.push(Self::any(scanner, leaf, depth + 1)?);
                scanner.expect(")")?;
            } else {
                conditions.push(Self::Leaf(leaf(scanner)?));
            }
            if !scanner.takes("&&") {
                return Ok(Self::All(conditions));
            }
        }
    }

    /// Whether it holds, given which leaves do.
    pub(super) fn holds(&self, leaf: &dyn Fn(&L) -> bool) -> bool {
        match self {
            Self::Leaf(inner) => leaf(inner),
            Self::All(conditions) => conditions.iter().all(|inner| inner.holds(leaf)),
            Self::Any(conditions) => conditions.iter().any(|inner| inner.holds(leaf)),
        }
    }
}
