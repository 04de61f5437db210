//! Which mail is missing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{AppClientId, EmailAddress, UserPoolId};

/// What is to be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Who should have received the mail.
    pub address: EmailAddress,
    /// What went wrong.
    pub trouble: Trouble,
    /// The pool that is watched.
    pub user_pool_id: UserPoolId,
    /// The app client through which users sign up, where no call names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<AppClientId>,
    /// The number of the call in [`Evidence::calls`](super::Evidence::calls) that should have caused
    /// the mail. Without a run there is none: a person reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<usize>,
    /// From when on was looked, by the server's clock.
    pub since: Timestamp,
    /// Until when was looked.
    pub until: Timestamp,
    /// Whether the target is an emulator, whose answers teach nothing about AWS.
    #[serde(default)]
    pub emulated: bool,
}

/// What went wrong with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// None came in time.
    Missing,
    /// One came, but the code in it was refused.
    CodeRefused,
    /// One came, but neither code nor link was found in it.
    NoCode,
}
