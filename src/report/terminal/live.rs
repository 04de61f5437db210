//! What the running scenarios do at the moment.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::ScenarioId;
use crate::record::{Answer, Diagnosed, Entry, Event, StepOutcome};

use super::mail_line::mail_line;
use super::summary::FailedStep;

/// Calls that a failure shows: the latest are the ones that matter.
const CALLS_SHOWN_MAX: usize = 6;
/// Mails that a failure shows: the latest, and one to compare it with.
const MAILS_SHOWN_MAX: usize = 2;

/// A scenario that has begun and not ended.
#[derive(Debug, Clone, Default)]
struct Running {
    waiting: Option<String>,
    steps: Vec<(usize, String)>,
    calls: Vec<String>,
    verdict: Option<Diagnosed>,
    mails: Vec<String>,
    failed: Option<FailedStep>,
}

/// Follows the entries of a run.
#[derive(Debug, Default)]
pub(super) struct Live {
    running: BTreeMap<ScenarioId, Running>,
}

impl Live {
    pub(super) fn apply(&mut self, entry: &Entry) {
        let Some(id) = &entry.scenario else { return };
        if matches!(entry.event, Event::ScenarioStarted) {
            self.running.insert(id.clone(), Running::default());
        }
        if let Some(running) = self.running.get_mut(id) {
            running.apply(&entry.event);
        }
    }

    /// Ends a scenario and answers where it failed.
    pub(super) fn end(&mut self, id: &ScenarioId) -> Option<FailedStep> {
        self.running.remove(id)?.failed
    }

    /// `3 running: waiting for mail to ada@..., the second mail to ...`.
    pub(super) fn line(&self) -> String {
        let waits = self
            .running
            .values()
            .filter_map(|one| one.waiting.as_deref());
        let waits: Vec<_> = waits.collect();
        match waits.split_first() {
            None => format!("{} running", self.running.len()),
            Some((first, [])) => format!("{} running, waiting for {first}", self.running.len()),
            Some((first, more)) => format!(
                "{} running, waiting for {first} and {} more",
                self.running.len(),
                more.len()
            ),
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty()
    }
}

impl Running {
    fn apply(&mut self, event: &Event) {
        match event {
            Event::StepStarted { line, text } => self.steps.push((*line, text.clone())),
            Event::Waiting { what, .. } => self.waiting = Some(what.clone()),
            Event::Diagnosed { verdict } => self.verdict = Some(verdict.as_ref().clone()),
            Event::Call { .. } => {
                keep_latest(&mut self.calls, call_line(event), CALLS_SHOWN_MAX);
            }
            Event::MailArrived { .. } => {
                keep_latest(&mut self.mails, mail_line(event), MAILS_SHOWN_MAX);
            }
            Event::StepFinished {
                line,
                text,
                outcome,
                ..
            } => {
                self.waiting = None;
                if let StepOutcome::Failed { .. } = outcome {
                    self.failed = Some(FailedStep {
                        line: *line,
                        text: text.clone(),
                        before: self.step_before(*line),
                        calls: self.calls.clone(),
                        verdict: self.verdict.take(),
                        mails: self.mails.clone(),
                    });
                }
            }
            _ => {}
        }
    }

    fn step_before(&self, line: usize) -> Option<(usize, String)> {
        let mut earlier = self.steps.iter().rev().skip_while(|(at, _)| *at == line);
        earlier.next().cloned()
    }
}

fn keep_latest(lines: &mut Vec<String>, line: Option<String>, lines_max: usize) {
    lines.extend(line);
    let surplus = lines.len().saturating_sub(lines_max);
    lines.drain(..surplus);
}

/// `SignUp ada@... → UsernameExistsException: ... (request id ...)`.
pub(super) fn call_line(event: &Event) -> Option<String> {
    let Event::Call {
        operation,
        username,
        request_id,
        answer,
        took_ms,
    } = event
    else {
        return None;
    };
    let username = username
        .as_ref()
        .map_or_else(String::new, |name| format!(" {name}"));
    let answer = match answer {
        Answer::Ok { detail } if detail.is_empty() => "ok".to_owned(),
        Answer::Ok { detail } => detail.clone(),
        Answer::Refused { code, message } => format!("{code}: {message}"),
        Answer::None { reason } => format!("no answer: {reason}"),
    };
    let id = request_id
        .as_ref()
        .map_or_else(String::new, |id| format!(", request id {id}"));
    let took = super::status::short(Duration::try_from_secs_f64(took_ms / 1e3).unwrap_or_default());
    Some(format!("{operation}{username} → {answer} ({took}{id})"))
}
