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

/// How many steps sign somebody up; a user's own are not known to.
fn sign_ups<'a, W>(all: impl Iterator<Item = &'a Step>, steps: &Collection<W>) -> u32 {
    let signs_up = |step: &&Step| {
        let found = steps.find(step).ok().flatten();
        let place = found.and_then(|(_, _, place, _)| place);
        place
            .and_then(|place| entry_at(&place))
            .is_some_and(|entry| entry.signs_up)
    };
    u32::try_from(all.filter(signs_up).count()).unwrap_or(u32::MAX)
}

/// What the most specific tag promises.
pub(super) fn promised(tags: &[String]) -> Option<u32> {
    tags.iter().filter_map(|tag| tags::mails(tag)).next_back()
}

/// What the steps of a scenario make the target send, as far as they tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// The mails that they wait for.
    pub(super) awaited: u32,
    /// How many of them sign somebody up, which most pools answer with a mail.
    pub(super) sign_ups: u32,
}

impl Cost {
    pub(super) fn of<'a, W, I>(all: impl Fn() -> I, steps: &Collection<W>) -> Self
    where
        I: Iterator<Item = &'a Step>,
    {
        Self {
            awaited: awaited(all(), steps),
            sign_ups: sign_ups(all(), steps),
        }
    }

    /// No fewer than may be sent: a budget that counts too few is none.
    fn advised(self) -> u32 {
        self.awaited.max(self.sign_ups)
    }

    /// What the steps do, for a sentence about them.
    fn described(self) -> String {
        match self.sign_ups {
            more if more > self.awaited => format!(
                "wait for {}, and sign up {}",
                mails(self.awaited),
                times(more)
            ),
            _ => format!("wait for {}", mails(self.awaited)),
        }
    }
}

/// Whether a tag is missing, or promises other than the steps cost.
pub(super) fn warning(
    source: &Source,
    scenario: &Scenario,
    promised: Option<u32>,
    cost: Cost,
) -> Option<FeatureProblem> {
    let advised = cost.advised();
    let (what, label, help) = match promised {
        None if cost.awaited == 0 => return None,
        None => (
            "the scenario's tags do not say how many mails it costs".to_owned(),
            format!("its steps {}", cost.described()),
            format!("write `@mails:{advised}` above it, so that a run's cost is known beforehand"),
        ),
        // Whether a sign-up that nobody waits for brings a mail is for the scenario's writer to know.
        Some(promised) if (cost.awaited..=advised).contains(&promised) => return None,
        Some(promised) => (
            format!("`@mails:{promised}` is not what the steps of the scenario cost"),
            format!("they {}", cost.described()),
            format!(
                "write `@mails:{advised}`, or let the scenario wait for each mail that it causes"
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

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
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
