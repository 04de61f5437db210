//! At which moment a fault strikes.

use serde::{Deserialize, Serialize};

/// When a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before the operation: it never runs.
    #[default]
    Before,
    /// After it: it ran, and only its answer is lost.
    After,
}

/// At which command a receiving server refuses a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalMoment {
    /// RCPT.
    #[default]
    Recipient,
    /// The end of the data, as content filters do.
    Data,
}

/// Where a receiving server cuts the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutMoment {
    /// Instead of the answer to RCPT.
    #[default]
    Recipient,
    /// Within the data, of which nothing is kept.
    Data,
    /// After the mail was kept, before its sender hears of it.
    Answer,
}
