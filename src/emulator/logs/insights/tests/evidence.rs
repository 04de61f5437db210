//! The queries of CAUSES.md, evidence sources, as they stand there.

use super::world::rows;

const Q1: &str = r#"fields @timestamp, @ingestionTime, eventTimestamp, logLevel, message.details as details, @message
| filter logSourceId.userPoolId = "us-east-1_EXAMPLE"
| filter eventSource = "USER_NOTIFICATION"
| sort @timestamp asc
| limit 200"#;

const Q2: &str = r#"fields @timestamp, eventTime, eventName, errorCode, errorMessage, additionalEventData.sub as sub, sourceIPAddress, requestID
| filter eventSource = "cognito-idp.amazonaws.com" and requestID = "R2"
| limit 5"#;

const Q3: &str = r#"fields eventTime, eventName, errorCode, errorMessage, additionalEventData.sub as sub, requestID
| filter eventSource = "cognito-idp.amazonaws.com"
| filter eventName in ["SignUp","ConfirmSignUp","ResendConfirmationCode","AdminDeleteUser","DeleteUser","AdminCreateUser","AdminConfirmSignUp","ForgotPassword"]
| filter additionalEventData.sub in ["SUB-1","SUB-2"] or requestID in ["R1","R2","R3"]
| sort eventTime asc"#;

const Q4: &str = r#"fields eventTime, eventSource, eventName, errorCode, userIdentity.arn as who, requestParameters.userPoolId as pool
| filter (eventSource = "cognito-idp.amazonaws.com" and eventName in ["UpdateUserPool","SetUserPoolMfaConfig","CreateUserPoolDomain","DeleteUserPoolDomain","UpdateUserPoolClient","DeleteUserPoolClient","SetLogDeliveryConfiguration"])
   or (eventSource = "ses.amazonaws.com" and eventName like /^(Put|Delete|Update|Set)/)
   or (eventSource = "lambda.amazonaws.com" and eventName like /^(UpdateFunction|RemovePermission|DeleteFunction)/)
   or (eventSource = "kms.amazonaws.com" and eventName in ["DisableKey","ScheduleKeyDeletion","PutKeyPolicy","RevokeGrant"])
| sort eventTime asc"#;

const Q5: &str = r#"filter eventSource = "cognito-idp.amazonaws.com"
| filter eventName in ["SignUp","ResendConfirmationCode","ForgotPassword","AdminCreateUser","AdminResetUserPassword","GetUserAttributeVerificationCode","UpdateUserAttributes","AdminUpdateUserAttributes","Signup_POST","signup_POST","ResendCode_POST","ForgotPassword_POST","forgotPassword_POST"]
| stats count(*) as calls by eventName, errorCode"#;

const Q6: &str = r#"fields @timestamp, @requestId, @type, @message, record.status as status
| filter @message like /START|REPORT|Task timed out|ERROR|Exception|AccessDenied|InvalidCiphertext|platform\.(start|report|runtimeDone)/ or @message like "SUB-2"
| sort @timestamp asc
| limit 200"#;

const Q7: &str = r#"fields @timestamp, `detail-type` as type, detail.mail.messageId as id, detail.mail.commonHeaders.subject as subject,
  detail.bounce.bounceType as bt, detail.bounce.bounceSubType as bst, detail.delivery.smtpResponse as smtp, detail.deliveryDelay.delayType as delay
| filter source = "aws.ses" and @message like "user@example.com"
| sort @timestamp asc"#;

const Q8: &str = "stats max(@ingestionTime - @timestamp) as maxLagMs, count(*) by bin(5m)";

/// Each row's values, without the columns' names.
fn values(group: &str, lines: &[&str], query: &str) -> Vec<String> {
    let value = |cell: String| cell.split_once('=').unwrap().1.to_owned();
    let row = |row: Vec<String>| row.into_iter().map(value).collect::<Vec<_>>().join("|");
    rows(group, lines, query).into_iter().map(row).collect()
}

#[test]
fn failed_deliveries() {
    let event = r#"{"eventTimestamp":"1687297330677","eventSource":"USER_NOTIFICATION","logLevel":"ERROR","message":{"details":"refused"},"logSourceId":{"userPoolId":"us-east-1_EXAMPLE"}}"#;
    let other = event.replace("us-east-1_EXAMPLE", "us-east-1_OTHER");
    let odd = r#"{"eventSource":"USER_NOTIFICATION","logLevel":null,"message":"text","logSourceId":{"userPoolId":"us-east-1_EXAMPLE"}}"#;
    assert_eq!(
        values("exported", &[event, &other, odd], Q1),
        [
            format!(
                "2026-11-21 09:00:00.000|2026-11-21 09:00:00.250|1687297330677|ERROR|refused|{event}"
            ),
            format!("2026-11-21 09:00:02.000|2026-11-21 09:00:02.250|{odd}"),
        ]
    );
}

#[test]
fn calls_in_the_trail() {
    let call = |source: &str, name: &str, rest: &str| {
        format!(
            r#"{{"eventTime":"2026-11-21T09:00:00Z","eventSource":"{source}.amazonaws.com","eventName":"{name}"{rest}}}"#
        )
    };
    let lines = [
        call(
            "cognito-idp",
            "SignUp",
            r#","requestID":"R1","additionalEventData":{"sub":"SUB-1"}"#,
        ),
        call(
            "cognito-idp",
            "AdminDeleteUser",
            r#","requestID":"R9","additionalEventData":{"sub":"SUB-1"}"#,
        ),
        call(
            "cognito-idp",
            "UpdateUserPool",
            r#","userIdentity":{"arn":"arn:ada"},"requestParameters":{"userPoolId":"p"}"#,
        ),
        call(
            "cognito-idp",
            "SignUp",
            r#","requestID":"R2","errorCode":"LimitExceededException","errorMessage":"Exceeded""#,
        ),
        call("cognito-idp", "Signup_POST", r#","errorCode":"""#),
        call("ses", "PutAccountSendingAttributes", ""),
        call("ses", "GetAccount", ""),
        call("kms", "DisableKey", ""),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(
        values("trail", &lines, Q2),
        ["2026-11-21 09:00:03.000|2026-11-21T09:00:00Z|SignUp|LimitExceededException|Exceeded|R2"]
    );
    let life = values("trail", &lines, Q3);
    assert_eq!(life.len(), 3);
    assert!(
        life.iter()
            .any(|row| row.contains("AdminDeleteUser|SUB-1|R9")),
        "{life:?}"
    );
    let changes = values("trail", &lines, Q4);
    assert_eq!(changes.len(), 3, "{changes:?}");
    assert!(
        changes
            .iter()
            .any(|row| row.ends_with("UpdateUserPool|arn:ada|p")),
        "{changes:?}"
    );
    let calls = values("trail", &lines, Q5);
    let expected = [
        "Signup_POST||1",
        "SignUp|LimitExceededException|1",
        "SignUp|1",
    ];
    assert_eq!(calls, expected);
}

#[test]
fn functions_and_mails() {
    let lines = [
        "START RequestId: 8f507cfc-5f1a-4a2a-9d5d-0123456789ab Version: $LATEST\n",
        "nothing to see",
        r#"{"type":"platform.runtimeDone","record":{"requestId":"x","status":"error"}}"#,
        "the user is SUB-2",
    ];
    let seen = values("/aws/lambda/f", &lines, Q6);
    assert_eq!(seen.len(), 3);
    assert!(
        seen[0].contains("|8f507cfc-5f1a-4a2a-9d5d-0123456789ab|START|"),
        "{seen:?}"
    );
    assert!(seen[1].ends_with("|error"), "{seen:?}");

    let bounce = r#"{"detail-type":"Email Bounced","source":"aws.ses","detail":{"mail":{"messageId":"m1","destination":["user@example.com"],"commonHeaders":{"subject":"Code"}},"bounce":{"bounceType":"Permanent","bounceSubType":"General"}}}"#;
    let other = bounce.replace("user@", "other@");
    assert_eq!(
        values("ses", &[bounce, &other], Q7),
        ["2026-11-21 09:00:00.000|Email Bounced|m1|Code|Permanent|General"]
    );
    assert_eq!(
        values("ses", &[bounce, &other], Q8),
        ["2026-11-21 09:00:00.000|250|2"]
    );
}
