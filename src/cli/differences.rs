//! Where runs on several targets part, for a person.

use super::problem;
use crate::report::{RunReport, differences, one_line};

/// Differences that are told; a mirror that differs everywhere needs no list.
const SHOWN_MAX: usize = 20;

/// Tells where each further run differs from the first one.
pub(super) fn tell(reports: &[RunReport]) {
    let Some((first, others)) = reports.split_first() else {
        return;
    };
    for other in others {
        let found = differences(first, other);
        let (one, two) = (one_line(&first.target.name), one_line(&other.target.name));
        if found.is_empty() {
            problem::note(&format!(
                "       Alike {one} and {two}: every scenario ended the same way"
            ));
            continue;
        }
        let count = found.len();
        let scenarios = if count == 1 { "scenario" } else { "scenarios" };
        problem::note(&format!(
            "      Differ {one} and {two}, in {count} {scenarios}"
        ));
        for part in found.iter().take(SHOWN_MAX) {
            let which = one_line(&format!("{}  {}", part.id, part.title));
            let (first, second) = (one_line(&part.first), one_line(&part.second));
            problem::note(&format!(
                "             {which}\n               {one}: {first}\n               {two}: {second}\n               {}",
                part.meaning,
            ));
        }
        if count > SHOWN_MAX {
            problem::note(&format!("             and {} more", count - SHOWN_MAX));
        }
    }
}
