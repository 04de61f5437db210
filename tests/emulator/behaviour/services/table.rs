//! All tables, in the order of the documentation.

use super::case::Table;
use super::insights::Queries;
use crate::behaviour::case::Trust;

const FILES: [(&str, &str); 4] = [
    ("logs.toml", include_str!("cases/logs.toml")),
    ("ses.toml", include_str!("cases/ses.toml")),
    ("cloudtrail.toml", include_str!("cases/cloudtrail.toml")),
    ("kms.toml", include_str!("cases/kms.toml")),
];

/// Fewer cases mean that a file was not read.
const CASES_MIN: usize = 40;

pub(super) fn tables() -> Vec<Table> {
    let read = |(name, text): &(&str, &str)| {
        toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    FILES.iter().map(read).collect()
}

pub(super) fn queries() -> Queries {
    toml::from_str(include_str!("cases/insights.toml"))
        .unwrap_or_else(|error| panic!("insights.toml: {error}"))
}

#[test]
fn each_case_has_a_source_and_can_fail() {
    let mut seen = std::collections::BTreeSet::new();
    let tables = tables();
    for case in tables.iter().flat_map(|table| &table.cases) {
        assert!(seen.insert(case.to_string()), "twice: {case}");
        let expects = case.error.is_some()
            || case.answer.is_some()
            || case.mails.is_some()
            || case.events.is_some()
            || !case.absent.is_empty();
        assert!(expects, "nothing is expected: {case}");
        let refused = case.error.as_ref().map(|(name, _)| name);
        assert!(
            is_founded(case.known, case.source.as_ref(), refused),
            "{case}"
        );
    }
    for case in &queries().cases {
        assert!(seen.insert(case.query.clone()), "twice: {}", case.query);
        let refused = case.error.as_ref().map(|(name, _)| name);
        assert!(
            is_founded(case.known, case.source.as_ref(), refused),
            "{}",
            case.query
        );
    }
    assert!(seen.len() >= CASES_MIN, "{} cases", seen.len());
}

/// Whether a case says how it is known: all but a guess needs a source, and what is not here, none.
fn is_founded(known: Option<Trust>, source: Option<&String>, refused: Option<&String>) -> bool {
    match known {
        None => refused.is_some_and(|name| name == "NotImplementedException"),
        Some(Trust::Guessed) => true,
        Some(_) => source.is_some(),
    }
}
