//! What a step was probably meant to be.

use cucumber::gherkin::{Step, StepType};
use cucumber::step::Collection;

use crate::steps::{self, StepEntry};

/// Texts less alike than this are not suggested: a wrong hint is worse than none.
const LIKENESS_MIN: f64 = 0.55;
/// How much a step of the same keyword goes before one of another.
const SAME_KIND_LIKENESS: f64 = 0.05;

/// What to write in place of a step that is not defined.
pub(super) fn suggestion<W>(step: &Step, steps: &Collection<W>) -> String {
    if let Some(kind) = other_kind(step, steps) {
        return format!(
            "this is a `{kind:?}`: write `{kind:?} {}`, or `And` after another `{kind:?}`",
            step.value
        );
    }
    match nearest(step) {
        Some(entry) if entry.kind == step.ty => {
            let written = entry.written();
            let (_, written) = written.split_once(' ').unwrap_or_default();
            format!("did you mean: {} {written}", step.keyword.trim())
        }
        Some(entry) => format!("did you mean: {}", entry.written()),
        None => "`reverify steps` shows what a scenario can say".to_owned(),
    }
}

/// The keyword under which the same text is a step.
fn other_kind<W>(step: &Step, steps: &Collection<W>) -> Option<StepType> {
    let kinds = [StepType::Given, StepType::When, StepType::Then];
    kinds
        .into_iter()
        .filter(|kind| *kind != step.ty)
        .find(|&ty| {
            let step = Step { ty, ..step.clone() };
            matches!(steps.find(&step), Ok(Some(_)))
        })
}

fn nearest(step: &Step) -> Option<StepEntry> {
    let written = skeleton(&step.value);
    let likeness = |entry: &StepEntry| {
        let bonus = if entry.kind == step.ty {
            SAME_KIND_LIKENESS
        } else {
            0.0
        };
        strsim::normalized_levenshtein(&skeleton(entry.example), &written) + bonus
    };
    let all = steps::catalogue().into_iter();
    let rated = all.map(|entry| (likeness(&entry), entry));
    let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .map(|(_, entry)| entry)
}

/// A step text without what differs from one use to the next: names, numbers and quoted texts.
fn skeleton(text: &str) -> String {
    let mut plain = String::new();
    for (index, part) in text.split('"').enumerate() {
        if index % 2 == 1 {
            plain.push_str("\"\"");
            continue;
        }
        for word in part.split_inclusive(' ') {
            let first = word.chars().next();
            let differs = first.is_some_and(|c| c.is_ascii_digit() || c.is_uppercase());
            match (differs, word.ends_with(' ')) {
                (false, _) => plain.push_str(word),
                (true, true) => plain.push_str("_ "),
                (true, false) => plain.push('_'),
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::super::ReverifyWorld;
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        let steps = steps::register(Collection::<ReverifyWorld>::new());
        let cases = [
            (
                StepType::When,
                "Grace signs upp",
                "did you mean: Wenn Ada signs up",
            ),
            (
                StepType::When,
                "Ada signs up for the newsletter of the shop",
                "reverify steps",
            ),
            (
                StepType::Then,
                "Bartholomew recieves a verification mail within 3600 seconds",
                "did you mean: Wenn Ada receives a verification mail within 60 seconds",
            ),
            (
                StepType::Then,
                "the mails subject is \"A rather long subject, longer than the example's\"",
                "the mail's subject is",
            ),
            (
                StepType::Then,
                "Ada signs up",
                "this is a `When`: write `When Ada signs up`",
            ),
            (StepType::Given, "this new users:", "| name  | address"),
        ];
        for (ty, value, expected) in cases {
            let step = Step::builder().keyword("Wenn ".to_owned()).ty(ty);
            let found = suggestion(&step.value(value.to_owned()).build(), &steps);
            assert!(found.contains(expected), "{value}: {found}");
        }
    }
}
