//! What HTML's elements are to a reader.

/// Elements that are not text for the reader.
const UNSEEN: [&str; 15] = [
    "style", "script", "title", "template", "noscript", "object", "iframe", "svg", "math",
    "select", "textarea", "audio", "video", "canvas", "datalist",
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

/// Elements that have no content and no end tag.
const EMPTY: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose content is text up to their own end tag. A script is read like a style sheet:
/// what a browser would run does not matter.
const RAW_TEXT: [&str; 8] = [
    "style", "script", "title", "textarea", "iframe", "xmp", "noembed", "noframes",
];

pub(super) fn is_unseen(name: &str) -> bool {
    UNSEEN.contains(&name)
}

pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

pub(super) fn is_empty(name: &str) -> bool {
    EMPTY.contains(&name)
}

pub(super) fn is_raw_text(name: &[u8]) -> bool {
    RAW_TEXT
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// The open elements that a start tag ends, and those that it does not look behind (HTML Living
/// Standard 13.2.6.4.7: a list item ends the one before it, a block ends a paragraph).
pub(super) fn ended_by(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    const TABLE: &[&str] = &["table"];
    match name {
        "li" => (&["li"], &["ul", "ol", "table"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table"]),
        "td" | "th" => (&["td", "th"], TABLE),
        "tr" => (&["tr"], TABLE),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], TABLE),
        "option" => (&["option"], &["select"]),
        "a" => (&["a"], &["td", "th", "table"]),
        // A table does not end a paragraph in mails, which seldom declare a document type.
        "table" => (&[], &[]),
        _ if is_block(name) => (&["p"], &["td", "th", "table", "button"]),
        _ => (&[], &[]),
    }
}

/// Whether an end tag does not look behind this open element: a block or a cell is not ended by an
/// inline element around it, and nothing in a cell ends the cell.
pub(super) fn is_barrier(open: &str, ended: &str) -> bool {
    let part_of_table = |name| matches!(name, "td" | "th" | "tr" | "tbody" | "thead" | "table");
    match open {
        "td" | "th" | "table" => !part_of_table(ended) && !matches!(ended, "body" | "html"),
        _ => is_block(open) && !is_block(ended) && !part_of_table(ended) && ended != "html",
    }
}
