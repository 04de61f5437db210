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
    /// Its function, such as `pools::plain`. What most steps of a module are about, and where they can be
    /// taken, follows from the module.
    pub(super) function: &'static str,
    /// What it is about, if that is something else than the rest of its module.
    pub(super) topic: Option<Topic>,
    /// Where it can be taken, if that is elsewhere than the rest of its module.
    pub(super) reach: Option<Reach>,
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
            topic: None,
            reach: None,
        }
    }

    /// What it is about.
    pub fn topic(&self) -> Topic {
        let of_module = || Topic::of_module(self.function);
        // A test sees to it that every module has a topic.
        self.topic.or_else(of_module).unwrap_or(Topic::Pool)
    }

    /// Where it can be taken.
    pub fn reach(&self) -> Reach {
        let of_module = || Reach::of_module(self.function, self.kind);
        // A test sees to it that every module has a reach; without one nothing real may be touched.
        self.reach.or_else(of_module).unwrap_or(Reach::Emulator)
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
/// what most steps have, `block` and `receives`, and what its module does not say, `topic` and `reach`.
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
    fn every_module_has_a_topic_and_a_reach() {
        for entry in catalogue() {
            let topic = Topic::of_module(entry.function);
            let reach = Reach::of_module(entry.function, entry.kind);
            let known = topic.is_some() && reach.is_some();
            assert!(known, "{} of {}", entry.function, entry.example);
        }
    }

    #[test]
    fn what_a_row_says_is_something_else_than_its_module_says() {
        for entry in catalogue() {
            let topic = Topic::of_module(entry.function);
            let reach = Reach::of_module(entry.function, entry.kind);
            let repeats = entry.topic.is_some() && entry.topic == topic
                || entry.reach.is_some() && entry.reach == reach;
            assert!(!repeats, "{} of {}", entry.function, entry.example);
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
