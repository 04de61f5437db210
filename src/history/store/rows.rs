//! Runs as rows, and back.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Result, Row, params};

use crate::history::{PastOutcome, PastResult, PastRun};
use crate::model::{RunId, ScenarioId};
use crate::record::{RunSetting, TargetInfo, millis};

const RUN_COLUMNS: &str = "id, started, took_ms, cut, entries, version, target, place, inbox, \
                           profile, commit_id, partition_id";

pub(super) fn version(connection: &Connection) -> Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

pub(super) fn has_tables(connection: &Connection) -> Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| {
        row.get(0)
    })
}

/// When a run began and how many entries its record had, if it is there.
pub(super) fn known(connection: &Connection, run: &RunId) -> Result<Option<(Timestamp, usize)>> {
    let query = "SELECT started, entries FROM runs WHERE id = ?1";
    let mut statement = connection.prepare_cached(query)?;
    statement
        .query_row([run.as_str()], |row| Ok((moment(row, 0)?, count(row, 1)?)))
        .optional()
}

pub(super) fn insert(connection: &Connection, run: &PastRun) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO runs (id, started, took_ms, cut, entries, version, target, place, inbox,
                               profile, commit_id, partition_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            run.id.as_str(),
            text_of(run.started),
            millis(run.took),
            run.cut,
            number(run.entries),
            run.version,
            run.target.name,
            run.target.place,
            run.target.inbox,
            run.setting.profile,
            run.setting.commit,
            run.setting.partition,
        ])?;
    let mut results = connection.prepare_cached(
        "INSERT INTO results (run, position, key, feature, line, outcome, attempts, took_ms,
                              failure, cause)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    let mut deliveries = connection.prepare_cached(
        "INSERT INTO deliveries (run, position, mail, ms) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (position, one) in (0_i64..).zip(&run.results) {
        results.execute(params![
            run.id.as_str(),
            position,
            one.key,
            one.place.feature(),
            number(one.place.line()),
            one.outcome.as_str(),
            one.attempts,
            millis(one.took),
            one.failure,
            one.cause,
        ])?;
        for (mail, time) in (0_i64..).zip(&one.deliveries) {
            deliveries.execute(params![run.id.as_str(), position, mail, millis(*time)])?;
        }
    }
    Ok(())
}

pub(super) fn remove(connection: &Connection, run: &RunId) -> Result<()> {
    for query in [
        "DELETE FROM deliveries WHERE run = ?1",
        "DELETE FROM results WHERE run = ?1",
        "DELETE FROM runs WHERE id = ?1",
    ] {
        connection.prepare_cached(query)?.execute([run.as_str()])?;
    }
    Ok(())
}

/// The ids that begin so, sorted.
pub(super) fn ids_from(connection: &Connection, start: &str) -> Result<Vec<RunId>> {
    let query = "SELECT id FROM runs WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id";
    let mut statement = connection.prepare_cached(query)?;
    let ids = statement.query_map([start], |row| row.get::<_, String>(0))?;
    ids.map(|id| id.map(RunId::new)).collect()
}

pub(super) fn run(connection: &Connection, id: &RunId) -> Result<Option<PastRun>> {
    let query = format!("SELECT {RUN_COLUMNS} FROM runs WHERE id = ?1");
    let mut statement = connection.prepare_cached(&query)?;
    let found = statement.query_row([id.as_str()], past_run).optional()?;
    found.map(|run| with_results(connection, run)).transpose()
}

pub(super) fn last(
    connection: &Connection,
    target: Option<&str>,
    until: Option<Timestamp>,
    count: usize,
) -> Result<Vec<PastRun>> {
    let query = format!(
        "SELECT {RUN_COLUMNS} FROM runs
         WHERE (?1 IS NULL OR target = ?1) AND (?2 IS NULL OR started <= ?2)
         ORDER BY started DESC, id DESC LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&query)?;
    let until = until.map(text_of);
    let found = statement.query_map(params![target, until, number(count)], past_run)?;
    let mut runs: Vec<_> = found
        .map(|run| with_results(connection, run?))
        .collect::<Result<_>>()?;
    runs.reverse();
    Ok(runs)
}

pub(super) fn heads(connection: &Connection) -> Result<Vec<PastRun>> {
    let query = format!("SELECT {RUN_COLUMNS} FROM runs ORDER BY started, id");
    let mut statement = connection.prepare_cached(&query)?;
    let found = statement.query_map([], past_run)?;
    found.collect()
}

fn with_results(connection: &Connection, mut run: PastRun) -> Result<PastRun> {
    let mut statement = connection.prepare_cached(
        "SELECT key, feature, line, outcome, attempts, took_ms, failure, cause
         FROM results WHERE run = ?1 ORDER BY position",
    )?;
    let results = statement.query_map([run.id.as_str()], past_result)?;
    run.results = results.collect::<Result<_>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT position, ms FROM deliveries WHERE run = ?1 ORDER BY position, mail",
    )?;
    let times = statement.query_map([run.id.as_str()], |row| {
        Ok((count(row, 0)?, duration(row, 1)?))
    })?;
    for time in times {
        let (position, time) = time?;
        if let Some(result) = run.results.get_mut(position) {
            result.deliveries.push(time);
        }
    }
    Ok(run)
}

fn past_run(row: &Row<'_>) -> Result<PastRun> {
    Ok(PastRun {
        id: RunId::new(row.get::<_, String>(0)?),
        started: moment(row, 1)?,
        took: duration(row, 2)?,
        cut: row.get(3)?,
        entries: count(row, 4)?,
        version: row.get(5)?,
        target: TargetInfo {
            name: row.get(6)?,
            place: row.get(7)?,
            inbox: row.get(8)?,
        },
        setting: RunSetting {
            profile: row.get(9)?,
            commit: row.get(10)?,
            partition: row.get(11)?,
        },
        results: Vec::new(),
    })
}

fn past_result(row: &Row<'_>) -> Result<PastResult> {
    let outcome: String = row.get(3)?;
    let known = PastOutcome::ALL
        .into_iter()
        .find(|one| one.as_str() == outcome);
    Ok(PastResult {
        key: row.get(0)?,
        place: ScenarioId::new(row.get::<_, String>(1)?, count(row, 2)?),
        outcome: known.ok_or_else(|| foreign(3, format!("`{outcome}` is no outcome")))?,
        attempts: row.get(4)?,
        took: duration(row, 5)?,
        failure: row.get(6)?,
        cause: row.get(7)?,
        deliveries: Vec::new(),
    })
}

/// Of one width, so that the order of texts is that of moments.
fn text_of(at: Timestamp) -> String {
    format!("{at:.6}")
}

fn moment(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    let text: String = row.get(column)?;
    text.parse()
        .map_err(|_| foreign(column, format!("`{text}` is no moment")))
}

fn duration(row: &Row<'_>, column: usize) -> Result<Duration> {
    let ms: f64 = row.get(column)?;
    // The file keeps microseconds; a fraction of them comes from the way back.
    let micros = Duration::try_from_secs_f64((ms * 1e3).round() / 1e6);
    micros.map_err(|_| foreign(column, format!("{ms} is no duration")))
}

fn count(row: &Row<'_>, column: usize) -> Result<usize> {
    let number: i64 = row.get(column)?;
    usize::try_from(number).map_err(|_| foreign(column, format!("{number} is no count")))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A value that this version never writes.
fn foreign(column: usize, what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}
