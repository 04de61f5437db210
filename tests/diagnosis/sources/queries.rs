//! Queries of CloudWatch Logs Insights: retried, polled, stopped, and stopped again when nobody waits.

use std::time::Duration;

use reverify::diagnosis::{Source, SourceName};
use serde_json::json;
use tokio::time::{Instant, sleep};
use wiremock::matchers::{body_string_contains, header};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::outcomes::{evidence, exception, sources};

const POLL: Duration = Duration::from_millis(10);

fn operation(name: &str) -> wiremock::MockBuilder {
    Mock::given(header(
        "x-amz-target",
        format!("Logs_20140328.{name}").as_str(),
    ))
}

fn answer(body: &serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
}

/// An endpoint whose queries of this group begin; everything else is denied.
async fn beginning(group: &str) -> MockServer {
    let server = MockServer::start().await;
    operation("StartQuery")
        .and(body_string_contains(group))
        .respond_with(answer(&json!({"queryId": "q-1"})))
        .mount(&server)
        .await;
    operation("StopQuery")
        .and(body_string_contains("q-1"))
        .respond_with(answer(&json!({"success": true})))
        .mount(&server)
        .await;
    server
}

async fn calls(server: &MockServer, name: &str) -> usize {
    let target = format!("Logs_20140328.{name}");
    let requests = server.received_requests().await.unwrap();
    let is_call = |request: &&wiremock::Request| {
        request
            .headers
            .get("x-amz-target")
            .is_some_and(|value| value == target.as_str())
    };
    requests.iter().filter(is_call).count()
}

/// Waits until an operation was called; the test's own limit ends a wait that is in vain.
async fn until_called(server: &MockServer, name: &str) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while calls(server, name).await == 0 {
            sleep(POLL).await;
        }
    });
    waited
        .await
        .unwrap_or_else(|_| panic!("{name} was not called"));
}

#[tokio::test]
async fn a_busy_group_is_asked_again_and_its_answer_polled() {
    let server = MockServer::start().await;
    let limit = "Account maximum query concurrency limit of [100] reached.";
    operation("StartQuery")
        .respond_with(exception(400, "LimitExceededException", limit))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    operation("StartQuery")
        .and(body_string_contains("\"events\""))
        .respond_with(answer(&json!({"queryId": "q-1"})))
        .mount(&server)
        .await;
    operation("GetQueryResults")
        .respond_with(answer(&json!({"status": "Running", "results": []})))
        .up_to_n_times(3)
        .mount(&server)
        .await;
    let send = json!({"detail": {"eventType": "Send", "mail": {"messageId": "m"}}});
    let time = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let row = json!([
        {"field": "@timestamp", "value": time.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()},
        {"field": "@message", "value": send.to_string()},
        {"field": "@ptr", "value": "p"},
    ]);
    operation("GetQueryResults")
        .respond_with(answer(&json!({"status": "Complete", "results": [row]})))
        .mount(&server)
        .await;
    let deadline = Instant::now() + Duration::from_secs(20);
    let found = sources(&server).collect(evidence(), deadline).await;
    let events = found
        .ses
        .events
        .read()
        .unwrap_or_else(|| panic!("{:?}", found.ses.events));
    assert_eq!(events.len(), 1);
    assert_eq!(calls(&server, "StopQuery").await, 0);
}

#[tokio::test]
async fn a_query_that_outlives_the_deadline_is_stopped() {
    let server = beginning("\"events\"").await;
    operation("GetQueryResults")
        .respond_with(answer(&json!({"status": "Running"})))
        .mount(&server)
        .await;
    let deadline = Instant::now() + Duration::from_millis(500);
    let found = sources(&server).collect(evidence(), deadline).await;
    assert_eq!(found.ses.events, Source::TimedOut { after_seconds: 1 });
    until_called(&server, "StopQuery").await;
}

#[tokio::test]
async fn a_query_is_stopped_when_nobody_waits_for_it_any_more() {
    let server = beginning("\"events\"").await;
    operation("GetQueryResults")
        .respond_with(answer(&json!({"status": "Running"})))
        .mount(&server)
        .await;
    let deadline = Instant::now() + Duration::from_mins(1);
    let sources = sources(&server);
    let collecting = tokio::spawn(async move { sources.collect(evidence(), deadline).await });
    until_called(&server, "GetQueryResults").await;
    collecting.abort();
    until_called(&server, "StopQuery").await;
}

#[tokio::test]
async fn a_query_whose_id_came_too_late_is_stopped_too() {
    let server = MockServer::start().await;
    let late = answer(&json!({"queryId": "q-1"})).set_delay(Duration::from_millis(600));
    operation("StartQuery")
        .respond_with(late)
        .mount(&server)
        .await;
    let deadline = Instant::now() + Duration::from_millis(200);
    let found = sources(&server).collect(evidence(), deadline).await;
    assert_eq!(found.ses.events, Source::TimedOut { after_seconds: 1 });
    until_called(&server, "StopQuery").await;
}

#[tokio::test]
async fn a_query_that_fails_or_may_not_be_read_is_an_outcome() {
    let denied = exception(400, "AccessDeniedException", "no");
    let key = "User: a is not authorized to perform: kms:Decrypt on resource: k";
    for (results, expected) in [
        (
            answer(&json!({"status": "Failed", "results": []})),
            Source::Failed {
                reason: "the query ended with Failed".to_owned(),
            },
        ),
        (
            denied,
            Source::Denied {
                permission: "logs:GetQueryResults".to_owned(),
            },
        ),
        (
            exception(400, "AccessDeniedException", key),
            Source::Denied {
                permission: "kms:Decrypt".to_owned(),
            },
        ),
    ] {
        let server = beginning("\"events\"").await;
        operation("GetQueryResults")
            .respond_with(results)
            .mount(&server)
            .await;
        let deadline = Instant::now() + Duration::from_secs(20);
        let found = sources(&server).collect(evidence(), deadline).await;
        assert_eq!(found.ses.events.outcome(), expected);
    }
}

#[tokio::test]
async fn on_aws_a_log_without_a_line_is_late_and_not_empty() {
    let server = beginning("\"events\"").await;
    operation("GetQueryResults")
        .respond_with(answer(&json!({"status": "Complete", "results": []})))
        .mount(&server)
        .await;
    let mut evidence = evidence();
    evidence.case.emulated = false;
    // Too short for another look.
    let deadline = Instant::now() + Duration::from_secs(3);
    let found = sources(&server).collect(evidence, deadline).await;
    let late = found
        .outcomes()
        .into_iter()
        .find(|(name, _)| *name == SourceName::SesEvents);
    assert!(
        matches!(
            late,
            Some((
                _,
                Source::Lagging {
                    behind_seconds: 360,
                    ..
                }
            ))
        ),
        "{late:?}"
    );
}

#[tokio::test]
async fn on_aws_a_log_without_a_line_is_asked_again_while_there_is_time() {
    let server = beginning("\"events\"").await;
    let empty = answer(&json!({"status": "Complete", "results": []}));
    operation("GetQueryResults")
        .respond_with(empty)
        .mount(&server)
        .await;
    let mut evidence = evidence();
    evidence.case.emulated = false;
    let deadline = Instant::now() + Duration::from_secs(11);
    let found = sources(&server).collect(evidence, deadline).await;
    assert!(found.ses.events.is_lagging(), "{:?}", found.ses.events);
    let starts = server.received_requests().await.unwrap();
    let starts = starts.iter().filter(|request| {
        let body = String::from_utf8_lossy(&request.body);
        body.contains("\"events\"") && body.contains("queryString")
    });
    assert_eq!(starts.count(), 2);
}
