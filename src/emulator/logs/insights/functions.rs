//! The functions of one event's values:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html>.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::network;
use super::value::Value;

/// A function by its name in the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Coalesce,
    Concat,
    Floor,
    FromMillis,
    Greatest,
    If,
    IsBlank,
    IsEmpty,
    IsIpInSubnet,
    IsIpv4InSubnet,
    IsIpv6InSubnet,
    IsPresent,
    IsValidIp,
    IsValidIpv4,
    IsValidIpv6,
    Least,
    Log,
    LTrim,
    Now,
    Replace,
    RTrim,
    Sqrt,
    StrContains,
    StrLen,
    Substr,
    ToLower,
    ToMillis,
    ToUpper,
    Trim,
    Unmask,
}

/// A number of arguments that only memory bounds.
const ANY: usize = usize::MAX;

/// Each function with its name and how many arguments it takes.
const FUNCTIONS: [(&str, Function, RangeInclusive<usize>); 32] = [
    ("abs", Function::Abs, 1..=1),
    ("ceil", Function::Ceil, 1..=1),
    ("coalesce", Function::Coalesce, 1..=ANY),
    ("concat", Function::Concat, 1..=ANY),
    ("floor", Function::Floor, 1..=1),
    ("frommillis", Function::FromMillis, 1..=1),
    ("greatest", Function::Greatest, 1..=ANY),
    ("if", Function::If, 3..=3),
    ("isblank", Function::IsBlank, 1..=1),
    ("isempty", Function::IsEmpty, 1..=1),
    ("isipinsubnet", Function::IsIpInSubnet, 2..=2),
    ("isipv4insubnet", Function::IsIpv4InSubnet, 2..=2),
    ("isipv6insubnet", Function::IsIpv6InSubnet, 2..=2),
    ("ispresent", Function::IsPresent, 1..=1),
    ("isvalidip", Function::IsValidIp, 1..=1),
    ("isvalidipv4", Function::IsValidIpv4, 1..=1),
    ("isvalidipv6", Function::IsValidIpv6, 1..=1),
    ("least", Function::Least, 1..=ANY),
    ("log", Function::Log, 1..=1),
    ("ltrim", Function::LTrim, 1..=2),
    ("now", Function::Now, 0..=0),
    ("replace", Function::Replace, 3..=3),
    ("rtrim", Function::RTrim, 1..=2),
    ("sqrt", Function::Sqrt, 1..=1),
    ("strcontains", Function::StrContains, 2..=2),
    ("strlen", Function::StrLen, 1..=1),
    ("substr", Function::Substr, 2..=3),
    ("tolower", Function::ToLower, 1..=1),
    ("tomillis", Function::ToMillis, 1..=1),
    ("toupper", Function::ToUpper, 1..=1),
    ("trim", Function::Trim, 1..=2),
    ("unmask", Function::Unmask, 1..=1),
];

type Arguments<'v, 'a> = &'v [Option<Value<'a>>];

impl Function {
    /// The function of this name, in whatever letters, and how many arguments it takes.
    pub(super) fn named(name: &str) -> Option<(Self, RangeInclusive<usize>)> {
        FUNCTIONS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
            .map(|(_, function, arity)| (*function, arity.clone()))
    }

    /// Its value; absent where an argument that it needs is absent or of the wrong kind.
    ///
    /// `now` is the moment at which the query began, in seconds.
    pub(super) fn apply<'a>(self, values: Arguments<'_, 'a>, now: f64) -> Option<Value<'a>> {
        let first = values.first().and_then(Option::as_ref);
        match self {
            Self::Now => Value::number(now),
            Self::IsPresent => Some(Value::Boolean(first.is_some())),
            Self::IsEmpty | Self::IsBlank => Some(Value::Boolean(is_empty(self, first))),
            Self::Coalesce => values.iter().flatten().next().cloned(),
            Self::If => {
                let holds = first.is_some_and(Value::is_true);
                values.get(if holds { 1 } else { 2 }).cloned().flatten()
            }
            Self::Unmask => first.cloned(),
            Self::ToMillis => first?.as_number().and_then(Value::number),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast of floats saturates"
            )]
            Self::FromMillis => Some(Value::Timestamp(first?.as_number()? as i64)),
            Self::Abs
            | Self::Ceil
            | Self::Floor
            | Self::Greatest
            | Self::Least
            | Self::Log
            | Self::Sqrt => self.of_numbers(values),
            Self::IsIpInSubnet
            | Self::IsIpv4InSubnet
            | Self::IsIpv6InSubnet
            | Self::IsValidIp
            | Self::IsValidIpv4
            | Self::IsValidIpv6 => self.of_addresses(values),
            _ => self.of_texts(values),
        }
    }

    fn of_numbers<'a>(self, values: Arguments<'_, '_>) -> Option<Value<'a>> {
        let mut numbers = values.iter().flatten().filter_map(Value::as_number);
        let first = numbers.next()?;
        Value::number(match self {
            Self::Abs => first.abs(),
            Self::Ceil => first.ceil(),
            Self::Floor => first.floor(),
            Self::Log => first.ln(),
            Self::Sqrt => first.sqrt(),
            Self::Greatest => numbers.fold(first, f64::max),
            Self::Least => numbers.fold(first, f64::min),
            _ => return None,
        })
    }

    fn of_addresses<'a>(self, values: Arguments<'_, '_>) -> Option<Value<'a>> {
        let text = |index: usize| Some(values.get(index)?.as_ref()?.as_text());
        let address = text(0)?;
        Some(Value::Boolean(match self {
            Self::IsValidIp => network::is_v4(&address) || network::is_v6(&address),
            Self::IsValidIpv4 => network::is_v4(&address),
            Self::IsValidIpv6 => network::is_v6(&address),
            Self::IsIpv4InSubnet => network::is_v4(&address) && network::is_in(&address, &text(1)?),
            Self::IsIpv6InSubnet => network::is_v6(&address) && network::is_in(&address, &text(1)?),
            _ => network::is_in(&address, &text(1)?),
        }))
    }

    fn of_texts<'a>(self, values: Arguments<'_, 'a>) -> Option<Value<'a>> {
        let text = |index: usize| Some(values.get(index)?.as_ref()?.as_text());
        let first = text(0)?;
        let owned = |text: String| Some(Value::Text(Cow::Owned(text)));
        match self {
            Self::StrLen => Some(Value::count(first.chars().count())),
            Self::ToUpper => owned(first.to_uppercase()),
            Self::ToLower => owned(first.to_lowercase()),
            Self::StrContains => Some(Value::Boolean(first.contains(&*text(1)?))),
            Self::Replace => {
                let (from, to) = (text(1)?, text(2)?);
                if from.is_empty() {
                    return owned(first.into_owned());
                }
                owned(first.replace(&*from, &to))
            }
            Self::Concat => {
                let parts = values.iter().flatten();
                owned(parts.map(|part| part.as_text()).collect())
            }
            Self::Substr => {
                let number = |index: usize| values.get(index)?.as_ref()?.as_number();
                let rest = first.chars().skip(whole(number(1)?));
                match values.get(2) {
                    Some(_) => owned(rest.take(whole(number(2)?)).collect()),
                    None => owned(rest.collect()),
                }
            }
            Self::Trim | Self::LTrim | Self::RTrim => {
                owned(self.trimmed(&first, text(1).as_deref()))
            }
            _ => None,
        }
    }

    /// Takes white space away, or the characters of `taken`.
    fn trimmed(self, text: &str, taken: Option<&str>) -> String {
        let is_taken = |c: char| taken.map_or(c.is_whitespace(), |taken| taken.contains(c));
        let text = match self {
            Self::RTrim => text,
            _ => text.trim_start_matches(is_taken),
        };
        let text = match self {
            Self::LTrim => text,
            _ => text.trim_end_matches(is_taken),
        };
        text.to_owned()
    }
}

/// Whether a field is missing or empty; for `isblank`, also whether it is all white space.
fn is_empty(function: Function, value: Option<&Value<'_>>) -> bool {
    let Some(value) = value else {
        return true;
    };
    let text = value.as_text();
    match function {
        Function::IsBlank => text.trim().is_empty(),
        _ => text.is_empty(),
    }
}

/// A place or length in a text; a negative one is zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of floats saturates"
)]
fn whole(number: f64) -> usize {
    number as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[Option<&'static str>]) -> Option<String> {
        let (function, arity) = Function::named(name).unwrap();
        assert!(arity.contains(&arguments.len()), "{name}");
        let values: Vec<_> = arguments.iter().map(|text| text.map(Value::text)).collect();
        let value = function.apply(&values, 7.0);
        value.map(|value| value.as_text().into_owned())
    }

    /// A function, its arguments and its value.
    type Case = (
        &'static str,
        &'static [Option<&'static str>],
        Option<&'static str>,
    );

    #[test]
    fn functions_of_texts_and_numbers() {
        let cases: [Case; 36] = [
            ("strlen", &[Some("äöü")], Some("3")),
            ("toUpper", &[Some("ab")], Some("AB")),
            ("tolower", &[Some("AB")], Some("ab")),
            ("trim", &[Some("  a ")], Some("a")),
            ("trim", &[Some("xax"), Some("x")], Some("a")),
            ("ltrim", &[Some(" a ")], Some("a ")),
            ("rtrim", &[Some(" a ")], Some(" a")),
            ("substr", &[Some("xyZfooxyZ"), Some("3")], Some("fooxyZ")),
            (
                "substr",
                &[Some("xyZfooxyZ"), Some("3"), Some("4")],
                Some("foox"),
            ),
            ("substr", &[Some("ab"), Some("9")], Some("")),
            (
                "replace",
                &[Some("foo baz"), Some("o"), Some("0")],
                Some("f00 baz"),
            ),
            ("replace", &[Some("ab"), Some(""), Some("x")], Some("ab")),
            ("strcontains", &[Some("abc"), Some("b")], Some("1")),
            ("strcontains", &[Some("abc"), None], None),
            ("concat", &[Some("a"), None, Some("b")], Some("ab")),
            ("isempty", &[None], Some("1")),
            ("isempty", &[Some(" ")], Some("0")),
            ("isblank", &[Some(" ")], Some("1")),
            ("ispresent", &[Some("")], Some("1")),
            ("ispresent", &[None], Some("0")),
            ("coalesce", &[None, Some("b"), Some("c")], Some("b")),
            ("if", &[Some(""), Some("yes"), Some("no")], Some("no")),
            ("abs", &[Some("-2")], Some("2")),
            ("abs", &[Some("two")], None),
            ("ceil", &[Some("1.2")], Some("2")),
            ("floor", &[Some("1.8")], Some("1")),
            ("sqrt", &[Some("9")], Some("3")),
            ("sqrt", &[Some("-9")], None),
            ("log", &[Some("1")], Some("0")),
            ("greatest", &[Some("1"), None, Some("3")], Some("3")),
            ("least", &[Some("1"), Some("3")], Some("1")),
            ("now", &[], Some("7")),
            (
                "fromMillis",
                &[Some("1795251600000")],
                Some("2026-11-21 09:00:00.000"),
            ),
            ("isValidIp", &[Some("::1")], Some("1")),
            (
                "isIpv4InSubnet",
                &[Some("10.1.2.3"), Some("10.0.0.0/8")],
                Some("1"),
            ),
            (
                "isIpInSubnet",
                &[Some("fe80::1"), Some("10.0.0.0/8")],
                Some("0"),
            ),
        ];
        for (name, arguments, expected) in cases {
            assert_eq!(
                call(name, arguments).as_deref(),
                expected,
                "{name} {arguments:?}"
            );
        }
        assert_eq!(Function::named("sleep"), None);
    }
}
