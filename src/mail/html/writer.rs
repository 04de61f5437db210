//! From start tags, texts and end tags to what is seen of them.

use html5ever::Attribute;
use html5ever::LocalName;

use super::elements::{ended_by, is_barrier, is_block, is_empty, is_unseen};
use super::style::{self, CSS_BYTES_MAX, Effect, Hidden};
use super::{HTML_DEPTH_MAX, Link, Visible};
use crate::mail::text::{head, plain};

/// Writes down what is seen, and keeps the elements that are open.
#[derive(Default)]
pub(super) struct Writer {
    text: String,
    /// What styles hide from the reader.
    unshown: String,
    links: Vec<Link>,
    open_link: Option<(String, usize)>,
    open: Vec<Open>,
    /// How many of the open elements hide what is in them.
    hiding: usize,
    /// How many of them have no text for a reader at all.
    unseen: usize,
    preformatted: usize,
    css: String,
    hidden: Hidden,
    truncated: bool,
}

/// An element that is open.
struct Open {
    name: LocalName,
    hides: bool,
    unseen: bool,
    /// Whether the text in it is too small to be read.
    tiny: bool,
}

impl Writer {
    /// Reads a start tag.
    pub(super) fn start(&mut self, name: &LocalName, attributes: &[Attribute]) {
        if self.truncated {
            return;
        }
        let (ended, limits) = ended_by(name);
        if !ended.is_empty() {
            self.end_open(ended, limits);
        }
        let effect = self.effect(attributes);
        let unseen = is_unseen(name);
        let hides = effect.hides || unseen;
        if self.hiding == 0 && !hides {
            self.show_start(name, attributes);
        }
        if is_empty(name) {
            return;
        }
        if self.open.len() == HTML_DEPTH_MAX {
            self.truncated = true;
            return;
        }
        self.hiding += usize::from(hides);
        self.unseen += usize::from(unseen);
        let around = self.open.last().is_some_and(|open| open.tiny);
        self.open.push(Open {
            name: name.clone(),
            hides,
            unseen,
            tiny: effect.tiny.unwrap_or(around),
        });
    }

    /// Reads an end tag.
    pub(super) fn end(&mut self, name: &LocalName) {
        let mut open = self.open.iter().enumerate().rev();
        let ended = open
            .by_ref()
            .take_while(|(_, open)| open.name == *name || !is_barrier(&open.name, name))
            .find(|(_, open)| open.name == *name);
        if let Some((index, _)) = ended {
            self.close_to(index);
        } else if self.hiding == 0 && matches!(&**name, "p" | "br") {
            self.break_line();
        }
    }

    /// Reads text.
    pub(super) fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| &*open.name == "style") {
            let room = CSS_BYTES_MAX.saturating_sub(self.css.len());
            self.css.push_str(head(text, room));
        } else if self.hiding == 0 && !self.truncated {
            let tiny = self.open.last().is_some_and(|open| open.tiny);
            self.write(if tiny { " " } else { text });
        } else if self.unseen == 0 && !self.truncated {
            let words = text.split_whitespace().flat_map(|word| [word, " "]);
            let words = words.flat_map(str::chars).filter_map(plain);
            self.unshown.extend(words);
        }
    }

    /// What was seen.
    pub(super) fn finish(mut self) -> Visible {
        self.close_to(0);
        trim_end(&mut self.text);
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        Visible {
            text: self.text,
            unshown: self.unshown,
            links: self.links,
            truncated: self.truncated,
        }
    }

    fn end_open(&mut self, ended: &[&str], limits: &[&str]) {
        let mut open = self.open.iter().enumerate().rev();
        let found = open
            .by_ref()
            .take_while(|(_, open)| !limits.contains(&&*open.name))
            .find(|(_, open)| ended.contains(&&*open.name));
        if let Some((index, _)) = found {
            self.close_to(index);
        }
    }

    /// Closes the open elements from `index` on.
    fn close_to(&mut self, index: usize) {
        while self.open.len() > index {
            let Some(open) = self.open.pop() else { return };
            if &*open.name == "style" {
                self.hidden.read(&std::mem::take(&mut self.css));
            }
            self.hiding -= usize::from(open.hides);
            self.unseen -= usize::from(open.unseen);
            if self.hiding == 0 && !open.hides {
                self.show_end(&open.name);
            }
        }
    }

    /// What an element's attributes do to its text.
    fn effect(&self, attributes: &[Attribute]) -> Effect {
        let (mut effect, mut classes, mut id, mut hidden) = (Effect::default(), "", "", false);
        for attribute in attributes {
            match &*attribute.name.local {
                "style" => effect = style::effect(&attribute.value),
                "class" => classes = &attribute.value,
                "id" => id = &attribute.value,
                "hidden" => hidden = true,
                _ => {}
            }
        }
        effect.hides |= hidden || self.hidden.covers(classes, id);
        effect
    }

    fn show_start(&mut self, name: &str, attributes: &[Attribute]) {
        let value = |name: &str| {
            let attribute = attributes.iter().find(|a| *a.name.local == *name);
            attribute.map(|attribute| &*attribute.value)
        };
        match name {
            "br" => self.text.push('\n'),
            "img" => self.write(value("alt").unwrap_or_default()),
            "input" if matches!(value("type"), None | Some("text" | "number" | "tel")) => {
                self.write(value("value").unwrap_or_default());
            }
            "pre" => self.preformatted += 1,
            "a" => {
                if let Some(href) = value("href") {
                    self.open_link = Some((href.trim().to_owned(), self.text.len()));
                }
            }
            _ => {}
        }
        if is_block(name) {
            self.break_line();
        }
    }

    fn show_end(&mut self, name: &str) {
        match name {
            "td" | "th" => {
                trim_end(&mut self.text);
                self.text.push('\t');
            }
            "pre" => self.preformatted -= 1,
            "a" => {
                if let Some((href, start)) = self.open_link.take() {
                    let text = self.text.get(start..).unwrap_or_default().trim().to_owned();
                    self.links.push(Link { href, text });
                }
            }
            _ => {}
        }
        if is_block(name) {
            self.break_line();
        }
    }

    fn break_line(&mut self) {
        trim_end(&mut self.text);
        if !(self.text.is_empty() || self.text.ends_with('\n')) {
            self.text.push('\n');
        }
    }

    fn write(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.bytes().take_while(u8::is_ascii_graphic).count();
            self.text.push_str(&rest[..word]);
            let mut others = rest[word..].chars();
            if let Some(c) = others.next().and_then(plain) {
                if self.preformatted > 0 || !c.is_whitespace() {
                    self.text.push(c);
                } else if !(self.text.is_empty() || self.text.ends_with([' ', '\n', '\t'])) {
                    self.text.push(' ');
                }
            }
            rest = others.as_str();
        }
    }
}

fn trim_end(text: &mut String) {
    let end = text.trim_end_matches([' ', '\t']).len();
    text.truncate(end);
}
