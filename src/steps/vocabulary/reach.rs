//! Where a step can be taken: on every target, or on some.

use cucumber::gherkin::StepType;

use super::super::target::Target;
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

/// Modules whose functions need an emulator.
const OF_EMULATOR: [&str; 7] = [
    "account",
    "disturbances",
    "function_calls",
    "function_rules",
    "functions",
    "mail_faults",
    "own_ses",
];

impl Reach {
    /// The reach of a step by its function.
    pub(super) fn of(function: &str, kind: StepType) -> Self {
        let module = function.split("::").next().unwrap_or_default();
        match function {
            "disturbances::somebody_confirms" | "disturbances::tries_to_delete" => Self::Anywhere,
            "disturbances::deletes_in_other_pool"
            | "pools::another"
            | "pools::second_client"
            | "sign_up::through_second_client"
            | "unusual_sign_ups::in_other_pool"
            | "unusual_sign_ups::tries_through_deleted_client"
            | "user_management::found_by_beginning"
            | "user_management::found_by_value" => Self::OwnPool,
            "second_factor::answers_by_message" => Self::Emulator,
            "aliases::preferred_usernames"
            | "blocks::mail_says"
            | "second_factor::optional"
            | "second_factor::required"
            | "user_attributes::pool_requires"
            | "user_attributes::pool_with_custom"
            | "user_attributes::pool_with_immutable"
            | "user_management::no_symbols"
            | "user_management::password_length"
            | "user_management::recovery_by_administrators"
            | "user_management::recovery_by_mail"
            | "user_management::temporary_days"
            | "user_management::usual_passwords" => Self::Checked,
            _ if OF_EMULATOR.contains(&module) => Self::Emulator,
            _ if !["pools", "settings"].contains(&module) => Self::Anywhere,
            // What a pool is can be looked at; what it is to become cannot.
            _ if kind == StepType::Given => Self::Checked,
            _ => Self::OwnPool,
        }
    }

    /// In a few words: what becomes of the step on a pool of AWS.
    pub fn on_existing_pool(self) -> &'static str {
        match self {
            Self::Anywhere => "the same",
            Self::Checked => "checked",
            Self::OwnPool | Self::Emulator => "not applicable",
        }
    }

    /// Whether a step, written so, can be taken on a target.
    ///
    /// # Errors
    ///
    /// That the scenario is not applicable there, and why.
    pub fn includes(self, target: &Target, step: &str) -> Result<(), Failure> {
        let text = match (self, &target.pool) {
            (Self::Emulator, _) if target.surroundings.is_none() => format!(
                "`{step}` needs an emulator, where faults, time, functions and SES can be set; {} \
                 is none",
                target.name
            ),
            (Self::OwnPool | Self::Emulator, Some(pool)) => format!(
                "`{step}` needs a pool of the scenario's own; {} was there before and stays as it is",
                pool.id
            ),
            _ => return Ok(()),
        };
        Err(Failure::not_applicable(text).help("run it on the embedded target"))
    }
}
