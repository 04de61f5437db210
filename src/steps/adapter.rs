//! Between cucumber and the step functions: time limits, the record, failures.

use std::panic::resume_unwind;
use std::time::Instant;

use cucumber::step::Context;

use super::Session;
use super::args::Args;
use crate::record::{Event, Failure, StepOutcome, millis};

/// How a failed step travels through cucumber, which knows only panics.
///
/// It is thrown without the panic hook, so nothing is printed, and caught by the hook that ends
/// the scenario.
#[derive(Debug, Clone)]
pub struct StepFailure(pub Failure);

/// Runs one step function inside a session.
///
/// The step ends when the function does, when its or the scenario's time is over, or when the run
/// is cancelled; what it did is recorded either way.
pub(super) async fn run(
    session: &mut Session,
    context: Context,
    body: impl AsyncFnOnce(&mut Session, &Args<'_>) -> Result<(), Failure>,
) {
    let (line, text) = (context.step.position.line, step_text(&context.step));
    session.record(Event::StepStarted {
        line,
        text: text.clone(),
    });
    let started = Instant::now();
    let limits = session.time_left();
    let allowed = limits.and_then(|limits| {
        session.begin_step(context.step.ty)?;
        Ok(limits)
    });
    let result = match allowed {
        Err(failure) => Err(failure),
        Ok((deadline, whose)) => {
            let cancelled = session.cancelled();
            let args = Args::new(&context);
            tokio::select! {
                biased;
                failure = cancelled => Err(failure),
                result = body(session, &args) => result,
                () = tokio::time::sleep_until(deadline) => Err(whose.exceeded()),
            }
        }
    };
    if result.is_err() {
        // In a box of its own: every step would carry its size otherwise.
        Box::pin(session.diagnose()).await;
    }
    let outcome = match &result {
        Ok(()) => StepOutcome::Passed,
        Err(failure) => StepOutcome::Failed {
            failure: failure.clone(),
        },
    };
    session.record(Event::StepFinished {
        line,
        text,
        outcome,
        took_ms: millis(started.elapsed()),
    });
    if let Err(failure) = result {
        resume_unwind(Box::new(StepFailure(failure)));
    }
}

/// The step as it stands in the file.
fn step_text(step: &cucumber::gherkin::Step) -> String {
    format!("{} {}", step.keyword.trim(), step.value)
}
