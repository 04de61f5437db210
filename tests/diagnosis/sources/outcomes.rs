//! Endpoints that refuse, fail, hang or answer rubbish: each becomes an outcome, and the rest is read.

use std::time::Duration;

use jiff::Timestamp;
use reverify::diagnosis::{
    Call, Case, EmailSettings, Evidence, LogPlaces, PERMISSIONS, PoolSettings, PoolSnapshot, Reply,
    Source, SourceName, Sources, Trouble,
};
use reverify::model::{AppClientId, UserPoolId};
use serde_json::json;
use tokio::time::Instant;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::target::endpoint;

/// Evidence of a pool that was read before the mail was asked for, so that every place is asked.
pub(super) fn evidence() -> Evidence {
    let now = Timestamp::now();
    let mut evidence = Evidence::of(Case {
        address: "ada@mail.test".parse().unwrap(),
        trouble: Trouble::Missing,
        user_pool_id: UserPoolId::new("us-east-1_AbCdEfGhI"),
        client_id: None,
        request: Some(0),
        since: now,
        until: now,
        emulated: true,
    });
    evidence.calls = vec![Call {
        operation: "SignUp".to_owned(),
        at: now,
        request_id: None,
        username: Some("ada".to_owned()),
        user_pool_id: None,
        client_id: Some(AppClientId::new("client")),
        asked_for_mail: None,
        reply: Reply::Unanswered {
            reason: "no answer".to_owned(),
        },
    }];
    let arn = "arn:aws:ses:us-east-1:123456789012:identity/example.com";
    let function = "arn:aws:lambda:us-east-1:123456789012:function:gate";
    let settings = PoolSettings {
        triggers: [("PreSignUp".to_owned(), function.to_owned())].into(),
        email: EmailSettings {
            own_ses: true,
            source_arn: Some(arn.to_owned()),
            configuration_set: Some("set".to_owned()),
            ..EmailSettings::default()
        },
        ..PoolSettings::default()
    };
    let snapshot = PoolSnapshot { at: now, settings };
    evidence.pool = Source::from(vec![snapshot]);
    evidence
}

pub(super) fn sources(server: &MockServer) -> Sources {
    let places = LogPlaces {
        trail_log_group: None,
        ses_events_log_group: Some("events".to_owned()),
    };
    Sources::for_emulator(&endpoint(server.uri()), places)
}

/// The outcomes of everything that is asked at AWS.
async fn outcomes(answer: ResponseTemplate, patience: Duration) -> Vec<(SourceName, Source<()>)> {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let deadline = Instant::now() + patience;
    let found = sources(&server).collect(evidence(), deadline).await;
    let asked = found.outcomes().into_iter();
    let elsewhere = [
        SourceName::UserPool,
        SourceName::Inbox,
        SourceName::RejectedMails,
        SourceName::MailboxQuota,
        SourceName::ProbeMail,
        SourceName::ControlExperiment,
    ];
    let asked: Vec<_> = asked
        .filter(|(name, _)| !elsewhere.contains(name))
        .collect();
    // Every place but those above, and the snapshot of before is kept.
    assert_eq!(asked.len(), 14);
    assert_eq!(found.pool.read().unwrap().len(), 1);
    let remark = found
        .remarks
        .iter()
        .find(|one| one.source == SourceName::UserPool);
    assert!(remark.is_some(), "{:?}", found.remarks);
    asked
}

/// An exception in each service's own way.
pub(super) fn exception(status: u16, code: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("x-amzn-errortype", code)
        .set_body_raw(
            json!({"__type": code, "message": message}).to_string(),
            "application/x-amz-json-1.1",
        )
}

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_denial_names_the_permission_that_opens_the_place() {
    let denied = exception(400, "AccessDeniedException", "no");
    let mut named = Vec::new();
    for (name, outcome) in outcomes(denied, PATIENCE).await {
        let Source::Denied { permission } = outcome else {
            panic!("{name}: {outcome:?}");
        };
        assert!(PERMISSIONS.contains(&permission.as_str()), "{permission}");
        named.push(permission);
    }
    named.sort();
    named.dedup();
    // Results and stopping are asked for after a query has begun, the reputation beside an identity.
    assert_eq!(named.len(), PERMISSIONS.len() - 4, "{named:?}");
}

#[tokio::test]
async fn expired_credentials_fail_in_amazons_words() {
    let message = "The security token included in the request is expired";
    let expired = exception(403, "ExpiredTokenException", message);
    for (name, outcome) in outcomes(expired, PATIENCE).await {
        let Source::Failed { reason } = outcome else {
            panic!("{name}: {outcome:?}");
        };
        assert_eq!(reason, format!("ExpiredTokenException: {message}"));
    }
}

#[tokio::test]
async fn rubbish_and_errors_without_a_name_fail_after_a_few_tries() {
    for answer in [
        ResponseTemplate::new(200).set_body_string("<html>a proxy's login page</html>"),
        ResponseTemplate::new(502),
        exception(500, "InternalErrorException", "try later"),
    ] {
        for (name, outcome) in outcomes(answer, PATIENCE).await {
            assert!(
                matches!(outcome, Source::Failed { .. }),
                "{name}: {outcome:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_endpoint_where_nobody_listens_fails() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let sources = Sources::for_emulator(&endpoint(url), LogPlaces::default());
    let found = sources.collect(evidence(), Instant::now() + PATIENCE).await;
    let Source::Failed { reason } = found.ses.account else {
        panic!("{:?}", found.ses.account);
    };
    assert!(reason.contains("refused"), "{reason}");
}

#[tokio::test]
async fn what_does_not_answer_has_timed_out_at_the_deadline() {
    let patience = Duration::from_millis(700);
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_mins(1));
    let started = Instant::now();
    for (name, outcome) in outcomes(slow, patience).await {
        assert_eq!(outcome, Source::TimedOut { after_seconds: 1 }, "{name}");
    }
    let waited = started.elapsed();
    assert!(
        waited >= patience && waited < patience + Duration::from_secs(5),
        "{waited:?}"
    );
}

#[tokio::test]
async fn a_busy_service_is_asked_until_the_deadline() {
    let patience = Duration::from_millis(600);
    let busy = exception(400, "TooManyRequestsException", "Rate exceeded");
    for (name, outcome) in outcomes(busy, patience).await {
        assert_eq!(outcome, Source::TimedOut { after_seconds: 1 }, "{name}");
    }
}
