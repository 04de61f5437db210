//! All cases, with the states and pools that they name.

use serde::Deserialize;

use super::case::{Case, Members, Pool, State, Step};

const FILES: [(&str, &str); 11] = [
    ("common.toml", include_str!("cases/common.toml")),
    ("protocol.toml", include_str!("cases/protocol.toml")),
    ("sign_up.toml", include_str!("cases/sign_up.toml")),
    ("secrets.toml", include_str!("cases/secrets.toml")),
    ("confirmation.toml", include_str!("cases/confirmation.toml")),
    ("recovery.toml", include_str!("cases/recovery.toml")),
    ("users.toml", include_str!("cases/users.toml")),
    ("sign_in.toml", include_str!("cases/sign_in.toml")),
    ("messages.toml", include_str!("cases/messages.toml")),
    ("triggers.toml", include_str!("cases/triggers.toml")),
    ("senders.toml", include_str!("cases/senders.toml")),
];

/// Everything that the files say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Table {
    #[serde(rename = "pool")]
    pub(super) pools: Vec<Pool>,
    #[serde(rename = "state")]
    states: Vec<State>,
    /// Members that requests of an operation have unless a step says otherwise.
    default: Members,
    #[serde(rename = "case")]
    pub(super) cases: Vec<Case>,
}

impl Table {
    pub(super) fn read() -> Self {
        let mut table = Self::default();
        for (name, text) in FILES {
            let file: Self = toml::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            table.pools.extend(file.pools);
            table.states.extend(file.states);
            table.default.extend(file.default);
            table.cases.extend(file.cases);
        }
        table
    }

    pub(super) fn state(&self, name: &str) -> &State {
        let state = self.states.iter().find(|state| state.name == name);
        state.unwrap_or_else(|| panic!("no state {name:?}"))
    }

    pub(super) fn states_by_name(&self) -> Vec<(String, Vec<Step>)> {
        let states = self.states.iter();
        states
            .map(|state| (state.name.clone(), state.steps.clone()))
            .collect()
    }

    /// The cases of a pool, in the order of the files.
    pub(super) fn cases_of<'a>(&'a self, pool: &'a Pool) -> impl Iterator<Item = &'a Case> {
        self.cases.iter().filter(|case| case.pool == pool.name)
    }

    /// What requests of an operation have unless a step says otherwise.
    pub(super) fn default_of(&self, operation: &str) -> Members {
        let members = self.default.get(operation).and_then(|it| it.as_object());
        members.cloned().unwrap_or_default()
    }
}

#[test]
fn each_case_is_told_apart_and_can_fail() {
    let table = Table::read();
    let mut seen = std::collections::BTreeSet::new();
    for case in &table.cases {
        assert!(seen.insert(case.to_string()), "twice: {case}");
        let expects = case.error.is_some()
            || case.answer.is_some()
            || case.mail.is_some()
            || case.sms.is_some()
            || !case.absent.is_empty();
        assert!(expects, "nothing is expected: {case}");
        assert!(
            table.pools.iter().any(|pool| pool.name == case.pool),
            "no such pool: {case}"
        );
    }
    assert!(
        table.cases.len() >= CASES_MIN,
        "{} cases",
        table.cases.len()
    );
}

/// Fewer mean that a file was not read.
const CASES_MIN: usize = 150;
