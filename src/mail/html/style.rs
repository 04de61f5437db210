//! Styles, as far as they decide whether a reader sees a text.

use std::collections::HashSet;

/// How much of a mail's style sheets is read; mail programs cut at some 16 KB.
pub(super) const CSS_BYTES_MAX: usize = 64 * 1024;

/// A length this small or smaller cannot be read, in pixels.
const UNREADABLE_PX: f64 = 1.0;

/// Beyond this a text lies outside the window, in pixels.
const OUTSIDE_PX: f64 = -900.0;

/// What declarations do to an element's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Effect {
    /// It and all in it is hidden.
    pub(super) hides: bool,
    /// Its text is too small to be read; elements in it may set another size. Nothing if it has
    /// its parent's size.
    pub(super) tiny: Option<bool>,
}

/// What the declarations of a `style` attribute or of a rule do.
pub(super) fn effect(declarations: &str) -> Effect {
    let mut effect = Effect::default();
    let (mut clipped, mut empty, mut absolute, mut outside) = (false, false, false, false);
    let (mut color, mut background) = ("", "");
    for declaration in declarations.split(';') {
        let Some((property, value)) = declaration.split_once(':') else {
            continue;
        };
        let value = value.split('!').next().unwrap_or_default().trim();
        let is = |expected: &str| value.eq_ignore_ascii_case(expected);
        match property.trim().to_ascii_lowercase().as_str() {
            "display" if is("none") => effect.hides = true,
            "visibility" if is("hidden") || is("collapse") => effect.hides = true,
            "opacity" | "max-height" | "max-width" if is_zero(value) => effect.hides = true,
            "font-size" => effect.tiny = tiny(value),
            "overflow" => clipped = is("hidden"),
            "height" | "width" if is_zero(value) => empty = true,
            "position" => absolute = is("absolute") || is("fixed"),
            "left" | "top" if is_outside(value) => outside = true,
            "text-indent" if is_outside(value) => effect.hides = true,
            "clip-path" if is("inset(100%)") || is("inset(50%)") => effect.hides = true,
            "color" => color = value,
            "background" | "background-color" => background = value,
            _ => {}
        }
    }
    let same = !color.is_empty() && color.eq_ignore_ascii_case(background);
    effect.hides |= (clipped && empty) || (absolute && outside);
    effect.hides |= same || color.eq_ignore_ascii_case("transparent");
    effect
}

/// A length as a number and its unit.
fn length(value: &str) -> Option<(f64, &str)> {
    let end = value.find(|c: char| c.is_ascii_alphabetic() || c == '%');
    let (number, unit) = value.split_at(end.unwrap_or(value.len()));
    Some((number.trim().parse().ok()?, unit))
}

fn is_zero(value: &str) -> bool {
    length(value).is_some_and(|(number, _)| number == 0.0)
}

fn is_outside(value: &str) -> bool {
    length(value).is_some_and(|(number, _)| number <= OUTSIDE_PX)
}

/// Whether a font size cannot be read; nothing if that depends on the element around it.
fn tiny(value: &str) -> Option<bool> {
    match length(value) {
        Some((number, "em" | "%" | "EM")) => (number == 0.0).then_some(true),
        Some((number, _)) => Some(number <= UNREADABLE_PX),
        // Named sizes can all be read.
        None => (!value.eq_ignore_ascii_case("inherit")).then_some(false),
    }
}

/// The classes and ids that a mail's style sheets hide.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Selectors of one class (`.a`) or id (`#a`).
    selectors: HashSet<String>,
}

impl Hidden {
    /// Reads a style sheet. Rules within `@media` and the like hold for some readers only and are
    /// left out, and so are selectors of more than an element's own name, class or id.
    pub(super) fn read(&mut self, css: &str) {
        let mut rest = css;
        while let Some(open) = rest.find('{') {
            let (selectors, body) = (&rest[..open], &rest[open + 1..]);
            let selectors = selectors.rsplit("*/").next().unwrap_or(selectors).trim();
            let length = if selectors.starts_with('@') {
                block_length(body)
            } else {
                body.find('}').unwrap_or(body.len())
            };
            let declarations = &body[..length];
            rest = body.get(length + 1..).unwrap_or_default();
            if selectors.starts_with('@') || !effect(declarations).hides {
                continue;
            }
            for selector in selectors.split(',').map(str::trim) {
                if let Some(simple) = simple(selector) {
                    self.selectors.insert(simple.to_owned());
                }
            }
        }
    }

    /// Whether a rule hides what has these classes or this id.
    pub(super) fn covers(&self, classes: &str, id: &str) -> bool {
        if self.selectors.is_empty() {
            return false;
        }
        let class = |class: &str| self.selectors.contains(&format!(".{class}"));
        classes.split_ascii_whitespace().any(class)
            || (!id.is_empty() && self.selectors.contains(&format!("#{id}")))
    }
}

/// The class or id of a selector that has nothing else, but for an element's name before it.
fn simple(selector: &str) -> Option<&str> {
    let mark = selector.find(['.', '#'])?;
    let (element, simple) = selector.split_at(mark);
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let whole = simple[1..].chars().all(name) && element.chars().all(name);
    (whole && simple.len() > 1).then_some(simple)
}

/// How long a block with blocks inside is, without its closing brace.
fn block_length(body: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_hides() {
        let hidden = [
            "display: NONE !important",
            "color:red;visibility:hidden",
            "max-height:0px;overflow:hidden",
            "height:0;overflow:hidden",
            "opacity:0.0",
            "text-indent:-9999px",
            "position:absolute;left:-10000px",
            "color:#FFFFFF;background-color:#ffffff",
            "color:transparent",
        ];
        for declarations in hidden {
            assert!(effect(declarations).hides, "{declarations}");
        }
        let seen = [
            "",
            "display:block",
            "mso-hide:all",
            "height:0",
            "opacity:0.9",
            "color:#fff;background-color:#000",
            "left:-9999px",
            "max-width:600px",
        ];
        for declarations in seen {
            assert!(!effect(declarations).hides, "{declarations}");
        }
    }

    #[test]
    fn tells_what_is_too_small() {
        let cases = [
            ("font-size:0", Some(true)),
            ("font-size: 1px", Some(true)),
            ("font-size:0.8em", None),
            ("font-size:0%", Some(true)),
            ("font-size:13px", Some(false)),
            ("font-size:small", Some(false)),
            ("font-size:inherit", None),
            ("color:red", None),
        ];
        for (declarations, tiny) in cases {
            assert_eq!(effect(declarations).tiny, tiny, "{declarations}");
        }
    }

    #[test]
    fn reads_rules_for_everybody() {
        let mut hidden = Hidden::default();
        hidden.read(
            "/* a{} */ .pre, span.x, #id {display:none} @media print {.m{display:none} .n{}} \
             .p .q{display:none} .after{opacity:0} .seen{color:red} .open{display:none",
        );
        let covers = |class| hidden.covers(class, "");
        assert!(covers("a pre") && covers("x") && covers("after") && covers("open"));
        assert!(hidden.covers("", "id"));
        assert!(!covers("m") && !covers("p") && !covers("q") && !covers("seen"));
    }
}
