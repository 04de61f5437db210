//! A behaviour of a service as `cases/*.toml` writes it down.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::super::case::{Members, Trust};

/// Which service's operation is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Service {
    Cognito,
    Logs,
    Ses,
    CloudTrail,
    Kms,
}

/// The cases of one service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) service: Service,
    /// As the documentation says them: the heading, and what is to be known before.
    pub(super) title: String,
    #[serde(default)]
    pub(super) about: String,
    /// Seed files by their names; `standard` has a case that names none.
    #[serde(default)]
    pub(super) seeds: BTreeMap<String, String>,
    /// Steps by the name of what they lead to.
    #[serde(default)]
    pub(super) given: BTreeMap<String, Vec<Step>>,
    #[serde(rename = "case")]
    pub(super) cases: Vec<Case>,
}

/// One behaviour: after `given` and `before`, `call` is answered so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What distinguishes it, as the documentation says it.
    pub(super) what: String,
    /// Nothing for what is not here, which AWS has.
    pub(super) known: Option<Trust>,
    /// A page of AWS, or a section of COGNITO.md or CAUSES.md; a guess may have none.
    pub(super) source: Option<String>,
    /// The name of the seed file.
    pub(super) seed: Option<String>,
    #[serde(default)]
    pub(super) given: Vec<String>,
    #[serde(default)]
    pub(super) before: Vec<Step>,
    pub(super) call: String,
    #[serde(default)]
    pub(super) with: Members,
    #[serde(default)]
    pub(super) unsigned: bool,
    /// The exception's name and message; `*` is any text.
    pub(super) error: Option<(String, String)>,
    /// The status, unless it is 200 or 400 as the answer lets expect.
    pub(super) status: Option<u16>,
    /// What a success has to contain; `*` is any text.
    pub(super) answer: Option<Members>,
    /// What a success must not contain.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    /// Where in the answer the text stands whose JSON `answer` and `absent` are about, in place of the
    /// answer itself: names and places with dots between.
    pub(super) json_at: Option<String>,
    /// To whom mails arrived, from the start.
    pub(super) mails: Option<Vec<String>>,
    /// The `detail-type` of each event of SES in the log group of its rule, from the start.
    pub(super) events: Option<Vec<String>>,
}

/// Something that happens before the call that a case is about.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// An operation, with the name of its service before it where that is another one.
    pub(super) call: Option<String>,
    /// A method and a path of the control interface, below its version.
    pub(super) control: Option<String>,
    /// The members of either's body.
    #[serde(default)]
    pub(super) with: Members,
    /// Time that passes before.
    pub(super) later: Option<jiff::SignedDuration>,
    /// Whether the call is refused, so that what comes after it can be seen.
    #[serde(default)]
    pub(super) refused: bool,
}

impl Service {
    /// The service and the operation of a call such as `logs CreateLogGroup`.
    pub(super) fn of(self, call: &str) -> (Self, &str) {
        let Some((service, operation)) = call.split_once(' ') else {
            return (self, call);
        };
        let service = match service {
            "cognito" => Self::Cognito,
            "logs" => Self::Logs,
            "ses" => Self::Ses,
            "cloudtrail" => Self::CloudTrail,
            "kms" => Self::Kms,
            other => panic!("no service {other:?}"),
        };
        (service, operation)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.call, self.what)
    }
}
