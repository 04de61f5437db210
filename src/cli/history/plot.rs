//! A plot of delivery times in plain characters.

use std::time::Duration;

use super::text;
use crate::history::Deliveries;

/// Lines above the axis.
const ROWS: u8 = 8;
/// Columns for runs; an 80-column terminal has room for them beside the axis.
const RUNS_MAX: usize = 66;

/// Delivery times over the runs, the oldest left: `o` is the p50 of a run, `^` its p95, `8` both in
/// one place; a run without a mail leaves its column empty. Nothing if there was no mail at all.
///
/// Time is linear from zero, so that what looks twice as high took twice as long.
pub(super) fn plot(runs: &[Deliveries]) -> Option<String> {
    let shown = &runs[runs.len().saturating_sub(RUNS_MAX)..];
    let highest = shown.iter().filter_map(Deliveries::p95).max()?;
    let labels = [
        (ROWS, text::time(highest)),
        (ROWS / 2, text::time(highest / 2)),
    ];
    let width = labels.iter().map(|(_, label)| label.len()).max();
    let width = width.unwrap_or_default();
    let mut lines = Vec::new();
    for row in (1..=ROWS).rev() {
        let label = labels.iter().find(|(at, _)| *at == row);
        let label = label.map_or("", |(_, label)| label.as_str());
        let marks: String = shown
            .iter()
            .map(|times| mark(times, row, highest))
            .collect();
        lines.push(format!("{label:>width$} |{marks}").trim_end().to_owned());
    }
    lines.push(format!("{:>width$} +{}", "0", "-".repeat(shown.len())));
    Some(lines.join("\n"))
}

/// What stands in a row of a run's column.
fn mark(times: &Deliveries, row: u8, highest: Duration) -> char {
    let is_here = |time: Option<Duration>| time.is_some_and(|time| row_of(time, highest) == row);
    match (is_here(times.p50()), is_here(times.p95())) {
        (true, true) => '8',
        (true, false) => 'o',
        (false, true) => '^',
        (false, false) => ' ',
    }
}

/// The row that ends at this time or above it, from 1; the highest time is in the top row.
fn row_of(time: Duration, highest: Duration) -> u8 {
    let ends = |row: &u8| highest * u32::from(*row) >= time * u32::from(ROWS);
    (1..ROWS).find(ends).unwrap_or(ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_twice_as_long_is_twice_as_high() {
        let run = |millis: &[u64]| millis.iter().copied().map(Duration::from_millis).collect();
        let runs = [
            run(&[1000]),
            run(&[1000, 2000]),
            run(&[]),
            run(&[4000, 8000]),
            run(&[0]),
            run(&[8000]),
        ];
        let expected = "\
8.00s |   ^ 8
      |
      |
      |
4.00s |   o
      |
      | ^
      |8o  8
    0 +------";
        assert_eq!(plot(&runs).as_deref(), Some(expected));
    }

    #[test]
    fn without_a_mail_there_is_no_plot() {
        assert_eq!(plot(&[]), None);
        assert_eq!(plot(&[Deliveries::default()]), None);
    }

    #[test]
    fn only_the_newest_runs_have_room() {
        let runs: Vec<Deliveries> = (1..=99)
            .map(|n| [Duration::from_secs(n)].into_iter().collect())
            .collect();
        let text = plot(&runs).unwrap();
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        assert!(text.starts_with("99.0s |"), "{text}");
    }
}
