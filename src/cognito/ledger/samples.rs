//! Rows for the tables of tests.

use super::{Intent, LedgerRow, RowState};
use crate::model::{RunId, ScenarioId, UserPoolId, UserSub};

/// The row of a sign-up of `ada` by the run `7f3c`, answered with this `sub`, or not answered.
pub(crate) fn row(sub: Option<&str>) -> LedgerRow {
    LedgerRow {
        id: 1,
        intent: Intent {
            run: RunId::new("7f3c"),
            scenario: ScenarioId::new("features/sign_up.feature", 9),
            attempt: 1,
            target: "staging".into(),
            pool: UserPoolId::new("eu-west-1_AbCdEfGhI"),
            username: "ada".into(),
        },
        sub: sub.map(UserSub::new),
        state: RowState::Intended,
        intended: "2026-11-21T03:00:00Z".parse().unwrap(),
    }
}
