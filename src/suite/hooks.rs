//! What the user wants done before and after each attempt of a scenario.

use std::rc::Rc;
use std::time::Duration;

use cucumber::gherkin::Scenario;
use futures::future::LocalBoxFuture;

use super::panics::caught;
use crate::record::Failure;

type Before<W> = Rc<dyn for<'a> Fn(&'a Scenario, &'a mut W) -> LocalBoxFuture<'a, ()>>;
type After<W> =
    Rc<dyn for<'a> Fn(&'a Scenario, Option<&'a Failure>, &'a mut W) -> LocalBoxFuture<'a, ()>>;

/// The user's own hooks.
pub(super) struct OwnHooks<W> {
    /// In the order in which they run.
    pub(super) before: Vec<Before<W>>,
    /// In the reverse of the order in which they run, so that what came first ends last.
    pub(super) after: Vec<After<W>>,
}

impl<W> Default for OwnHooks<W> {
    fn default() -> Self {
        Self {
            before: Vec::new(),
            after: Vec::new(),
        }
    }
}

impl<W> OwnHooks<W> {
    /// Runs the hooks before a scenario until one goes wrong.
    pub(super) async fn before(
        &self,
        scenario: &Scenario,
        world: &mut W,
        limit: Duration,
    ) -> Result<(), Failure> {
        for hook in &self.before {
            in_time("before", limit, async { hook(scenario, world).await }).await?;
        }
        Ok(())
    }

    /// Runs all hooks after a scenario and answers what went wrong in the last that did not do well.
    pub(super) async fn after(
        &self,
        scenario: &Scenario,
        failure: Option<&Failure>,
        world: &mut W,
        limit: Duration,
    ) -> Option<Failure> {
        let mut trouble = None;
        for hook in self.after.iter().rev() {
            let hook = async { hook(scenario, failure, world).await };
            trouble = in_time("after", limit, hook).await.err().or(trouble);
        }
        trouble
    }
}

/// Runs a hook to its end or its time limit.
async fn in_time(
    when: &str,
    limit: Duration,
    hook: impl Future<Output = ()>,
) -> Result<(), Failure> {
    match tokio::time::timeout(limit, caught(hook)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) => Err(failure.seen(format!("it was a hook {when} the scenario"))),
        Err(_) => Err(Failure::failed(format!(
            "a hook {when} the scenario took longer than the limit of a step, {} s",
            limit.as_secs_f64()
        ))),
    }
}
