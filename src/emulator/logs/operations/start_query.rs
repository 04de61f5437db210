//! `StartQuery` and `StopQuery`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::exception::Exception;
use super::super::insights::{CompileError, Input, Plan, ROWS_MAX};
use super::super::queries::{Query, UNFINISHED_MAX};
use super::super::service::Logs;
use super::{constraint, identifier};

const QUERY_CHARS_MAX: usize = 10_000;
const GROUPS_MAX: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StartQueryRequest {
    query_language: Option<QueryLanguage>,
    log_group_name: Option<String>,
    log_group_names: Option<Vec<String>>,
    log_group_identifiers: Option<Vec<String>>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    query_string: Option<String>,
    limit: Option<i64>,
}

/// `QueryLanguage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum QueryLanguage {
    Cwli,
    Sql,
    Ppl,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StartQueryResponse {
    query_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StopQueryRequest {
    query_id: Option<String>,
}

#[derive(Serialize)]
pub(super) struct StopQueryResponse {
    success: bool,
}

/// Starts a query; both its times are seconds and part of the range (CAUSES.md, evidence sources 6).
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`, `MalformedQueryException`,
/// `LimitExceededException`.
pub(super) fn start_query(
    logs: &Logs,
    request: StartQueryRequest,
) -> Result<StartQueryResponse, Exception> {
    if let Some(language @ (QueryLanguage::Sql | QueryLanguage::Ppl)) = request.query_language {
        let what = format!("The query language {language:?}");
        return Err(Exception::NotImplemented(what));
    }
    let start = constraint::required(request.start_time, "startTime")?;
    let end = constraint::required(request.end_time, "endTime")?;
    constraint::moment(Some(start), "startTime")?;
    constraint::moment(Some(end), "endTime")?;
    if end < start {
        // The text is a guess.
        let message = format!("The end of the query, {end}, is before its start, {start}.");
        return Err(Exception::InvalidParameter(message));
    }
    let text = constraint::required(request.query_string, "queryString")?;
    constraint::text(&text, QUERY_CHARS_MAX, "queryString")?;
    let limit = constraint::limit(request.limit, ROWS_MAX, "limit")?;
    let plan = Plan::compile(&text, limit)?;
    let names = group_names(
        request.log_group_name,
        request.log_group_names,
        request.log_group_identifiers,
    )?;

    let now = logs.now();
    let start = start.saturating_mul(1_000);
    let end = end.saturating_add(1).saturating_mul(1_000);
    let groups = {
        let store = logs.store();
        let groups = names
            .iter()
            .map(|name| store.group(name).ok_or(Exception::GroupNotFound));
        let groups = groups.collect::<Result<Vec<_>, _>>()?;
        let is_outside = |kept_from: i64| end <= kept_from;
        if groups
            .iter()
            .all(|group| is_outside(group.created.max(group.kept_from(now))))
        {
            return Err(Exception::Malformed(CompileError::outside(start, end)));
        }
        let snapshots = groups.into_iter().map(|group| group.snapshot(now));
        snapshots.collect::<Vec<_>>()
    };
    let id = logs.query_id().to_string();
    let names = groups.iter().map(|group| Arc::clone(&group.group));
    let query = Arc::new(Query::new(id.clone(), text, names.collect(), now));
    #[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
    let input = Input {
        logs: groups
            .iter()
            .map(|group| logs.log_field(&group.group))
            .collect(),
        groups,
        start,
        end,
        now: (now / 1_000) as f64,
    };
    if !logs.queries.start(query, plan, input) {
        return Err(Exception::LimitExceeded(format!(
            "Account maximum query concurrency limit of [{UNFINISHED_MAX}] reached."
        )));
    }
    Ok(StartQueryResponse { query_id: id })
}

/// Stops a query.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidParameterException` for one that has ended, in words that are
/// a guess.
pub(super) fn stop_query(
    logs: &Logs,
    request: StopQueryRequest,
) -> Result<StopQueryResponse, Exception> {
    let id = constraint::required(request.query_id, "queryId")?;
    let query = logs.queries.query(&id).ok_or(Exception::QueryNotFound)?;
    if !query.cancel() {
        let message = format!("Query with ID [{id}] has already ended and cannot be stopped.");
        return Err(Exception::InvalidParameter(message));
    }
    Ok(StopQueryResponse { success: true })
}

/// The groups, each once; exactly one of the three members names them.
fn group_names(
    name: Option<String>,
    names: Option<Vec<String>>,
    identifiers: Option<Vec<String>>,
) -> Result<Vec<String>, Exception> {
    let names: Vec<String> = match (name, names, identifiers) {
        (Some(name), None, None) => vec![constraint::group_name(Some(name))?],
        (None, Some(names), None) => names
            .into_iter()
            .map(|name| constraint::group_name(Some(name)))
            .collect::<Result<_, _>>()?,
        (None, None, Some(identifiers)) => identifiers
            .iter()
            .map(|one| identifier::named(one))
            .collect::<Result<_, _>>()?,
        // The text is a guess.
        _ => {
            return Err(Exception::invalid_parameter(
                "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.",
            ));
        }
    };
    constraint::count(names.len(), GROUPS_MAX, "logGroupNames")?;
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    Ok(unique)
}
