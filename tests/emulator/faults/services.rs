//! Faults around the operations of every service, each in its service's own shape.

use std::time::{Duration, Instant};

use reverify::control::{Effect, Fault, Moment, TrailSettings};
use reverify::emulator::MailView as _;
use serde_json::{Value, json};

use crate::controlled::Controlled;
use crate::wire::{SIGNED, Severed, answer_to, send};
use crate::world::World;

const USER: &str = "User: arn:aws:iam::123456789012:user/test is not authorized to perform:";

/// A call of a service, and what its faults are called there.
struct Case {
    /// As IAM names it.
    action: &'static str,
    method: &'static str,
    path: String,
    /// `X-Amz-Target`, if the service has one.
    target: Option<&'static str>,
    body: Value,
    /// What IAM says it is about, ` on resource: ` included.
    resource: String,
    denied: u16,
    throttled: (u16, &'static str),
    failing: &'static str,
}

impl Case {
    fn send(&self, world: &World) -> (u16, String, String) {
        let target = self
            .target
            .map(|target| format!("X-Amz-Target: {target}\r\n"));
        let headers = format!("{}{SIGNED}", target.unwrap_or_default());
        let body = self.body.to_string();
        let endpoint = world.emulator.endpoint();
        let reply = send(
            &endpoint,
            self.method,
            &self.path,
            &headers,
            body.as_bytes(),
        );
        let json: Value = serde_json::from_str(&reply.body).unwrap_or_default();
        let name = json["__type"].as_str().map(str::to_owned);
        let name = name.or_else(|| reply.header("x-amzn-errortype").map(str::to_owned));
        // Lambda's member has a capital.
        let message = json["message"].as_str().or(json["Message"].as_str());
        let message = message.unwrap_or_default().to_owned();
        (reply.status, name.unwrap_or_default(), message)
    }
}

/// A call in AWS JSON 1.1 and the names of its throttling and of its service's failure.
fn json_1_1(
    action: &'static str,
    target: &'static str,
    body: Value,
    resource: String,
    (throttled, failing): (&'static str, &'static str),
) -> Case {
    Case {
        action,
        method: "POST",
        path: "/".to_owned(),
        target: Some(target),
        body,
        resource,
        denied: 400,
        throttled: (400, throttled),
        failing,
    }
}

fn ses(action: &'static str, path: &str, resource: &str) -> Case {
    Case {
        action,
        method: "GET",
        path: path.to_owned(),
        target: None,
        body: Value::Null,
        resource: format!(" on resource: {resource}"),
        denied: 403,
        throttled: (429, "TooManyRequestsException"),
        failing: "InternalServiceErrorException",
    }
}

fn cases(world: &World) -> Vec<Case> {
    let pool = &world.pool;
    vec![
        json_1_1(
            "cognito-idp:AdminGetUser",
            "AWSCognitoIdentityProviderService.AdminGetUser",
            json!({"UserPoolId": pool, "Username": "ada"}),
            format!(" on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}"),
            ("TooManyRequestsException", "InternalErrorException"),
        ),
        json_1_1(
            "logs:FilterLogEvents",
            "Logs_20140328.FilterLogEvents",
            json!({"logGroupName": "/aws/lambda/f"}),
            " on resource: arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:"
                .to_owned(),
            ("ThrottlingException", "ServiceUnavailableException"),
        ),
        json_1_1(
            "logs:DescribeLogGroups",
            "Logs_20140328.DescribeLogGroups",
            json!({}),
            " on resource: arn:aws:logs:us-east-1:123456789012:log-group::log-stream:".to_owned(),
            ("ThrottlingException", "ServiceUnavailableException"),
        ),
        json_1_1(
            "cloudtrail:LookupEvents",
            "CloudTrail_20131101.LookupEvents",
            json!({}),
            String::new(),
            ("ThrottlingException", "InternalFailure"),
        ),
        ses("ses:GetAccount", "/v2/email/account", "*"),
        ses(
            "ses:GetEmailIdentity",
            "/v2/email/identities/example.com",
            "arn:aws:ses:us-east-1:123456789012:identity/example.com",
        ),
        ses(
            "ses:GetSuppressedDestination",
            "/v2/email/suppression/addresses/ada%40example.com",
            "*",
        ),
        Case {
            method: "POST",
            throttled: (429, "TooManyRequestsException"),
            failing: "ServiceException",
            ..ses(
                "lambda:InvokeFunction",
                "/2015-03-31/functions/f/invocations",
                "arn:aws:lambda:us-east-1:123456789012:function:f",
            )
        },
    ]
}

#[test]
fn each_service_refuses_in_its_own_shape() {
    let world = World::standard();
    let control = Controlled::of(&world);
    for case in cases(&world) {
        let before = case.send(&world);
        let inject = |effect| {
            let fault = Fault::new(effect).operation(case.action.parse().unwrap());
            control.inject(&fault.times(1));
            case.send(&world)
        };
        let action = case.action;
        let text = format!(
            "{USER} {action}{} because no identity-based policy allows the {action} action",
            case.resource
        );
        let denied = (case.denied, "AccessDeniedException".to_owned(), text);
        assert_eq!(inject(Effect::DenyAccess {}), denied);
        let (status, name, _) = inject(Effect::ThrottleRequests {});
        assert_eq!((status, &*name), case.throttled, "{action}");
        let (status, name, _) = inject(Effect::InternalError {});
        assert_eq!((status, &*name), (500, case.failing), "{action}");
        assert_eq!(case.send(&world), before, "{action} is as before");
    }
}

#[test]
fn each_service_is_slow_and_cut_off() {
    let world = World::standard();
    let control = Controlled::of(&world);
    for case in cases(&world) {
        let fault = |effect| {
            let fault = Fault::new(effect).operation(case.action.parse().unwrap());
            control.inject(&fault.times(1));
        };
        fault(Effect::SlowAnswer { milliseconds: 40 });
        let began = Instant::now();
        case.send(&world);
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(40), "{}", case.action);
        for when in [Moment::Before, Moment::After] {
            fault(Effect::CutConnection { when });
            let target = case.target.unwrap_or("none");
            let headers = format!("X-Amz-Target: {target}\r\n{SIGNED}");
            let severed = Severed {
                method: case.method,
                path: &case.path,
                headers: &headers,
                body: &case.body.to_string(),
            };
            let answer = answer_to(&world.emulator.endpoint(), &severed);
            assert_eq!(answer, "", "{} {when:?}", case.action);
        }
    }
}

#[test]
fn a_service_or_an_operation_is_struck_and_the_others_are_not() {
    let world = World::standard();
    let control = Controlled::of(&world);
    for (pattern, struck) in [
        ("ses:*", 3),
        ("logs:*", 2),
        ("GetAccount", 1),
        ("lambda:Invoke", 1),
        ("cognito-idp:*", 1),
        ("*:LookupEvents", 1),
        ("GetUser", 0),
        ("*", 8),
    ] {
        let fault = Fault::new(Effect::DenyAccess {}).operation(pattern.parse().unwrap());
        let fault = control.inject(&fault);
        let denied = cases(&world).into_iter().filter(|case| {
            let (_, name, _) = case.send(&world);
            name == "AccessDeniedException"
        });
        assert_eq!(denied.count(), struck, "{pattern}");
        control.wait(control.client.remove_fault(fault.id)).unwrap();
    }
}

#[test]
fn iam_is_not_asked_where_no_signature_is_needed() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let fault = control.inject(&Fault::new(Effect::DenyAccess {}));
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    assert_eq!(control.hits(&fault), 0);
    assert_eq!(
        world.admin_get_user("ada").error().0,
        "AccessDeniedException"
    );
    assert_eq!(control.hits(&fault), 1);
}

#[test]
fn the_trail_has_what_was_denied() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let trail = TrailSettings {
        log_group: Some("trail".to_owned()),
        delay_seconds: 0,
    };
    control.wait(control.client.set_trail(&trail)).unwrap();
    let fault = Fault::new(Effect::DenyAccess {}).operation("ses:GetAccount".parse().unwrap());
    control.inject(&fault);
    let endpoint = world.emulator.endpoint();
    send(&endpoint, "GET", "/v2/email/account", SIGNED, b"");
    let [event] = world.log_messages("trail").try_into().unwrap();
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["eventSource"], "ses.amazonaws.com");
    assert_eq!(event["errorCode"], "AccessDeniedException");
    let message = event["errorMessage"].as_str().unwrap();
    assert!(message.starts_with(USER), "{message}");
}

#[test]
fn the_page_behind_a_link_fails_and_works_afterwards() {
    let world = World::with_pool(
        "AutoVerifiedAttributes = [\"email\"]\nDomain = \"shop\"\n\
         VerificationMessageTemplate = { DefaultEmailOption = \"CONFIRM_WITH_LINK\" }",
    );
    let control = Controlled::of(&world);
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let html = world.smtp.mails(None, true).remove(0).html.unwrap();
    let link = html.split("href=\"").nth(1).unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let endpoint = world.emulator.endpoint();
    let path = link.strip_prefix(&endpoint).unwrap();
    let open = || send(&endpoint, "GET", path, "", b"");
    for (effect, status, words) in [
        (Effect::InternalError {}, 500, "Internal server error"),
        (Effect::ThrottleRequests {}, 400, "Rate exceeded"),
    ] {
        for scope in ["ConfirmSignUp", "confirmUser"] {
            let fault = Fault::new(effect.clone()).operation(scope.parse().unwrap());
            control.inject(&fault.address("ada".parse().unwrap()).times(1));
            let page = open();
            assert_eq!(page.status, status, "{page:?}");
            assert!(page.body.contains(words), "{page:?}");
        }
    }
    let cut = Effect::CutConnection {
        when: Moment::After,
    };
    control.inject(&Fault::new(cut).times(1));
    let severed = Severed {
        method: "GET",
        path,
        headers: "",
        body: "",
    };
    assert_eq!(answer_to(&endpoint, &severed), "");
    // The page was cut off, and the user is confirmed all the same.
    let ada = world.admin_get_user("ada").json();
    assert_eq!(ada["UserStatus"], "CONFIRMED");
}
