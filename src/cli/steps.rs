//! `reverify steps`: what a scenario can say.

use std::fmt::Write as _;

use super::args::{Color, StepsArgs};
use super::exit::Exit;
use super::list::print;
use super::problem;
use crate::steps::{self, StepEntry};

/// How alike a word that was asked for and one of a step must be to be offered, from 0 to 1.
const LIKENESS_MIN: f64 = 0.75;

/// Lists all steps, or those that have each of the words.
pub(super) fn steps(args: &StepsArgs, color: Color) -> Exit {
    let all = steps::catalogue();
    let found: Vec<_> = all.iter().filter(|step| has(step, &args.words)).collect();
    if !found.is_empty() {
        return print(&list(&found));
    }
    let asked = args.words.join(" ");
    let message = format!("no step speaks of `{asked}`");
    problem::say(&message, &nearest(&all, &args.words), color);
    Exit::Invalid
}

fn list(found: &[&StepEntry]) -> String {
    let mut text = String::new();
    let mut topic = None;
    for step in found {
        if topic.replace(step.topic()) != Some(step.topic()) {
            let gap = if text.is_empty() { "" } else { "\n" };
            // A comment where it is pasted into a feature.
            let _ = writeln!(text, "{gap}# {}", step.topic().title());
        }
        let written = step.written().replace('\n', "\n  ");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{written}\n    {}", step.meaning);
    }
    text
}

fn has(step: &StepEntry, words: &[String]) -> bool {
    let text = format!("{}\n{}\n{}", step.written(), step.pattern, step.meaning).to_lowercase();
    words
        .iter()
        .all(|word| begins_with(&text, &word.to_lowercase()))
}

/// Whether a word of the text begins so: `mail` is meant by `mails`, and `ses` not by `addresses`.
fn begins_with(text: &str, word: &str) -> bool {
    let mut places = text.match_indices(word);
    places.any(|(place, _)| !text[..place].ends_with(char::is_alphanumeric))
}

/// A word of the steps for one that none of them has.
fn nearest(all: &[StepEntry], words: &[String]) -> String {
    let nobody_says = |word: &&String| !all.iter().any(|step| has(step, &[(*word).clone()]));
    let general = "`reverify steps` lists all".to_owned();
    let Some(word) = words.iter().find(nobody_says) else {
        return format!("no step has all of these words; {general}");
    };
    let likeness = |known: &str| strsim::jaro_winkler(&word.to_lowercase(), known);
    let texts = all.iter().flat_map(|step| [step.example, step.meaning]);
    let known = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '-'));
    let best = known
        .filter(|one| one.chars().count() > 2)
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match best.filter(|one| likeness(one) >= LIKENESS_MIN) {
        Some(best) => format!("did you mean `{best}`? {general}"),
        None => general,
    }
}

#[cfg(test)]
mod tests {
    use super::begins_with;

    #[test]
    fn a_word_is_found_by_its_beginning() {
        let text = "the pool mails through the account's own ses; addresses, e-mail";
        for word in ["mail", "ses", "account", "own ses", "e-mail"] {
            assert!(begins_with(text, word), "{word}");
        }
        for part in ["ool", "resses", "hrough"] {
            assert!(!begins_with(text, part), "{part}");
        }
    }
}
