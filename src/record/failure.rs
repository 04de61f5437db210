//! Why a step did not pass.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether the system under test is wrong, or we could not test it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The target did something else than the scenario demands.
    Failed,
    /// The scenario could not be carried out: no connection, no pool, no inbox.
    Broken,
    /// The run was ended before the scenario was.
    Interrupted,
    /// What the scenario presumes does not hold on this target, which is nobody's fault: it was
    /// neither passed nor failed.
    NotApplicable,
}

/// What a person needs to know of a step that did not pass.
///
/// ```
/// use reverify::record::{Failure, FailureKind};
///
/// let failure = Failure::failed("no message to ada@example.com after 10.0 s")
///     .seen("2 messages for other addresses arrived meanwhile")
///     .help("look at the sender's log");
/// assert_eq!(failure.kind, FailureKind::Failed);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Whose fault it is.
    pub kind: FailureKind,
    /// One sentence: what was seen instead.
    pub message: String,
    /// Facts that support the sentence, one a line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl fmt::Display for Failure {
    /// The sentence, then a line for each fact, then what to do next: all that a step of the user's own
    /// can pass on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for fact in &self.seen {
            write!(f, "\n{fact}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n{help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The target did something else than was demanded.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Failed, message)
    }

    /// The scenario could not be carried out.
    pub fn broken(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Broken, message)
    }

    /// The run was ended by a person or by its time limit.
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Interrupted, message)
    }

    /// The target is not one that the scenario speaks of.
    pub fn not_applicable(message: impl Into<String>) -> Self {
        Self::new(FailureKind::NotApplicable, message)
    }

    /// Adds a fact.
    #[must_use]
    pub fn seen(mut self, fact: impl Into<String>) -> Self {
        self.seen.push(fact.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            seen: Vec::new(),
            help: None,
        }
    }
}
