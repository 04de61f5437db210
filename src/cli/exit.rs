//! Exit codes: one for each way in which a command can end.

use std::process::ExitCode;

/// How a command ended, as scripts see it. Where cargo-nextest has a number for the same, it is
/// that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything passed.
    Ok,
    /// A bug in reverify.
    Internal,
    /// The arguments make no sense.
    Usage,
    /// No scenario was selected, or none applies to the target.
    NothingSelected,
    /// A tag, a name, a place, a run, a feature file, a mail file or a record is not right.
    Invalid,
    /// The configuration, or a file that it names, is not right.
    Configuration,
    /// A scenario failed.
    Failed,
    /// Everything passed, but worse than before.
    Regression,
    /// The target or the inbox could not be tested.
    Broken,
    /// No mail came in the time that was given.
    NoMail,
    /// A mail came, but it holds no code, or not the link that was asked for.
    NoCode,
    /// Why a mail did not come was not found out.
    Unexplained,
    /// A file, a report, the record or the history could not be written or used.
    ReportNotWritten,
    /// Ended by Ctrl-C.
    Interrupted,
    /// Ended by a request to terminate.
    Terminated,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::NothingSelected => 4,
            Self::Invalid => 94,
            Self::Configuration => 96,
            Self::Failed => 100,
            Self::Regression => 101,
            Self::Broken => 105,
            Self::NoMail => 106,
            Self::NoCode => 107,
            Self::Unexplained => 108,
            Self::ReportNotWritten => 110,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl Exit {
    /// The worse of two ends, for a command that does several things: what a person has to look at
    /// first.
    #[must_use]
    pub(crate) fn worse(self, other: Self) -> Self {
        if other.severity() > self.severity() {
            other
        } else {
            self
        }
    }

    /// A failure of the product is never hidden by a lesser trouble, such as a full disk.
    const fn severity(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::NothingSelected => 1,
            Self::Regression => 2,
            Self::ReportNotWritten => 3,
            Self::NoMail | Self::NoCode | Self::Unexplained => 4,
            Self::Broken => 5,
            Self::Usage | Self::Invalid | Self::Configuration => 6,
            Self::Failed => 7,
            Self::Interrupted | Self::Terminated => 8,
            Self::Internal => 9,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_end_decides() {
        let from_bad_to_worse = [
            Exit::Ok,
            Exit::NothingSelected,
            Exit::Regression,
            Exit::ReportNotWritten,
            Exit::Broken,
            Exit::Failed,
            Exit::Interrupted,
            Exit::Internal,
        ];
        for (index, worse) in from_bad_to_worse.into_iter().enumerate() {
            for bad in &from_bad_to_worse[..=index] {
                assert_eq!((worse.worse(*bad), bad.worse(worse)), (worse, worse));
            }
        }
    }
}
