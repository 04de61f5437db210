//! Values of fields and expressions. A value that is absent is an `Option`'s `None`.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use super::ast::Comparison;

/// Decimals of a number that was computed. That AWS shows four is a guess from what people print.
const DECIMALS: usize = 4;
/// Below this, every whole number has its own double.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// Never infinite and always a number.
    Number(f64),
    /// Milliseconds since the epoch.
    Timestamp(i64),
    /// Shown as `1` and `0` (a guess).
    Boolean(bool),
}

impl<'a> Value<'a> {
    /// A text that the event has.
    pub(super) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A number; absent if it is infinite or none.
    pub(super) fn number(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self::Number(number))
    }

    /// A count.
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
    pub(super) fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    /// As a number, if it is one or reads as one.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Text(text) => number_in(text),
            Self::Number(number) => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
            Self::Timestamp(at) => Some(*at as f64),
            Self::Boolean(is_true) => Some(f64::from(u8::from(*is_true))),
        }
    }

    /// As text, the way results show it.
    pub(super) fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(shown(*number)),
            Self::Timestamp(at) => Cow::Owned(moment(*at)),
            Self::Boolean(true) => Cow::Borrowed("1"),
            Self::Boolean(false) => Cow::Borrowed("0"),
        }
    }

    /// Whether a condition holds that has this value. That a text or number can be a condition, and
    /// is true unless it is empty or zero, is a guess.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Boolean(is_true) => *is_true,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Timestamp(_) => true,
        }
    }

    /// Whether a comparison holds: of numbers if both read as numbers, of texts otherwise.
    pub(super) fn compares(&self, comparison: Comparison, other: &Self) -> bool {
        // Texts that are equal are the common case, and need not be read as numbers.
        if let (Self::Text(a), Self::Text(b)) = (self, other)
            && a == b
        {
            return comparison.holds(Ordering::Equal);
        }
        if let (Self::Boolean(a), Self::Text(b)) | (Self::Text(b), Self::Boolean(a)) = (self, other)
            && let Some(b) = boolean_in(b)
        {
            return comparison.holds(a.cmp(&b));
        }
        let ordering = match (self.as_number(), other.as_number()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => Some(self.as_text().as_ref().cmp(other.as_text().as_ref())),
        };
        ordering.is_some_and(|ordering| comparison.holds(ordering))
    }

    /// What it costs in memory beyond its own size, in bytes.
    pub(super) fn owned_bytes(&self) -> usize {
        match self {
            Self::Text(Cow::Owned(text)) => text.capacity(),
            _ => 0,
        }
    }
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

fn boolean_in(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Reads a number; texts such as `inf` and `nan` are none.
fn number_in(text: &str) -> Option<f64> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn shown(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < WHOLE_MAX {
        // Adding zero takes the sign of a negative zero away.
        return format!("{:.0}", number + 0.0);
    }
    if number.abs() >= WHOLE_MAX {
        return number.to_string();
    }
    let text = format!("{number:.DECIMALS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A moment as results show it: `2026-11-21 09:00:00.000`.
pub(super) fn moment(at: i64) -> String {
    Timestamp::from_millisecond(at).map_or_else(
        |_| at.to_string(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
    )
}

/// What a row is sorted by, read once for each row:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html>. That absent
/// values come before all others is a guess.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rank<'a> {
    Absent,
    Text(Cow<'a, str>),
    Number(f64),
}

impl<'a> Rank<'a> {
    pub(super) fn of(value: Option<Value<'a>>) -> Self {
        let Some(value) = value else {
            return Self::Absent;
        };
        match (value.as_number(), value) {
            (Some(number), _) => Self::Number(number),
            (None, Value::Text(text)) => Self::Text(text),
            (None, other) => Self::Text(Cow::Owned(other.as_text().into_owned())),
        }
    }

    /// The order of an ascending sort.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Absent, Self::Absent) => Ordering::Equal,
            (Self::Absent, _) | (Self::Text(_), Self::Number(_)) => Ordering::Less,
            (_, Self::Absent) | (Self::Number(_), Self::Text(_)) => Ordering::Greater,
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => natural(a, b),
        }
    }
}

/// Compares runs of digits by their length and then by value, all else by Unicode.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (Some(first), Some(second)) = (a.chars().next(), b.chars().next()) else {
            return a.len().cmp(&b.len());
        };
        let is_numeric = first.is_ascii_digit();
        let ordering;
        if is_numeric && second.is_ascii_digit() {
            let digits = |text: &str| {
                text.find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(text.len())
            };
            let (length, other) = (digits(a), digits(b));
            ordering = length
                .cmp(&other)
                .then_with(|| a[..length].cmp(&b[..other]));
            (a, b) = (&a[length..], &b[other..]);
        } else {
            ordering = first.cmp(&second);
            (a, b) = (&a[first.len_utf8()..], &b[second.len_utf8()..]);
        }
        if ordering.is_ne() {
            return ordering;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_moments_as_results_show_them() {
        for (number, text) in [
            (5.0, "5"),
            (-0.0, "0"),
            (-10.0, "-10"),
            (1.5, "1.5"),
            (2.0 / 3.0, "0.6667"),
            (1e15, "1000000000000000"),
            (128_000_000.0, "128000000"),
        ] {
            assert_eq!(Value::Number(number).as_text(), text);
        }
        assert_eq!(moment(1_795_251_600_500), "2026-11-21 09:00:00.500");
        assert_eq!(moment(i64::MAX), i64::MAX.to_string());
        assert_eq!(Value::number(f64::NAN), None);
    }

    #[test]
    fn compares_numbers_as_numbers_and_texts_as_texts() {
        let text = |text: &'static str| Value::text(text);
        let cases = [
            (text("9"), Comparison::Less, text("10"), true),
            (text("9a"), Comparison::Less, text("10a"), false),
            (text("1.0"), Comparison::Equal, Value::Number(1.0), true),
            (text("a"), Comparison::NotEqual, text("b"), true),
            (text("inf"), Comparison::Greater, Value::Number(1.0), true),
            (Value::Boolean(true), Comparison::Equal, text("true"), true),
            (
                Value::Boolean(true),
                Comparison::Equal,
                Value::Number(1.0),
                true,
            ),
            (
                Value::Boolean(false),
                Comparison::Equal,
                text("true"),
                false,
            ),
            (
                Value::Timestamp(5),
                Comparison::GreaterOrEqual,
                Value::Number(5.0),
                true,
            ),
        ];
        for (a, comparison, b, expected) in cases {
            assert_eq!(
                a.compares(comparison, &b),
                expected,
                "{a:?} {comparison:?} {b:?}"
            );
        }
    }

    #[test]
    fn sorts_as_the_documentation_does() {
        let sorted = [
            "!:",
            "#",
            "*%04",
            "0#",
            "5A",
            "111A",
            "2345_",
            "@",
            "@_",
            "A",
            "A9876fghj",
            "a12345hfh",
            "0",
            "1",
            "2",
            "3",
            "10",
        ];
        let ranks: Vec<_> = std::iter::once(Rank::Absent)
            .chain(sorted.map(|text| Rank::of(Some(Value::text(text)))))
            .collect();
        assert!(ranks.is_sorted_by(|a, b| a.compare(b).is_lt()), "{ranks:?}");
    }
}
