//! Text to tokens, on demand: whether a slash divides or begins a regular expression is known to the
//! parser alone.

use std::ops::Range;

use super::error::CompileError;
use super::period::Period;

/// A word or sign of the language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A keyword, a function or a field, in the letters of the query.
    Name(String),
    /// A name in backquotes, which is never a keyword.
    Quoted(String),
    Text(String),
    Number(f64),
    Period(Period),
    Sign(Sign),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Pipe,
    Comma,
    Open,
    Close,
    OpenList,
    CloseList,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
}

/// Signs by their letters, the longer before the shorter.
const SIGNS: [(&str, Sign); 19] = [
    ("!=", Sign::NotEqual),
    ("<=", Sign::LessOrEqual),
    (">=", Sign::GreaterOrEqual),
    ("=~", Sign::Matches),
    ("|", Sign::Pipe),
    (",", Sign::Comma),
    ("(", Sign::Open),
    (")", Sign::Close),
    ("[", Sign::OpenList),
    ("]", Sign::CloseList),
    ("+", Sign::Plus),
    ("-", Sign::Minus),
    ("*", Sign::Times),
    ("/", Sign::Divide),
    ("%", Sign::Remainder),
    ("^", Sign::Power),
    ("=", Sign::Equal),
    ("<", Sign::Less),
    (">", Sign::Greater),
];

/// Reads one token after the other.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    query: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(query: &'a str) -> Self {
        Self { query, position: 0 }
    }

    /// Goes back to the start of a token, to read it in another way.
    pub(super) fn go_to(&mut self, position: usize) {
        self.position = position;
    }

    fn rest(&self) -> &'a str {
        self.query.get(self.position..).unwrap_or_default()
    }

    /// Steps over white space and comments, which go from `#` to the line's end.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.position += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return;
            }
            self.position += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// The next token and its bytes.
    pub(super) fn next(&mut self) -> Result<(Token, Range<usize>), CompileError> {
        self.skip();
        let start = self.position;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok((Token::End, start..start));
        };
        let token = match first {
            '"' | '\'' => Token::Text(self.quoted(first, true)?),
            '`' => self.name()?,
            c if is_name_start(c) => self.name()?,
            c if c.is_ascii_digit() => self.number()?,
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number()?,
            _ => self.sign()?,
        };
        Ok((token, start..self.position))
    }

    fn sign(&mut self) -> Result<Token, CompileError> {
        let rest = self.rest();
        let found = SIGNS.iter().find(|(text, _)| rest.starts_with(text));
        let Some((text, sign)) = found else {
            let width = rest.chars().next().map_or(0, char::len_utf8);
            let bytes = self.position..self.position + width;
            return Err(CompileError::unexpected(self.query, bytes));
        };
        self.position += text.len();
        Ok(Token::Sign(*sign))
    }

    /// A number, or a period such as `5m`.
    fn number(&mut self) -> Result<Token, CompileError> {
        let start = self.position;
        let rest = self.rest();
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let letters = rest[digits..]
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len() - digits);
        self.position += digits + letters;
        let unit = &rest[digits..digits + letters];
        let whole = &rest[..digits + letters];
        let read = if unit.is_empty() || unit.starts_with(['e', 'E']) {
            let number = whole.parse().ok();
            number.filter(|n: &f64| n.is_finite()).map(Token::Number)
        } else {
            let count = rest[..digits].parse().ok();
            count
                .and_then(|count| Period::new(count, unit))
                .map(Token::Period)
        };
        read.ok_or_else(|| CompileError::unexpected(self.query, start..self.position))
    }

    /// A name of letters, digits, `_`, `@` and `.`, of which parts may stand in backquotes.
    fn name(&mut self) -> Result<Token, CompileError> {
        let mut name = String::new();
        let mut is_quoted = false;
        loop {
            let rest = self.rest();
            if rest.starts_with('`') && (name.is_empty() || name.ends_with('.')) {
                is_quoted = true;
                name.push_str(&self.quoted('`', false)?);
                if !self.rest().starts_with('.') {
                    break;
                }
            }
            let rest = self.rest();
            let end = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
            name.push_str(&rest[..end]);
            self.position += end;
            if !(self.rest().starts_with('`') && name.ends_with('.')) {
                break;
            }
        }
        Ok(if is_quoted {
            Token::Quoted(name)
        } else {
            Token::Name(name)
        })
    }

    /// What stands between two quotes; a backslash before a quote or a backslash takes itself away.
    fn quoted(&mut self, quote: char, with_escapes: bool) -> Result<String, CompileError> {
        let start = self.position;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                c if c == quote => {
                    self.position = start + at + c.len_utf8();
                    return Ok(text);
                }
                '\\' if with_escapes => match characters.peek().map(|(_, next)| *next) {
                    Some(next @ ('"' | '\'' | '\\')) => {
                        text.push(next);
                        characters.next();
                    }
                    Some('n') => {
                        text.push('\n');
                        characters.next();
                    }
                    Some('t') => {
                        text.push('\t');
                        characters.next();
                    }
                    _ => text.push('\\'),
                },
                c => text.push(c),
            }
        }
        let end = self.query.len();
        self.position = end;
        Err(CompileError::unexpected(self.query, start..end))
    }

    /// A regular expression between slashes, from this position on; `\/` is a slash in it.
    pub(super) fn regex(&mut self) -> Result<(String, Range<usize>), CompileError> {
        self.skip();
        let start = self.position;
        let mut pattern = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '/' => {
                    self.position = start + at + 1;
                    return Ok((pattern, start..self.position));
                }
                '\\' => match characters.next() {
                    Some((_, '/')) => pattern.push('/'),
                    Some((_, next)) => pattern.extend(['\\', next]),
                    None => break,
                },
                c => pattern.push(c),
            }
        }
        let end = self.query.len();
        Err(CompileError::unexpected(self.query, start..end))
    }
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '@'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(query: &str) -> Vec<Token> {
        let mut lexer = Lexer::new(query);
        let mut all = Vec::new();
        loop {
            match lexer.next().unwrap().0 {
                Token::End => return all,
                token => all.push(token),
            }
        }
    }

    fn name(text: &str) -> Token {
        Token::Name(text.to_owned())
    }

    #[test]
    fn reads_names_texts_numbers_and_signs() {
        let cases = [
            ("@message a.b.0.c", vec![name("@message"), name("a.b.0.c")]),
            (
                "`detail-type`",
                vec![Token::Quoted("detail-type".to_owned())],
            ),
            ("a.`x-y`.b", vec![Token::Quoted("a.x-y.b".to_owned())]),
            (
                r#""a\"b" 'c"\d'"#,
                vec![
                    Token::Text("a\"b".to_owned()),
                    Token::Text("c\"\\d".to_owned()),
                ],
            ),
            (
                "1 2.5 1e3 .5",
                [1.0, 2.5, 1000.0, 0.5].map(Token::Number).to_vec(),
            ),
            (
                "a!=b",
                vec![name("a"), Token::Sign(Sign::NotEqual), name("b")],
            ),
            (
                "a # b | c\n, d # e",
                vec![name("a"), Token::Sign(Sign::Comma), name("d")],
            ),
            ("", vec![]),
        ];
        for (query, expected) in cases {
            assert_eq!(tokens(query), expected, "{query}");
        }
    }

    #[test]
    fn reads_regular_expressions_when_told_to() {
        let mut lexer = Lexer::new(r"  /a\/b\d/ rest");
        assert_eq!(lexer.regex().unwrap(), (r"a/b\d".to_owned(), 2..10));
        assert_eq!(lexer.next().unwrap().0, name("rest"));
    }

    #[test]
    fn says_where_it_cannot_go_on() {
        let cases = [
            (
                "a ; b",
                "unexpected symbol found ; at line 1 and position 2",
                2..3,
            ),
            (
                "ü\n 'x",
                "unexpected symbol found 'x at line 2 and position 1",
                3..5,
            ),
            (
                "bin(5x)",
                "unexpected symbol found 5x at line 1 and position 4",
                4..6,
            ),
            (
                "1.2.3",
                "unexpected symbol found 1.2.3 at line 1 and position 0",
                0..5,
            ),
        ];
        for (query, message, location) in cases {
            let mut lexer = Lexer::new(query);
            let error = loop {
                if let Err(error) = lexer.next() {
                    break error;
                }
            };
            assert_eq!(
                (error.message.as_str(), error.location),
                (message, location)
            );
        }
    }
}
