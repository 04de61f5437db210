//! The placeholders of step texts: how each is written, and its value as a type.

use std::time::Duration;

use cucumber::step::Context;

use crate::cognito::Trigger;
use crate::diagnosis;
use crate::mail::Method;
use crate::model::EmailAddress;
use crate::record::Failure;

/// Longest wait that a step may ask for: longer than any mail is worth waiting for.
const STEP_SECONDS_MAX: f64 = 3_600.0;
/// Most rounds in one step; each costs a mail.
const ROUNDS_MAX: u32 = 50;
/// Longest value that a step writes: beyond every attribute, which have 2048 at most.
const VALUE_CHARS_MAX: usize = 4_096;

/// Placeholder, and the expression that it stands for. A name is a word that begins with no small
/// Latin letter; the classes of Unicode letters would say it better and cost megabytes.
const PLACEHOLDERS: [(&str, &str); 14] = [
    ("{user}", r#"(?<user>[^\sa-z0-9"][^\s"]*)"#),
    ("{other}", r#"(?<other>[^\sa-z0-9"][^\s"]*)"#),
    ("{seconds}", r"(?<seconds>-?[0-9]+(?:\.[0-9]+)?) seconds?"),
    ("{count}", r"(?<count>[0-9]+)"),
    ("{chars}", r"(?<chars>[0-9]+) characters?"),
    ("{address}", r#""(?<address>[^"]*)""#),
    ("{text}", r#""(?<text>[^"]*)""#),
    ("{method}", r"(?<method>SPF|DKIM|DMARC)"),
    ("{exception}", r"(?<exception>[A-Z][A-Za-z]+Exception)"),
    ("{status}", r"(?<status>[A-Z][A-Z_]+)"),
    ("{value}", r#""(?<value>[^"]*)""#),
    ("{trigger}", r"(?<trigger>[A-Z][A-Za-z]+)"),
    ("{cause}", r"(?<cause>[a-z0-9]+(?:-[a-z0-9]+)+)"),
    ("{later}", r"(?<later>[a-z0-9]+(?:-[a-z0-9]+)+)"),
];

/// The anchored expression of a step text with placeholders.
pub(super) fn expression(pattern: &str) -> String {
    let filled = PLACEHOLDERS
        .iter()
        .fold(pattern.to_owned(), |text, (name, regex)| {
            text.replace(name, regex)
        });
    format!("^{filled}$")
}

/// An argument of a step that is not what its place asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct BadArgument {
    /// What is wrong, and what to write instead.
    pub reason: String,
}

impl From<BadArgument> for Failure {
    fn from(bad: BadArgument) -> Self {
        Self::broken(bad.reason)
    }
}

/// Checks the arguments of a matched step without running it.
///
/// # Errors
///
/// The first argument that is not of its type.
pub fn check_arguments(context: &Context) -> Result<(), BadArgument> {
    let args = Args::new(context);
    let has = |name: &str| args.find(name).is_some();
    if has("seconds") {
        args.seconds()?;
    }
    if has("count") {
        args.count()?;
    }
    if has("chars") {
        args.chars()?;
    }
    if has("address") {
        args.address()?;
    }
    if has("trigger") {
        args.trigger()?;
    }
    if has("cause") {
        args.cause()?;
    }
    if has("later") {
        args.later_cause()?;
    }
    Ok(())
}

/// A cause of the catalogue.
fn known_cause(id: &str) -> Result<&str, BadArgument> {
    if diagnosis::by_id(id).is_some() {
        return Ok(id);
    }
    let likeness = |one: &str| strsim::jaro_winkler(id, one);
    let ids = diagnosis::all().map(|cause| cause.id);
    let nearest = ids.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    Err(BadArgument {
        reason: format!(
            "no cause is called `{id}`; the nearest is `{}`, and `reverify causes` lists all",
            nearest.unwrap_or_default()
        ),
    })
}

/// The arguments of a step, each by the name of its placeholder.
pub(super) struct Args<'a> {
    context: &'a Context,
}

impl<'a> Args<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self { context }
    }

    pub(super) fn user(&self) -> Result<&'a str, BadArgument> {
        self.text("user")
    }

    pub(super) fn other(&self) -> Result<&'a str, BadArgument> {
        self.text("other")
    }

    pub(super) fn exception(&self) -> Result<&'a str, BadArgument> {
        self.text("exception")
    }

    pub(super) fn value(&self) -> Result<&'a str, BadArgument> {
        self.text("value")
    }

    pub(super) fn trigger(&self) -> Result<Trigger, BadArgument> {
        let name = self.text("trigger")?;
        let known = Trigger::ALL.into_iter();
        let mut named = known.filter(|trigger| trigger.name() == name);
        named.next().ok_or_else(|| {
            let all: Vec<_> = Trigger::ALL.iter().map(|trigger| trigger.name()).collect();
            BadArgument {
                reason: format!("no trigger is called {name}; there are {}", all.join(", ")),
            }
        })
    }

    pub(super) fn cause(&self) -> Result<&'a str, BadArgument> {
        known_cause(self.text("cause")?)
    }

    pub(super) fn later_cause(&self) -> Result<&'a str, BadArgument> {
        known_cause(self.text("later")?)
    }

    pub(super) fn status(&self) -> Result<&'a str, BadArgument> {
        self.text("status")
    }

    /// What stands between quotation marks.
    pub(super) fn quoted(&self) -> Result<&'a str, BadArgument> {
        self.text("text")
    }

    /// A method by which senders are authenticated, with its name as written.
    pub(super) fn method(&self) -> Result<(&'a str, Method), BadArgument> {
        let name = self.text("method")?;
        let method = match name {
            "SPF" => Method::Spf,
            "DKIM" => Method::Dkim,
            "DMARC" => Method::Dmarc,
            _ => {
                return Err(BadArgument {
                    reason: format!("`{name}` is none of SPF, DKIM and DMARC"),
                });
            }
        };
        Ok((name, method))
    }

    pub(super) fn address(&self) -> Result<EmailAddress, BadArgument> {
        let parsed = self.text("address")?.parse::<EmailAddress>();
        parsed.map_err(|error| BadArgument {
            reason: format!("{error}; write one such as \"ada@example.com\""),
        })
    }

    pub(super) fn seconds(&self) -> Result<Duration, BadArgument> {
        let text = self.text("seconds")?;
        let seconds = text.parse::<f64>().ok();
        seconds
            .filter(|seconds| (0.0..=STEP_SECONDS_MAX).contains(seconds))
            .map(Duration::from_secs_f64)
            .ok_or_else(|| BadArgument {
                reason: format!("`{text} seconds` is not between 0 and {STEP_SECONDS_MAX}"),
            })
    }

    pub(super) fn count(&self) -> Result<u32, BadArgument> {
        let text = self.text("count")?;
        let count = text.parse::<u32>().ok();
        count
            .filter(|count| (1..=ROUNDS_MAX).contains(count))
            .ok_or_else(|| BadArgument {
                reason: format!("`{text}` is not between 1 and {ROUNDS_MAX}"),
            })
    }

    /// The length of a text, in characters.
    pub(super) fn chars(&self) -> Result<usize, BadArgument> {
        let text = self.text("chars")?;
        let chars = text.parse::<usize>().ok();
        chars
            .filter(|chars| (1..=VALUE_CHARS_MAX).contains(chars))
            .ok_or_else(|| BadArgument {
                reason: format!("`{text} characters` is not between 1 and {VALUE_CHARS_MAX}"),
            })
    }

    fn text(&self, name: &str) -> Result<&'a str, BadArgument> {
        self.find(name).ok_or_else(|| BadArgument {
            reason: format!("the step text has no {{{name}}}"),
        })
    }

    fn find(&self, name: &str) -> Option<&'a str> {
        let mut matches = self.context.matches.iter();
        let found = matches.find(|(group, _)| group.as_deref() == Some(name));
        found.map(|(_, text)| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn placeholders_take_what_people_write() {
        let cases = [
            ("{user} signs up", "Ada signs up", true),
            ("{user} signs up", "Élodie2 signs up", true),
            ("{user} signs up", "ada signs up", false),
            ("{user} signs up", "Ada signs up twice", false),
            ("within {seconds}", "within 1 second", true),
            ("within {seconds}", "within 0.5 seconds", true),
            (
                "refused with {exception}",
                "refused with CodeMismatchException",
                true,
            ),
            (
                "refused with {exception}",
                "refused with CodeMismatch",
                false,
            ),
            ("{user} is {status}", "Ada is FORCE_CHANGE_PASSWORD", true),
        ];
        for (pattern, text, matches) in cases {
            let regex = Regex::new(&expression(pattern)).unwrap();
            assert_eq!(regex.is_match(text), matches, "{pattern} on {text}");
        }
    }
}
