//! Steps that ask why a mail did not come.

use super::args::Args;
use super::session::{Attempt, Session};
use crate::diagnosis::Trouble;
use crate::record::{Diagnosed, DiagnosedCause, Failure};

pub(super) async fn certain_of(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let cause = args.cause()?;
    let verdict = ask(session.attempt()?).await?;
    must_be_proven(&verdict, &[cause])
}

pub(super) async fn certain_of_both(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let causes = [args.cause()?, args.later_cause()?];
    let verdict = ask(session.attempt()?).await?;
    must_be_proven(&verdict, &causes)
}

pub(super) async fn calls_likely(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let cause = args.cause()?;
    let verdict = ask(session.attempt()?).await?;
    let proven = proven(&verdict);
    let headline = verdict.headline();
    if proven.is_empty() && headline.is_some_and(|one| one.id == cause) {
        return Ok(());
    }
    let text = match headline {
        Some(headline) => format!(
            "the diagnosis says {} ({}), not {cause}",
            headline.id, headline.confidence
        ),
        None => format!("the diagnosis found nothing that stands out, not even {cause}"),
    };
    Err(with_standing(Failure::failed(text), &verdict, cause))
}

pub(super) async fn notes(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let cause = args.cause()?;
    let verdict = ask(session.attempt()?).await?;
    let sure = |one: &DiagnosedCause| one.id == cause && one.confidence != "possible";
    if verdict.causes.iter().any(sure) {
        return Ok(());
    }
    let text = format!("the diagnosis does not mention {cause}");
    Err(with_standing(Failure::failed(text), &verdict, cause))
}

pub(super) async fn only_suspects(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let cause = args.cause()?;
    let verdict = ask(s.attempt()?).await?;
    let suspected = |one: &DiagnosedCause| one.id == cause && one.confidence == "possible";
    match verdict.headline() {
        None if verdict.causes.iter().any(suspected) => Ok(()),
        headline => {
            let text = headline.map_or_else(
                || format!("the diagnosis does not suspect {cause}"),
                |one| format!("the diagnosis says {} ({})", one.id, one.confidence),
            );
            Err(with_standing(Failure::failed(text), &verdict, cause))
        }
    }
}

pub(super) async fn nothing_wrong(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    attempt.expected(args.user()?, Trouble::Missing);
    let verdict = ask(attempt).await?;
    match verdict.headline() {
        None => Ok(()),
        Some(headline) => {
            let text = format!(
                "nothing is wrong, and the diagnosis says {} ({})",
                headline.id, headline.confidence
            );
            Err(with_standing(Failure::failed(text), &verdict, &headline.id))
        }
    }
}

/// The verdict on the latest mail that did not come, or did not serve.
async fn ask(attempt: &mut Attempt) -> Result<Diagnosed, Failure> {
    let Some(question) = attempt.expected.clone() else {
        return Err(
            Failure::broken("no mail is missing so far, so there is nothing to explain")
                .help("write before it: Then Ada receives no mail within 2 seconds"),
        );
    };
    attempt.verdict(&question).await
}

/// The causes that explain the trouble for certain, in order of time.
fn proven(verdict: &Diagnosed) -> Vec<&str> {
    let causes = verdict.causes.iter();
    let proven = causes.filter(|cause| cause.confidence == "certain" && !cause.qualifies);
    proven.map(|cause| cause.id.as_str()).collect()
}

pub(super) fn must_be_proven(verdict: &Diagnosed, causes: &[&str]) -> Result<(), Failure> {
    let proven = proven(verdict);
    if proven == causes {
        return Ok(());
    }
    let wanted = causes.join(", then of ");
    let text = if proven.is_empty() {
        format!("the diagnosis is certain of nothing, not of {wanted}")
    } else {
        format!(
            "the diagnosis is certain of {}, not of {wanted}",
            proven.join(", then of ")
        )
    };
    let failure = Failure::failed(text);
    Err(causes.iter().fold(failure, |failure, cause| {
        with_standing(failure, verdict, cause)
    }))
}

/// Adds what the verdict says of a cause that was expected.
fn with_standing(failure: Failure, verdict: &Diagnosed, cause: &str) -> Failure {
    if let Some(found) = verdict.causes.iter().find(|one| one.id == cause) {
        let lines = found.proof.iter().chain(&found.against);
        let failure = failure.seen(format!("{cause} is {}", found.confidence));
        return lines.fold(failure, |failure, line| {
            failure.seen(format!("{}: {}", line.source, line.text))
        });
    }
    if let Some(excluded) = verdict.ruled_out.iter().find(|one| one.id == cause) {
        let by: Vec<_> = excluded.by.iter().map(|fact| fact.text.clone()).collect();
        return failure.seen(format!("{cause} is ruled out: {}", by.join("; ")));
    }
    let gaps = verdict.gaps.iter();
    let gaps = gaps.map(|gap| format!("{} could not be read: {}", gap.source, gap.why));
    let failure = failure.seen(format!("nothing is known about {cause}"));
    gaps.fold(failure, Failure::seen)
}
