//! Writes the report, entry by entry.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::live::{Doing, Live};
use super::status::Progress;
use super::summary::{self, FailedStep};
use super::{Style, status};
use crate::model::RunId;
use crate::model::ScenarioId;
use crate::record::{Entry, Event, Failure, FailureKind, RunSummary, ScenarioSummary, TargetInfo};

/// Where there is no terminal, a line at least this often, unless another time was asked for: CI
/// servers end jobs that say nothing, the strictest after some minutes.
const HEARTBEAT_SECONDS: u64 = 60;
/// A scenario on the embedded target takes less than a second, and one on AWS, whose mails take
/// some seconds each, about ten.
const SLOW_SECONDS: u64 = 30;
/// Failures shown in full at the end; beyond it, the lines above have them all.
const FAILURES_SHOWN_MAX: usize = 50;

/// How the report is written.
#[derive(Debug, Clone, Copy)]
pub struct TerminalOptions {
    /// Colours or none.
    pub style: Style,
    /// Whether a person watches, so that a line may be redrawn.
    pub interactive: bool,
    /// Where nobody watches, a line at least this often.
    pub heartbeat: Duration,
    /// A scenario that takes longer is marked as slow while it runs.
    pub slow_after: Duration,
}

impl TerminalOptions {
    /// With the usual times.
    pub fn new(style: Style, interactive: bool) -> Self {
        Self {
            style,
            interactive,
            heartbeat: Duration::from_secs(HEARTBEAT_SECONDS),
            slow_after: Duration::from_secs(SLOW_SECONDS),
        }
    }
}

/// The terminal report of one run.
pub struct Terminal<W> {
    out: W,
    options: TerminalOptions,
    summary: RunSummary,
    live: Live,
    failures: Vec<(ScenarioId, FailedStep)>,
    slow: BTreeSet<ScenarioId>,
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
            slow: BTreeSet::new(),
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

    /// Says which scenarios have become slow, and that the run goes on if nothing was said for long
    /// and nobody watches.
    pub fn tick(&mut self) {
        let planned = self.summary.scenarios().len();
        for doing in self.live.newly_slow(self.options.slow_after) {
            let name = self.name(&doing.id);
            let line = status::slow_line(&name, &doing, planned, self.options.style);
            self.line(&line);
            self.slow.insert(doing.id);
        }
        let silent = self.last_line.elapsed() >= self.options.heartbeat;
        if silent && !self.options.interactive && !self.live.is_idle() {
            let (ended, planned) = (self.ended, self.summary.scenarios().len());
            let line = format!("     Running {ended}/{planned} ended, {}", self.live.line());
            self.line(&line);
        }
        self.bar.tick();
    }

    /// Says what every scenario that has begun and not ended does, and since when.
    pub fn status(&mut self) {
        let (ended, planned) = (self.ended, self.summary.scenarios().len());
        let doing = self.live.doing();
        let word = self.options.style.green("Status");
        let count = doing.len();
        self.line(&format!(
            "      {word} {ended}/{planned} ended, {count} begun"
        ));
        for Doing { id, took, what } in doing {
            let (name, took) = (self.name(&id), took.as_secs_f64());
            let id = self.options.style.dim(&id.to_string());
            self.line(&format!("             [{took:>8.3}s] {id}  {name}  {what}"));
        }
    }

    /// Says that the run is ended early, and what becomes of its users.
    pub fn interrupted(&mut self, what: &str) {
        let word = self.options.style.yellow("Ending");
        self.line(&format!("      {word} {what}"));
    }

    fn name(&self, id: &ScenarioId) -> String {
        let scenario = self.summary.scenario(id);
        scenario.map_or_else(String::new, |one| one.planned.name.clone())
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
        let pause = self.live.pause(id);
        if pause.is_none() {
            self.ended += 1;
        }
        self.bar
            .set_position(u64::try_from(self.ended).unwrap_or_default());
        let step = self.live.end(id);
        let Some(scenario) = self.summary.scenario(id).cloned() else {
            return;
        };
        let progress = Progress {
            ended: pause.is_none().then_some(self.ended),
            planned: self.summary.scenarios().len(),
        };
        let style = self.options.style;
        self.line(&status::scenario_line(&scenario, progress, pause, style));
        if let Some(failure) = failure.filter(|one| one.kind == FailureKind::NotApplicable) {
            for line in summary::not_applicable_lines(failure, style) {
                self.line(&line);
            }
        } else if let Some(failure) = failure {
            // A repetition has no place of its own in the file.
            let again = format!("reverify run {}", id.repeated(0));
            let block = summary::failure_block(&scenario, failure, step.as_ref(), &again, style);
            self.line(&block);
            self.failures.retain(|(earlier, _)| earlier != id);
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
        let progress = Progress {
            ended: Some(self.ended),
            planned: self.ended,
        };
        for scenario in summary.scenarios().filter(|scenario| scenario.is_flaky()) {
            self.line(&status::scenario_line(scenario, progress, None, style));
        }
        // A single failure is still on the screen, right above.
        if failed.len() > 1 || (failed.len() == 1 && self.ended > 1) {
            for scenario in failed.iter().take(FAILURES_SHOWN_MAX) {
                self.line(&status::scenario_line(scenario, progress, None, style));
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
        if let Some(line) = summary::slowed_line(&summary, style) {
            self.line(&line);
        }
        self.line(&summary::summary_line(&summary, self.slow.len(), style));
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
