//! What hangs on a pool: domains, log delivery and tags (COGNITO.md 5.3 and 7.1).

use serde_json::{Value, json};

use crate::pool_settings::{described, pool_of};
use crate::world::World;

/// The texts are recorded in public issues; that an unknown domain is no error as well.
#[test]
fn a_domain_is_unique_and_holds_its_pool() {
    let world = World::standard();
    let other = pool_of(&world, &json!({"PoolName": "other"}));
    let domain = json!({"UserPoolId": "POOL", "Domain": "shop"});
    let describe = || {
        world
            .call("DescribeUserPoolDomain", &json!({"Domain": "shop"}))
            .json()
    };
    assert_eq!(describe(), json!({"DomainDescription": {}}));
    let made = world.call("CreateUserPoolDomain", &domain);
    assert_eq!(made.body, r#"{"ManagedLoginVersion":1}"#);
    let description = describe()["DomainDescription"].take();
    assert_eq!(description["UserPoolId"], json!(world.pool));
    assert_eq!(description["Status"], "ACTIVE");
    assert_eq!(description["AWSAccountId"], "123456789012");
    let pool = world.pool.clone();
    assert_eq!(described(&world, &pool)["Domain"], "shop");

    let taken = world.call(
        "CreateUserPoolDomain",
        &json!({"UserPoolId": other, "Domain": "shop"}),
    );
    assert_eq!(
        taken.error().1,
        "Domain already associated with another user pool."
    );
    let custom = json!({"UserPoolId": "POOL", "Domain": "auth-example-com", "CustomDomainConfig":
        {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a"}});
    assert!(world.call("CreateUserPoolDomain", &custom).json()["CloudFrontDomain"].is_string());
    let newer = json!({"UserPoolId": "POOL", "Domain": "shop", "ManagedLoginVersion": 2});
    assert_eq!(
        world.call("UpdateUserPoolDomain", &newer).json()["ManagedLoginVersion"],
        2
    );

    let delete = || world.call("DeleteUserPool", &json!({"UserPoolId": "POOL"}));
    let held =
        "User pool cannot be deleted. It has a domain configured that should be deleted first.";
    assert_eq!(delete().error().1, held);
    for name in ["shop", "auth-example-com"] {
        let body = json!({"UserPoolId": "POOL", "Domain": name});
        assert_eq!(
            world.call("DeleteUserPoolDomain", &body).body,
            "{}",
            "{name}"
        );
    }
    assert_eq!(describe(), json!({"DomainDescription": {}}));
    assert_eq!(delete().status, 200);
}

/// COGNITO.md 7.1 \[M, D\].
#[test]
fn logs_go_where_they_are_told() {
    let world = World::standard();
    let configuration = json!([{
        "LogLevel": "ERROR", "EventSource": "userNotification",
        "CloudWatchLogsConfiguration":
            {"LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/cognito"},
    }]);
    let set = |configurations: &Value| {
        let body = json!({"UserPoolId": "POOL", "LogConfigurations": configurations});
        world.call("SetLogDeliveryConfiguration", &body)
    };
    let expected = json!({"LogDeliveryConfiguration":
        {"LogConfigurations": configuration, "UserPoolId": world.pool}});
    assert_eq!(set(&configuration).json(), expected);
    let shown = || {
        world
            .call(
                "GetLogDeliveryConfiguration",
                &json!({"UserPoolId": "POOL"}),
            )
            .json()
    };
    assert_eq!(shown(), expected);
    let events = json!([{"LogLevel": "INFO", "EventSource": "userAuthEvents",
        "S3Configuration": {"BucketArn": "arn:aws:s3:::bucket"}}]);
    assert_eq!(set(&events).error().0, "FeatureUnavailableInTierException");
    assert_eq!(shown(), expected, "a refusal changes nothing");
    assert_eq!(set(&json!([])).status, 200);
    assert_eq!(
        shown()["LogDeliveryConfiguration"]["LogConfigurations"],
        json!([])
    );
}

#[test]
fn tags_come_and_go() {
    let world = World::standard();
    let arn = format!(
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/{}",
        world.pool
    );
    let tag = json!({"ResourceArn": arn, "Tags": {"a": "1", "b": "2"}});
    assert_eq!(world.call("TagResource", &tag).body, "{}");
    let untag = json!({"ResourceArn": arn, "TagKeys": ["a", "c"]});
    assert_eq!(world.call("UntagResource", &untag).body, "{}");
    let list = |arn: &str| world.call("ListTagsForResource", &json!({"ResourceArn": arn}));
    assert_eq!(list(&arn).json(), json!({"Tags": {"b": "2"}}));
    let other = arn.replace("123456789012", "210987654321");
    assert_eq!(list(&other).error().0, "ResourceNotFoundException");
}
