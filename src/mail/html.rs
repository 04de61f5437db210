//! HTML as its reader sees it.

mod bounds;
mod elements;
mod style;
mod writer;

use std::cell::RefCell;
use std::fmt;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};

use super::text::head;
use writer::Writer;

/// How much of an HTML part is read. Mail programs cut at about 100 KB.
pub const HTML_BYTES_MAX: usize = 1024 * 1024;

/// How deeply elements may be nested; an end tag looks through all open elements.
pub const HTML_DEPTH_MAX: usize = 512;

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
    /// The text that styles hide, on one line.
    pub(super) unshown: String,
    pub(super) links: Vec<Link>,
    /// Whether a part of it was left out because of a bound.
    pub(super) truncated: bool,
}

/// Renders HTML to text: no styles, scripts, comments or hidden elements.
///
/// The tokenizer alone is used: a tree would take some twenty times the memory of its text and
/// most of the time.
pub(super) fn visible(html: &str) -> Visible {
    let mut writer = Writer::default();
    if memchr::memchr2(b'<', b'&', html.as_bytes()).is_none() {
        let seen = head(html, HTML_BYTES_MAX);
        writer.text(seen);
        let mut visible = writer.finish();
        visible.truncated = seen.len() < html.len();
        return visible;
    }
    let end = bounds::safe_length(html);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&html[..end]));
    let tokenizer = Tokenizer::new(Sink(RefCell::new(writer)), TokenizerOpts::default());
    // A sink that runs no scripts gets the whole input at once.
    let _done = tokenizer.feed(&input);
    tokenizer.end();
    let mut visible = tokenizer.sink.0.into_inner().finish();
    visible.truncated |= end < html.len();
    visible
}

/// Whether a text that is declared as plain is an HTML document.
pub(super) fn is_document(text: &str) -> bool {
    let start = head(text.trim_start(), "<!doctype html".len());
    let starts = |with: &str| {
        let start = start.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    starts("<!doctype html") || starts("<html") || starts("<body")
}

/// Hands the tokens on: the tokenizer shares its sink.
struct Sink(RefCell<Writer>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            TagToken(Tag {
                kind: StartTag,
                name,
                attrs,
                ..
            }) => {
                writer.start(&name, &attrs);
                if elements::is_raw_text(name.as_bytes()) {
                    return TokenSinkResult::RawData(RawKind::Rawtext);
                }
            }
            TagToken(Tag {
                kind: EndTag, name, ..
            }) => writer.end(&name),
            Token::CharacterTokens(text) => writer.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
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
