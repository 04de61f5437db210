//! The arguments.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::super::args::duration;
use super::super::settings::StateArgs;
use crate::history::{Baseline, Thresholds};

/// Runs that are shown and counted unless another number is asked for: some weeks of nights.
const RUNS_SHOWN: usize = 50;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct HistoryArgs {
    #[command(flatten)]
    pub(super) scope: ScopeArgs,
    #[command(flatten)]
    pub(super) state: StateArgs,
    #[command(subcommand)]
    pub(super) command: Option<HistoryCommand>,
}

/// Which runs.
#[derive(Debug, Clone, Args)]
pub(super) struct ScopeArgs {
    /// Only runs of this target.
    #[arg(short = 'T', long, value_name = "NAME")]
    pub(super) target: Option<String>,
    /// The newest so many runs.
    #[arg(long, value_name = "N", default_value_t = RUNS_SHOWN)]
    pub(super) last: usize,
}

#[derive(Debug, Subcommand)]
pub(super) enum HistoryCommand {
    /// Lists the runs; so does `reverify history` alone.
    List(ScopeArgs),
    /// Shows one scenario: how often it passes, since when it fails, how long its mails take.
    Show(ShowArgs),
    /// Lists the scenarios that pass now and then.
    Flaky(ScopeArgs),
    /// Compares a run with an earlier one: what regressed, what passes again, what is new.
    Compare(CompareRunsArgs),
    /// Writes all results as a table for a spreadsheet.
    Export(ExportArgs),
    /// Writes a page of all scenarios over the runs.
    Html(HtmlArgs),
    /// Takes in records that are not in the history: of killed runs, or of other machines.
    Import(ImportArgs),
    /// Removes old runs, with the folders of their records.
    Prune(PruneArgs),
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Its place as `FILE:LINE`, its name, or a part of it.
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: String,
    #[command(flatten)]
    pub(super) scope: ScopeArgs,
}

#[derive(Debug, Args)]
pub(super) struct CompareRunsArgs {
    /// The earlier run: its id, the beginning of its id, `last` or `last-pass`.
    #[arg(value_name = "BASELINE")]
    pub(super) baseline: Baseline,
    /// The run that is compared with it [default: the newest].
    #[arg(value_name = "RUN")]
    pub(super) run: Option<String>,
    #[command(flatten)]
    pub(super) thresholds: ThresholdArgs,
}

/// What a run is compared with at its end.
#[derive(Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    /// Compares the run with an earlier one: its id, `last`, or `last-pass` for the newest in which
    /// everything passed. A regression ends with exit code 101.
    #[arg(
        long,
        value_name = "RUN",
        env = "REVERIFY_COMPARE_TO",
        conflicts_with = "no_record"
    )]
    pub(in crate::cli) compare_to: Option<Baseline>,
    #[command(flatten)]
    pub(super) thresholds: ThresholdArgs,
}

/// From when on a difference is a regression.
#[derive(Debug, Clone, Args)]
pub(super) struct ThresholdArgs {
    /// A scenario that fails regressed if it passed that many times before, or as often as is known.
    #[arg(long = "regression-results", value_name = "N",
          default_value_t = Thresholds::default().results)]
    results: NonZeroUsize,
    /// Delivery regressed if its p95 is that many times as long,
    #[arg(long = "regression-factor", value_name = "FACTOR",
          default_value_t = Thresholds::default().factor, value_parser = factor)]
    factor: f64,
    /// and longer by that much.
    #[arg(long = "regression-margin", value_name = "DURATION", default_value = "5s",
          value_parser = duration)]
    margin: Duration,
}

impl ThresholdArgs {
    pub(super) fn thresholds(&self) -> Thresholds {
        Thresholds {
            results: self.results,
            factor: self.factor,
            margin: self.margin,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The file; `-` is standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(super) csv: PathBuf,
    /// Only runs of this target.
    #[arg(short = 'T', long, value_name = "NAME")]
    pub(super) target: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct HtmlArgs {
    /// The file; `-` is standard output.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) scope: ScopeArgs,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Records, or folders with a `run.jsonl` [default: all below the state folder's `runs`].
    #[arg(value_name = "FILE")]
    pub(super) records: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct PruneArgs {
    /// Keeps the newest so many runs of each target.
    #[arg(long, value_name = "N", required_unless_present = "older_than")]
    pub(super) keep: Option<usize>,
    /// Keeps younger runs, as `30d` or `12h`.
    #[arg(long, value_name = "DURATION", value_parser = age)]
    pub(super) older_than: Option<Duration>,
    /// Only says what would be removed.
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn factor(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| *number >= 1.0);
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| format!("`{text}` is not a number from 1 on"))
}

/// A duration that may also count days and weeks, of 24 hours and 7 days.
fn age(text: &str) -> Result<Duration, String> {
    let span: Option<jiff::Span> = text.parse().ok();
    let length = span.and_then(|span| {
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours())
            .ok()
    });
    length
        .and_then(|length| Duration::try_from(length).ok())
        .ok_or_else(|| format!("`{text}` is not an age; write `30d`, `2w` or `12h`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_as_people_write_them() {
        let hours = |hours| Ok(Duration::from_hours(hours));
        assert_eq!(age("30d"), hours(720));
        assert_eq!(age("2w"), hours(336));
        assert_eq!(age("12h"), hours(12));
        assert_eq!(age("0d"), hours(0));
        for bad in ["", "30", "1mo", "-3d", "soon"] {
            assert!(age(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_factor_makes_nothing_faster() {
        assert_eq!(factor("1.5"), Ok(1.5));
        for bad in ["0.5", "-2", "NaN", "inf", "twice"] {
            assert!(factor(bad).is_err(), "{bad}");
        }
    }
}
