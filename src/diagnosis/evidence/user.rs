//! Users as the pool knows them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::UserSub;

/// A user, from `AdminGetUser` or `ListUsers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The stored username.
    pub username: String,
    /// Its identifier.
    pub sub: UserSub,
    /// `UserStatus`, such as `UNCONFIRMED`.
    pub status: String,
    /// Whether it may sign in.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `UserCreateDate`.
    pub created: Timestamp,
    /// The attribute `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The attribute `email_verified`.
    #[serde(default)]
    pub email_verified: bool,
}

fn yes() -> bool {
    true
}

impl User {
    /// Whether it has this status.
    pub fn is(&self, status: &str) -> bool {
        self.status == status
    }
}
