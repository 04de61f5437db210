//! What the embedded emulator tells of a pool, its users and its functions.

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::types::{
    CloudWatchLogsConfigurationType, EventSourceName, LogConfigurationType, LogLevel,
};
use reverify::control::{Effect, Fault, FunctionDefinition, TrailSettings};
use reverify::diagnosis::{ClientSettings, Evidence, InvocationEnd, SesEvidence, Source};
use reverify::model::UserSub;

use super::target::{REGION, Target, seed, texts};

const ADA: &str = "ada@mail.test";

fn sub(evidence: &Evidence) -> &UserSub {
    evidence.request().unwrap().sub().unwrap()
}

#[tokio::test]
async fn a_healthy_sign_up_is_seen_from_all_sides() {
    let target = Target::of(&seed("", ""));
    let evidence = target.evidence(ADA, vec![target.sign_up(ADA).await]);
    let earlier = target.sources().pool(&target.pool()).await;
    let earlier = Evidence {
        pool: earlier.map(|snapshot| vec![snapshot]),
        ..evidence
    };
    let found = target.collect(earlier).await;

    let snapshots = found.pool.read().unwrap();
    assert_eq!(snapshots.len(), 2);
    assert_eq!(snapshots[0].settings, snapshots[1].settings);
    assert!(snapshots[0].settings.verifies_email());
    let client = ClientSettings {
        user_pool_id: Some(target.pool()),
        hides_users: true,
        has_secret: false,
    };
    assert_eq!(found.client, Source::from(client));
    let user = found.user.read().unwrap().clone().unwrap();
    assert_eq!(
        (&user.sub, user.status.as_str()),
        (sub(&found), "UNCONFIRMED")
    );
    assert_eq!(user.email.as_deref(), Some(ADA));
    assert_eq!(found.users_of_address, Source::from(vec![user]));
    assert!(
        matches!(found.notifications, Source::NotConfigured { .. }),
        "{found:?}"
    );
    assert_eq!(found.functions, Source::from(Vec::new()));
    // Without a trail, CloudTrail still remembers the call.
    let events = found.trail.read();
    let events = events.unwrap_or_else(|| panic!("{:?}", found.trail));
    let request_id = &found.request().unwrap().request_id;
    let mut own = events.iter().filter(|event| event.is_cognito("SignUp"));
    assert!(
        own.any(|event| event.request_id == *request_id),
        "{events:?}"
    );
    // Nothing of the SES behind the default sender can be seen.
    assert_eq!(found.ses, SesEvidence::default());
    let skew = found.clock.read().unwrap();
    assert!(skew.ahead_ms.abs() < 5_000, "{skew:?}");
}

#[tokio::test]
async fn a_user_who_was_deleted_is_nobody() {
    let target = Target::of(&seed("", ""));
    let sign_up = target.sign_up(ADA).await;
    target.delete(ADA).await;
    let found = target.collect(target.evidence(ADA, vec![sign_up])).await;
    assert_eq!(found.user, Source::from(None));
    assert_eq!(found.users_of_address, Source::from(Vec::new()));
}

#[tokio::test]
async fn without_a_run_the_youngest_user_of_the_address_is_meant() {
    let target = Target::of(&seed("", ""));
    let sign_up = target.sign_up(ADA).await;
    let found = target.collect(target.evidence(ADA, Vec::new())).await;
    let user = found.user.read().unwrap().as_ref().unwrap();
    assert_eq!(Some(&user.sub), sign_up.sub());
    assert_eq!(found.client, Source::NotAsked);
}

#[tokio::test]
async fn a_pool_and_a_client_that_do_not_exist_fail_in_amazons_words() {
    let target = Target::of(&seed("", ""));
    let mut evidence = target.evidence(ADA, vec![target.sign_up(ADA).await]);
    evidence.case.user_pool_id = reverify::model::UserPoolId::new("eu-west-1_Elsewhere");
    let found = target.collect(evidence).await;
    for outcome in [
        found.pool.outcome(),
        found.client.outcome(),
        found.user.outcome(),
        found.users_of_address.outcome(),
        found.log_delivery.outcome(),
        found.notifications.outcome(),
        found.functions.outcome(),
        found.ses.account.outcome(),
    ] {
        let Source::Failed { reason } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(
            reason.starts_with("ResourceNotFoundException: "),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn a_client_of_another_pool_is_found_by_the_calls_that_name_it() {
    let second = "[[user_pool]]\nPoolName = \"q\"\n";
    let target = Target::of(&seed("", second));
    let own = target.pool();
    let mut sign_up = target.sign_up(ADA).await;
    sign_up.user_pool_id = Some(own.clone());
    let mut evidence = target.evidence(ADA, vec![sign_up]);
    let pools = sdk(&target).list_user_pools().max_results(10).send().await;
    let pools = pools.unwrap();
    let mut ids = pools.user_pools().iter().filter_map(|pool| pool.id());
    let watched = ids.find(|id| *id != own.as_str()).unwrap();
    evidence.case.user_pool_id = reverify::model::UserPoolId::new(watched);
    let found = target.collect(evidence).await;
    assert_eq!(found.client.read().unwrap().user_pool_id, Some(own));
}

fn sdk(target: &Target) -> cognito::Client {
    let config = cognito::Config::builder()
        .behavior_version(cognito::config::BehaviorVersion::latest())
        .region(cognito::config::Region::new(REGION))
        .endpoint_url(target.embedded.endpoint())
        .credentials_provider(cognito::config::Credentials::new(
            "test", "test", None, None, "test",
        ))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    cognito::Client::from_conf(config)
}

/// Lets the pool export its delivery errors into a group.
async fn export(target: &Target, group: &str) {
    let arn = format!("arn:aws:logs:{REGION}:123456789012:log-group:{group}");
    let place = CloudWatchLogsConfigurationType::builder().log_group_arn(arn);
    let configuration = LogConfigurationType::builder()
        .event_source(EventSourceName::UserNotification)
        .log_level(LogLevel::Error)
        .cloud_watch_logs_configuration(place.build());
    let request = sdk(target).set_log_delivery_configuration();
    let request = request.user_pool_id(target.pool().as_str());
    let request = request.log_configurations(configuration.build().unwrap());
    request.send().await.unwrap();
}

#[tokio::test]
async fn a_mail_that_was_throttled_left_a_line_in_the_export() {
    let target = Target::of(&seed("", ""));
    target.make_group("exported").await;
    export(&target, "exported").await;
    let throttle = Fault::new(Effect::ThrottleDestination {
        mails: 1,
        per_seconds: 600,
    });
    target.control.add_fault(&throttle).await.unwrap();
    let first = target.sign_up(ADA).await;
    target.delete(ADA).await;
    target
        .write("exported", ["{\"half\":".to_owned()].into_iter())
        .await;
    let second = target.sign_up(ADA).await;
    let found = target
        .collect(target.evidence(ADA, vec![first, second]))
        .await;
    let lines = found.notifications.read().unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].details.to_lowercase().contains("throttl"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_quota_that_was_used_up_is_a_refusal_that_left_the_user() {
    let target = Target::of(&seed("", ""));
    let quota = Fault::new(Effect::ExceedMailQuota {});
    target.control.add_fault(&quota).await.unwrap();
    let trail = TrailSettings {
        log_group: Some("trail".to_owned()),
        delay_seconds: 0,
    };
    target.control.set_trail(&trail).await.unwrap();
    let mut target = target;
    target.places.trail_log_group = Some("trail".to_owned());
    let refused = target.sign_up(ADA).await;
    assert!(refused.refusal().unwrap().is("LimitExceededException"));
    let request_id = refused.request_id.clone();
    let found = target.collect(target.evidence(ADA, vec![refused])).await;
    assert!(found.user.read().unwrap().is_some());
    let events = found.trail.read().unwrap();
    let own = events.iter().find(|event| event.request_id == request_id);
    let own = own.unwrap_or_else(|| panic!("{events:?}"));
    assert!(own.is_cognito("SignUp"));
    assert_eq!(own.error_code.as_deref(), Some("LimitExceededException"));
    assert!(
        events.iter().all(|event| event.name != "AdminGetUser"),
        "{events:?}"
    );
}

/// A pool whose `PreSignUp` is this function.
async fn gated(function: FunctionDefinition) -> Target {
    let arn = format!("arn:aws:lambda:{REGION}:123456789012:function:gate");
    let pool = format!("LambdaConfig = {{ PreSignUp = \"{arn}\" }}");
    let target = Target::of(&seed(&pool, ""));
    target
        .control
        .deploy_function("gate", &function)
        .await
        .unwrap();
    target
}

#[tokio::test]
async fn a_function_that_breaks_is_an_invocation_with_an_error() {
    let command = ["/bin/sh", "-c", "exit 3"].map(str::to_owned).to_vec();
    let target = gated(FunctionDefinition {
        command,
        ..FunctionDefinition::default()
    })
    .await;
    let refused = target.sign_up(ADA).await;
    assert!(refused.refusal().is_some(), "{refused:?}");
    let found = target.evidence(ADA, vec![refused]);
    let found = target.collect(found).await;
    let log = found.function("PreSignUp").unwrap();
    assert_eq!(log.log_group, "/aws/lambda/gate");
    assert!(!log.invocations.is_empty());
    for one in &log.invocations {
        assert!(
            matches!(&one.end, InvocationEnd::Error { line } if line.contains("exit status 3")),
            "{one:?}"
        );
    }
}

#[tokio::test]
async fn a_function_that_is_too_slow_is_an_invocation_that_was_stopped() {
    // A runtime that takes the event and never answers.
    let runtime = "exec 3<>/dev/tcp/${AWS_LAMBDA_RUNTIME_API/:/\\/}; \
                   printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3; \
                   read -r -N 1000000 -u 3 event";
    let command = ["/bin/bash", "-c", runtime].map(str::to_owned).to_vec();
    let target = gated(FunctionDefinition {
        command,
        timeout: Some(1),
        ..FunctionDefinition::default()
    })
    .await;
    let refused = target.sign_up(ADA).await;
    assert!(refused.refusal().is_some(), "{refused:?}");
    let found = target.evidence(ADA, vec![refused]);
    let found = target.collect(found).await;
    let log = found.function("PreSignUp").unwrap();
    assert!(!log.invocations.is_empty());
    for one in &log.invocations {
        assert!(
            matches!(&one.end, InvocationEnd::TimedOut { line } if line.contains("timed out")),
            "{one:?}"
        );
    }
}

#[tokio::test]
async fn a_function_that_never_ran_has_an_empty_log_and_a_remark() {
    let arn = format!("arn:aws:lambda:{REGION}:123456789012:function:gate");
    let pool = format!("LambdaConfig = {{ PostConfirmation = \"{arn}\" }}");
    let target = Target::of(&seed(&pool, ""));
    let found = target.evidence(ADA, vec![target.sign_up(ADA).await]);
    let found = target.collect(found).await;
    assert_eq!(found.function("PostConfirmation").unwrap().invocations, []);
    let remarks = texts(&found.remarks);
    assert!(
        remarks
            .iter()
            .any(|text| text.contains("/aws/lambda/gate does not exist")),
        "{remarks:?}"
    );
}
