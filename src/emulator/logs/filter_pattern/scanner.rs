//! Reads a pattern character by character.

use super::pattern::InvalidPattern;

/// A place in a pattern.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_space(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start().len();
    }

    /// Steps over a text, if it comes next after white space.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        self.skip_space();
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.position += text.len();
        }
        is_next
    }

    /// Steps over a text that must come next after white space.
    pub(super) fn expect(&mut self, text: &'static str) -> Result<(), InvalidPattern> {
        if self.takes(text) {
            Ok(())
        } else {
            Err(self.error(format!("`{text}` is expected")))
        }
    }

    /// Takes the characters of which this is true.
    pub(super) fn take_while(&mut self, is_meant: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_meant(c)).unwrap_or(rest.len());
        self.position += end;
        &rest[..end]
    }

    /// Takes what stands between two quotes; a backslash takes the next character as it is.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, InvalidPattern> {
        let start = self.position;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                c if c == quote => {
                    self.position = start + at + c.len_utf8();
                    return Ok(text);
                }
                '\\' => text.extend(characters.next().map(|(_, next)| next)),
                c => text.push(c),
            }
        }
        Err(self.error("a quote without its end"))
    }

    /// Takes a regular expression between two `%`.
    pub(super) fn regex(&mut self) -> Result<regex::Regex, InvalidPattern> {
        let inner = self.rest().get(1..).unwrap_or_default();
        let Some(end) = inner.find('%') else {
            return Err(self.error("a `%` without its end"));
        };
        let regex = crate::emulator::logs::patterns::compile(&inner[..end]);
        let regex = regex.map_err(|why| self.error(format!("the regular expression: {why}")))?;
        self.position += end + 2;
        Ok(regex)
    }

    /// Says that nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), InvalidPattern> {
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error("the end is expected")),
        }
    }

    pub(super) fn error(&self, what: impl Into<String>) -> InvalidPattern {
        let before = self.text.get(..self.position).unwrap_or_default();
        InvalidPattern::Syntax {
            what: what.into(),
            position: before.chars().count(),
        }
    }
}
