//! Patterns of terms.

use memchr::memmem::Finder;
use regex::Regex;

use super::pattern::InvalidPattern;
use super::scanner::Scanner;

/// Terms that must, may and must not occur.
#[derive(Debug, Default)]
pub(in crate::emulator::logs) struct Terms {
    required: Vec<Term>,
    /// One of these must occur if nothing is required; with required terms they mean nothing, as
    /// documented.
    optional: Vec<Term>,
    excluded: Vec<Term>,
}

#[derive(Debug)]
enum Term {
    Text(Box<Finder<'static>>),
    Regex(Regex),
}

impl Term {
    fn occurs_in(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => text.find(message.as_bytes()).is_some(),
            Self::Regex(regex) => regex.is_match(message),
        }
    }
}

impl Terms {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        let mut terms = Self::default();
        loop {
            scanner.skip_space();
            if scanner.peek().is_none() {
                return Ok(terms);
            }
            let list = if scanner.takes("-") {
                &mut terms.excluded
            } else if scanner.takes("?") {
                &mut terms.optional
            } else {
                &mut terms.required
            };
            list.push(term(scanner)?);
        }
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let occurs = |term: &Term| term.occurs_in(message);
        self.required.iter().all(occurs)
            && !self.excluded.iter().any(occurs)
            && (self.optional.is_empty()
                || !self.required.is_empty()
                || self.optional.iter().any(occurs))
    }
}

fn term(scanner: &mut Scanner<'_>) -> Result<Term, InvalidPattern> {
    let text = match scanner.peek() {
        Some('"') => scanner.quoted('"')?,
        Some('%') => return scanner.regex().map(Term::Regex),
        _ => {
            let word = scanner.take_while(|c| !c.is_whitespace());
            if word.is_empty() || !word.chars().all(|c| c.is_alphanumeric() || c == '_') {
                return Err(InvalidPattern::Characters(word.to_owned()));
            }
            word.to_owned()
        }
    };
    Ok(Term::Text(Box::new(Finder::new(&text).into_owned())))
}
