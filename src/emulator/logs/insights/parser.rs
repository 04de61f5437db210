//! Tokens to commands. Where a query breaks the language, the error says at which character.

use std::ops::Range;

use super::ast::{Column, Command, Expression, SortKey};
use super::error::CompileError;
use super::lexer::{Lexer, Sign, Token};
use crate::emulator::logs::patterns;

/// How deep brackets, functions and negations may be nested: the parser calls itself for each.
const NESTING_MAX: usize = 64;
/// Arithmetic operators of one query: a chain of them is as deep a tree as it is long.
const OPERATORS_MAX: usize = 128;
/// The largest `limit` of a query; AWS pages through 100,000 of late.
pub(in crate::emulator::logs) const ROWS_MAX: usize = 10_000;

/// Commands of the language that this emulator does not have.
const MISSING_HERE: [&str; 12] = [
    "addtotals",
    "anomaly",
    "diff",
    "filterindex",
    "join",
    "lookup",
    "pattern",
    "search",
    "source",
    "subqueries",
    "tail",
    "unnest",
];

/// Reads a query.
///
/// # Errors
/// [`CompileError`] at the first mistake.
pub(super) fn parse(query: &str) -> Result<Vec<Command>, CompileError> {
    let mut parser = Parser::new(query)?;
    let mut commands = vec![parser.command()?];
    while parser.takes(Sign::Pipe)? {
        commands.push(parser.command()?);
    }
    match parser.token {
        Token::End => Ok(commands),
        _ => Err(parser.unexpected()),
    }
}

/// The state of reading: the token that comes next.
pub(super) struct Parser<'a> {
    pub(super) query: &'a str,
    lexer: Lexer<'a>,
    pub(super) token: Token,
    /// Its bytes.
    pub(super) bytes: Range<usize>,
    /// Where the token before it ended.
    pub(super) end: usize,
    pub(super) depth: usize,
    operators: usize,
    /// Whether functions of many events may stand here.
    pub(super) in_stats: bool,
}

impl<'a> Parser<'a> {
    fn new(query: &'a str) -> Result<Self, CompileError> {
        let mut lexer = Lexer::new(query);
        let (token, bytes) = lexer.next()?;
        Ok(Self {
            query,
            lexer,
            token,
            bytes,
            end: 0,
            depth: 0,
            operators: 0,
            in_stats: false,
        })
    }

    /// Steps to the next token and gives the present one.
    pub(super) fn step(&mut self) -> Result<Token, CompileError> {
        let (token, bytes) = self.lexer.next()?;
        self.end = self.bytes.end;
        self.bytes = bytes;
        Ok(std::mem::replace(&mut self.token, token))
    }

    /// Steps over a sign, if it comes next.
    pub(super) fn takes(&mut self, sign: Sign) -> Result<bool, CompileError> {
        let is_next = self.token == Token::Sign(sign);
        if is_next {
            self.step()?;
        }
        Ok(is_next)
    }

    /// Whether a keyword comes next, in whatever letters.
    pub(super) fn sees(&self, keyword: &str) -> bool {
        matches!(&self.token, Token::Name(name) if name.eq_ignore_ascii_case(keyword))
    }

    /// Steps over a keyword, if it comes next.
    pub(super) fn takes_word(&mut self, keyword: &str) -> Result<bool, CompileError> {
        let is_next = self.sees(keyword);
        if is_next {
            self.step()?;
        }
        Ok(is_next)
    }

    /// Steps over a sign that must come next.
    pub(super) fn expect(&mut self, sign: Sign) -> Result<(), CompileError> {
        if self.takes(sign)? {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn unexpected(&self) -> CompileError {
        CompileError::unexpected(self.query, self.bytes.clone())
    }

    /// Goes one level down; [`Self::depth`] is reduced by whoever comes back.
    pub(super) fn descend(&mut self) -> Result<(), CompileError> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            let message = format!("the query is nested more than {NESTING_MAX} levels deep");
            return Err(CompileError::new(self.query, self.bytes.clone(), message));
        }
        Ok(())
    }

    /// Counts an arithmetic operator that stands between two values.
    pub(super) fn join(&mut self) -> Result<(), CompileError> {
        self.operators += 1;
        if self.operators > OPERATORS_MAX {
            let message = format!("the query has more than {OPERATORS_MAX} arithmetic operators");
            return Err(CompileError::new(self.query, self.bytes.clone(), message));
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, CompileError> {
        let bytes = self.bytes.clone();
        let Token::Name(name) = &self.token else {
            return Err(self.unexpected());
        };
        let name = name.to_ascii_lowercase();
        if MISSING_HERE.contains(&name.as_str()) {
            return Err(CompileError::missing_here(self.query, bytes));
        }
        self.in_stats = name == "stats";
        match name.as_str() {
            "fields" => Ok(Command::Fields(self.columns_after_word()?)),
            "display" => Ok(Command::Display(self.columns_after_word()?)),
            "filter" => {
                self.step()?;
                Ok(Command::Filter(self.expression()?))
            }
            "parse" => self.parse_command(),
            "stats" => {
                let columns = self.columns_after_word()?;
                self.in_stats = false;
                let by = if self.takes_word("by")? {
                    self.columns()?
                } else {
                    Vec::new()
                };
                Ok(Command::Stats { columns, by })
            }
            "sort" | "order" => {
                self.step()?;
                self.takes_word("by")?;
                self.sort_keys()
            }
            "dedup" => self.dedup(),
            "limit" | "head" => self.limit(),
            _ => {
                let message = format!(
                    "mismatched input '{}' expecting {{K_PARSE, K_SEARCH, K_FIELDS, K_DISPLAY, \
                     K_FILTER, K_STATS, K_SORT, K_ORDER, K_HEAD, K_LIMIT, K_TAIL, K_DEDUP}}",
                    self.query.get(bytes.clone()).unwrap_or_default()
                );
                Err(CompileError::new(self.query, bytes, message))
            }
        }
    }

    fn columns_after_word(&mut self) -> Result<Vec<Column>, CompileError> {
        self.step()?;
        self.columns()
    }

    fn columns(&mut self) -> Result<Vec<Column>, CompileError> {
        let mut columns = vec![self.column()?];
        while self.takes(Sign::Comma)? {
            columns.push(self.column()?);
        }
        Ok(columns)
    }

    fn column(&mut self) -> Result<Column, CompileError> {
        let start = self.bytes.start;
        let expression = self.expression()?;
        let bytes = start..self.end;
        let text = self.query.get(bytes.clone()).unwrap_or_default().to_owned();
        let alias = self.alias()?;
        let has_alias = alias.is_some();
        let name = match (alias, &expression) {
            (Some(alias), _) => alias,
            (None, Expression::Field { name, .. }) => name.clone(),
            (None, _) => text.clone(),
        };
        Ok(Column {
            expression,
            name,
            text,
            has_alias,
            bytes,
        })
    }

    fn alias(&mut self) -> Result<Option<String>, CompileError> {
        if !self.takes_word("as")? {
            return Ok(None);
        }
        self.name().map(Some)
    }

    /// A name that must come next.
    pub(super) fn name(&mut self) -> Result<String, CompileError> {
        match &self.token {
            Token::Name(_) | Token::Quoted(_) => match self.step()? {
                Token::Name(name) | Token::Quoted(name) => Ok(name),
                _ => Err(self.unexpected()),
            },
            _ => Err(self.unexpected()),
        }
    }

    fn sort_keys(&mut self) -> Result<Command, CompileError> {
        let mut keys = Vec::new();
        loop {
            let start = self.bytes.start;
            let expression = self.expression()?;
            let text = self.query.get(start..self.end).unwrap_or_default();
            let text = text.to_owned();
            let is_descending = self.takes_word("desc")?;
            if !is_descending {
                self.takes_word("asc")?;
            }
            keys.push(SortKey {
                expression,
                text,
                is_descending,
            });
            if !self.takes(Sign::Comma)? {
                return Ok(Command::Sort(keys));
            }
        }
    }

    fn dedup(&mut self) -> Result<Command, CompileError> {
        self.step()?;
        let mut fields = vec![self.expression()?];
        while self.takes(Sign::Comma)? {
            fields.push(self.expression()?);
        }
        Ok(Command::Dedup(fields))
    }

    fn limit(&mut self) -> Result<Command, CompileError> {
        self.step()?;
        let bytes = self.bytes.clone();
        let Token::Number(number) = self.token else {
            return Err(self.unexpected());
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of floats saturates, and the digits are compared with the text"
        )]
        let limit = number as usize;
        let is_whole = self.query.get(bytes.clone()) == Some(limit.to_string().as_str());
        if !is_whole || !(1..=ROWS_MAX).contains(&limit) {
            let message = format!("limit must be a whole number from 1 to {ROWS_MAX}");
            return Err(CompileError::new(self.query, bytes, message));
        }
        self.step()?;
        Ok(Command::Limit(limit))
    }

    /// A regular expression between slashes that must come next.
    pub(super) fn regex(&mut self) -> Result<regex::Regex, CompileError> {
        if self.token != Token::Sign(Sign::Divide) {
            return Err(self.unexpected());
        }
        self.lexer.go_to(self.bytes.start);
        let (pattern, bytes) = self.lexer.regex()?;
        self.bytes = bytes.clone();
        self.step()?;
        self.compiled(&pattern, bytes)
    }

    pub(super) fn compiled(
        &self,
        pattern: &str,
        bytes: Range<usize>,
    ) -> Result<regex::Regex, CompileError> {
        patterns::compile(pattern).map_err(|why| {
            let message = format!("invalid regular expression: {why}");
            CompileError::new(self.query, bytes, message)
        })
    }
}
