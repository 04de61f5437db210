//! What was measured.

use std::fmt;
use std::time::Duration;

use super::api::Failure;

/// All figures of one server.
pub(crate) struct Measured {
    pub(crate) name: String,
    /// From the start of the process to its first answer, the median of several.
    pub(crate) first_answer: Option<Duration>,
    /// Resident memory before the first user.
    pub(crate) idle_bytes: Option<usize>,
    /// Resident memory at the end of the last part.
    pub(crate) after_bytes: Option<usize>,
    /// What each of `users` added, in a pool that sends no mail.
    pub(crate) user_bytes: Option<usize>,
    pub(crate) users: usize,
    pub(crate) cells: Vec<Cell>,
}

impl Measured {
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            first_answer: None,
            idle_bytes: None,
            after_bytes: None,
            user_bytes: None,
            users: 0,
            cells: Vec::new(),
        }
    }
}

/// What is done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    AdminGetUser,
    ConfirmSignUp,
    SignUp,
    Cycle,
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AdminGetUser => "AdminGetUser",
            Self::ConfirmSignUp => "ConfirmSignUp",
            Self::SignUp => "SignUp",
            Self::Cycle => "whole cycle",
        })
    }
}

/// One load under one condition.
pub(crate) struct Cell {
    pub(crate) load: Load,
    pub(crate) at_once: usize,
    /// The users that were asked for, and those that were there.
    pub(crate) stored: (usize, usize),
    pub(crate) sample: Sample,
}

/// How long each one took.
pub(crate) struct Sample {
    /// In rising order.
    pub(crate) times: Vec<Duration>,
    pub(crate) wall: Duration,
    /// CPU time of the server's process.
    pub(crate) cpu: Option<Duration>,
    pub(crate) failures: Vec<Failure>,
}

impl Sample {
    pub(crate) fn per_second(&self) -> f64 {
        count(self.times.len()) / self.wall.as_secs_f64()
    }

    /// The time below which this share of all stayed.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a list"
    )]
    pub(crate) fn at(&self, share: f64) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let index = (count(last) * share) as usize;
        self.times.get(index).copied().unwrap_or_default()
    }

    /// The server's CPU time for one.
    pub(crate) fn cpu_each(&self) -> Option<Duration> {
        let done = u32::try_from(self.times.len()).ok()?;
        self.cpu?.checked_div(done)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}
