//! Where a step can be taken: on every target, or on some.

use cucumber::gherkin::StepType;

use super::super::ground::Ground;
use crate::record::Failure;

/// Where a step can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On every target.
    Anywhere,
    /// On every target; a pool that was there before is not set up but checked.
    Checked,
    /// Where scenarios make pools of their own: it would change one that was there before, or count on
    /// being alone there.
    OwnPool,
    /// On an emulator where scenarios make pools of their own: faults, time and functions are theirs alone.
    Emulator,
}

impl Reach {
    /// The reach of the steps of a module, unless a row of the table says otherwise; none for a module
    /// of which it is not known.
    pub(super) fn of_module(function: &str, kind: StepType) -> Option<Self> {
        Some(match function.split("::").next()? {
            "account" | "disturbances" | "function_calls" | "function_rules" | "functions"
            | "mail_faults" | "own_ses" => Self::Emulator,
            // What a pool is can be looked at; what it is to become cannot.
            "pools" | "settings" if kind == StepType::Given => Self::Checked,
            "pools" | "settings" => Self::OwnPool,
            "aliases" | "blocks" | "codes" | "complaint" | "confirm" | "delete" | "invitations"
            | "invited_users" | "links" | "mail_checks" | "mails" | "passwords" | "people"
            | "rounds" | "second_factor" | "sign_in" | "sign_up" | "state" | "tokens"
            | "unusual_sign_ups" | "user_attributes" | "user_management" | "why" => Self::Anywhere,
            _ => return None,
        })
    }

    /// In a few words: what becomes of the step on a pool of AWS.
    pub fn on_existing_pool(self) -> &'static str {
        match self {
            Self::Anywhere => "the same",
            Self::Checked => "checked",
            Self::OwnPool | Self::Emulator => "not applicable",
        }
    }

    /// What a step needs that a target of this ground does not have, in a few words; none where it can
    /// be taken there.
    pub fn lacks(self, ground: &Ground) -> Option<&'static str> {
        match self {
            Self::Emulator if !ground.is_changeable => Some("needs an emulator of the run's own"),
            Self::OwnPool | Self::Emulator if ground.existing_pool.is_some() => {
                Some("needs a pool of its own")
            }
            _ => None,
        }
    }

    /// Whether a step, written so, can be taken on a target.
    ///
    /// # Errors
    ///
    /// That the scenario is not applicable there, and why.
    pub fn includes(self, ground: &Ground, step: &str) -> Result<(), Failure> {
        let text = match (self, &ground.existing_pool) {
            (Self::Emulator, _) if !ground.is_changeable => format!(
                "`{step}` needs an emulator of the run's own, where faults, time, functions and SES can \
                 be set; {} is none",
                ground.target
            ),
            (Self::OwnPool | Self::Emulator, Some(pool)) => format!(
                "`{step}` needs a pool of the scenario's own; {pool} was there before and stays as it is"
            ),
            _ => return Ok(()),
        };
        Err(Failure::not_applicable(text).help("run it on the embedded target"))
    }
}
