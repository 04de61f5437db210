//! The table of all steps.

use cucumber::gherkin::StepType;
use cucumber::step::{Collection, Location, Step};
use regex::Regex;

use super::super::{HasSession, Session, args};
use super::given::given;
use super::messages::messages;
use super::signing_in::signing_in;
use super::then::then;
use super::trouble::trouble;
use super::trouble_mail::trouble_mail;
use super::trouble_pool::trouble_pool;
use super::users::users;
use super::when::when;

/// A step as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepEntry {
    /// Given, When or Then.
    pub kind: StepType,
    /// The text, with `{placeholders}` and `(?: optional words)`.
    pub pattern: &'static str,
    /// A line as it would stand in a feature.
    pub example: &'static str,
    /// One sentence: what it does or demands.
    pub meaning: &'static str,
}

/// A step of the table, for a World.
pub(super) struct Definition<W> {
    pub(super) entry: StepEntry,
    pub(super) location: Location,
    pub(super) run: Step<W>,
}

/// A line of the table: kind, text, function, an example, and what it means.
macro_rules! step {
    ($kind:ident $pattern:literal => $body:path, $example:literal, $meaning:literal) => {
        $crate::steps::vocabulary::table::Definition {
            entry: $crate::steps::vocabulary::table::StepEntry {
                kind: cucumber::gherkin::StepType::$kind,
                pattern: $pattern,
                example: $example,
                meaning: $meaning,
            },
            location: cucumber::step::Location {
                path: file!(),
                line: line!(),
                column: column!(),
            },
            run: |world: &mut W,
                  context: cucumber::step::Context|
             -> futures::future::LocalBoxFuture<'_, ()> {
                let session = world.session();
                Box::pin($crate::steps::adapter::run(session, context, $body))
            },
        }
    };
}

pub(super) use step;

fn definitions<W: HasSession>() -> impl Iterator<Item = Definition<W>> {
    let given = given().into_iter().chain(trouble());
    let given = given.chain(trouble_pool()).chain(trouble_mail());
    let given = given.chain(messages()).chain(signing_in());
    given.chain(when()).chain(then()).chain(users())
}

/// Adds all steps to a collection of a World's own steps.
///
/// ```
/// use cucumber::World as _;
/// use reverify::steps;
/// use reverify::suite::ReverifyWorld;
///
/// let all = steps::register(ReverifyWorld::collection());
/// ```
pub fn register<W: HasSession>(steps: Collection<W>) -> Collection<W> {
    definitions::<W>().fold(steps, |steps, definition| {
        let place = Some(definition.location);
        // The table is tested: each of its patterns is an expression.
        let Ok(regex) = Regex::new(&args::expression(definition.entry.pattern)) else {
            return steps;
        };
        match definition.entry.kind {
            StepType::Given => steps.given(place, regex, definition.run),
            StepType::When => steps.when(place, regex, definition.run),
            StepType::Then => steps.then(place, regex, definition.run),
        }
    })
}

/// The steps for people, in the order of Given, When, Then.
pub fn catalogue() -> Vec<StepEntry> {
    let all = definitions::<Probe>();
    all.map(|definition| definition.entry).collect()
}

/// Whether a step stands in this table, and so records what it does.
pub fn is_ours(location: &Location) -> bool {
    let folder = |path: &str| {
        path.rsplit_once(['/', '\\'])
            .map(|(folder, _)| folder.to_owned())
    };
    folder(location.path) == folder(file!())
}

/// A World of no use but to name the type of the table.
#[derive(Debug, Default, cucumber::World)]
struct Probe(Session);

impl HasSession for Probe {
    fn session(&mut self) -> &mut Session {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_example_matches_its_own_step_and_no_other() {
        let steps: Vec<_> = catalogue()
            .into_iter()
            .map(|entry| (Regex::new(&args::expression(entry.pattern)).unwrap(), entry))
            .collect();
        for (_, entry) in &steps {
            let same_kind = steps.iter().filter(|(_, other)| other.kind == entry.kind);
            let matching = same_kind.filter(|(regex, _)| regex.is_match(entry.example));
            let patterns: Vec<_> = matching.map(|(_, other)| other.pattern).collect();
            assert_eq!(patterns, [entry.pattern], "{}", entry.example);
        }
    }

    #[test]
    fn no_text_means_two_things() {
        let mut patterns = HashSet::new();
        for entry in catalogue() {
            assert!(patterns.insert(entry.pattern), "{} twice", entry.pattern);
            assert!(entry.meaning.ends_with('.'), "{}", entry.meaning);
        }
    }
}
