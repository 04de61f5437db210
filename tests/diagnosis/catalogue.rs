//! The catalogue as a whole.

use std::collections::BTreeSet;

use reverify::diagnosis::{self, Confidence};

use super::scene::Produced;
use super::{checker, handover, not_asked, receiving, refused, ses};

pub(crate) fn produced() -> Vec<Produced> {
    let parts = [
        not_asked::all(),
        refused::all(),
        handover::all(),
        ses::all(),
        receiving::all(),
        checker::all(),
    ];
    parts.into_iter().flatten().collect()
}

#[test]
fn the_names_are_stable_and_each_text_is_there() {
    let causes: Vec<_> = diagnosis::all().collect();
    assert_eq!(causes.len(), 79);
    let names: BTreeSet<_> = causes.iter().map(|cause| cause.id).collect();
    assert_eq!(names.len(), causes.len(), "two causes share a name");
    for cause in causes {
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(cause.id.chars().all(is_kebab), "{}", cause.id);
        for text in [cause.title, cause.meaning, cause.fix] {
            assert!(
                !text.is_empty() && text.trim() == text,
                "{}: {text:?}",
                cause.id
            );
            assert!(!text.contains("  "), "{}: {text:?}", cause.id);
        }
        assert!(!cause.title.ends_with('.'), "{}", cause.id);
        assert!(cause.meaning.ends_with('.'), "{}", cause.id);
        assert!(
            !cause.id.contains("cach"),
            "there is no evidence for caching"
        );
    }
}

/// Causes that a story of one missing mail cannot bring to the confidence that they can reach.
const ELSEWHERE: [(&str, &str); 2] = [
    (
        "config-drift",
        "verdicts::a_change_and_what_it_did_are_told_in_order",
    ),
    (
        "default-mail-bounce-restricted",
        "refused::a_reduced_quota_is_likely_when_few_mails_were_sent",
    ),
];

#[test]
fn each_cause_is_produced_with_the_confidence_that_it_can_reach() {
    let produced = produced();
    for cause in diagnosis::all() {
        if ELSEWHERE.iter().any(|(id, _)| *id == cause.id) {
            continue;
        }
        let surest = produced
            .iter()
            .filter(|one| one.id == cause.id)
            .map(|one| one.confidence)
            .min();
        assert_eq!(surest, Some(cause.reaches), "{}", cause.id);
        assert!(cause.reaches <= Confidence::Possible, "{}", cause.id);
    }
}
