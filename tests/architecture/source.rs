//! Rust source as far as the rules need it: tokens without comments and literals, and the paths
//! that a file refers to, each resolved to the module it names.

/// A token that can be part of a path; literals, comments and lifetimes are left out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Ident(String),
    PathSep,
    Punct(char),
}

/// How a path appears in the source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    Use,
    Inline,
    Macro,
    Attribute,
}

/// One path that a file refers to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reference {
    pub(crate) path: Path,
    pub(crate) form: Form,
    pub(crate) line: usize,
    /// Whether it stands in code that is compiled for tests only.
    pub(crate) in_test: bool,
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Path {
    /// Segments from the root of this crate.
    Inside(Vec<String>),
    /// Segments from another crate, the prelude, or a name in scope.
    Outside(Vec<String>),
}

/// Splits `source` into tokens with their 1-based line.
pub(crate) fn tokens(source: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let (token, end) = token_at(&chars, at);
        if let Some(token) = token {
            found.push((token, line));
        }
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    found
}

/// The token that starts at `at`, if it is one to keep, and the position after it.
fn token_at(chars: &[char], at: usize) -> (Option<Token>, usize) {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => (None, end_of_run(chars, at, |c| c != '\n')),
        '/' if next == Some('*') => (None, end_of_block_comment(chars, at)),
        '"' => (None, end_of_string(chars, at)),
        '\'' => (None, end_of_quote(chars, at)),
        ':' if next == Some(':') => (Some(Token::PathSep), at + 2),
        c if c.is_alphabetic() || c == '_' => word_at(chars, at),
        c if c.is_ascii_digit() => (None, end_of_run(chars, at, is_word)),
        c if c.is_whitespace() => (None, at + 1),
        c => (Some(Token::Punct(c)), at + 1),
    }
}

/// An identifier, or a literal with a prefix such as `r#"..."#` or `b"..."`.
fn word_at(chars: &[char], at: usize) -> (Option<Token>, usize) {
    let end = end_of_run(chars, at, is_word);
    let word: String = chars[at..end].iter().collect();
    let quote = end_of_run(chars, end, |c| c == '#');
    let raw = matches!(word.as_str(), "r" | "br" | "cr");
    match chars.get(quote) {
        Some('"') if raw => (None, end_of_raw_string(chars, quote, quote - end)),
        Some('"') if quote == end && matches!(word.as_str(), "b" | "c") => {
            (None, end_of_string(chars, end))
        }
        Some('\'') if quote == end && word == "b" => (None, end_of_quote(chars, end)),
        Some(c) if raw && quote == end + 1 && is_word(*c) => word_at(chars, quote),
        _ => (Some(Token::Ident(word)), end),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn end_of_run(chars: &[char], at: usize, belongs: impl Fn(char) -> bool) -> usize {
    at + chars[at..].iter().take_while(|c| belongs(**c)).count()
}

/// Block comments nest in Rust.
fn end_of_block_comment(chars: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], quote: usize) -> usize {
    let mut at = quote + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn end_of_raw_string(chars: &[char], quote: usize, hashes: usize) -> usize {
    let closes = |at: &usize| {
        chars[*at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes
    };
    (quote + 1..chars.len())
        .find(closes)
        .map_or(chars.len(), |at| at + 1 + hashes)
}

/// A character literal, or a lifetime.
fn end_of_quote(chars: &[char], quote: usize) -> usize {
    if chars.get(quote + 1) == Some(&'\\') {
        return (end_of_run(chars, quote + 3, |c| c != '\'') + 1).min(chars.len());
    }
    if chars.get(quote + 2) == Some(&'\'') {
        return quote + 3;
    }
    end_of_run(chars, quote + 1, is_word)
}

/// All paths, macros and attributes that a file of module `module` refers to.
pub(crate) fn references(module: &[String], source: &str) -> Vec<Reference> {
    let tokens = tokens(source);
    let mut walk = Walk {
        tokens: &tokens,
        modules: module.iter().map(|name| (name.clone(), 0)).collect(),
        depth: 0,
        test_item: None,
        found: Vec::new(),
    };
    let mut at = 0;
    while at < tokens.len() {
        at = walk.step(at);
    }
    walk.found
}

struct Walk<'a> {
    tokens: &'a [(Token, usize)],
    /// The modules around the position, each with the bracket depth it was opened at.
    modules: Vec<(String, usize)>,
    depth: usize,
    /// The depth of the item that is compiled for tests only, while inside it.
    test_item: Option<usize>,
    found: Vec<Reference>,
}

impl Walk<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).map(|(token, _)| token)
    }

    fn ident(&self, at: usize) -> Option<&str> {
        match self.token(at) {
            Some(Token::Ident(name)) => Some(name),
            _ => None,
        }
    }

    fn is(&self, at: usize, punct: char) -> bool {
        self.token(at) == Some(&Token::Punct(punct))
    }

    /// Handles the token at `at` and returns the position to go on from.
    fn step(&mut self, at: usize) -> usize {
        match &self.tokens[at].0 {
            Token::Punct(punct) => {
                self.punct(*punct, at);
                at + 1
            }
            Token::PathSep => at + 1,
            Token::Ident(word) => match word.as_str() {
                "mod" if self.is(at + 2, '{') => {
                    let name = self.ident(at + 1).unwrap_or_default().to_owned();
                    self.modules.push((name, self.depth + 1));
                    at + 2
                }
                "use" if !self.is(at + 1, '<') => self.use_tree(at + 1, &[]),
                "extern" if self.ident(at + 1) == Some("crate") => self.use_tree(at + 2, &[]),
                _ => self.path(at),
            },
        }
    }

    fn punct(&mut self, punct: char, at: usize) {
        match punct {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => {
                if punct == '}'
                    && self
                        .modules
                        .last()
                        .is_some_and(|(_, depth)| *depth == self.depth)
                {
                    self.modules.pop();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            '#' if self.is(at + 1, '[') => self.attribute(at + 2),
            _ => {}
        }
        if matches!(punct, '}' | ';') && self.test_item == Some(self.depth) {
            self.test_item = None;
        }
    }

    fn attribute(&mut self, at: usize) {
        let Some(name) = self.ident(at).map(str::to_owned) else {
            return;
        };
        let arguments = (at..self.tokens.len()).take_while(|at| !self.is(*at, ']'));
        let words: Vec<&str> = arguments.filter_map(|at| self.ident(at)).collect();
        let for_tests = name == "cfg" && words.contains(&"test") && !words.contains(&"not");
        if for_tests && self.test_item.is_none() {
            self.test_item = Some(self.depth);
        }
        self.push(vec![name], Form::Attribute, at);
    }

    /// A path outside `use`; one word alone counts only as the name of a macro.
    fn path(&mut self, start: usize) -> usize {
        let mut segments = vec![self.ident(start).unwrap_or_default().to_owned()];
        let mut at = start + 1;
        while self.token(at) == Some(&Token::PathSep) {
            let Some(name) = self.ident(at + 1) else {
                break;
            };
            segments.push(name.to_owned());
            at += 2;
        }
        let opens = ['(', '[', '{']
            .iter()
            .any(|bracket| self.is(at + 1, *bracket));
        if self.is(at, '!') && opens {
            self.push(segments, Form::Macro, start);
        } else if segments.len() > 1 {
            self.push(segments, Form::Inline, start);
        }
        at
    }

    /// One tree of a `use`: `a::b`, `a::{b, c::d}`, `a::*`, `a as b`.
    fn use_tree(&mut self, start: usize, prefix: &[String]) -> usize {
        let mut segments = prefix.to_vec();
        let mut at = start;
        loop {
            match self.token(at) {
                Some(Token::PathSep) => at += 1,
                Some(Token::Ident(word)) if word == "as" => at += 2,
                Some(Token::Ident(word)) => {
                    if word != "self" || segments.is_empty() {
                        segments.push(word.clone());
                    }
                    at += 1;
                }
                Some(Token::Punct('*')) => {
                    segments.push("*".to_owned());
                    at += 1;
                }
                Some(Token::Punct('{')) => return self.use_group(at + 1, &segments),
                _ => break,
            }
        }
        self.push(segments, Form::Use, start);
        at
    }

    fn use_group(&mut self, start: usize, prefix: &[String]) -> usize {
        let mut at = start;
        while at < self.tokens.len() && !self.is(at, '}') {
            at = if self.is(at, ',') {
                at + 1
            } else {
                self.use_tree(at, prefix).max(at + 1)
            };
        }
        at + 1
    }

    fn push(&mut self, segments: Vec<String>, form: Form, at: usize) {
        // `impl Trait + use<>` captures; it imports nothing.
        if segments.is_empty() {
            return;
        }
        self.found.push(Reference {
            path: self.resolve(segments),
            form,
            line: self.tokens[at].1,
            in_test: self.test_item.is_some(),
        });
    }

    fn resolve(&self, segments: Vec<String>) -> Path {
        let own = self.modules.iter().map(|(name, _)| name.clone());
        let rest = |skip| segments[skip..].iter().cloned();
        match segments[0].as_str() {
            "crate" | "reverify" => Path::Inside(rest(1).collect()),
            "self" if segments.len() > 1 => Path::Inside(own.chain(rest(1)).collect()),
            "super" => {
                let up = segments.iter().take_while(|name| *name == "super").count();
                let kept = self.modules.len().saturating_sub(up);
                Path::Inside(own.take(kept).chain(rest(up)).collect())
            }
            _ => Path::Outside(segments),
        }
    }
}
