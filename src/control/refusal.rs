//! What the interface answers when it cannot do what was asked.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is wrong with the request.
    pub error: String,
    /// What to ask instead.
    pub help: String,
}
