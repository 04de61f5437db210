//! What members and columns are compared with.

use regex::Regex;

use super::pattern::InvalidPattern;
use super::scanner::Scanner;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Comparisons by their signs, the longer before the shorter.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// The value of a pattern.
#[derive(Debug)]
enum Operand {
    Number(f64),
    /// A text; what stands between the parts may be anything.
    Text(Vec<String>),
    Regex(Regex),
}

/// A comparison with a value.
#[derive(Debug)]
pub(super) struct Test {
    comparison: Comparison,
    operand: Operand,
}

impl Test {
    /// Reads a sign and a value; none if no sign comes next.
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Option<Self>, InvalidPattern> {
        let sign = COMPARISONS.iter().find(|(sign, _)| scanner.takes(sign));
        let Some((_, comparison)) = sign else {
            return Ok(None);
        };
        scanner.skip_space();
        let operand = match scanner.peek() {
            Some('"') => Operand::Text(parts(&scanner.quoted('"')?)),
            Some('%') => Operand::Regex(scanner.regex()?),
            _ => {
                let word = scanner.take_while(|c| {
                    !c.is_whitespace() && !matches!(c, ')' | '}' | ']' | ',' | '&' | '|' | '"')
                });
                match number(word) {
                    Some(number) => Operand::Number(number),
                    None if word.is_empty() => return Err(scanner.error("a value is expected")),
                    None => Operand::Text(parts(word)),
                }
            }
        };
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !is_equality && !matches!(operand, Operand::Number(_)) {
            return Err(scanner.error("a number is expected"));
        }
        Ok(Some(Self {
            comparison: *comparison,
            operand,
        }))
    }

    /// Whether it holds for a value.
    pub(super) fn holds(&self, value: &str) -> bool {
        let is_equal = match &self.operand {
            Operand::Number(expected) => {
                let Some(value) = number(value) else {
                    return self.comparison == Comparison::NotEqual;
                };
                return match self.comparison {
                    #[expect(clippy::float_cmp, reason = "the pattern asks for exactly this")]
                    Comparison::Equal => value == *expected,
                    #[expect(clippy::float_cmp, reason = "the pattern asks for exactly this")]
                    Comparison::NotEqual => value != *expected,
                    Comparison::Less => value < *expected,
                    Comparison::LessOrEqual => value <= *expected,
                    Comparison::Greater => value > *expected,
                    Comparison::GreaterOrEqual => value >= *expected,
                };
            }
            Operand::Text(parts) => fits(parts, value),
            Operand::Regex(regex) => regex.is_match(value),
        };
        is_equal == (self.comparison == Comparison::Equal)
    }
}

fn number(text: &str) -> Option<f64> {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.filter(|_| starts)
}

fn parts(text: &str) -> Vec<String> {
    text.split('*').map(str::to_owned).collect()
}

/// Whether a value has these parts in this order, from its start to its end.
fn fits(parts: &[String], value: &str) -> bool {
    let [first, middle @ .., last] = parts else {
        return parts.first().is_some_and(|only| only == value);
    };
    let Some(mut rest) = value.strip_prefix(first.as_str()) else {
        return false;
    };
    for part in middle {
        let Some((_, after)) = rest.split_once(part.as_str()) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last.as_str())
}
