use super::*;
use crate::history::past_run::samples::{KEY, runs};

/// The last of these runs against the one before it.
fn changes(outcomes: &str, results: usize) -> Vec<Change> {
    let runs = runs(outcomes);
    let (now, earlier) = runs.split_last().unwrap();
    let thresholds = Thresholds {
        results: NonZeroUsize::new(results).unwrap(),
        ..Thresholds::default()
    };
    let found = compare(now, earlier.last().unwrap(), earlier, &thresholds);
    let keys = found.differences.iter().all(|one| one.key == KEY);
    assert!(keys && found.slower.is_none(), "{found:?}");
    found
        .differences
        .into_iter()
        .map(|one| one.change)
        .collect()
}

#[test]
fn outcomes_against_the_last_ones() {
    let failing = |passed| Change::NowFailing {
        failure: Some("no mail".into()),
        passed,
    };
    let again = |failed, of| Change::FailingAgain { failed, of };
    let rows = [
        ("pp", 3, None),
        ("pf", 3, Some(failing(1))),
        ("ppppf", 3, Some(failing(3))),
        ("fpppf", 3, Some(failing(3))),
        ("fppf", 3, Some(again(1, 3))),
        ("fppf", 2, Some(failing(2))),
        ("ff", 3, Some(again(1, 1))),
        ("pff", 3, Some(again(1, 2))),
        // What says nothing of the target is passed over.
        ("pbf", 3, Some(failing(1))),
        ("p-f", 3, Some(failing(1))),
        ("bf", 3, None),
        ("fp", 3, Some(Change::NowPassing)),
        ("fbp", 3, Some(Change::NowPassing)),
        ("bp", 3, None),
        ("pb", 3, Some(Change::NotTested(PastOutcome::Broken))),
        ("pn", 3, Some(Change::NotTested(PastOutcome::NotRun))),
        ("bb", 3, None),
        ("-p", 3, Some(Change::New)),
        ("-f", 3, Some(Change::New)),
        ("p-", 3, Some(Change::Gone)),
        ("--", 3, None),
        // Flaky, but it passed.
        ("pl", 3, None),
        ("lf", 3, Some(failing(1))),
    ];
    for (outcomes, results, change) in rows {
        assert_eq!(
            changes(outcomes, results),
            Vec::from_iter(change),
            "{outcomes} {results}"
        );
    }
}

fn with_mails(seconds: &[&[u64]]) -> Vec<PastRun> {
    let mut runs = runs(&"p".repeat(seconds.len()));
    for (run, seconds) in runs.iter_mut().zip(seconds) {
        let times = seconds.iter().copied().map(Duration::from_secs);
        run.results[0].deliveries = times.collect();
    }
    runs
}

#[test]
fn delivery_is_slower_by_a_factor_and_a_margin() {
    // Seconds of each mail of each run, the last run being the one that is compared.
    type Row<'a> = (&'a [&'a [u64]], Option<(u64, u64)>);
    let rows: &[Row<'_>] = &[
        (&[&[4], &[4]], None),
        (&[&[4], &[8]], None),
        (&[&[4], &[9]], None),
        (&[&[4], &[10]], Some((4, 10))),
        (&[&[1], &[6]], None),
        (&[&[1], &[7]], Some((1, 7))),
        (&[&[40], &[60]], None),
        (&[&[40], &[81]], Some((40, 81))),
        // One slow mail in the last three runs makes the margin wide.
        (&[&[4], &[30], &[4], &[4, 31]], None),
        (&[&[30], &[4], &[4], &[4], &[4, 31]], Some((4, 31))),
        // No mail is no time.
        (&[&[], &[9]], None),
        (&[&[9], &[]], None),
    ];
    for (seconds, slower) in rows {
        let runs = with_mails(seconds);
        let (now, earlier) = runs.split_last().unwrap();
        let found = compare(
            now,
            earlier.last().unwrap(),
            earlier,
            &Thresholds::default(),
        );
        let times = slower.map(|(was, now)| (Duration::from_secs(was), Duration::from_secs(now)));
        assert_eq!(found.slower, times, "{seconds:?}");
        let change = times.map(|(was, now)| Change::Slower { was, now });
        let changes = found.differences.iter().map(|one| one.change.clone());
        assert_eq!(
            changes.collect::<Vec<_>>(),
            Vec::from_iter(change),
            "{seconds:?}"
        );
        assert_eq!(found.has_regressions(), slower.is_some());
    }
}

#[test]
fn a_baseline_is_an_earlier_run_of_the_same_target_and_partition() {
    let mut runs = runs("ppfpp");
    runs[0].setting.partition = Some("hash:1/2".into());
    runs[3].cut = true;
    let now = runs[4].clone();
    let found =
        |which: &str| baseline(&runs, &now, &which.parse().unwrap()).map(|run| run.id.as_str());
    assert_eq!(found("last"), Some("run3"));
    assert_eq!(found("last-pass"), Some("run2"));
    assert_eq!(found("run1"), None);
    let mut part = now.clone();
    part.setting.partition = Some("hash:1/2".into());
    assert_eq!(
        baseline(&runs, &part, &Baseline::Last).map(|run| run.id.as_str()),
        Some("run1")
    );
    part.target.name = "staging".into();
    assert_eq!(baseline(&runs, &part, &Baseline::Last), None);
}

#[test]
fn scenarios_that_share_a_name_are_as_good_as_the_worst() {
    let mut runs = runs("pp");
    let mut second = runs[1].results[0].clone();
    second.outcome = PastOutcome::Failed;
    runs[1].results.push(second);
    let found = compare(&runs[1], &runs[0], &runs[..1], &Thresholds::default());
    assert!(
        matches!(
            found.differences[0].change,
            Change::NowFailing { passed: 1, .. }
        ),
        "{found:?}"
    );
}
