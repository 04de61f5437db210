//! All results as one table for a spreadsheet.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Deliveries, PastResult, PastRun};
use crate::record::millis;

const HEADING: &str = "run,started,target,profile,commit,partition,cut,scenario,place,outcome,\
                      attempts,flaky,took_ms,mails,delivery_p50_ms,delivery_p95_ms,cause,failure";

/// The table of these runs as RFC 4180 has it, a line for each scenario of each run: CRLF at the ends
/// of lines, and a cell with a comma, a quote or a line break in quotes. A text that a spreadsheet
/// would take for a formula has an apostrophe before it.
///
/// The heading comes by itself, so that runs can be written one after the other.
pub fn csv(runs: &[PastRun]) -> String {
    let mut text = String::new();
    for run in runs {
        for result in &run.results {
            let cells: Vec<_> = cells(run, result).iter().map(|cell| quoted(cell)).collect();
            // Writing to a string cannot fail.
            let _ = write!(text, "{}\r\n", cells.join(","));
        }
    }
    text
}

/// The line above the table.
pub fn csv_heading() -> String {
    format!("{HEADING}\r\n")
}

fn cells(run: &PastRun, result: &PastResult) -> [String; 18] {
    let optional = |text: &Option<String>| plain(text.as_deref().unwrap_or_default());
    let ms = |time: Option<Duration>| {
        time.map(|time| millis(time).to_string())
            .unwrap_or_default()
    };
    let deliveries: Deliveries = result.deliveries.iter().copied().collect();
    [
        plain(run.id.as_str()),
        run.started.to_string(),
        plain(&run.target.name),
        optional(&run.setting.profile),
        optional(&run.setting.commit),
        optional(&run.setting.partition),
        run.cut.to_string(),
        plain(&result.key),
        plain(&result.place.to_string()),
        result.outcome.as_str().to_owned(),
        result.attempts.to_string(),
        result.passed_late().to_string(),
        millis(result.took).to_string(),
        deliveries.count().to_string(),
        ms(deliveries.p50()),
        ms(deliveries.p95()),
        optional(&result.cause),
        optional(&result.failure),
    ]
}

/// A text that no spreadsheet computes: a failure may quote what a stranger's mail says.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::past_run::samples::runs;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut runs = runs("lp");
        let result = &mut runs[0].results[0];
        result.failure = Some("=1+1, \"two\"\nlines".into());
        result.deliveries = vec![Duration::from_micros(1500), Duration::from_secs(2)];
        let expected = "run1,2026-11-01T03:00:00Z,embedded,,,,false,a.feature: One,a.feature:3,passed,2,true,\
             8000,2,1.5,2000,,\"'=1+1, \"\"two\"\"\nlines\"\r\n\
             run2,2026-11-02T03:00:00Z,embedded,,,,false,a.feature: One,a.feature:3,passed,1,false,\
             8000,0,,,,\r\n";
        assert_eq!(csv(&runs), expected);
    }
}
