//! Which scenarios to run.

use std::str::FromStr;

use cucumber::gherkin::tagexpr::TagOperation;
use cucumber::tag::Ext as _;
use regex::Regex;

use crate::model::ScenarioId;
use crate::record::PlannedScenario;

/// A selection that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSelection {
    /// The tag expression cannot be parsed.
    #[error("`{expression}` is not a tag expression; write one such as `@mails:1 and not @slow`")]
    Tags {
        /// As it was given.
        expression: String,
    },
    /// The name is not a regular expression.
    #[error("`{expression}` is not a regular expression: {reason}")]
    Name {
        /// As it was given.
        expression: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A line holds no scenario.
    #[error("no scenario stands at {place}; {}", nearest(*.before, *.first))]
    Line {
        /// As it was given.
        place: ScenarioId,
        /// Where the nearest one before it stands, if there is one.
        before: Option<usize>,
        /// Where the first one of the file stands, if it has any.
        first: Option<usize>,
    },
}

fn nearest(before: Option<usize>, first: Option<usize>) -> String {
    match (before, first) {
        (Some(line), _) => format!("the nearest before it is at line {line}"),
        (None, Some(line)) => format!("the first one is at line {line}"),
        (None, None) => "the file has none".to_owned(),
    }
}

/// What the tags of a scenario, the feature's and rule's among them, are to be, such as
/// `@mails:1 and not @slow`.
///
/// ```
/// use reverify::suite::TagExpression;
///
/// let one_mail: TagExpression = "@mails:1 and not @slow".parse()?;
/// assert!(one_mail.matches(&["mails:1".to_owned()]));
/// # Ok::<(), reverify::suite::InvalidSelection>(())
/// ```
#[derive(Debug, Clone)]
pub struct TagExpression(TagOperation);

impl TagExpression {
    /// Whether tags, without their `@`, fulfil it.
    pub fn matches(&self, tags: &[String]) -> bool {
        self.0.eval(tags)
    }
}

impl FromStr for TagExpression {
    type Err = InvalidSelection;

    fn from_str(expression: &str) -> Result<Self, Self::Err> {
        let parsed = TagOperation::from_str(expression);
        let parsed = parsed.map_err(|_| InvalidSelection::Tags {
            expression: expression.to_owned(),
        });
        parsed.map(Self)
    }
}

/// A choice of scenarios: those that fulfil all that is set.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    tags: Option<TagExpression>,
    name: Option<Regex>,
    places: Vec<ScenarioId>,
}

impl Selection {
    /// Everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only scenarios whose tags, the feature's and rule's among them, fulfil an expression.
    ///
    /// # Errors
    ///
    /// When the expression cannot be parsed.
    pub fn with_tags(mut self, expression: &str) -> Result<Self, InvalidSelection> {
        self.tags = Some(expression.parse()?);
        Ok(self)
    }

    /// Only scenarios in whose name a regular expression is found.
    ///
    /// # Errors
    ///
    /// When it is not a regular expression.
    pub fn with_name(mut self, expression: &str) -> Result<Self, InvalidSelection> {
        let regex = Regex::new(expression).map_err(|error| InvalidSelection::Name {
            expression: expression.to_owned(),
            reason: error.to_string(),
        })?;
        self.name = Some(regex);
        Ok(self)
    }

    /// Only scenarios at these places, and all of the files that no place names.
    #[must_use]
    pub fn with_places(mut self, places: Vec<ScenarioId>) -> Self {
        self.places = places;
        self
    }

    /// The places that were asked for.
    pub(super) fn places(&self) -> &[ScenarioId] {
        &self.places
    }

    /// Whether a scenario that covers these lines of its file is chosen.
    pub(super) fn takes(&self, scenario: &PlannedScenario, lines: &[usize]) -> bool {
        let tags = self
            .tags
            .as_ref()
            .is_none_or(|tags| tags.matches(&scenario.tags));
        let name = self
            .name
            .as_ref()
            .is_none_or(|name| name.is_match(&scenario.name));
        let same_file = |place: &&ScenarioId| place.feature() == scenario.id.feature();
        let mut places = self.places.iter().filter(same_file).peekable();
        let here = places.peek().is_none() || places.any(|place| lines.contains(&place.line()));
        tags && name && here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(tags: &[&str]) -> PlannedScenario {
        PlannedScenario {
            id: ScenarioId::new("a.feature", 7),
            feature: "A".into(),
            name: "The mail arrives".into(),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            mails: 1,
            row: Vec::new(),
        }
    }

    #[test]
    fn everything_that_is_set_must_hold() {
        let one = scenario(&["mails:1", "slow"]);
        let all = Selection::all();
        let place = |feature: &str, line| vec![ScenarioId::new(feature, line)];
        let cases = [
            (all.clone(), true),
            (all.clone().with_tags("@mails:1").unwrap(), true),
            (
                all.clone().with_tags("@mails:1 and not @slow").unwrap(),
                false,
            ),
            (all.clone().with_name("mail").unwrap(), true),
            (all.clone().with_name("^mail").unwrap(), false),
            (all.clone().with_places(place("a.feature", 9)), true),
            (all.clone().with_places(place("a.feature", 12)), false),
            (all.with_places(place("b.feature", 12)), true),
        ];
        for (index, (selection, taken)) in cases.into_iter().enumerate() {
            assert_eq!(selection.takes(&one, &[7, 8, 9]), taken, "case {index}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_an_example() {
        let error = Selection::all()
            .with_tags("and and")
            .unwrap_err()
            .to_string();
        assert!(error.contains("and not @slow"), "{error}");
        assert!(Selection::all().with_name("(").is_err());
    }
}
