//! What the suite asks of a session before a step, and after the last one.

use cucumber::gherkin::StepType;

use super::session::Session;
use crate::record::Failure;

impl Session {
    /// Begins a step: one that does or demands something presumes all that was said of the pool, and one
    /// that does something leaves earlier refusals behind.
    ///
    /// # Errors
    ///
    /// That the scenario is not applicable, where its pool is not as it presumes.
    pub(crate) fn begin_step(&mut self, kind: StepType) -> Result<(), Failure> {
        if kind == StepType::Given {
            // The lines after it may presume more of the pool, or the contrary.
            return Ok(());
        }
        if kind == StepType::When
            && let Some(attempt) = &mut self.attempt
        {
            attempt.refusal = None;
        }
        self.check_premises()
    }

    /// Looks whether the pool is as the scenario presumes so far.
    ///
    /// # Errors
    ///
    /// That the scenario is not applicable, where it is not.
    pub(crate) fn check_premises(&self) -> Result<(), Failure> {
        match &self.attempt {
            Some(attempt) => attempt.check_premises(),
            None => Ok(()),
        }
    }

    /// Why no other attempt of the scenario may follow this one, if none may.
    pub(crate) fn bars_another_attempt(&self) -> Option<String> {
        let used = self.attempt.as_ref()?.given_addresses.first()?;
        Some(format!(
            "it is not tried again: a mail of this attempt to {used} could be taken for the next one's"
        ))
    }
}
