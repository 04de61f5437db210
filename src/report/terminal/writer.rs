//! Writes the report, entry by entry.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::live::Live;
use super::summary::{self, FailedStep};
use super::{Style, status};
use crate::model::RunId;
use crate::model::ScenarioId;
use crate::record::{Entry, Event, Failure, FailureKind, RunSummary, ScenarioSummary, TargetInfo};

/// Where there is no terminal, a line at least this often: CI servers end jobs that say nothing.
const HEARTBEAT_SECONDS: u64 = 60;
/// Failures shown in full at the end; beyond it, the lines above have them all.
const FAILURES_SHOWN_MAX: usize = 50;

/// How the report is written.
#[derive(Debug, Clone, Copy)]
pub struct TerminalOptions {
    /// Colours or none.
    pub style: Style,
    /// Whether a person watches, so that a line may be redrawn.
    pub interactive: bool,
}

/// The terminal report of one run.
pub struct Terminal<W> {
    out: W,
    options: TerminalOptions,
    summary: RunSummary,
    live: Live,
    failures: Vec<(ScenarioId, FailedStep)>,
    ended: usize,
    bar: ProgressBar,
    last_line: Instant,
}

impl<W: Write> Terminal<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, options: TerminalOptions) -> Self {
        let target = if options.interactive {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            out,
            options,
            summary: RunSummary::default(),
            live: Live::default(),
            failures: Vec::new(),
            ended: 0,
            bar: ProgressBar::with_draw_target(None, target).with_style(bar_style()),
            last_line: Instant::now(),
        }
    }

    /// Takes an entry in and writes what is to be said about it.
    ///
    /// A terminal that is gone is no reason to end a run, so errors of writing are left aside.
    pub fn entry(&mut self, entry: &Entry) {
        self.summary.apply(entry);
        self.live.apply(entry);
        match &entry.event {
            Event::RunStarted { run, target, .. } => self.run_started(run, target),
            Event::ScenarioFinished { failure, .. } => {
                if let Some(id) = &entry.scenario {
                    self.scenario_finished(id, failure.as_ref());
                }
            }
            Event::MailLate { to, delivery_ms } => {
                let seconds = delivery_ms / 1_000.0;
                self.line(&format!(
                    "        LATE the mail to {to} came after {seconds:.1} s"
                ));
            }
            Event::MailDuplicated {
                to,
                folder,
                after_ms,
            } => {
                let seconds = after_ms / 1_000.0;
                self.line(&format!(
                    "       TWICE the same mail to {to} came again after {seconds:.1} s, in {folder}"
                ));
            }
            Event::MailUnawaited { to, after_ms, .. } => {
                let seconds = after_ms / 1_000.0;
                self.line(&format!(
                    "      UNUSED a mail to {to} came {seconds:.1} s after the end of its scenario"
                ));
            }
            Event::RunFinished { .. } => self.run_finished(),
            _ => self.bar.set_message(self.live.line()),
        }
    }

    /// Says that the run goes on, if nothing was said for long and nobody watches.
    pub fn tick(&mut self) {
        let silent = self.last_line.elapsed() >= Duration::from_secs(HEARTBEAT_SECONDS);
        if silent && !self.options.interactive && !self.live.is_idle() {
            let (ended, planned) = (self.ended, self.summary.scenarios().len());
            let line = format!("     Running {ended}/{planned} ended, {}", self.live.line());
            self.line(&line);
        }
        self.bar.tick();
    }

    fn run_started(&mut self, run: &RunId, target: &TargetInfo) {
        let count = self.summary.scenarios().len();
        let word = self.options.style.green("Running");
        let scenarios = if count == 1 { "scenario" } else { "scenarios" };
        let TargetInfo { name, place, inbox } = target;
        let line =
            format!("     {word} {count} {scenarios} on {name} ({place}, {inbox}), run {run}");
        self.bar
            .set_length(u64::try_from(count).unwrap_or_default());
        self.line(&line);
    }

    fn scenario_finished(&mut self, id: &ScenarioId, failure: Option<&Failure>) {
        self.ended += 1;
        self.bar
            .set_position(u64::try_from(self.ended).unwrap_or_default());
        let step = self.live.end(id);
        let Some(scenario) = self.summary.scenario(id).cloned() else {
            return;
        };
        let planned = self.summary.scenarios().len();
        let style = self.options.style;
        self.line(&status::scenario_line(
            &scenario, self.ended, planned, style,
        ));
        if let Some(failure) = failure.filter(|one| one.kind == FailureKind::NotApplicable) {
            for line in summary::not_applicable_lines(failure, style) {
                self.line(&line);
            }
        } else if let Some(failure) = failure {
            self.line(&summary::failure_block(
                &scenario,
                failure,
                step.as_ref(),
                &format!("reverify run {id}"),
                style,
            ));
            self.failures.extend(step.map(|step| (id.clone(), step)));
        }
    }

    /// Ends the report of a record that stops before its run did; does nothing where it did not.
    pub fn cut_off(&mut self) {
        if self.summary.took().is_none() {
            self.run_finished();
        }
    }

    /// Failures stand above among the passing lines; at the end they stand together.
    fn run_finished(&mut self) {
        self.bar.finish_and_clear();
        let style = self.options.style;
        let summary = self.summary.clone();
        let failed: Vec<&ScenarioSummary> = summary
            .scenarios()
            .filter(|scenario| summary::failure_of(scenario).is_some())
            .collect();
        // A single failure is still on the screen, right above.
        if failed.len() > 1 || (failed.len() == 1 && self.ended > 1) {
            for scenario in failed.iter().take(FAILURES_SHOWN_MAX) {
                self.line(&status::scenario_line(
                    scenario, self.ended, self.ended, style,
                ));
                let message = summary::failure_of(scenario).map(|failure| failure.message.as_str());
                let id = &scenario.planned.id;
                let place = self.failures.iter().find(|(failed, _)| failed == id);
                if let (Some(message), Some((_, step))) = (message, place) {
                    let at = format!("{}:{}", id.feature(), step.line);
                    self.line(&format!("               at {at}  {message}"));
                }
            }
        }
        for line in summary::left_behind(&summary, style) {
            self.line(&line);
        }
        self.line(&summary::summary_line(&summary, style));
    }

    fn line(&mut self, text: &str) {
        self.last_line = Instant::now();
        let out = &mut self.out;
        self.bar.suspend(|| {
            // See `entry` for why an error is left aside.
            let _ = writeln!(out, "{text}");
            let _ = out.flush();
        });
    }
}

fn bar_style() -> ProgressStyle {
    let style = ProgressStyle::with_template("  {spinner} {pos}/{len} {elapsed} {wide_msg}");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl<W> std::fmt::Debug for Terminal<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terminal").finish_non_exhaustive()
    }
}
