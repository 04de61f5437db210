//! Events to run queries over.

use super::super::{CompileError, Input, Plan, Progress, Stopped, run};
use crate::emulator::Limits;
use crate::emulator::logs::store::Store;

/// 2026-11-21T09:00:00Z.
pub(super) const NINE: i64 = 1_795_251_600_000;

/// Runs a query over these lines, one a second from nine o'clock on, in one stream of the group;
/// gives each row as `name=value` in its order.
pub(super) fn rows(group: &str, lines: &[&str], query: &str) -> Vec<Vec<String>> {
    answer(group, lines, query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// The same, with the events of more groups.
pub(super) fn answer(
    group: &str,
    lines: &[&str],
    query: &str,
) -> Result<Vec<Vec<String>>, CompileError> {
    let plan = Plan::compile(query, 1_000)?;
    let input = input(group, lines);
    let results = run(&plan, &input, &Progress::default()).unwrap();
    let columns = &results.columns;
    let row = |values: Vec<Option<Box<str>>>| {
        let cells = columns.iter().zip(values);
        let cells = cells.filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        cells.collect()
    };
    Ok(results.rows.into_iter().map(|r| row(r.values)).collect())
}

/// How a query ends that could be read.
pub(super) fn outcome(lines: &[&str], query: &str, progress: &Progress) -> Result<usize, Stopped> {
    let plan = Plan::compile(query, 1_000).unwrap();
    run(&plan, &input("g", lines), progress).map(|results| results.rows.len())
}

fn input(group: &str, lines: &[&str]) -> Input {
    let mut store = Store::new(Limits::default());
    store.create_group(group, NINE).unwrap();
    let stream = store.open_stream(group, "stream", NINE).unwrap().unwrap();
    for (second, line) in (0..).zip(lines) {
        let at = NINE + second * 1_000;
        store.write(group, stream, at, at + 250, line);
    }
    Input {
        groups: vec![store.group(group).unwrap().snapshot(NINE)],
        logs: vec![format!("123456789012:{group}")],
        start: i64::MIN,
        end: i64::MAX,
        now: 1_795_251_600.0,
    }
}
