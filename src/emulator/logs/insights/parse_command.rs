//! The command `parse`: a source, a pattern, and names for its parts.

use super::ast::{Command, Expression, Parse, ParsePattern};
use super::error::CompileError;
use super::glob::Glob;
use super::lexer::{Sign, Token};
use super::parser::Parser;

impl Parser<'_> {
    /// `parse [FIELD] "glob" as NAME, ...` or `parse [FIELD] /regex/ [as NAME, ...]`.
    pub(super) fn parse_command(&mut self) -> Result<Command, CompileError> {
        let start = self.bytes.start;
        self.step()?;
        let is_pattern =
            |token: &Token| matches!(token, Token::Text(_)) || *token == Token::Sign(Sign::Divide);
        let source = if is_pattern(&self.token) {
            Expression::Field {
                name: "@message".to_owned(),
                bytes: self.bytes.clone(),
            }
        } else {
            self.primary()?
        };
        let pattern_start = self.bytes.start;
        let glob = match &self.token {
            Token::Text(text) => Some(Glob::new(text)),
            _ => None,
        };
        let pattern = match glob {
            Some(glob) => {
                self.step()?;
                ParsePattern::Glob(Box::new(glob))
            }
            None => ParsePattern::Regex(self.regex()?, Vec::new()),
        };
        let pattern_bytes = pattern_start..self.end;
        let mut names = Vec::new();
        if self.takes_word("as")? {
            names.push(self.name()?);
            while self.takes(Sign::Comma)? {
                names.push(self.name()?);
            }
        }
        let bytes = start..self.end;
        let (pattern, names) = fitting(pattern, names)
            .map_err(|message| CompileError::new(self.query, pattern_bytes, message))?;
        Ok(Command::Parse(Parse {
            source,
            pattern,
            names,
            bytes,
        }))
    }
}

/// Joins a pattern's parts with names: as many of the one as of the other.
fn fitting(
    pattern: ParsePattern,
    names: Vec<String>,
) -> Result<(ParsePattern, Vec<String>), String> {
    let (regex, count) = match pattern {
        ParsePattern::Glob(glob) => {
            let count = glob.field_count();
            if count == 0 || count != names.len() {
                return Err(counts(count, names.len()));
            }
            return Ok((ParsePattern::Glob(glob), names));
        }
        ParsePattern::Regex(regex, _) => {
            let count = regex.captures_len() - 1;
            (regex, count)
        }
    };
    let with_names: Vec<(usize, String)> = (0..)
        .zip(regex.capture_names())
        .filter_map(|(index, name)| Some((index, name?.to_owned())))
        .collect();
    let (groups, names) = match (names.is_empty(), with_names.is_empty()) {
        (true, false) => with_names.into_iter().unzip(),
        (false, true) if count == names.len() => ((1..=count).collect(), names),
        (false, _) if with_names.len() == names.len() => (
            with_names.into_iter().map(|(index, _)| index).collect(),
            names,
        ),
        _ => return Err(counts(count, names.len())),
    };
    Ok((ParsePattern::Regex(regex, groups), names))
}

fn counts(parts: usize, names: usize) -> String {
    format!("the pattern has {parts} fields and there are {names} names for them")
}
