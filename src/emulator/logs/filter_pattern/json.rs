//! Patterns of JSON members: `{ $.a.b = "x" && ($.n > 3 || $.c NOT EXISTS) }`.

use super::condition::Condition;
use super::operand::Test;
use super::pattern::InvalidPattern;
use super::scanner::Scanner;
use crate::emulator::logs::json_fields::{self, Found};

/// A pattern of members.
#[derive(Debug)]
pub(in crate::emulator::logs) struct JsonPattern {
    /// The members that are looked up, with dots.
    paths: Vec<String>,
    condition: Condition<Leaf>,
}

/// What is asked of the member at a place of the paths.
#[derive(Debug)]
struct Leaf {
    member: usize,
    question: Question,
}

#[derive(Debug)]
enum Question {
    Holds(Test),
    IsNull,
    Is(bool),
    Exists(bool),
}

impl JsonPattern {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        scanner.expect("{")?;
        let mut paths = Vec::new();
        let condition = Condition::parse(scanner, &mut |scanner| {
            let path = selector(scanner)?;
            let known = paths.iter().position(|other| *other == path);
            let member = known.unwrap_or_else(|| {
                paths.push(path);
                paths.len() - 1
            });
            let question = question(scanner)?;
            Ok(Leaf { member, question })
        })?;
        scanner.expect("}")?;
        scanner.end()?;
        Ok(Self { paths, condition })
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let message = message.trim_ascii_start();
        if !message.starts_with('{') {
            return false;
        }
        let mut found = vec![None; self.paths.len()];
        json_fields::find(message, &self.paths, &mut found, usize::MAX)
            && self.condition.holds(&|leaf| {
                let found = found.get(leaf.member).and_then(Option::as_ref);
                leaf.question.holds(found)
            })
    }
}

impl Question {
    /// Whether it holds for a member. Of a member that is missing, only `NOT EXISTS` does: a guess
    /// where the comparison is `!=`.
    fn holds(&self, found: Option<&Found<'_>>) -> bool {
        match self {
            Self::Exists(exists) => found.is_some() == *exists,
            Self::IsNull => found == Some(&Found::Null),
            Self::Is(expected) => found == Some(&Found::Boolean(*expected)),
            Self::Holds(test) => match found {
                Some(Found::Text(value)) => test.holds(value),
                Some(Found::Integer(number)) => test.holds(&number.to_string()),
                Some(Found::Large(number)) => test.holds(&number.to_string()),
                Some(Found::Fraction(number)) => test.holds(&number.to_string()),
                Some(Found::Boolean(is_true)) => test.holds(&is_true.to_string()),
                Some(Found::Null | Found::Object | Found::Array) | None => false,
            },
        }
    }
}

/// A member: `$.a.b-c[0]["d e"]`, as a path with dots.
fn selector(scanner: &mut Scanner<'_>) -> Result<String, InvalidPattern> {
    scanner.expect("$")?;
    let mut parts: Vec<String> = Vec::new();
    loop {
        match scanner.peek() {
            Some('.') => {
                scanner.take_while(|c| c == '.');
                if scanner.peek() == Some('[') {
                    continue;
                }
                let name = scanner.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
                if name.is_empty() {
                    return Err(scanner.error("a member's name is expected"));
                }
                parts.push(name.to_owned());
            }
            Some('[') => {
                scanner.expect("[")?;
                let part = match scanner.peek() {
                    Some(quote @ ('"' | '\'')) => scanner.quoted(quote)?,
                    Some('*') => return Err(InvalidPattern::MissingHere("`[*]`")),
                    _ => scanner.take_while(|c| c.is_ascii_digit()).to_owned(),
                };
                if part.is_empty() {
                    return Err(scanner.error("an index is expected"));
                }
                parts.push(part);
                scanner.expect("]")?;
            }
            _ if parts.is_empty() => return Err(scanner.error("a member's name is expected")),
            _ => return Ok(parts.join(".")),
        }
    }
}

fn question(scanner: &mut Scanner<'_>) -> Result<Question, InvalidPattern> {
    if let Some(test) = Test::parse(scanner)? {
        return Ok(Question::Holds(test));
    }
    scanner.skip_space();
    let words = [
        ("IS NULL", Question::IsNull),
        ("IS TRUE", Question::Is(true)),
        ("IS FALSE", Question::Is(false)),
        ("NOT EXISTS", Question::Exists(false)),
        ("EXISTS", Question::Exists(true)),
    ];
    for (text, question) in words {
        if scanner.takes(text) {
            return Ok(question);
        }
    }
    Err(scanner.error("a comparison is expected"))
}
