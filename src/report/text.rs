//! Texts of a record made fit for the place where a report shows them.

use crate::record::Slowness;
pub(super) use crate::shown::{bounded, visible};

/// How commands begin that CI servers read anywhere in a line of a log: GitHub's older ones, those of
/// Azure Pipelines and of TeamCity.
const LOG_COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Without the two characters that XML 1.0 (2.2) forbids and `quick_junit` lets pass; it takes out
/// the control characters itself.
pub(super) fn for_xml(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "")
}

/// A value within a line of a terminal or of a CI server's log: it begins no line of its own, hides
/// nothing, and no command is found in it.
///
/// Whoever sends a mail to a watched address writes into the record, and so do the names of
/// features.
pub(crate) fn one_line(text: &str) -> String {
    let text = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    let mut shown = visible(&text).into_owned();
    for command in LOG_COMMANDS {
        if shown.contains(command) {
            shown = shown.replace(command, &command.replacen("##", "# #", 1));
        }
    }
    shown
}

/// A line that GitHub does not take for a workflow command: it reads one wherever `::` stands first,
/// blanks aside.
pub(crate) fn no_command(line: String) -> String {
    let text = line.trim_start();
    if text.starts_with("::") {
        let (blanks, text) = line.split_at(line.len() - text.len());
        format!("{blanks}| {text}")
    } else {
        line
    }
}

/// A text of several lines, such as a panic of a user's own step: `mark` begins each after the first.
pub(super) fn several_lines(text: &str, mark: &str) -> String {
    let lines: Vec<_> = text.lines().map(one_line).collect();
    lines.join(&format!("\n{mark}"))
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
    fn a_value_stays_within_its_line_and_commands_nothing() {
        let cases = [
            ("Shop <a@b.example>", "Shop <a@b.example>"),
            ("a\r\nb\nc\rd\te", "a b c d e"),
            (
                "Shop\n::error file=x::owned\u{1b}[31m",
                "Shop ::error file=x::owned\u{fffd}[31m",
            ),
            ("a ##[error]b ##[group]c", "a # #[error]b # #[group]c"),
            ("##vso[task.complete]x", "# #vso[task.complete]x"),
            ("##teamcity[testFailed]x", "# #teamcity[testFailed]x"),
            ("## heading", "## heading"),
            ("\u{202e}gpj", "\u{fffd}gpj"),
        ];
        for (text, shown) in cases {
            assert_eq!(one_line(text), shown);
        }
        let cases = [
            ("  ::error::x", "  | ::error::x"),
            ("::x", "| ::x"),
            ("  at ::1", "  at ::1"),
            ("", ""),
        ];
        for (line, shown) in cases {
            assert_eq!(no_command(line.to_owned()), shown);
        }
        assert_eq!(several_lines("a\n::b\r\nc\n", "  | "), "a\n  | ::b\n  | c");
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
