//! The tags of feature files: which mean something, and which are misspelled.

use std::collections::HashSet;

use super::lines::{LineKind, lines};
use super::{FeatureProblem, Source};

/// What a tag before the number of mails is called.
const MAILS: &str = "mails";

/// The tags that mean something, without `@`, each with its meaning.
pub const KNOWN_TAGS: [(&str, &str); 6] = [
    (
        "mails:N",
        "How many mails the scenario makes the target send.",
    ),
    (
        "pause",
        "The scenario waits for time to pass, to see that nothing happens.",
    ),
    ("slow", "The scenario takes longer than others."),
    (
        "diagnosis",
        "A mail is made to go missing, and the reason is to be found.",
    ),
    (
        "ignore",
        "Under cargo test, the scenario runs only with --ignored.",
    ),
    ("serial", "The scenario runs alone, no other beside it."),
];
/// Tags less alike than this are not taken for a misspelling of each other, from 0 to 1.
const LIKENESS_MIN: f64 = 0.85;

/// A tag and where its `@` stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tag<'a> {
    line: usize,
    column: usize,
    /// Without `@`.
    name: &'a str,
}

/// The mails that a tag promises, or `None` if it is another tag or not right.
pub(super) fn mails(tag: &str) -> Option<u32> {
    let count = tag.strip_prefix(MAILS)?.strip_prefix(':')?;
    // `parse` would take a sign, too.
    let digits = count.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| count.parse().ok()).flatten()
}

/// Every tag `@mails` without a number of mails.
pub(super) fn problems(source: &Source) -> Vec<FeatureProblem> {
    let wrong = |tag: &Tag<'_>| {
        let name = tag.name.split(':').next();
        name == Some(MAILS) && mails(tag.name).is_none()
    };
    let found = tags(&source.text).into_iter().filter(wrong);
    found
        .map(|tag| FeatureProblem {
            what: format!("`@{}` says no number of mails", tag.name),
            label: "how many mails the scenario costs".to_owned(),
            help: "write it as in `@mails:2`, without blanks".to_owned(),
            ..FeatureProblem::at(source, tag.line, tag.column)
        })
        .collect()
}

/// The first of each tag that is none of ours and none of `own`.
pub(super) fn unknown(source: &Source, own: &[String]) -> Vec<FeatureProblem> {
    let mut seen = HashSet::new();
    let is_unknown = |name: &str| {
        let word = name.split(':').next().unwrap_or_default();
        let known = words().any(|one| one == name) || word == MAILS;
        !known && !own.iter().any(|one| one.trim_start_matches('@') == name)
    };
    let tags = tags(&source.text).into_iter();
    tags.filter(|tag| is_unknown(tag.name) && seen.insert(tag.name))
        .map(|tag| FeatureProblem {
            what: format!("`@{}` is no tag that reverify knows", tag.name),
            label: "it selects scenarios, and does nothing else".to_owned(),
            help: match nearest(tag.name, own) {
                Some(near) => format!("did you mean `@{near}`?"),
                None => format!("if it is your own, name it: --known-tag {}", tag.name),
            },
            ..FeatureProblem::at(source, tag.line, tag.column)
        })
        .collect()
}

/// The tags that mean something, without their numbers.
fn words<'a>() -> impl Iterator<Item = &'a str> {
    let tags = KNOWN_TAGS.into_iter();
    tags.map(|(tag, _): (&str, _)| tag.split(':').next().unwrap_or(tag))
}

/// What was probably meant, with the number that was written.
fn nearest(name: &str, own: &[String]) -> Option<String> {
    let (word, number) = name.split_once(':').unwrap_or((name, ""));
    let own = own.iter().map(|one| one.trim_start_matches('@'));
    let likeness = |known: &str| strsim::jaro_winkler(&word.to_lowercase(), known);
    let best = words().chain(own);
    let best = best.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    if likeness(best) < LIKENESS_MIN {
        return None;
    }
    match (best, number) {
        (MAILS, "") => Some("mails:1".to_owned()),
        (MAILS, number) => Some(format!("{MAILS}:{number}")),
        _ => Some(best.to_owned()),
    }
}

/// As the parser reads them: each begins with `@` and ends before a blank or the next `@`.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    for line in lines(text).filter(|line| line.kind == LineKind::Tags) {
        let mut blank_before = false;
        for (offset, character) in line.text.char_indices() {
            if character == '#' && blank_before {
                break;
            }
            blank_before = character.is_whitespace();
            if character == '@' {
                let rest = &line.text[offset + 1..];
                let end = rest.find(|c: char| c.is_whitespace() || c == '@');
                found.push(Tag {
                    line: line.number,
                    column: line.text[..offset].chars().count() + 1,
                    name: &rest[..end.unwrap_or(rest.len())],
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source {
            path: "a.feature".into(),
            text: text.to_owned().into(),
        }
    }

    #[test]
    fn tags_have_their_places() {
        let places: Vec<_> = tags("@a@b  @mails:2 # @c\nFeature: @d\n  @ü @e\n")
            .into_iter()
            .map(|tag| (tag.line, tag.column, tag.name))
            .collect();
        let expected = [
            (1, 1, "a"),
            (1, 3, "b"),
            (1, 7, "mails:2"),
            (3, 3, "ü"),
            (3, 6, "e"),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn a_number_of_mails_is_a_number() {
        assert_eq!((mails("mails:2"), mails("mails:0")), (Some(2), Some(0)));
        for bad in [
            "mails",
            "mails:",
            "mails:two",
            "mails:+1",
            "mails:-1",
            "mails:99999999999",
        ] {
            assert_eq!(mails(bad), None, "{bad}");
            let found = problems(&source(&format!("  @{bad}\nFeature: A\n")));
            assert_eq!(found.len(), 1, "{bad}");
            assert_eq!((found[0].line, found[0].column), (1, 3));
        }
        assert!(problems(&source("@mails:2 @email:x\n")).is_empty());
    }

    #[test]
    fn a_misspelled_tag_is_put_right() {
        let own = ["@smoke".to_owned(), "billing".to_owned()];
        let cases = [
            ("mails:1", None),
            ("smoke", None),
            ("billing", None),
            ("mail:3", Some("did you mean `@mails:3`?")),
            ("Slow", Some("did you mean `@slow`?")),
            ("diagnose", Some("did you mean `@diagnosis`?")),
            ("smoek", Some("did you mean `@smoke`?")),
            ("nightly", Some("--known-tag nightly")),
        ];
        for (tag, help) in cases {
            let found = unknown(&source(&format!("@{tag} @{tag}\nFeature: A\n")), &own);
            let helps: Vec<_> = found.iter().map(|one| one.help.as_str()).collect();
            assert_eq!(helps.len(), usize::from(help.is_some()), "{tag}: {helps:?}");
            assert!(
                helps
                    .iter()
                    .all(|text| text.contains(help.unwrap_or_default())),
                "{helps:?}"
            );
        }
    }
}
