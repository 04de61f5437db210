//! A text with places for attributes.

use std::collections::BTreeMap;

use super::super::error::SesException;
use super::data::{RenderingData, RenderingError};
use super::parser::Parser;
use super::path::Path;
use super::writing::Writing;

/// A text with places for attributes, with the partials that it defines.
#[derive(Debug, Default)]
pub(in super::super) struct Pattern {
    pub(super) pieces: Vec<Piece>,
    /// A partial is known in the whole text, wherever it is defined.
    pub(super) partials: BTreeMap<String, Vec<Piece>>,
}

/// A part of a text.
#[derive(Debug)]
pub(super) enum Piece {
    /// What is written as it is; never empty.
    Text(String),
    /// The value of an attribute.
    Attribute(Path),
    /// One of two parts.
    Block {
        kind: BlockKind,
        path: Path,
        then: Vec<Piece>,
        otherwise: Vec<Piece>,
    },
    /// A partial, about the attribute that the path names or about what the text around is about.
    Partial { name: String, about: Option<Path> },
}

/// When a block writes its first part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// If the attribute is true.
    If,
    /// If it is not.
    Unless,
    /// For each of its members, of which the part is then about.
    Each,
    /// If it is true, and about it.
    With,
}

impl Pattern {
    /// Reads a text.
    ///
    /// # Errors
    /// `BadRequestException` for an expression or a block that does not end (the texts are guesses), and
    /// the explicit refusal of what is not here.
    pub(in super::super) fn parse(text: &str) -> Result<Self, SesException> {
        Parser::default().parse(text)
    }

    /// Whether it has no text at all.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The text with its attributes.
    ///
    /// # Errors
    /// [`RenderingError`]: [`Missing`](RenderingError::Missing) for the first attribute that is written
    /// and not there.
    pub(in super::super) fn render(&self, data: &RenderingData) -> Result<String, RenderingError> {
        Writing::new(self, data).text(&self.pieces)
    }
}

impl BlockKind {
    /// The kind by the name of Handlebars' helper.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "if" => Some(Self::If),
            "unless" => Some(Self::Unless),
            "each" => Some(Self::Each),
            "with" => Some(Self::With),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Unless => "unless",
            Self::Each => "each",
            Self::With => "with",
        }
    }
}
