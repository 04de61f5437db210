//! The constraints of plain values and how a refusal words them (COGNITO.md 1.5).

use std::fmt;

use super::pattern::Pattern;

/// An inclusive range, open where the model says nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
}

impl Bounds {
    /// Calls `see` with the wording of the limit that `number` breaks; `what` is `length` or `value`.
    pub(super) fn each_broken(
        self,
        what: &str,
        number: i64,
        see: &mut dyn FnMut(fmt::Arguments<'_>),
    ) {
        if let Some(min) = self.min.filter(|min| number < *min) {
            see(format_args!(
                "Member must have {what} greater than or equal to {min}"
            ));
        }
        if let Some(max) = self.max.filter(|max| number > *max) {
            see(format_args!(
                "Member must have {what} less than or equal to {max}"
            ));
        }
    }

    fn holds(self, number: i64) -> bool {
        self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max)
    }
}

/// The constraints of a string.
#[derive(Debug)]
pub(super) struct TextRules {
    /// Counted in Unicode scalar values, as Smithy 2.0 defines its `length` trait. A server written
    /// in Java might count UTF-16 units instead; no recorded text tells.
    pub(super) length: Bounds,
    pub(super) pattern: Option<Pattern>,
    /// The only values allowed, in the model's order; empty if any is.
    pub(super) values: Box<[&'static str]>,
}

impl TextRules {
    /// Calls `see` with the wording of each rule that the text breaks, the pattern first.
    pub(super) fn each_broken(&self, text: &str, see: &mut dyn FnMut(fmt::Arguments<'_>)) {
        if !self.is_one_of_values(text) {
            see(format_args!("{}", ValueSet(&self.values)));
        }
        if let Some(pattern) = self
            .pattern
            .as_ref()
            .filter(|pattern| !pattern.matches(text))
        {
            see(format_args!("{}", MatchRule(pattern)));
        }
        self.length.each_broken("length", length(text), see);
    }

    /// Whether the text breaks any rule.
    pub(super) fn broken_by(&self, text: &str) -> bool {
        !self.is_one_of_values(text)
            || !self.length.holds(length(text))
            || self
                .pattern
                .as_ref()
                .is_some_and(|pattern| !pattern.matches(text))
    }

    fn is_one_of_values(&self, text: &str) -> bool {
        self.values.is_empty() || self.values.contains(&text)
    }
}

/// All rules, as a refusal of a list or map quotes them: the longest, the
/// shortest, the pattern, the values (an order recorded in aws/aws-cli#2894).
impl fmt::Display for TextRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        let mut rule = |f: &mut fmt::Formatter<'_>, rule: fmt::Arguments<'_>| {
            f.write_str(std::mem::replace(&mut between, ", "))?;
            f.write_fmt(rule)
        };
        if let Some(max) = self.length.max {
            rule(
                f,
                format_args!("Member must have length less than or equal to {max}"),
            )?;
        }
        if let Some(min) = self.length.min {
            rule(
                f,
                format_args!("Member must have length greater than or equal to {min}"),
            )?;
        }
        if let Some(pattern) = &self.pattern {
            rule(f, format_args!("{}", MatchRule(pattern)))?;
        }
        if !self.values.is_empty() {
            rule(f, format_args!("{}", ValueSet(&self.values)))?;
        }
        Ok(())
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

struct MatchRule<'r>(&'r Pattern);

impl fmt::Display for MatchRule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Member must satisfy regular expression pattern: {}",
            self.0.source()
        )
    }
}

struct ValueSet<'r>(&'r [&'static str]);

/// In the order in which a Java `HashSet` iterates, because AWS prints one: it gives both orders
/// recorded for Cognito, `[OPTIONAL, OFF, ON]` and `[SUPPRESS, RESEND]`, which the model declares
/// otherwise. That it holds for the longer sets is inferred.
impl fmt::Display for ValueSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let buckets = (self.0.len() * 4 / 3 + 1).next_power_of_two().max(16);
        let mut values = self.0.to_vec();
        values.sort_by_key(|value| java_hash(value) as usize & (buckets - 1));
        write!(
            f,
            "Member must satisfy enum value set: [{}]",
            values.join(", ")
        )
    }
}

/// `String.hashCode` with the spreading that `HashMap` adds. All values of the model are ASCII.
fn java_hash(text: &str) -> u32 {
    let hash = text.bytes().fold(0_u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    hash ^ (hash >> 16)
}
