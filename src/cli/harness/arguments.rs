//! The arguments of Rust's test harness.

use std::ffi::OsString;

use libtest_mimic::{Arguments, Trial};

/// Flags with a value in the next argument.
const FLAGS_WITH_VALUE: [&str; 6] = [
    "--test-threads",
    "--logfile",
    "--skip",
    "--color",
    "--format",
    "-Z",
];
/// Flags of Rust's harness that mean nothing here: a run has an order of its own.
const FLAGS_WITHOUT_MEANING: [&str; 5] = [
    "--report-time",
    "--ensure-time",
    "--shuffle",
    "--exclude-should-panic",
    "--force-run-in-process",
];
/// The same, with a value in the next argument.
const FLAGS_WITHOUT_MEANING_WITH_VALUE: [&str; 1] = ["--shuffle-seed"];

/// What the process was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    /// For the harness, without the filters where there are several.
    pub(super) arguments: Arguments,
    /// Where there are several, a test runs if one of them fits.
    filters: Vec<String>,
    /// Flags that are left aside.
    pub(super) left_aside: Vec<String>,
}

impl Asked {
    /// Reads the arguments of a process, its name first. Ends the process for `--help`, and for a
    /// flag that Rust's harness has not either.
    pub(super) fn of(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut sorted = sort(arguments);
        if let [only] = sorted.filters.as_slice() {
            // So that the last line counts what it leaves out.
            sorted.known.extend(["--".into(), only.into()]);
            sorted.filters.clear();
        }
        Self {
            arguments: Arguments::from_iter(sorted.known),
            filters: sorted.filters,
            left_aside: sorted.left_aside,
        }
    }

    /// Whether a test is among those asked for by several filters.
    pub(super) fn names(&self, test: &Trial) -> bool {
        let fits = |filter: &String| {
            if self.arguments.exact {
                test.name() == filter
            } else {
                test.name().contains(filter.as_str())
            }
        };
        self.filters.is_empty() || self.filters.iter().any(fits)
    }
}

#[derive(Debug, Default, PartialEq)]
struct Sorted {
    known: Vec<OsString>,
    filters: Vec<String>,
    left_aside: Vec<String>,
}

/// libtest-mimic takes one filter and refuses flags that it does not know.
fn sort(arguments: impl IntoIterator<Item = OsString>) -> Sorted {
    let mut arguments = arguments.into_iter();
    let mut sorted = Sorted::default();
    sorted.known.extend(arguments.next());
    let mut only_filters = false;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        let flag = text.split('=').next().unwrap_or_default();
        if only_filters || !text.starts_with('-') {
            sorted.filters.push(text);
        } else if text == "--" {
            only_filters = true;
        } else if text == "--no-capture" {
            // The newer spelling.
            sorted.known.push("--nocapture".into());
        } else if FLAGS_WITHOUT_MEANING_WITH_VALUE.contains(&flag) {
            if flag == text {
                arguments.next();
            }
            sorted.left_aside.push(flag.to_owned());
        } else if FLAGS_WITHOUT_MEANING.contains(&flag) {
            sorted.left_aside.push(flag.to_owned());
        } else {
            let takes_next = FLAGS_WITH_VALUE.contains(&text.as_str());
            sorted.known.push(argument);
            if takes_next {
                sorted.known.extend(arguments.next());
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    fn trial(name: &str) -> Trial {
        Trial::test(name, || Ok(()))
    }

    #[test]
    fn filters_are_told_from_flags_and_their_values() {
        let cases = [
            ("t", "t", "", ""),
            ("t --list --format terse", "t --list --format terse", "", ""),
            (
                "t --list --format=terse --ignored",
                "t --list --format=terse --ignored",
                "",
                "",
            ),
            (
                "t one --exact --nocapture",
                "t --exact --nocapture",
                "one",
                "",
            ),
            (
                "t one --test-threads 4 two",
                "t --test-threads 4",
                "one two",
                "",
            ),
            ("t --skip slow -q -- --odd", "t --skip slow -q", "--odd", ""),
            (
                "t --no-capture --shuffle-seed 7 one",
                "t --nocapture",
                "one",
                "--shuffle-seed",
            ),
            (
                "t --shuffle-seed=7 --report-time",
                "t",
                "",
                "--shuffle-seed --report-time",
            ),
            ("t --quiet one", "t --quiet", "one", ""),
        ];
        for (given, known, filters, left_aside) in cases {
            let texts = |text: &str| text.split_whitespace().map(str::to_owned).collect();
            let expected = Sorted {
                known: words(known),
                filters: texts(filters),
                left_aside: texts(left_aside),
            };
            assert_eq!(sort(words(given)), expected, "{given}");
        }
    }

    #[test]
    fn each_of_several_filters_adds_tests() {
        let asked = Asked::of(words("t one two"));
        let taken = |name: &str| asked.names(&trial(name));
        assert_eq!(
            [taken("one"), taken("a two"), taken("three")],
            [true, true, false]
        );
        let exactly = Asked::of(words("t --exact one two"));
        assert!(exactly.names(&trial("two")) && !exactly.names(&trial("a two")));
        let single = Asked::of(words("t one"));
        assert_eq!(single.arguments.filter.as_deref(), Some("one"));
        assert!(single.arguments.is_filtered_out(&trial("two")));
    }
}
