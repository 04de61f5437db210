//! A run against an earlier one.

use super::super::exit::Exit;
use super::super::list::print;
use super::super::state_dir::StateDir;
use super::args::CompareRunsArgs;
use super::command::Refusal;
use super::text;
use crate::history::{
    Baseline, Change, Comparison, History, PastRun, Thresholds, baseline, compare,
};
use crate::report::Style;

/// Earlier runs that are looked at for a baseline and for a scenario's last results.
const LOOK_BACK_RUNS: usize = 100;
/// Width of the column of words, as in a run's own lines.
const STATUS_COLUMNS: usize = 12;

/// A run, what it was compared with, and what is different.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) now: PastRun,
    pub(super) baseline: PastRun,
    pub(super) comparison: Comparison,
}

/// Prints what is different between two runs of the history.
pub(super) fn runs(
    folder: &StateDir,
    args: &CompareRunsArgs,
    style: Style,
) -> Result<Exit, Refusal> {
    let history = History::open_existing(&folder.history())?;
    let now = if let Some(id) = &args.run {
        history.find(id)??
    } else {
        let newest = history.last(None, None, 1)?.pop();
        newest.ok_or_else(|| Refusal::Nothing {
            what: "the history has no run".to_owned(),
            help: "`reverify run` adds one, and `reverify history import` takes records in"
                .to_owned(),
        })?
    };
    let compared = with_baseline(&history, now, &args.baseline, &args.thresholds.thresholds())?;
    let Some(compared) = compared else {
        return Err(Refusal::Nothing {
            what: "the history has no earlier run of the same target to compare with".to_owned(),
            help: "name a run; `reverify history` lists them".to_owned(),
        });
    };
    let printed = print(&page(&compared, style));
    Ok(printed.worse(exit(&compared)))
}

/// Looks the baseline up and compares; nothing if there is no run that serves as one.
pub(super) fn with_baseline(
    history: &History,
    now: PastRun,
    which: &Baseline,
    thresholds: &Thresholds,
) -> Result<Option<Compared>, Refusal> {
    let baseline = match which {
        Baseline::Run(id) => Some(history.find(id)??),
        Baseline::Last | Baseline::LastPass => {
            let target = Some(now.target.name.as_str());
            let earlier = history.last(target, Some(now.started), LOOK_BACK_RUNS)?;
            baseline(&earlier, &now, which).cloned()
        }
    };
    let Some(baseline) = baseline else {
        return Ok(None);
    };
    let target = Some(baseline.target.name.as_str());
    let earlier = history.last(target, Some(baseline.started), LOOK_BACK_RUNS)?;
    let comparison = compare(&now, &baseline, &earlier, thresholds);
    Ok(Some(Compared {
        now,
        baseline,
        comparison,
    }))
}

/// A regression is an end of its own.
pub(super) fn exit(compared: &Compared) -> Exit {
    if compared.comparison.has_regressions() {
        Exit::Regression
    } else {
        Exit::Ok
    }
}

fn page(compared: &Compared, style: Style) -> String {
    let Compared { now, baseline, .. } = compared;
    let title = format!(
        "run {} on {}\nagainst {} on {}, and the results before it\n",
        text::run(now),
        now.target.name,
        text::run(baseline),
        baseline.target.name
    );
    let mut lines = lines(compared, style, |_| true);
    lines.push(summary(compared, style));
    format!("{title}\n{}\n", lines.join("\n"))
}

/// A line for each difference that is wanted, the regressions first.
pub(super) fn lines(
    compared: &Compared,
    style: Style,
    wanted: impl Fn(&Change) -> bool,
) -> Vec<String> {
    let comparison = &compared.comparison;
    let mut lines = Vec::new();
    if let Some((was, now)) = comparison.slower {
        let (was, now) = (text::time(was), text::time(now));
        let text = format!("all mails: delivery p95 {now}, was {was}");
        lines.push(line("REGRESSION", &text, |word| style.red(word)));
    }
    let mut differences: Vec<_> = comparison.differences.iter().collect();
    differences.sort_by_key(|one| (!one.change.is_regression(), one.place.clone()));
    for one in differences.into_iter().filter(|one| wanted(&one.change)) {
        let (word, what) = words(&one.change);
        let text = format!("{}: {what}", one.key);
        lines.push(line(word, &text, |word| match &one.change {
            change if change.is_regression() => style.red(word),
            Change::NowPassing => style.green(word),
            Change::FailingAgain { .. } | Change::NotTested(_) => style.yellow(word),
            _ => word.to_owned(),
        }));
    }
    lines
}

fn line(word: &str, text: &str, paint: impl Fn(&str) -> String) -> String {
    let room = " ".repeat(STATUS_COLUMNS.saturating_sub(word.len()));
    format!("{room}{} {text}", paint(word))
}

fn words(change: &Change) -> (&'static str, String) {
    match change {
        Change::NowFailing { failure, passed } => {
            let why = failure.as_deref().and_then(|why| why.lines().next());
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let before = match passed {
                1 => "it passed the last time".to_owned(),
                times => format!("it passed the last {times} times"),
            };
            ("REGRESSION", format!("fails; {before}{why}"))
        }
        Change::Slower { was, now } => {
            let (was, now) = (text::time(*was), text::time(*now));
            ("REGRESSION", format!("delivery p95 {now}, was {was}"))
        }
        Change::FailingAgain { failed, of } => (
            "FAILS AGAIN",
            format!("failed {failed} of the last {}", text::count(*of, "time")),
        ),
        Change::NowPassing => ("PASSES AGAIN", "it failed the last time".to_owned()),
        Change::NotTested(outcome) => ("NOT TESTED", text::words(*outcome).to_owned()),
        Change::New => ("NEW", "not in the runs before".to_owned()),
        Change::Gone => ("GONE", "in the baseline, not in this run".to_owned()),
    }
}

/// `Compared with run 7f3c01 of 2026-11-20 03:00: 1 regression, 2 new`.
pub(super) fn summary(compared: &Compared, style: Style) -> String {
    let comparison = &compared.comparison;
    let all = || comparison.differences.iter().map(|one| &one.change);
    let count = |is: fn(&Change) -> bool| all().filter(|change| is(change)).count();
    let regressions = count(Change::is_regression) + usize::from(comparison.slower.is_some());
    let mut parts = vec![match regressions {
        0 => style.green("no regression"),
        number => style.red(&text::count(number, "regression")),
    }];
    let others = [
        (
            count(|one| matches!(one, Change::FailingAgain { .. })),
            "failing again",
        ),
        (
            count(|one| matches!(one, Change::NowPassing)),
            "passing again",
        ),
        (
            count(|one| matches!(one, Change::NotTested(_))),
            "not tested",
        ),
        (count(|one| matches!(one, Change::New)), "new"),
        (count(|one| matches!(one, Change::Gone)), "gone"),
    ];
    let others = others.into_iter().filter(|(number, _)| *number > 0);
    parts.extend(others.map(|(number, word)| format!("{number} {word}")));
    let with = text::run(&compared.baseline);
    format!("    Compared with run {with}: {}", parts.join(", "))
}
