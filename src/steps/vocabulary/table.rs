//! The table of all steps.

use std::collections::HashMap;
use std::sync::LazyLock;

use cucumber::gherkin::{Step as GherkinStep, StepType};
use cucumber::step::{Collection, Location, Step};
use regex::Regex;

use super::super::{BadArgument, HasSession, Session, args};
use super::blocks::blocks;
use super::given::given;
use super::messages::{mail_texts, messages};
use super::reach::Reach;
use super::signing_in::{second_factors, signing_in};
use super::then::then;
use super::topic::Topic;
use super::trouble::trouble;
use super::trouble_mail::trouble_mail;
use super::trouble_pool::trouble_pool;
use super::users::users;
use super::when::when;

/// A step as a person sees it.
#[derive(Debug, Clone)]
pub struct StepEntry {
    /// Given, When or Then.
    pub kind: StepType,
    /// The text, with `{placeholders}` and `(?: optional words)`.
    pub pattern: &'static str,
    /// A line as it would stand in a feature.
    pub example: &'static str,
    /// One sentence: what it does or demands.
    pub meaning: &'static str,
    /// What stands below the line.
    pub block: Block,
    /// How many mails it waits for until they come.
    pub receives: Receives,
    /// Whether it signs somebody up, which most pools answer with a mail.
    pub signs_up: bool,
    /// Its function, such as `pools::plain`: what it is about, and where it can be taken, follow from
    /// the module in which that stands.
    pub(super) function: &'static str,
}

/// What a step has below its line.
#[derive(Debug, Clone, Copy)]
pub enum Block {
    /// Nothing.
    None,
    /// A table whose first row names the columns.
    Table {
        /// Its lines, as they would stand in a feature.
        example: &'static str,
        /// Says what is wrong with a table, without running the step.
        check: BlockCheck,
    },
    /// A text between lines of `"""`.
    DocString {
        /// Its lines, without those of the quotation marks.
        example: &'static str,
        /// Says what is wrong with a text, without running the step.
        check: BlockCheck,
    },
}

/// Looks at what stands below a step.
pub type BlockCheck = fn(&GherkinStep) -> Result<(), BadArgument>;

/// How many mails a step demands: so many the target must have sent by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receives {
    /// None.
    Nothing,
    /// One.
    One,
    /// As many as its `{count}` says.
    Count,
}

impl StepEntry {
    pub(super) const fn new(
        kind: StepType,
        pattern: &'static str,
        example: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self {
            kind,
            pattern,
            example,
            meaning,
            block: Block::None,
            receives: Receives::Nothing,
            signs_up: false,
            function: "",
        }
    }

    /// What it is about.
    pub fn topic(&self) -> Topic {
        Topic::of(self.function)
    }

    /// Where it can be taken.
    pub fn reach(&self) -> Reach {
        Reach::of(self.function, self.kind)
    }

    /// The step as it would stand in a feature, with what is below it; lines are not indented.
    pub fn written(&self) -> String {
        let line = format!("{:?} {}", self.kind, self.example);
        match self.block {
            Block::None => line,
            Block::Table { example, .. } => format!("{line}\n{example}"),
            Block::DocString { example, .. } => format!("{line}\n\"\"\"\n{example}\n\"\"\""),
        }
    }
}

/// A step of the table, for a World.
pub(super) struct Definition<W> {
    pub(super) entry: StepEntry,
    pub(super) location: Location,
    pub(super) run: Step<W>,
}

/// A line of the table: kind, text, function, an example, and what it means; then, where it is not
/// what most steps have, `block` and `receives`.
macro_rules! step {
    (
        $kind:ident $pattern:literal => $body:path, $example:literal, $meaning:literal
        $(, $property:ident: $value:expr)*
    ) => {
        $crate::steps::vocabulary::table::Definition {
            entry: $crate::steps::vocabulary::table::StepEntry {
                $($property: $value,)*
                function: stringify!($body),
                ..$crate::steps::vocabulary::table::StepEntry::new(
                    cucumber::gherkin::StepType::$kind,
                    $pattern,
                    $example,
                    $meaning,
                )
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
    let given = given().into_iter().chain(blocks()).chain(trouble());
    let given = given.chain(trouble_pool()).chain(trouble_mail());
    let given = given
        .chain(messages())
        .chain(mail_texts())
        .chain(signing_in())
        .chain(second_factors());
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

/// The steps for people by topic, and in each in the order of Given, When, Then.
pub fn catalogue() -> Vec<StepEntry> {
    let all = definitions::<Probe>();
    let mut all: Vec<_> = all.map(|definition| definition.entry).collect();
    all.sort_by_key(|entry| {
        let kind = match entry.kind {
            StepType::Given => 0,
            StepType::When => 1,
            StepType::Then => 2,
        };
        (entry.topic(), kind)
    });
    all
}

/// The step of this table that is registered with a location.
pub fn entry_at(location: &Location) -> Option<&'static StepEntry> {
    static ENTRIES: LazyLock<HashMap<Location, StepEntry>> = LazyLock::new(|| {
        let all = definitions::<Probe>();
        all.map(|definition| (definition.location, definition.entry))
            .collect()
    });
    ENTRIES.get(location)
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
    fn what_is_said_of_a_pool_is_checked_on_one_that_exists() {
        // Of people, and of what they will give, nothing has to be so beforehand.
        let of_people = ["a new user", "these new users", "Ada gives"];
        for entry in catalogue() {
            let given = entry.kind == StepType::Given;
            let about_people = of_people
                .iter()
                .any(|start| entry.example.starts_with(start));
            let anywhere = entry.reach() == Reach::Anywhere;
            if given {
                assert_eq!(anywhere, about_people, "{}", entry.example);
            } else {
                assert_ne!(entry.reach(), Reach::Checked, "{}", entry.example);
            }
        }
    }

    #[test]
    fn every_step_belongs_to_a_topic_by_its_module() {
        for entry in catalogue() {
            let known = Topic::of_module(entry.function).is_some();
            assert!(known, "{} of {}", entry.function, entry.example);
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
