//! Takes what may be a secret out of a text that messages quote.
//!
//! A password that somebody wrote into the file is an error whose message shows the line, and so may
//! any error on the same line. This looks at the text alone, so that it also holds for a file that is
//! no TOML and for a misspelt key. Where it is not sure it hides: an excerpt with a harmless value less
//! can still be understood.

mod plain;

use plain::mask_inside;

/// Parts of keys whose values are not shown.
const SECRET_PARTS: [&str; 5] = ["pass", "pwd", "secret", "token", "credential"];
/// The last word of other such keys.
const SECRET_END: &str = "key";
/// Keys in a secret's table that say where the secret is.
const REFERENCES: [&str; 4] = ["env", "file", "command", "timeout"];

/// The text with what may be a secret replaced by asterisks of the same length: strings at keys that
/// sound like one, in their tables and lists too, and the user of a URL.
pub(super) fn masked(text: &str) -> String {
    let mut scan = Scan {
        rest: text,
        shown: String::with_capacity(text.len()),
        secret_table: false,
        inner: Vec::new(),
        key: None,
        at_start: true,
        comment: None,
    };
    scan.all();
    mask_inside(&scan.shown)
}

/// Whether a key or a part of one sounds like that of a secret.
fn sounds_secret(part: &str) -> bool {
    let part = part.to_lowercase();
    part.ends_with(SECRET_END) || SECRET_PARTS.iter().any(|word| part.contains(word))
}

/// How far the text is read.
struct Scan<'a> {
    rest: &'a str,
    shown: String,
    /// Whether the table of the latest header is a secret's.
    secret_table: bool,
    /// What is open, the innermost last.
    inner: Vec<Inner>,
    /// The key whose value comes next.
    key: Option<Key>,
    /// Whether a key begins here: nothing stands before it on the line, or in the inline table.
    at_start: bool,
    /// In a comment, how much was open before it.
    comment: Option<usize>,
}

/// An inline table or a list.
struct Inner {
    is_list: bool,
    is_secret: bool,
}

/// What the words before a value sound like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sound {
    Harmless,
    Secret,
    /// It says where a secret is.
    Reference,
}

/// The words before a value.
#[derive(Clone, Copy)]
struct Key {
    sound: Sound,
    /// Whether a value has to follow: there was an equals sign, or what is taken for one.
    is_separated: bool,
    /// Whether nothing stands before it.
    is_first: bool,
    /// Whether it goes on behind its dot.
    is_open: bool,
}

impl Scan<'_> {
    fn all(&mut self) {
        while let Some(next) = self.rest.chars().next() {
            match next {
                '\n' => self.end_line(),
                ' ' | '\t' | '\r' => self.show(1),
                '#' => {
                    self.comment.get_or_insert(self.inner.len());
                    self.key = None;
                    self.at_start = false;
                    self.show(1);
                }
                '=' | ':' => {
                    if let Some(key) = &mut self.key {
                        key.is_separated = true;
                    }
                    self.show(1);
                }
                ',' => self.begin(1),
                '[' if self.at_header() => self.header(),
                '[' | '{' => {
                    let is_secret = self.is_secret();
                    self.inner.push(Inner {
                        is_list: next == '[',
                        is_secret,
                    });
                    self.begin(1);
                }
                ']' | '}' => {
                    let open_before = self.comment.unwrap_or(0);
                    if self.inner.len() > open_before {
                        self.inner.pop();
                    }
                    self.begin(1);
                }
                '"' | '\'' => self.string(),
                _ => self.word(),
            }
        }
    }

    fn end_line(&mut self) {
        if let Some(open_before) = self.comment.take() {
            self.inner.truncate(open_before);
        }
        self.begin(1);
    }

    /// Shows a sign after which another key or value comes.
    fn begin(&mut self, length: usize) {
        self.key = None;
        self.at_start = self.comment.is_none();
        self.show(length);
    }

    /// Whether a bracket begins a header. Of a list that was never closed no header is an item: it has
    /// a word in it that is in no quotation marks.
    fn at_header(&self) -> bool {
        let before = self.shown.rsplit('\n').next().unwrap_or_default();
        let name = self.rest.trim_start_matches(['[', ' ', '\t']);
        let line = name.lines().next().unwrap_or_default();
        let is_named = name.starts_with(|first: char| first.is_alphabetic());
        let is_alone = self.inner.is_empty() || is_named;
        before.trim().is_empty() && is_alone && line.contains(']')
    }

    fn header(&mut self) {
        let end = self.rest.find(']').unwrap_or(0);
        let name = self.rest[..end].trim_start_matches('[');
        let brackets = end - name.len();
        self.secret_table = name.split('.').any(|part| {
            let part = part.trim_matches(['"', '\'', ' ', '\t']);
            sounds_secret(part)
        });
        let closing = self.rest[end..].bytes().take(brackets);
        let length = end + closing.take_while(|byte| *byte == b']').count();
        self.inner.clear();
        self.begin(length);
    }

    /// Whether a value that stands here may be a secret.
    fn is_secret(&self) -> bool {
        let around = self.inner.last().map(|inner| inner.is_secret);
        let around = around.unwrap_or(self.secret_table);
        match self.key.map(|key| key.sound) {
            Some(Sound::Secret) => true,
            Some(Sound::Reference) => false,
            Some(Sound::Harmless) | None => around,
        }
    }

    /// A string is a key where one sign of a key follows, and else a value.
    fn string(&mut self) {
        let length = string_length(self.rest);
        let after = self.rest[length..].trim_start_matches([' ', '\t']);
        let is_value = self.key.is_some_and(|key| key.is_separated);
        if !is_value && after.starts_with(['=', ':', '.']) {
            let name = self.rest[..length].trim_matches(['"', '\'']).to_owned();
            self.name(&name);
            self.show(length);
        } else if self.is_secret() {
            self.mask(length);
        } else {
            self.show(length);
        }
        self.at_start = false;
    }

    /// Something without quotation marks: a key, or a value that is none in TOML or no text.
    fn word(&mut self) {
        let length = word_length(self.rest, self.comment.is_some());
        let word = &self.rest[..length];
        let is_value = if let Some(key) = self.key {
            let goes_on = key.is_open || word.starts_with('.');
            key.is_separated || (key.is_first && !goes_on)
        } else {
            // In prose a bracket opens nothing.
            let in_list = self.inner.last().is_some_and(|inner| inner.is_list);
            in_list && self.comment.is_none()
        };
        if is_value && self.is_secret() {
            // Whatever else is on the line may belong to it.
            self.mask(self.rest.find('\n').unwrap_or(self.rest.len()));
            return;
        }
        let word = word.to_owned();
        self.name(&word);
        self.show(length);
        self.at_start = false;
    }

    /// Takes this for the key, or for the rest of one with dots.
    fn name(&mut self, name: &str) {
        let before = self.key.filter(|key| {
            let goes_on = key.is_open || name.starts_with('.');
            goes_on && !key.is_separated
        });
        let mut parts = name.split('.');
        let last = parts.clone().next_back().unwrap_or_default();
        let sound = if REFERENCES.contains(&last) {
            Sound::Reference
        } else if before.is_some_and(|key| key.sound != Sound::Harmless) || parts.any(sounds_secret)
        {
            Sound::Secret
        } else {
            Sound::Harmless
        };
        self.key = Some(Key {
            sound,
            is_separated: false,
            is_first: before.map_or(self.at_start, |key| key.is_first),
            is_open: name.ends_with('.'),
        });
    }

    fn show(&mut self, length: usize) {
        let (shown, rest) = self.rest.split_at(length);
        self.shown.push_str(shown);
        self.rest = rest;
    }

    fn mask(&mut self, length: usize) {
        let (hidden, rest) = self.rest.split_at(length);
        // Lines stay lines, so that the places behind them stay true.
        let stars = hidden.bytes();
        self.shown
            .extend(stars.map(|byte| if byte == b'\n' { '\n' } else { '*' }));
        self.rest = rest;
    }
}

/// Bytes of a word. In prose an apostrophe is a part of it.
fn word_length(text: &str, is_prose: bool) -> usize {
    let ends = |c: char| {
        let is_quote = "\"'".contains(c) && !is_prose;
        c.is_whitespace() || is_quote || "#=:,[]{}".contains(c)
    };
    let first = text.chars().next().map_or(0, char::len_utf8);
    text[first..]
        .find(ends)
        .map_or(text.len(), |end| first + end)
}

/// Bytes of a string, to the end of the line where it has no end.
fn string_length(value: &str) -> usize {
    let Some(quote) = value.chars().next() else {
        return 0;
    };
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if let Some(inner) = value.strip_prefix(&triple) {
        return inner.find(&triple).map_or(value.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (index, character) in value.char_indices().skip(1) {
        match character {
            '\n' => return index,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            found if found == quote => return index + 1,
            _ => {}
        }
    }
    value.len()
}

#[cfg(test)]
mod tests;
