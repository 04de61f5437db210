//! Words and numbers, as every page of the history has them.

use jiff::Timestamp;

use super::{PastOutcome, PastRun};
pub(crate) use crate::shown::short as time;

/// Digits of a commit that name it well enough.
const COMMIT_CHARS: usize = 8;

/// `2026-11-21 03:00`, in UTC.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The beginning of a commit's hash.
pub(crate) fn commit(run: &PastRun) -> Option<String> {
    let commit = run.setting.commit.as_ref()?;
    Some(commit.chars().take(COMMIT_CHARS).collect())
}

/// `86 %`; never 0 or 100 for what is not quite that.
pub(crate) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    let shown = if share > 0.0 && share < 1.0 {
        rounded.clamp(1.0, 99.0)
    } else {
        rounded
    };
    format!("{shown:.0} %")
}

/// An outcome in words.
pub(crate) fn words(outcome: PastOutcome) -> &'static str {
    match outcome {
        PastOutcome::Passed => "passed",
        PastOutcome::Failed => "failed",
        PastOutcome::Broken => "broken",
        PastOutcome::Interrupted => "interrupted",
        PastOutcome::NotApplicable => "not applicable",
        PastOutcome::NotRun => "not run",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_not_rounded_to_all_or_nothing() {
        for (share, shown) in [
            (0.0, "0 %"),
            (0.001, "1 %"),
            (0.857, "86 %"),
            (0.999, "99 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), shown);
        }
    }
}
