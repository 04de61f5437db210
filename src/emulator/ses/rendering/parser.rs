//! Reading a text into its pieces.

use super::super::error::SesException;
use super::path::Path;
use super::pattern::{BlockKind, Pattern, Piece};

/// How deep blocks may be in one another. AWS names no bound; templates for mails need a few.
const BLOCKS_DEEP_MAX: usize = 64;

/// A text that is being read.
#[derive(Default)]
pub(super) struct Parser {
    /// Pieces of what is outside of all blocks.
    pieces: Vec<Piece>,
    pattern: Pattern,
    /// The blocks that have no end so far, outermost first.
    open: Vec<Open>,
    /// Whether the white space of the text that comes next is left out.
    trims_next: bool,
}

/// A block whose end is still to come.
struct Open {
    kind: OpenKind,
    then: Vec<Piece>,
    /// There once `{{else}}` was read.
    otherwise: Option<Vec<Piece>>,
}

enum OpenKind {
    /// A chained block, `{{else if}}`, ends with the block around it.
    Block {
        kind: BlockKind,
        path: Path,
        is_chained: bool,
    },
    Inline(String),
}

impl Open {
    fn pieces(&mut self) -> &mut Vec<Piece> {
        self.otherwise.as_mut().unwrap_or(&mut self.then)
    }
}

impl Parser {
    /// Reads a whole text.
    pub(super) fn parse(mut self, text: &str) -> Result<Pattern, SesException> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            // A backslash before an expression has it written as it is.
            if let Some(before) = before.strip_suffix('\\') {
                self.text(before);
                self.text("{{");
                rest = after;
                continue;
            }
            self.text(before);
            let (tag, after) = tag(after).ok_or_else(unended)?;
            self.tag(tag)?;
            rest = after;
        }
        self.text(rest);
        if let Some(open) = self.open.pop() {
            return Err(bad(&format!(
                "The block {} does not end.",
                open.kind.name()
            )));
        }
        self.pattern.pieces = self.pieces;
        Ok(self.pattern)
    }

    fn pieces(&mut self) -> &mut Vec<Piece> {
        match self.open.last_mut() {
            Some(open) => open.pieces(),
            None => &mut self.pieces,
        }
    }

    fn text(&mut self, text: &str) {
        let text = if self.trims_next {
            text.trim_start()
        } else {
            text
        };
        if !text.is_empty() {
            self.trims_next = false;
            self.pieces().push(Piece::Text(text.to_owned()));
        }
    }

    /// Leaves out the white space at the end of what was read last.
    fn trim_last(&mut self) {
        let pieces = self.pieces();
        let Some(Piece::Text(text)) = pieces.last_mut() else {
            return;
        };
        text.truncate(text.trim_end().len());
        if text.is_empty() {
            pieces.pop();
        }
    }

    /// Reads what is between two and two braces.
    fn tag(&mut self, written: &str) -> Result<(), SesException> {
        let tag = written.strip_prefix('~').inspect(|_| self.trim_last());
        let tag = tag.unwrap_or(written);
        let (tag, trims_next) = match tag.strip_suffix('~') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        self.trims_next = trims_next;
        let unknown = || not_here(written);
        if let Some(name) = tag.strip_prefix('/') {
            return self.close(name.trim());
        }
        if let Some(inline) = tag.strip_prefix("#*") {
            let inline = inline.trim().strip_prefix("inline ").ok_or_else(unknown)?;
            let name = quoted(inline.trim()).ok_or_else(unknown)?;
            return self.open(OpenKind::Inline(name.to_owned()), written);
        }
        if let Some(block) = tag.strip_prefix('#') {
            return self.block(block, false).ok_or_else(unknown)?;
        }
        if let Some(partial) = tag.strip_prefix('>') {
            let piece = partial_piece(partial).ok_or_else(unknown)?;
            self.pieces().push(piece);
            return Ok(());
        }
        if tag.starts_with('!') {
            return Ok(());
        }
        let inverse = tag
            .trim()
            .strip_prefix('^')
            .or(tag.trim().strip_prefix("else"));
        match inverse {
            Some("") => self.otherwise(written),
            Some(chained) if chained.starts_with(char::is_whitespace) => {
                self.otherwise(written)?;
                self.block(chained, true).ok_or_else(unknown)?
            }
            _ => {
                let raw = tag.strip_prefix('{').and_then(|tag| tag.strip_suffix('}'));
                let expression = raw.or(tag.strip_prefix('&')).unwrap_or(tag).trim();
                let has_text = !expression.is_empty();
                let path = Path::parse(expression).filter(|_| has_text);
                self.pieces()
                    .push(Piece::Attribute(path.ok_or_else(unknown)?));
                Ok(())
            }
        }
    }

    /// Opens a block; nothing if it is none of those here.
    fn block(&mut self, block: &str, is_chained: bool) -> Option<Result<(), SesException>> {
        let (name, path) = block.trim().split_once(char::is_whitespace)?;
        let opened = OpenKind::Block {
            kind: BlockKind::named(name)?,
            path: Path::parse(path.trim())?,
            is_chained,
        };
        Some(self.open(opened, block))
    }

    fn open(&mut self, kind: OpenKind, written: &str) -> Result<(), SesException> {
        if self.open.len() == BLOCKS_DEEP_MAX {
            let what = format!("More than {BLOCKS_DEEP_MAX} blocks in one another");
            return Err(SesException::NotImplemented(what));
        }
        let is_block = matches!(kind, OpenKind::Block { .. });
        if !is_block && !self.open.is_empty() {
            // Such a partial is known in its block alone.
            return Err(not_here(&format!("{written} in a block")));
        }
        self.open.push(Open {
            kind,
            then: Vec::new(),
            otherwise: None,
        });
        Ok(())
    }

    fn otherwise(&mut self, written: &str) -> Result<(), SesException> {
        match self.open.last_mut() {
            Some(Open {
                kind: OpenKind::Block { .. },
                otherwise: otherwise @ None,
                ..
            }) => {
                *otherwise = Some(Vec::new());
                Ok(())
            }
            _ => Err(bad(&format!("{{{{{written}}}}} belongs to no block."))),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), SesException> {
        loop {
            let wrong = || bad(&format!("The block {name} ends where it is not open."));
            let open = self.open.pop().ok_or_else(wrong)?;
            match open.kind {
                OpenKind::Inline(partial) if name == "inline" => {
                    self.pattern.partials.insert(partial, open.then);
                    return Ok(());
                }
                OpenKind::Block {
                    kind,
                    path,
                    is_chained,
                } if is_chained || kind.name() == name => {
                    let piece = Piece::Block {
                        kind,
                        path,
                        then: open.then,
                        otherwise: open.otherwise.unwrap_or_default(),
                    };
                    self.pieces().push(piece);
                    if !is_chained {
                        return Ok(());
                    }
                }
                _ => return Err(wrong()),
            }
        }
    }
}

impl OpenKind {
    fn name(&self) -> &'static str {
        match self {
            Self::Block { kind, .. } => kind.name(),
            Self::Inline(_) => "inline",
        }
    }
}

/// What is between the braces, and what comes after; the text begins after the two that open.
fn tag(text: &str) -> Option<(&str, &str)> {
    // A long comment may have braces in it, and its own ends go with it.
    let is_long = text.trim_start_matches('~').starts_with("!--");
    let mut from = 0;
    if is_long {
        let ends = [text.find("--}}"), text.find("--~}}")];
        from = ends.into_iter().flatten().min()?;
    } else if text.trim_start_matches('~').starts_with('{') {
        // The brace that ends the third one comes first.
        from = text.find('}')? + 1;
    }
    let end = from + text[from..].find("}}")?;
    Some((&text[..end], &text[end + 2..]))
}

/// `name`, `"name"`, or either with a path after it.
fn partial_piece(partial: &str) -> Option<Piece> {
    let partial = partial.trim();
    let (name, about) = match partial.split_once(char::is_whitespace) {
        Some((name, about)) => (name, Some(Path::parse(about.trim())?)),
        None => (partial, None),
    };
    let name = quoted(name).unwrap_or(name);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let piece = Piece::Partial {
        name: name.to_owned(),
        about,
    };
    (!name.is_empty() && name.chars().all(is_name)).then_some(piece)
}

fn quoted(text: &str) -> Option<&str> {
    let double = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    double.or_else(|| {
        text.strip_prefix('\'')
            .and_then(|text| text.strip_suffix('\''))
    })
}

fn unended() -> SesException {
    bad("The template has an expression that does not end.")
}

/// A refusal whose text is a guess.
fn bad(why: &str) -> SesException {
    SesException::bad_request(why)
}

fn not_here(written: &str) -> SesException {
    SesException::NotImplemented(format!("The template expression {{{{{written}}}}}"))
}
