//! Texts of a record made fit for the place where a report shows them.

use std::borrow::Cow;

use crate::record::Slowness;

/// At most so many characters; what is longer says that it was cut.
///
/// A record may hold a text of any length: a mail's subject, a service's message, a panic.
pub(super) fn bounded(text: &str, chars_max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars_max) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let more = text[end..].chars().count();
            Cow::Owned(format!("{}… [{more} characters more]", &text[..end]))
        }
    }
}

/// Without the two characters that XML 1.0 (2.2) forbids and `quick_junit` lets pass; it takes out
/// the control characters itself.
pub(super) fn for_xml(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "")
}

/// With a mark in place of each character that shows nothing, or that turns the writing round: text
/// of a mail must not look like something else.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let hides = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(hides) {
        Cow::Owned(text.replace(hides, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Milliseconds as a person reads them: `4.7 ms`, `312 ms`, `4.10 s`, `2 m 05 s`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole seconds are taken from a finite number that is not negative"
)]
pub(super) fn span(millis: f64) -> String {
    let millis = if millis.is_finite() {
        millis.max(0.0)
    } else {
        0.0
    };
    if millis < 99.95 {
        format!("{millis:.1} ms")
    } else if millis < 999.5 {
        format!("{millis:.0} ms")
    } else if millis < 59_995.0 {
        format!("{:.2} s", millis / 1e3)
    } else {
        let seconds = (millis / 1e3).round() as u64;
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    }
}

/// `1 mail`, `2 mails`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// `3 calls were sent again (throttled 5 times, unanswered 1 time), 4.20 s of pauses`.
pub(super) fn slowed(slowness: &Slowness) -> String {
    let calls = match slowness.calls {
        1 => "1 call was sent again".to_owned(),
        calls => format!("{calls} calls were sent again"),
    };
    let pauses = span(slowness.paused_ms);
    match repeated(slowness.throttled, slowness.unanswered) {
        Some(why) => format!("{calls} ({why}), {pauses} of pauses"),
        None => format!("{calls}, {pauses} of pauses"),
    }
}

/// `throttled 5 times, unanswered 1 time`; nothing where neither happened.
pub(super) fn repeated(throttled: u64, unanswered: u64) -> Option<String> {
    let times = |number, word| match number {
        0 => None,
        1 => Some(format!("{word} 1 time")),
        number => Some(format!("{word} {number} times")),
    };
    let both = [
        times(throttled, "throttled"),
        times(unanswered, "unanswered"),
    ];
    let said: Vec<_> = both.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        assert_eq!(bounded("grün", 4), "grün");
        assert_eq!(bounded("grüner", 3), "grü… [3 characters more]");
    }

    #[test]
    fn times_have_three_digits_or_so() {
        let cases = [
            (0.04, "0.0 ms"),
            (4.71, "4.7 ms"),
            (99.96, "100 ms"),
            (312.4, "312 ms"),
            (999.7, "1.00 s"),
            (41_902.0, "41.90 s"),
            (59_999.0, "1 m 00 s"),
            (125_000.0, "2 m 05 s"),
            (-1.0, "0.0 ms"),
            (f64::NAN, "0.0 ms"),
        ];
        for (millis, words) in cases {
            assert_eq!(span(millis), words, "{millis}");
        }
    }

    #[test]
    fn repeated_calls_say_why_they_were_repeated() {
        let slowness = |calls, throttled, unanswered| Slowness {
            calls,
            throttled,
            unanswered,
            paused_ms: 4_200.0,
        };
        let cases = [
            (
                slowness(1, 1, 0),
                "1 call was sent again (throttled 1 time), 4.20 s of pauses",
            ),
            (
                slowness(3, 5, 2),
                "3 calls were sent again (throttled 5 times, unanswered 2 times), 4.20 s of pauses",
            ),
            (
                slowness(2, 0, 0),
                "2 calls were sent again, 4.20 s of pauses",
            ),
        ];
        for (slowness, words) in cases {
            assert_eq!(slowed(&slowness), words);
        }
    }
}
