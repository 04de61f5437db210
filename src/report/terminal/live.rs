//! What the running scenarios do at the moment.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::model::ScenarioId;
use crate::record::{Answer, Diagnosed, Entry, Event, StepOutcome};
use crate::report::text::one_line;

use super::mail_line::mail_line;
use super::status::short;
use super::summary::FailedStep;

/// Calls that a failure shows: the latest are the ones that matter.
const CALLS_SHOWN_MAX: usize = 6;
/// Mails that a failure shows: the latest, and one to compare it with.
const MAILS_SHOWN_MAX: usize = 2;

/// A scenario that has begun and not ended.
#[derive(Debug, Clone)]
struct Running {
    began: Instant,
    /// Whether it was said that it is slow.
    told_slow: bool,
    waiting: Option<Wait>,
    step: Option<String>,
    steps: Vec<(usize, String)>,
    calls: Vec<String>,
    verdict: Option<Diagnosed>,
    mails: Vec<String>,
    failed: Option<FailedStep>,
}

#[derive(Debug, Clone)]
struct Wait {
    what: String,
    since: Instant,
    at_most: Duration,
}

/// What a scenario does at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doing {
    pub(super) id: ScenarioId,
    /// How long this attempt has taken.
    pub(super) took: Duration,
    /// As a phrase.
    pub(super) what: String,
}

/// Follows the entries of a run.
#[derive(Debug, Default)]
pub(super) struct Live {
    running: BTreeMap<ScenarioId, Running>,
    /// Those whose attempt did not pass, and when the next one begins.
    pausing: BTreeMap<ScenarioId, Instant>,
}

impl Live {
    pub(super) fn apply(&mut self, entry: &Entry) {
        let Some(id) = &entry.scenario else { return };
        match entry.event {
            Event::ScenarioStarted => {
                self.pausing.remove(id);
                self.running.insert(id.clone(), Running::new());
            }
            Event::RetryFollows { after_ms } => {
                let due = Instant::now() + duration(after_ms);
                self.pausing.insert(id.clone(), due);
            }
            _ => {}
        }
        if let Some(running) = self.running.get_mut(id) {
            running.apply(&entry.event);
        }
    }

    /// Ends a scenario and answers where it failed.
    pub(super) fn end(&mut self, id: &ScenarioId) -> Option<FailedStep> {
        self.running.remove(id)?.failed
    }

    /// Until when the next attempt of a scenario waits, if there is to be one.
    pub(super) fn pause(&self, id: &ScenarioId) -> Option<Duration> {
        let due = self.pausing.get(id)?;
        Some(due.saturating_duration_since(Instant::now()))
    }

    /// What each scenario that has begun and not ended does, by its place.
    pub(super) fn doing(&self) -> Vec<Doing> {
        let running = self.running.iter().map(|(id, one)| one.doing(id));
        let pausing = self.pausing.keys().filter_map(|id| {
            let left = self.pause(id).filter(|_| !self.running.contains_key(id))?;
            Some(Doing {
                id: id.clone(),
                took: Duration::ZERO,
                what: format!("its next attempt begins in {}", short(left)),
            })
        });
        let mut all: Vec<_> = running.chain(pausing).collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// Those that have taken longer than `limit` since this was asked last.
    pub(super) fn newly_slow(&mut self, limit: Duration) -> Vec<Doing> {
        let slow = self.running.iter_mut();
        let slow = slow.filter(|(_, one)| !one.told_slow && one.began.elapsed() >= limit);
        slow.map(|(id, one)| {
            one.told_slow = true;
            one.doing(id)
        })
        .collect()
    }

    /// `3 running: waiting for mail to ada@..., the second mail to ...`.
    pub(super) fn line(&self) -> String {
        let waits = self
            .running
            .values()
            .filter_map(|one| one.waiting.as_ref().map(|wait| wait.what.as_str()));
        let waits: Vec<_> = waits.collect();
        let line = match waits.split_first() {
            None => format!("{} running", self.running.len()),
            Some((first, [])) => format!("{} running, waiting for {first}", self.running.len()),
            Some((first, more)) => format!(
                "{} running, waiting for {first} and {} more",
                self.running.len(),
                more.len()
            ),
        };
        one_line(&line)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.pausing.is_empty()
    }
}

impl Running {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            told_slow: false,
            waiting: None,
            step: None,
            steps: Vec::new(),
            calls: Vec::new(),
            verdict: None,
            mails: Vec::new(),
            failed: None,
        }
    }

    fn doing(&self, id: &ScenarioId) -> Doing {
        let what = match (&self.waiting, &self.step) {
            (Some(wait), _) => format!(
                "waiting for {}, {} of at most {}",
                wait.what,
                short(wait.since.elapsed()),
                short(wait.at_most)
            ),
            (None, Some(step)) => format!("at: {step}"),
            (None, None) => "between steps, or cleaning up".to_owned(),
        };
        Doing {
            id: id.clone(),
            took: self.began.elapsed(),
            what: one_line(&what),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::StepStarted { line, text } => {
                self.steps.push((*line, text.clone()));
                self.step = Some(text.clone());
            }
            Event::Waiting { what, at_most_ms } => {
                self.waiting = Some(Wait {
                    what: what.clone(),
                    since: Instant::now(),
                    at_most: duration(*at_most_ms),
                });
            }
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
                self.step = None;
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
    let took = short(duration(*took_ms));
    let line = format!("{operation}{username} → {answer} ({took}{id})");
    Some(one_line(&line))
}

fn duration(number: f64) -> Duration {
    Duration::try_from_secs_f64(number / 1e3).unwrap_or_default()
}
