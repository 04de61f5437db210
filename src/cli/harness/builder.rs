//! What a test target of the user's says about its scenarios.

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

use cucumber::gherkin::Scenario;
use cucumber::step::Collection;
use futures::future::LocalBoxFuture;
use libtest_mimic::{Completion, Trial};

use super::super::args::Color;
use super::super::problem;
use super::arguments::Asked;
use super::outcomes::Outcomes;
use super::run;
use crate::cognito::Ledger;
use crate::record::{Failure, PlannedScenario};
use crate::report::ScenarioEnding;
use crate::steps::{HasSession, Limits, Target};
use crate::suite::{ReverifyWorld, Selection, Source, Suite, SuiteError};

/// The tag of scenarios that run only with `--ignored` or `--include-ignored`.
const TAG_IGNORE: &str = "ignore";

/// Runs scenarios under `cargo test` and `cargo nextest run`, each as a test of its own.
///
/// It is the whole of a test target without Rust's harness (`harness = false` in `Cargo.toml`):
///
/// ```no_run
/// use reverify::Harness;
///
/// fn main() -> std::process::ExitCode {
///     Harness::new().features("features").main()
/// }
/// ```
///
/// Steps of your own stand beside ours, in a World of your own. Cucumber's attributes name the crate
/// `cucumber`, so it has to be among your dev-dependencies, in the version that this crate has:
///
/// ```no_run
/// use cucumber::{World, given};
/// use reverify::Harness;
/// use reverify::steps::{HasSession, Session};
///
/// #[derive(Debug, Default, World)]
/// struct Shop {
///     verification: Session,
///     cart: Vec<String>,
/// }
///
/// impl HasSession for Shop {
///     fn session(&mut self) -> &mut Session {
///         &mut self.verification
///     }
/// }
///
/// #[given(expr = "a cart with {string}")]
/// fn cart(shop: &mut Shop, article: String) {
///     shop.cart.push(article);
/// }
///
/// fn main() -> std::process::ExitCode {
///     Harness::with_steps(Shop::collection())
///         .features("features")
///         .shipped_features()
///         .main()
/// }
/// ```
///
/// Paths count from the folder of the package, where cargo runs its tests. A scenario that is
/// tagged `@ignore` runs only with `--ignored` or `--include-ignored`. What you print is not captured.
///
/// Every step ends in time, one of your own too: it is dropped where it waits.
pub struct Harness<W: HasSession = ReverifyWorld> {
    suite: Suite<W>,
    selection: Selection,
    limits: Limits,
    target: Option<(Target, Ledger)>,
    /// The first thing that was wrong while this was put together.
    wrong: Option<SuiteError>,
}

impl Harness<ReverifyWorld> {
    /// A harness without features, whose scenarios use our steps only.
    pub fn new() -> Self {
        Self::with_steps(Collection::new())
    }
}

impl Default for Harness<ReverifyWorld> {
    fn default() -> Self {
        Self::new()
    }
}

impl<W: HasSession> Harness<W> {
    /// A harness without features, whose scenarios use these steps and ours.
    pub fn with_steps(own: Collection<W>) -> Self {
        Self {
            suite: Suite::new(Vec::new(), own),
            selection: Selection::all(),
            limits: Limits::default(),
            target: None,
            wrong: None,
        }
    }

    /// Adds a feature file, or all `*.feature` files below a folder.
    #[must_use]
    pub fn features(mut self, path: impl AsRef<Path>) -> Self {
        match Source::read(path.as_ref()) {
            Ok(sources) => self.suite = self.suite.with_features(sources),
            Err(error) => self.wrong = self.wrong.or(Some(error)),
        }
        self
    }

    /// Adds the features that ship with this crate.
    #[must_use]
    pub fn shipped_features(mut self) -> Self {
        self.suite = self.suite.with_features(Source::shipped());
        self
    }

    /// Leaves out scenarios whose tags do not fulfil an expression, such as `not @slow`.
    #[must_use]
    pub fn tags(mut self, expression: &str) -> Self {
        match self.selection.clone().with_tags(expression) {
            Ok(selection) => self.selection = selection,
            Err(error) => self.wrong = self.wrong.or(Some(error.into())),
        }
        self
    }

    /// Adds something to do before each scenario; see [`Suite::before`].
    #[must_use]
    pub fn before(
        mut self,
        hook: impl for<'a> Fn(&'a Scenario, &'a mut W) -> LocalBoxFuture<'a, ()> + 'static,
    ) -> Self {
        self.suite = self.suite.before(hook);
        self
    }

    /// Adds something to do after each scenario; see [`Suite::after`].
    #[must_use]
    pub fn after(
        mut self,
        hook: impl for<'a> Fn(&'a Scenario, Option<&'a Failure>, &'a mut W) -> LocalBoxFuture<'a, ()>
        + 'static,
    ) -> Self {
        self.suite = self.suite.after(hook);
        self
    }

    /// Changes how long things may take.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Tests this target instead of an embedded one.
    ///
    /// The ledger notes each user before it is created; keep it in a file where users outlive the
    /// process.
    ///
    /// ```no_run
    /// use reverify::Harness;
    /// use reverify::cognito::Ledger;
    /// use reverify::embedded::{Embedded, EmbeddedSettings};
    ///
    /// fn main() -> Result<std::process::ExitCode, Box<dyn std::error::Error>> {
    ///     let region = "eu-central-1".to_owned();
    ///     let elsewhere = Embedded::start(EmbeddedSettings { region, ..Default::default() })?;
    ///     let harness = Harness::new().features("features");
    ///     Ok(harness.on(elsewhere.target(), Ledger::in_memory()?).main())
    /// }
    /// ```
    #[must_use]
    pub fn on(mut self, target: Target, ledger: Ledger) -> Self {
        self.target = Some((target, ledger));
        self
    }

    /// Does what the arguments of the process ask for, and answers its exit code: 0 when all tests
    /// passed, 101 when one did not, as Rust's harness has it; the codes of the `reverify` command
    /// where nothing could be run. A scenario that does not apply to the target is shown as ignored;
    /// where none applies the code is 4. `cargo nextest`, which starts a process for each, knows
    /// nothing of the kind: there it counts as passed, and its output says why it is not.
    pub fn main(self) -> ExitCode {
        let asked = Asked::of(std::env::args_os());
        for flag in &asked.left_aside {
            problem::note(&format!("warning: {flag} means nothing to scenarios"));
        }
        if let Some(error) = &self.wrong {
            return problem::suite(error, Color::Auto).into();
        }
        let suite = self.suite.select(self.selection);
        let plan = match suite.plan() {
            Ok(plan) => plan,
            Err(error) => return problem::suite(&error, Color::Auto).into(),
        };
        let outcomes = Outcomes::default();
        let mut trials = Vec::new();
        let mut chosen = HashSet::new();
        for scenario in plan.scenarios() {
            let trial = trial(scenario, &outcomes);
            if !asked.names(&trial) {
                continue;
            }
            if !asked.arguments.is_filtered_out(&trial) && !asked.arguments.is_ignored(&trial) {
                chosen.insert(scenario.id.clone());
            }
            trials.push(trial);
        }
        if asked.arguments.list || chosen.is_empty() {
            return libtest_mimic::run(&asked.arguments, trials).exit_code();
        }
        let plan = plan.only(|scenario| chosen.contains(&scenario.id));
        let tests = run::Tests {
            arguments: asked.arguments,
            trials,
            outcomes,
        };
        run::run(&suite, &plan, tests, self.target, self.limits)
    }
}

/// The name of a scenario's test: its place, which is unique, and its name, which people know.
pub(super) fn test_name(scenario: &PlannedScenario) -> String {
    format!("{} {}", scenario.id, scenario.name)
}

fn trial(scenario: &PlannedScenario, outcomes: &Outcomes) -> Trial {
    let (outcomes, id) = (outcomes.clone(), scenario.id.clone());
    let ignored = scenario.tags.iter().any(|tag| tag == TAG_IGNORE);
    let test = move || match outcomes.wait(&id) {
        ScenarioEnding::Passed => Ok(Completion::Completed),
        ScenarioEnding::NotApplicable(reason) => Ok(Completion::ignored_with(reason)),
        ScenarioEnding::DidNotPass(why) => Err(why.into()),
    };
    Trial::ignorable_test(test_name(scenario), test).with_ignored_flag(ignored)
}
