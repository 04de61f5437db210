//! The log of delivery errors (CAUSES.md, evidence source 1).

use jiff::Timestamp;
use serde::Deserialize;

use super::insights::Line;
use super::log::Parsed;
use super::query_text::{lines_where, quoted};
use crate::diagnosis::{Case, Notification};
use crate::model::UserPoolId;

/// What the export writes; AWS says that any field may be null, and that the schema may change.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exported {
    event_timestamp: Option<Moment>,
    event_source: Option<String>,
    message: Option<Message>,
    log_source_id: Option<LogSourceId>,
}

/// Milliseconds since 1970, as AWS documents them: in a text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Moment {
    Text(String),
    Number(i64),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Message {
    Structured { details: Option<String> },
    Text(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogSourceId {
    user_pool_id: Option<String>,
}

/// Asks for what is of this pool, and for what does not say of which.
pub(super) fn query(pool: &UserPoolId) -> String {
    let pool = quoted(pool.as_str());
    lines_where(&format!(
        "(not ispresent(logSourceId.userPoolId) or logSourceId.userPoolId = {pool}) \
         and (not ispresent(eventSource) or eventSource = \"USER_NOTIFICATION\")"
    ))
}

/// The delivery errors of the time of the case.
pub(super) fn parse(lines: &[Line], case: &Case) -> Parsed<Notification> {
    let mut parsed = Parsed::default();
    for line in lines {
        match serde_json::from_str::<Exported>(&line.message) {
            Ok(exported) => parsed.found.extend(notification(line, exported, case)),
            Err(_) => parsed.unread += 1,
        }
    }
    parsed
}

fn notification(line: &Line, exported: Exported, case: &Case) -> Option<Notification> {
    let is_other_pool = |id: LogSourceId| {
        id.user_pool_id
            .is_some_and(|pool| pool != case.user_pool_id.as_str())
    };
    let is_other_event = |source: String| source != "USER_NOTIFICATION";
    if exported.log_source_id.is_some_and(is_other_pool)
        || exported.event_source.is_some_and(is_other_event)
    {
        return None;
    }
    let milliseconds = match exported.event_timestamp {
        Some(Moment::Text(text)) => text.parse().ok(),
        Some(Moment::Number(number)) => Some(number),
        None => None,
    };
    let at = milliseconds.and_then(|at| Timestamp::from_millisecond(at).ok());
    let at = at.unwrap_or(line.at);
    let details = match exported.message? {
        Message::Structured { details } => details?,
        Message::Text(text) => text,
    };
    (at >= case.since).then_some(Notification { at, details })
}

#[cfg(test)]
mod tests {
    use super::super::log::tests::{case, line};
    use super::*;

    #[test]
    fn the_query_stays_one_query() {
        let text = query(&UserPoolId::new("p\" or 1 = 1 | limit 1 #"));
        assert!(text.contains(r#"= "p\" or 1 = 1 | limit 1 #")"#), "{text}");
    }

    #[test]
    fn every_documented_and_odd_form_is_read() {
        let case = case();
        let at = case.since.as_millisecond() + 5;
        let own = r#","logSourceId":{"userPoolId":"eu-west-1_AbCdEfGhI"}}"#;
        let full = format!(
            r#"{{"eventTimestamp":"{at}","eventSource":"USER_NOTIFICATION","logLevel":"ERROR","message":{{"details":"Throttled"}}{own}"#
        );
        let found = |details: &str| vec![details.to_owned()];
        let cases = [
            (full.clone(), found("Throttled"), 0),
            (format!(r#"{{"eventTimestamp":{at},"message":"plain"{own}"#), found("plain"), 0),
            (r#"{"eventTimestamp":"soon","eventSource":null,"message":{"details":"x"},"logSourceId":null,"new":[1]}"#.to_owned(), found("x"), 0),
            (format!(r#"{{"eventTimestamp":null,"message":{{"details":null}}{own}"#), vec![], 0),
            (format!(r#"{{"message":null{own}"#), vec![], 0),
            (full.replace("eu-west-1_AbCdEfGhI", "other"), vec![], 0),
            (full.replace("USER_NOTIFICATION", "USER_AUTH"), vec![], 0),
            (full.replace(&at.to_string(), "1"), vec![], 0),
            ("not JSON".to_owned(), vec![], 1),
            (full[..40].to_owned(), vec![], 1),
        ];
        for (text, expected, unread) in cases {
            let parsed = parse(&[line(6, &text)], &case);
            let details: Vec<_> = parsed.found.into_iter().map(|one| one.details).collect();
            assert_eq!((details, parsed.unread), (expected, unread), "{text}");
        }
    }
}
