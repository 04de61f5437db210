//! HTML as its reader sees it.

use std::fmt;

use scraper::Html;
use scraper::node::{Element, Node};

use super::text::plain;

/// How much of an HTML part is read. Mail programs cut at about 100 KB; the parser's tree takes
/// some 20 times its input.
pub const HTML_BYTES_MAX: usize = 1024 * 1024;

/// How deeply elements may be nested. The parser looks through all open elements at each tag, so
/// that without a bound a hostile mail would cost quadratic time.
pub const HTML_DEPTH_MAX: usize = 512;

/// How often an attribute may begin in one tag; the parser compares each with all before it.
const TAG_BREAKS_MAX: usize = 1_024;

/// Elements that are not text for the reader.
const UNSEEN: [&str; 12] = [
    "head", "style", "script", "title", "template", "noscript", "object", "iframe", "svg", "math",
    "select", "textarea",
];

/// Elements that begin and end a line.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tr",
    "ul",
];

/// Elements that need no end tag, so that many of them are not deep nesting.
const UNCLOSED: [&str; 23] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "source", "tbody", "td", "th", "thead", "tr", "track", "wbr",
];

/// A link of an HTML mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written.
    pub href: String,
    /// The text that the reader clicks on.
    pub text: String,
}

/// Shows where the link leads without its query, which may hold a code.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self
            .href
            .split_once('?')
            .map_or(self.href.as_str(), |(address, _)| address);
        f.debug_struct("Link")
            .field("href", &shown)
            .field("text", &self.text)
            .finish()
    }
}

/// What an HTML part shows.
#[derive(Default)]
pub(super) struct Visible {
    /// Lines of text; cells of a table row are separated by a tab.
    pub(super) text: String,
    pub(super) links: Vec<Link>,
    /// Whether a part of it was left out because of a bound.
    pub(super) truncated: bool,
}

/// Renders HTML to text: no styles, scripts, comments or hidden elements.
pub(super) fn visible(html: &str) -> Visible {
    let end = safe_length(html);
    let document = Html::parse_document(&html[..end]);
    let mut writer = Writer {
        truncated: end < html.len(),
        ..Writer::default()
    };
    // Walked with a cursor and not by recursion: depth costs no stack.
    let mut next = Some(document.tree.root());
    while let Some(node) = next {
        let entered = writer.enter(node.value());
        if entered && let Some(child) = node.first_child() {
            next = Some(child);
            continue;
        }
        if entered {
            writer.leave(node.value());
        }
        let mut current = node;
        next = loop {
            if let Some(sibling) = current.next_sibling() {
                break Some(sibling);
            }
            let Some(parent) = current.parent() else {
                break None;
            };
            writer.leave(parent.value());
            current = parent;
        };
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    text: String,
    links: Vec<Link>,
    open_link: Option<(String, usize)>,
    preformatted: usize,
    truncated: bool,
}

impl Writer {
    /// Writes what a node begins with; false when nothing in it is seen.
    fn enter(&mut self, node: &Node) -> bool {
        match node {
            Node::Text(text) => self.write(text),
            Node::Comment(_) | Node::Doctype(_) | Node::ProcessingInstruction(_) => return false,
            Node::Document | Node::Fragment => {}
            Node::Element(element) => return self.enter_element(element),
        }
        true
    }

    fn enter_element(&mut self, element: &Element) -> bool {
        let name = element.name();
        if UNSEEN.contains(&name) || is_hidden(element) {
            return false;
        }
        match name {
            "br" => self.text.push('\n'),
            "img" => self.write(element.attr("alt").unwrap_or_default()),
            "pre" => self.preformatted += 1,
            "a" => {
                if let Some(href) = element.attr("href") {
                    self.open_link = Some((href.trim().to_owned(), self.text.len()));
                }
            }
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.break_line();
        }
        true
    }

    fn leave(&mut self, node: &Node) {
        let Node::Element(element) = node else { return };
        match element.name() {
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
        if BLOCKS.contains(&element.name()) {
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
        for c in text.chars().filter_map(plain) {
            if self.preformatted > 0 || !c.is_whitespace() {
                self.text.push(c);
            } else if !(self.text.is_empty() || self.text.ends_with([' ', '\n', '\t'])) {
                self.text.push(' ');
            }
        }
    }

    fn finish(mut self) -> Visible {
        trim_end(&mut self.text);
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        Visible {
            text: self.text,
            links: self.links,
            truncated: self.truncated,
        }
    }
}

fn trim_end(text: &mut String) {
    let end = text.trim_end_matches([' ', '\t']).len();
    text.truncate(end);
}

/// Whether an element's own attributes hide it from a reader, as preheaders are hidden.
fn is_hidden(element: &Element) -> bool {
    if element.attr("hidden").is_some() {
        return true;
    }
    let Some(style) = element.attr("style") else {
        return false;
    };
    style.to_ascii_lowercase().split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else {
            return false;
        };
        let value = value.trim().trim_end_matches("!important").trim_end();
        let zero = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
        let is_zero = !zero.is_empty() && zero.bytes().all(|byte| byte == b'0' || byte == b'.');
        match property.trim() {
            "display" => value == "none",
            "visibility" => value == "hidden" || value == "collapse",
            "mso-hide" => value == "all",
            "opacity" | "font-size" | "max-height" | "max-width" => is_zero,
            _ => false,
        }
    })
}

/// How many bytes of `html` can be parsed in time linear in their number.
fn safe_length(html: &str) -> usize {
    let mut limit = html.len().min(HTML_BYTES_MAX);
    while !html.is_char_boundary(limit) {
        limit -= 1;
    }
    let bytes = &html.as_bytes()[..limit];
    let mut depth = 0_usize;
    let mut tag = None;
    for (at, pair) in bytes.windows(2).enumerate() {
        let [byte, next] = *pair else { continue };
        match byte {
            b'<' if next == b'/' => depth = depth.saturating_sub(1),
            b'<' if next.is_ascii_alphabetic() => {
                tag.get_or_insert(OpenTag::at(at));
                depth += usize::from(needs_end_tag(&bytes[at + 1..]));
            }
            _ => {}
        }
        if tag.as_mut().is_some_and(|tag| tag.ends(byte)) {
            tag = None;
        }
        match tag {
            Some(tag) if tag.breaks > TAG_BREAKS_MAX => return tag.start,
            _ if depth > HTML_DEPTH_MAX => return at,
            _ => {}
        }
    }
    limit
}

fn needs_end_tag(tag: &[u8]) -> bool {
    let name_end = |byte: &u8| !byte.is_ascii_alphanumeric();
    let length = tag
        .iter()
        .take(16)
        .position(name_end)
        .unwrap_or(tag.len().min(16));
    let name = &tag[..length];
    !UNCLOSED
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// A tag whose end was not seen yet.
#[derive(Clone, Copy)]
struct OpenTag {
    start: usize,
    /// Places where an attribute may begin.
    breaks: usize,
    quote: Option<u8>,
    after_equals: bool,
}

impl OpenTag {
    fn at(start: usize) -> Self {
        Self {
            start,
            breaks: 0,
            quote: None,
            after_equals: false,
        }
    }

    fn ends(&mut self, byte: u8) -> bool {
        match (self.quote, byte) {
            (Some(quote), _) => self.quote = (quote != byte).then_some(quote),
            (None, b'"' | b'\'') if self.after_equals => self.quote = Some(byte),
            (None, b'>') => return true,
            (None, b' ' | b'\t' | b'\n' | b'\r' | b'/') => self.breaks += 1,
            _ => {}
        }
        self.after_equals = byte == b'=';
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_a_reader_sees() {
        let cases = [
            ("<p>Your code is <b>123456</b>.</p>", "Your code is 123456."),
            (
                "<style>a{color:#123456}</style>a<!-- 654321 --><script>9</script>b",
                "ab",
            ),
            ("<div style='display: none !important'>1</div><p>2</p>", "2"),
            (
                "<span style='font-size:0px'>1</span><span style='font-size:0.8em'>2</span>",
                "2",
            ),
            ("<p>a</p>\n  <p>b<br>c</p>", "a\nb\nc"),
            (
                "<table><tr><td>1</td><td> 2 </td></tr><tr><td>3</td></tr></table>",
                "1\t2\n3",
            ),
            ("<span>1</span><span>2</span>", "12"),
            ("1&nbsp;2&zwnj;3 &amp; &#52;", "1 23 & 4"),
            ("<pre>a\n  b</pre>c", "a\n  b\nc"),
            ("<img alt='Logo' src='x'>", "Logo"),
            ("no tags < 3 at all", "no tags < 3 at all"),
            ("<head><title>123456</title></head><body>x", "x"),
        ];
        for (html, expected) in cases {
            assert_eq!(visible(html).text, expected, "{html}");
        }
    }

    #[test]
    fn keeps_links_apart() {
        let visible = visible("<p>Click <a href=' https://a.example/?b=1&amp;c=2 '>here</a> now");
        assert_eq!(visible.text, "Click here now");
        let [link] = &visible.links[..] else {
            panic!("{:?}", visible.links)
        };
        assert_eq!(
            (link.href.as_str(), link.text.as_str()),
            ("https://a.example/?b=1&c=2", "here")
        );
    }

    #[test]
    fn reads_hostile_html_up_to_the_bound() {
        let deep = "<div>".repeat(200_000) + "x";
        assert!(visible(&deep).truncated);
        let crowded = format!("<p>seen</p><a {}>x", "b ".repeat(100_000));
        let seen = visible(&crowded);
        assert_eq!((seen.text.as_str(), seen.truncated), ("seen", true));
        let long = "é".repeat(HTML_BYTES_MAX / 2 + 1);
        assert!(visible(&long).truncated);
    }
}
