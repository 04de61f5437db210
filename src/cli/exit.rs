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
    /// No scenario was selected.
    NothingSelected,
    /// A tag, a name, a place, a feature file, a mail file or a record is not right.
    Invalid,
    /// The configuration, or a file that it names, is not right.
    Configuration,
    /// A scenario failed.
    Failed,
    /// The target or the inbox could not be tested.
    Broken,
    /// No mail came in the time that was given.
    NoMail,
    /// A mail came, but it holds no code, or not the link that was asked for.
    NoCode,
    /// Why a mail did not come was not found out.
    Unexplained,
    /// A file, a report or the record could not be written.
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

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
