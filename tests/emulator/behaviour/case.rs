//! A behaviour as `cases/*.toml` writes it down.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::message;

/// The members of a request or an answer.
pub(super) type Members = Map<String, Value>;

/// How a behaviour is known (COGNITO.md 0.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) enum Evidence {
    V,
    R,
    D,
    M,
    C,
    T,
    I,
    U,
}

/// Evidence as far as a reader of the documentation tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Trust {
    Recorded,
    Documented,
    Corroborated,
    Guessed,
}

/// One behaviour: after `given` and `before`, `call` is answered so.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What distinguishes it, as the documentation says it.
    pub(super) what: String,
    /// The section of COGNITO.md.
    pub(super) section: String,
    pub(super) evidence: Evidence,
    /// The item of COGNITO.md 13 that would settle a guess.
    pub(super) probe: Option<u8>,
    /// The name of the kind of pool that it needs.
    #[serde(default = "plain")]
    pub(super) pool: String,
    /// The names of the states in which the user is.
    #[serde(default)]
    pub(super) given: Vec<String>,
    #[serde(default)]
    pub(super) before: Vec<Step>,
    pub(super) call: String,
    /// As in [`Step`].
    #[serde(default)]
    pub(super) with: Members,
    #[serde(default)]
    pub(super) without: Vec<String>,
    pub(super) body: Option<String>,
    #[serde(default)]
    pub(super) unsigned: bool,
    /// The exception's name and message.
    pub(super) error: Option<(String, String)>,
    /// What a success has to contain.
    pub(super) answer: Option<Members>,
    /// The token of a sign-in whose claims `answer` and `absent` are about, in place of the answer.
    pub(super) claims_of: Option<String>,
    /// What a success must not contain.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    /// The newest mail to `$EMAIL` after the call.
    pub(super) mail: Option<message::Expected>,
    /// The newest text message to `$NUMBER` after the call.
    pub(super) sms: Option<message::Expected>,
    /// The status, unless it is 200 or 400 as the answer lets expect.
    pub(super) status: Option<u16>,
}

/// A request, perhaps after some time.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) call: String,
    /// Members in place of those that the request has anyway.
    #[serde(default)]
    pub(super) with: Members,
    /// Members that are left out.
    #[serde(default)]
    pub(super) without: Vec<String>,
    /// A body in place of all members.
    pub(super) body: Option<String>,
    /// Without a signature.
    #[serde(default)]
    pub(super) unsigned: bool,
    /// Time that passes before the call; only the emulator's clock can be moved.
    pub(super) later: Option<jiff::SignedDuration>,
    /// Whether this step is refused, so that what comes after it can be seen.
    #[serde(default)]
    pub(super) refused: bool,
}

/// A state of a user, by the steps that lead to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

/// A kind of pool, in the members of `CreateUserPool` and `CreateUserPoolClient`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pool {
    pub(super) name: String,
    /// As the documentation says it.
    pub(super) what: String,
    /// What requests have as `Username` unless they say otherwise.
    #[serde(default = "user")]
    pub(super) username: String,
    #[serde(default)]
    pub(super) settings: Members,
    #[serde(default)]
    pub(super) client: Members,
    /// Members of `SetUserPoolMfaConfig`, where it is called.
    pub(super) mfa: Option<Members>,
}

fn user() -> String {
    "$USER".to_owned()
}

fn plain() -> String {
    "plain".to_owned()
}

impl Evidence {
    pub(super) fn trust(self) -> Trust {
        match self {
            Self::V | Self::R => Trust::Recorded,
            Self::D | Self::M => Trust::Documented,
            Self::C | Self::T => Trust::Corroborated,
            Self::I | Self::U => Trust::Guessed,
        }
    }
}

impl Case {
    /// The step whose answer is looked at.
    pub(super) fn last(&self) -> Step {
        Step {
            call: self.call.clone(),
            with: self.with.clone(),
            without: self.without.clone(),
            body: self.body.clone(),
            unsigned: self.unsigned,
            ..Step::default()
        }
    }
}

impl Trust {
    pub(super) const ALL: [Self; 4] = [
        Self::Recorded,
        Self::Documented,
        Self::Corroborated,
        Self::Guessed,
    ];
}

impl fmt::Display for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Recorded => "recorded",
            Self::Documented => "documented",
            Self::Corroborated => "corroborated",
            Self::Guessed => "guessed",
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            section,
            evidence,
            what,
            ..
        } = self;
        write!(formatter, "{section} [{evidence:?}] {}: {what}", self.call)
    }
}
