//! The command that runs a scenario again, where it ran.

use std::borrow::Cow;

use crate::model::ScenarioId;

/// What is chosen where nothing is said.
const USUAL_PROFILE: &str = "default";
const USUAL_TARGET: &str = "embedded";

/// How scenarios of a run are run again: with its profile, on its target.
#[derive(Debug, Clone, Default)]
pub(super) struct Again {
    options: String,
}

impl Again {
    /// On a target, as a profile has it.
    ///
    /// A target is named beside a profile, too: the profile's own may have become another since.
    pub(super) fn new(target: &str, profile: Option<&str>) -> Self {
        let profile = profile.filter(|name| *name != USUAL_PROFILE);
        let mut options = String::new();
        if let Some(name) = profile {
            options = format!(" --profile {}", quoted(name));
        }
        if profile.is_some() || target != USUAL_TARGET {
            options = format!("{options} --target {}", quoted(target));
        }
        Self { options }
    }

    /// The command for one scenario.
    pub(super) fn command(&self, id: &ScenarioId) -> String {
        // A repetition has no place of its own in the file.
        let place = id.repeated(0).to_string();
        format!("reverify run {}{}", quoted(&place), self.options)
    }
}

/// A word as a shell of POSIX (2.2.2) takes it for one.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_run_again_where_it_ran() {
        let cases = [
            ("a.feature", "embedded", None, "reverify run a.feature:4"),
            (
                "a.feature",
                "embedded",
                Some("default"),
                "reverify run a.feature:4",
            ),
            (
                "a.feature",
                "staging",
                None,
                "reverify run a.feature:4 --target staging",
            ),
            (
                "a.feature",
                "embedded",
                Some("nightly"),
                "reverify run a.feature:4 --profile nightly --target embedded",
            ),
            (
                "ada's mail.feature",
                "staging",
                None,
                r"reverify run 'ada'\''s mail.feature:4' --target staging",
            ),
        ];
        for (file, target, profile, command) in cases {
            let id = ScenarioId::new(file, 4).repeated(2);
            assert_eq!(Again::new(target, profile).command(&id), command);
        }
    }
}
