//! The functions of many events' values:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html>.

use std::collections::HashSet;

use super::value::{Rank, Value};

/// A function of `stats`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Aggregate {
    Average,
    Count,
    CountDistinct,
    Earliest,
    Latest,
    Max,
    Min,
    /// The share of values below it, from 0 to 100.
    Percentile(f64),
    SortsFirst,
    SortsLast,
    StandardDeviation,
    Sum,
}

impl Aggregate {
    /// The function of this name, in whatever letters; a percentile's share follows.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "avg" => Self::Average,
            "count" => Self::Count,
            "count_distinct" => Self::CountDistinct,
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            "max" => Self::Max,
            "median" => Self::Percentile(50.0),
            "min" => Self::Min,
            "pct" | "percentile" => Self::Percentile(f64::NAN),
            "sortsfirst" => Self::SortsFirst,
            "sortslast" => Self::SortsLast,
            "stddev" => Self::StandardDeviation,
            "sum" => Self::Sum,
            _ => return None,
        })
    }

    /// An accumulator without values.
    pub(super) fn start<'a>(self) -> Accumulator<'a> {
        match self {
            Self::Count => Accumulator::Count(0),
            Self::CountDistinct => Accumulator::Distinct(HashSet::new()),
            Self::Sum | Self::Average => Accumulator::Sum { sum: 0.0, count: 0 },
            Self::StandardDeviation => Accumulator::Spread {
                count: 0.0,
                mean: 0.0,
                squares: 0.0,
            },
            Self::Percentile(_) => Accumulator::All(Vec::new()),
            Self::Earliest
            | Self::Latest
            | Self::Max
            | Self::Min
            | Self::SortsFirst
            | Self::SortsLast => Accumulator::Best(None),
        }
    }
}

/// What is known of the values so far.
#[derive(Debug)]
pub(super) enum Accumulator<'a> {
    Count(usize),
    Distinct(HashSet<Box<str>>),
    Sum {
        sum: f64,
        count: usize,
    },
    /// Welford's sums, which do not lose the small differences of large numbers.
    Spread {
        count: f64,
        mean: f64,
        squares: f64,
    },
    All(Vec<f64>),
    Best(Option<(Rank<'a>, Value<'a>)>),
}

impl<'a> Accumulator<'a> {
    /// Takes the value of one event, whose time is `at`, and says how much more memory that took,
    /// in bytes.
    pub(super) fn take(&mut self, aggregate: Aggregate, value: &Value<'a>, at: i64) -> usize {
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(values) => {
                let text = value.as_text();
                if !values.contains(&*text) {
                    values.insert(text.as_ref().into());
                    return text.len() + 2 * size_of::<Box<str>>();
                }
            }
            Self::Sum { sum, count } => {
                if let Some(number) = value.as_number() {
                    *sum += number;
                    *count += 1;
                }
            }
            Self::Spread {
                count,
                mean,
                squares,
            } => {
                if let Some(number) = value.as_number() {
                    *count += 1.0;
                    let difference = number - *mean;
                    *mean += difference / *count;
                    *squares += difference * (number - *mean);
                }
            }
            Self::All(numbers) => {
                if let Some(number) = value.as_number() {
                    numbers.push(number);
                    return size_of::<f64>();
                }
            }
            Self::Best(best) => {
                #[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
                let rank = match aggregate {
                    Aggregate::Earliest | Aggregate::Latest => Rank::Number(at as f64),
                    _ => Rank::of(Some(value.clone())),
                };
                let is_better = best.as_ref().is_none_or(|(known, _)| {
                    let order = rank.compare(known);
                    match aggregate {
                        Aggregate::Earliest | Aggregate::Min | Aggregate::SortsFirst => {
                            order.is_lt()
                        }
                        _ => order.is_gt(),
                    }
                });
                if is_better {
                    let bytes = value.owned_bytes();
                    *best = Some((rank, value.clone()));
                    return bytes;
                }
            }
        }
        0
    }

    /// The function's value of all that was taken; absent if it needs a value and there was none.
    pub(super) fn finish(self, aggregate: Aggregate) -> Option<Value<'a>> {
        match self {
            Self::Count(count) => Some(Value::count(count)),
            Self::Distinct(values) => Some(Value::count(values.len())),
            Self::Sum { count: 0, .. } => None,
            #[expect(clippy::cast_precision_loss, reason = "a count of events")]
            Self::Sum { sum, count } => Value::number(match aggregate {
                Aggregate::Average => sum / count as f64,
                _ => sum,
            }),
            // Of the whole, not of a sample: a guess.
            Self::Spread { count, squares, .. } => Value::number((squares / count).sqrt()),
            Self::All(numbers) => match aggregate {
                Aggregate::Percentile(share) => percentile(numbers, share),
                _ => None,
            },
            // A moment becomes a number, which queries pass to `fromMillis`.
            Self::Best(best) => match best?.1 {
                Value::Timestamp(at) => Value::Timestamp(at).as_number().and_then(Value::number),
                value => Some(value),
            },
        }
    }
}

/// The smallest value that at least this share of all is not above: the nearest rank, a guess.
fn percentile<'a>(mut numbers: Vec<f64>, share: f64) -> Option<Value<'a>> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index of events, and a cast of floats saturates"
    )]
    let rank = (share / 100.0 * numbers.len() as f64).ceil() as usize;
    let index = rank.max(1) - 1;
    if index >= numbers.len() {
        return None;
    }
    let (_, value, _) = numbers.select_nth_unstable_by(index, f64::total_cmp);
    Value::number(*value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aggregate(aggregate: Aggregate, values: &[&'static str]) -> Option<String> {
        let mut accumulator = aggregate.start();
        for (at, value) in (0..).zip(values) {
            accumulator.take(aggregate, &Value::text(value), at);
        }
        let value = accumulator.finish(aggregate);
        value.map(|value| value.as_text().into_owned())
    }

    #[test]
    fn aggregates_what_can_be_read_as_numbers() {
        let values = ["2", "4", "4", "4", "5", "5", "7", "9", "x"];
        let cases = [
            (Aggregate::Count, "9"),
            (Aggregate::CountDistinct, "6"),
            (Aggregate::Sum, "40"),
            (Aggregate::Average, "5"),
            (Aggregate::StandardDeviation, "2"),
            (Aggregate::Percentile(50.0), "4"),
            (Aggregate::Percentile(100.0), "9"),
            (Aggregate::Percentile(0.0), "2"),
            (Aggregate::Earliest, "2"),
            (Aggregate::Latest, "x"),
            (Aggregate::SortsFirst, "x"),
            (Aggregate::SortsLast, "9"),
            (Aggregate::Min, "x"),
            (Aggregate::Max, "9"),
        ];
        for (function, expected) in cases {
            assert_eq!(
                aggregate(function, &values).as_deref(),
                Some(expected),
                "{function:?}"
            );
        }
        for function in [
            Aggregate::Sum,
            Aggregate::Average,
            Aggregate::Max,
            Aggregate::Percentile(9.0),
            Aggregate::StandardDeviation,
        ] {
            assert_eq!(aggregate(function, &[]), None, "{function:?}");
        }
        assert_eq!(aggregate(Aggregate::Count, &[]).as_deref(), Some("0"));
    }
}
