//! What a run of the table showed.

use std::fmt;

use super::case::{Case, Trust};
use super::compare::Outcome;

/// The cases with what became of them.
#[derive(Debug, Default)]
pub(super) struct Report<'a>(Vec<(&'a Case, Outcome)>);

impl<'a> Report<'a> {
    pub(super) fn add(&mut self, case: &'a Case, outcome: Outcome) {
        self.0.push((case, outcome));
    }

    /// Whether every case was run and answered as expected.
    pub(super) fn all_same(&self) -> bool {
        self.0
            .iter()
            .all(|(_, outcome)| matches!(outcome, Outcome::Same))
    }

    /// Whether what is known, as opposed to guessed, was answered otherwise anywhere.
    pub(super) fn contradicts_what_is_known(&self) -> bool {
        let mut cases = self.0.iter();
        cases.any(|(case, outcome)| {
            matches!(outcome, Outcome::Different(_)) && case.evidence.trust() != Trust::Guessed
        })
    }

    fn count(&self, which: impl Fn(Trust, &Outcome) -> bool) -> usize {
        let cases = self.0.iter();
        cases
            .filter(|(case, outcome)| which(case.evidence.trust(), outcome))
            .count()
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (case, outcome) in &self.0 {
            let is_guess = case.evidence.trust() == Trust::Guessed;
            match outcome {
                Outcome::Different(difference) => {
                    let word = if is_guess { "SETTLED" } else { "DIFFERENT" };
                    writeln!(formatter, "{word}: {case}")?;
                    writeln!(formatter, "  expected {}", difference.expected)?;
                    writeln!(formatter, "  answered {}", difference.answered)?;
                }
                Outcome::Same if is_guess => writeln!(formatter, "SETTLED: {case}\n  as expected")?,
                Outcome::NotRun(reason) => writeln!(formatter, "NOT RUN: {case}\n  {reason}")?,
                Outcome::Same => {}
            }
        }
        let same =
            |trust, outcome: &Outcome| trust != Trust::Guessed && matches!(outcome, Outcome::Same);
        let different = |trust, outcome: &Outcome| {
            trust != Trust::Guessed && matches!(outcome, Outcome::Different(_))
        };
        let right =
            |trust, outcome: &Outcome| trust == Trust::Guessed && matches!(outcome, Outcome::Same);
        let wrong = |trust, outcome: &Outcome| {
            trust == Trust::Guessed && matches!(outcome, Outcome::Different(_))
        };
        let not_run = |_, outcome: &Outcome| matches!(outcome, Outcome::NotRun(_));
        write!(
            formatter,
            "{} as expected, {} different; guesses settled: {} right, {} wrong; {} not run",
            self.count(same),
            self.count(different),
            self.count(right),
            self.count(wrong),
            self.count(not_run),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare::Difference;
    use super::super::table::Table;
    use super::*;

    #[test]
    fn a_guess_is_settled_and_everything_else_is_wrong() {
        let table = Table::read();
        let of = |is_guess: bool| {
            let mut cases = table.cases.iter();
            let found = cases.find(|case| (case.evidence.trust() == Trust::Guessed) == is_guess);
            found.unwrap()
        };
        let different = || {
            let [expected, answered] = ["200 this", "200 that"].map(str::to_owned);
            Outcome::Different(Difference { expected, answered })
        };
        let mut report = Report::default();
        report.add(of(true), different());
        report.add(of(true), Outcome::Same);
        assert!(!report.contradicts_what_is_known() && !report.all_same());
        report.add(of(false), different());
        report.add(of(false), Outcome::Same);
        report.add(of(false), Outcome::NotRun("no mail".to_owned()));
        assert!(report.contradicts_what_is_known());
        let text = report.to_string();
        let [guess, known] = [of(true), of(false)];
        let expected = format!(
            "SETTLED: {guess}\n  expected 200 this\n  answered 200 that\nSETTLED: {guess}\n  as \
             expected\nDIFFERENT: {known}\n  expected 200 this\n  answered 200 that\nNOT RUN: \
             {known}\n  no mail\n1 as expected, 1 different; guesses settled: 1 right, 1 wrong; 1 \
             not run"
        );
        assert_eq!(text, expected);
    }
}
