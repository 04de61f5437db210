//! How many mails a scenario costs: what its tag says, and what its steps wait for.

use cucumber::gherkin::{Scenario, Step};
use cucumber::step::Collection;

use super::{FeatureProblem, Source, tags};
use crate::steps::{Receives, entry_at};

/// The mails for which steps wait until they come; a user's own steps wait for none.
pub(super) fn awaited<'a, W>(all: impl Iterator<Item = &'a Step>, steps: &Collection<W>) -> u32 {
    let of_step = |step: &Step| {
        let (_, _, place, context) = steps.find(step).ok().flatten()?;
        match entry_at(&place?)?.receives {
            Receives::Nothing => None,
            Receives::One => Some(1),
            Receives::Count => {
                let mut named = context.matches.iter();
                let count = named.find(|(name, _)| name.as_deref() == Some("count"));
                count.and_then(|(_, text)| text.parse().ok())
            }
        }
    };
    all.filter_map(of_step).fold(0, u32::saturating_add)
}

/// What the most specific tag promises.
pub(super) fn promised(tags: &[String]) -> Option<u32> {
    tags.iter().filter_map(|tag| tags::mails(tag)).next_back()
}

/// Whether a tag is missing, or promises other than the steps wait for.
pub(super) fn warning(
    source: &Source,
    scenario: &Scenario,
    promised: Option<u32>,
    awaited: u32,
) -> Option<FeatureProblem> {
    let (what, label, help) = match promised {
        None if awaited == 0 => return None,
        None => (
            "the scenario's tags do not say how many mails it costs".to_owned(),
            format!("its steps wait for {}", mails(awaited)),
            format!("write `@mails:{awaited}` above it, so that a run's cost is known beforehand"),
        ),
        Some(promised) if promised == awaited => return None,
        Some(promised) => (
            format!("`@mails:{promised}` is not what the steps of the scenario cost"),
            format!("they wait for {}", mails(awaited)),
            format!(
                "write `@mails:{awaited}`, or let the scenario wait for each mail that it causes"
            ),
        ),
    };
    // Rows of examples have places of their own; their outline's is what a person looks at.
    let (line, column) = place(&source.text, scenario.span.start);
    Some(FeatureProblem {
        what,
        label,
        help,
        ..FeatureProblem::at(source, line, column)
    })
}

/// A number of mails in words.
pub(super) fn mails(count: u32) -> String {
    match count {
        1 => "1 mail".to_owned(),
        count => format!("{count} mails"),
    }
}

/// Line and column of a byte, each from 1; the column in characters.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let (lines, last) = before
        .rsplit_once('\n')
        .map_or((0, before), |(lines, last)| {
            (lines.matches('\n').count() + 1, last)
        });
    (lines + 1, last.chars().count() + 1)
}
