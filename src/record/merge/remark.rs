//! What is to be known of a merged record.

use std::fmt;

use crate::model::{Partition, RunId, ScenarioId};

/// What is to be known of a merged record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A part of the run is not among the records.
    Missing(Partition),
    /// The records do not divide the scenarios in the same way.
    DividedDifferently(Vec<Partition>),
    /// Two runs have scenarios in common. The later run counts.
    Overlap {
        /// The scenarios, by their places.
        scenarios: Vec<ScenarioId>,
        /// The run whose attempts are left out.
        left_out: RunId,
        /// The run that counts.
        counts: RunId,
    },
    /// A run did not come to its end.
    Cut(RunId),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(part) => write!(f, "the part {part} is missing"),
            Self::DividedDifferently(parts) => {
                let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
                let parts = parts.join(", ");
                write!(
                    f,
                    "the runs divide the scenarios in different ways: {parts}"
                )
            }
            Self::Overlap {
                scenarios,
                left_out,
                counts,
            } => {
                match scenarios.as_slice() {
                    [only] => write!(f, "{only} is")?,
                    [first, ..] => write!(f, "{} scenarios, {first} first, are", scenarios.len())?,
                    [] => write!(f, "no scenario is")?,
                }
                write!(
                    f,
                    " in the runs {left_out} and {counts}; the later one, {counts}, counts"
                )
            }
            Self::Cut(run) => write!(f, "the run {run} did not come to its end"),
        }
    }
}
