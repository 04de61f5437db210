//! Queries of the kinds that AWS publishes as samples, over logs of the kinds that they are for:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-examples.html>.

use super::world::rows;

/// One query, its rows as `name=value` with `|` between.
fn holds(group: &str, lines: &[&str], query: &str, expected: &[&str]) {
    let rows: Vec<String> = rows(group, lines, query)
        .into_iter()
        .map(|row| row.join("|"))
        .collect();
    assert_eq!(rows, expected, "{query}");
}

#[test]
fn trails() {
    let lines = [
        r#"{"eventSource":"ec2.amazonaws.com","eventName":"StartInstances","awsRegion":"us-east-2","requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"}]}}}"#,
        r#"{"eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","requestParameters":{"userName":"ada"},"responseElements":{"user":{"arn":"arn:ada"}}}"#,
        r#"{"eventSource":"cloudtrail.amazonaws.com","eventName":"UpdateTrail","awsRegion":"us-east-1","errorCode":"TrailNotFoundException","errorMessage":"no trail"}"#,
        r#"{"eventSource":"cloudtrail.amazonaws.com","eventName":"UpdateTrail","awsRegion":"us-east-1"}"#,
        r#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1","tlsDetails":{"tlsVersion":"TLSv1.1","cipherSuite":"c"},"userIdentity":{"accountId":"1"}}"#,
    ];
    let holds = |query: &str, expected: &[&str]| holds("trail", &lines, query, expected);
    holds(
        "stats count(*) as c by eventSource, eventName, awsRegion | sort c desc | limit 1",
        &["eventSource=cloudtrail.amazonaws.com|eventName=UpdateTrail|awsRegion=us-east-1|c=2"],
    );
    holds(
        r#"filter (eventName="StartInstances" or eventName="StopInstances") and awsRegion="us-east-2"
           | display requestParameters.instancesSet.items.0.instanceId"#,
        &["requestParameters.instancesSet.items.0.instanceId=i-1"],
    );
    holds(
        r#"filter eventName="CreateUser" | fields awsRegion, requestParameters.userName, responseElements.user.arn"#,
        &["awsRegion=us-east-1|requestParameters.userName=ada|responseElements.user.arn=arn:ada"],
    );
    holds(
        r#"filter eventName = "UpdateTrail" and ispresent(errorCode) | stats count(*) by errorCode, errorMessage"#,
        &["errorCode=TrailNotFoundException|errorMessage=no trail|count(*)=1"],
    );
    holds(
        r#"filter tlsDetails.tlsVersion in [ "TLSv1", "TLSv1.1" ]
           | stats count(*) as outdated by userIdentity.accountId, eventSource, tlsDetails.tlsVersion
           | sort eventSource, tlsDetails.tlsVersion"#,
        &[
            "userIdentity.accountId=1|eventSource=s3.amazonaws.com|tlsDetails.tlsVersion=TLSv1.1|outdated=1",
        ],
    );
}

#[test]
fn functions() {
    let report = |duration: &str, used: &str| {
        format!(
            "REPORT RequestId: 8f507cfc-5f1a-4a2a-9d5d-0123456789ab\tDuration: {duration} ms\tBilled Duration: 9 ms\tMemory Size: 128 MB\tMax Memory Used: {used} MB\t\n"
        )
    };
    let lines = [
        report("100.00", "40"),
        report("300.00", "50"),
        report("1200.00", "60"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let holds = |query: &str, expected: &[&str]| holds("/aws/lambda/f", &lines, query, expected);
    holds(
        r#"filter @type = "REPORT"
           | stats max(@memorySize / 1000 / 1000) as provisionedMB,
                   min(@maxMemoryUsed / 1000 / 1000) as smallestMB,
                   avg(@maxMemoryUsed / 1000 / 1000) as averageMB,
                   max(@maxMemoryUsed / 1000 / 1000) as largestMB,
                   provisionedMB - largestMB as overProvisionedMB"#,
        &["provisionedMB=128|smallestMB=40|averageMB=50|largestMB=60|overProvisionedMB=68"],
    );
    holds(
        r#"filter @type = "REPORT" | stats avg(@duration), max(@duration), min(@duration) by bin(5m)"#,
        &[
            "bin(5m)=2026-11-21 09:00:00.000|avg(@duration)=533.3333|max(@duration)=1200|min(@duration)=100",
        ],
    );
    holds(
        r#"fields @duration | filter @type = "REPORT" and @duration > 1000 | sort @timestamp desc | limit 100"#,
        &["@duration=1200"],
    );
    holds(
        r#"filter @type = "REPORT" | stats pct(@duration, 50) as p50, pct(@duration, 99) as p99"#,
        &["p50=300|p99=1200"],
    );
}

#[test]
fn general_and_parsed() {
    let lines = [
        "Exception in thread main",
        "user=ada, method:GET, latency := 20",
        "user=ada, method:GET, latency := 30",
        r#"{"srcAddr":"192.0.2.7","dstAddr":"10.0.0.1","packets":5,"bytes":10,"server":"a"}"#,
        r#"{"srcAddr":"198.51.100.1","dstAddr":"10.0.0.1","packets":7,"bytes":20,"server":"a"}"#,
    ];
    let holds = |query: &str, expected: &[&str]| holds("app", &lines, query, expected);
    holds(
        "filter @message like /Exception/ | stats count(*) as exceptionCount by bin(5m) | sort exceptionCount desc",
        &["bin(5m)=2026-11-21 09:00:00.000|exceptionCount=1"],
    );
    holds(
        r#"parse @message "user=*, method:*, latency := *" as @user, @method, @latency
           | filter ispresent(@user) | stats avg(@latency) by @method, @user"#,
        &["@method=GET|@user=ada|avg(@latency)=25"],
    );
    holds(
        r"FIELDS @message
          | PARSE @message /user=(?<user2>.*?), method:(?<method2>.*?), latency := (?<latency2>\d+)/
          | filter ispresent(latency2) | STATS sum(latency2) by user2, method2",
        &["user2=ada|method2=GET|sum(latency2)=50"],
    );
    holds(
        "stats sum(packets) as transferred by srcAddr, dstAddr | filter ispresent(srcAddr) | sort transferred desc | limit 1",
        &["srcAddr=198.51.100.1|dstAddr=10.0.0.1|transferred=7"],
    );
    holds(
        r#"fields srcAddr | filter isIpv4InSubnet(srcAddr, "192.0.2.0/24")"#,
        &["srcAddr=192.0.2.7"],
    );
    holds(
        "fields @timestamp, server, bytes | filter ispresent(server) | sort @timestamp desc | dedup server",
        &["@timestamp=2026-11-21 09:00:04.000|server=a|bytes=20"],
    );
    holds("stats count(*) as n, sum(n) as none | display n", &["n=5"]);
}
