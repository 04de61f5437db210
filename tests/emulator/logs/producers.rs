//! What the emulator itself writes: the logs of functions, and failed deliveries.

use reverify::emulator::Starting;
use reverify::emulator::lambda::{Function, FunctionError, FunctionName};
use serde_json::{Value, json};

use super::client::{call, query, rows, sdk};
use crate::smtp::REFUSED;
use crate::world::World;

/// Q6 of CAUSES.md, evidence sources 3.
const LAMBDA_QUERY: &str = r#"fields @timestamp, @requestId, @type, @message, record.status as status
| filter @message like /START|REPORT|Task timed out|ERROR|Exception|AccessDenied|InvalidCiphertext|platform\.(start|report|runtimeDone)/ or @message like "SUB-2"
| sort @timestamp asc
| limit 200"#;

/// Q1 of CAUSES.md, evidence sources 1, for any pool.
const NOTIFICATION_QUERY: &str = r#"fields @timestamp, @ingestionTime, eventTimestamp, logLevel, message.details as details, @message
| filter logSourceId.userPoolId = "POOL"
| filter eventSource = "USER_NOTIFICATION"
| sort @timestamp asc
| limit 200"#;

#[tokio::test]
async fn each_invocation_writes_into_the_functions_group() {
    let pool = "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
                LambdaConfig = { PreSignUp = \"arn:aws:lambda:us-east-1:123456789012:function:gate\" }\n\
                [[user_pool.client]]\nClientName = \"c\"\n";
    let world = World::with(Starting::from_toml(pool).unwrap(), |settings| {
        let name = FunctionName::parse("gate").unwrap();
        let function = Function::closure(name, |event| async move {
            let text = String::from_utf8_lossy(&event).into_owned();
            if text.contains("refuse@") {
                return Err(FunctionError::new("ValueError", "by invitation only"));
            }
            Ok(event)
        });
        settings.functions.push(function);
    });
    let sdk = sdk(&world);
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    assert_eq!(world.sign_up("bob", "refuse@example.com").status, 400);

    let streams = sdk
        .describe_log_streams()
        .log_group_name("/aws/lambda/gate")
        .send()
        .await
        .unwrap();
    let stream = streams.log_streams()[0].log_stream_name().unwrap();
    let (day, environment) = stream.split_once("/[$LATEST]").unwrap();
    assert_eq!((day.len(), environment.len()), (10, 32), "{stream}");

    let found = query(&world, &sdk, "/aws/lambda/gate", LAMBDA_QUERY).await;
    let kinds = found.results().iter().map(|row| {
        let kind = row.iter().find(|field| field.field() == Some("@type"));
        kind.and_then(|kind| kind.value()).unwrap_or("-").to_owned()
    });
    let kinds: Vec<String> = kinds.collect();
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "START").count(),
        2,
        "{kinds:?}"
    );
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "REPORT").count(),
        2,
        "{kinds:?}"
    );
    let stats =
        "filter @type = \"REPORT\" | stats count(*) as n, max(@memorySize / 1000 / 1000) as mb";
    let stats = query(&world, &sdk, "/aws/lambda/gate", stats).await;
    assert_eq!(rows(&stats), ["n=2|mb=128"]);
}

#[tokio::test]
async fn a_failed_delivery_is_written_where_the_pool_says() {
    let world = World::with_pool("AutoVerifiedAttributes = [\"email\"]");
    let sdk = sdk(&world);
    assert_eq!(
        world.sign_up("eve", REFUSED).error().0,
        "CodeDeliveryFailureException"
    );

    sdk.create_log_group()
        .log_group_name("cognito-exported")
        .send()
        .await
        .unwrap();
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:cognito-exported";
    let configured = world.call(
        "SetLogDeliveryConfiguration",
        &json!({
            "UserPoolId": "POOL",
            "LogConfigurations": [{"LogLevel": "ERROR", "EventSource": "userNotification",
                "CloudWatchLogsConfiguration": {"LogGroupArn": arn}}],
        }),
    );
    assert_eq!(configured.status, 200, "{configured:?}");
    // A success is not logged.
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let (name, details) = world.sign_up("bob", REFUSED).error();
    assert_eq!(name, "CodeDeliveryFailureException");

    let events = call(
        &world,
        "FilterLogEvents",
        &json!({"logGroupName": "cognito-exported"}),
    )
    .json();
    let events = events["events"].as_array().unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
    let event: Value = serde_json::from_str(events[0]["message"].as_str().unwrap()).unwrap();
    assert_eq!(
        event,
        json!({
            "eventTimestamp": events[0]["timestamp"].to_string(),
            "eventSource": "USER_NOTIFICATION",
            "logLevel": "ERROR",
            "message": {"details": details},
            "logSourceId": {"userPoolId": world.pool},
        })
    );

    let text = NOTIFICATION_QUERY.replace("POOL", &world.pool);
    let found = query(&world, &sdk, "cognito-exported", &text).await;
    assert_eq!(rows(&found).len(), 1);
    assert!(
        rows(&found)[0].contains(&format!("details={details}")),
        "{:?}",
        rows(&found)
    );
}
