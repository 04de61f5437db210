//! Times in few characters.

use std::time::Duration;

/// `12.4ms`, `4.12s`, `73.0s`: three significant digits are enough for a delivery time.
pub(crate) fn short(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.1 {
        format!("{:.1}ms", seconds * 1e3)
    } else if seconds < 10.0 {
        format!("{seconds:.2}s")
    } else {
        format!("{seconds:.1}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_or_so() {
        let cases = [(12.44, "12.4ms"), (4_123.0, "4.12s"), (73_000.0, "73.0s")];
        for (millis, words) in cases {
            assert_eq!(short(Duration::from_secs_f64(millis / 1e3)), words);
        }
    }
}
