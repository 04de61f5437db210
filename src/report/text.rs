//! Texts of a record made fit for the place where a report shows them.

pub(super) use crate::shown::{bounded, visible};

/// Without the two characters that XML 1.0 (2.2) forbids and `quick_junit` lets pass; it takes out
/// the control characters itself.
pub(super) fn for_xml(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "")
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
