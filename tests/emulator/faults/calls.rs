//! Faults around operations.

use std::time::{Duration, Instant};

use reverify::control::{Effect, Fault, Moment};
use reverify::model::UserPoolId;
use serde_json::json;

use crate::controlled::Controlled;
use crate::wire::answer;
use crate::world::World;

#[test]
fn a_call_fails_as_on_aws_and_changes_nothing() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let limit = "Attempt limit exceeded, please try after some time.";
    let cases = [
        (
            Effect::InternalError {},
            500,
            "InternalErrorException",
            "Internal server error",
        ),
        (
            Effect::ThrottleRequests {},
            400,
            "TooManyRequestsException",
            "Rate exceeded",
        ),
        (
            Effect::BlockRequests {},
            400,
            "ForbiddenException",
            "Request not allowed due to WAF block.",
        ),
        (
            Effect::ExceedAttemptLimit {},
            400,
            "LimitExceededException",
            limit,
        ),
    ];
    for (effect, status, name, message) in cases {
        let fault = Fault::new(effect).operation("SignUp".parse().unwrap());
        let fault = control.inject(&fault.address("ada*".parse().unwrap()).times(1));
        let others = world.admin_get_user("ada").error().0;
        assert_eq!(others, "UserNotFoundException", "{name}: another operation");
        let bob = world.sign_up(&format!("bob-{name}"), "bob@example.com");
        assert_eq!(bob.status, 200, "{name}: another user");
        let struck = world.sign_up("ada", "ada@example.com");
        assert_eq!(struck.status, status, "{struck:?}");
        assert_eq!(struck.error(), (name.into(), message.into()));
        let missing = world.admin_get_user("ada").error().0;
        assert_eq!(missing, "UserNotFoundException", "{name}");
        assert_eq!(control.hits(&fault), 1);
    }
    // Each struck as often as it should.
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
}

#[test]
fn a_fault_of_one_pool_leaves_the_others_alone() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let other = world.call("CreateUserPool", &json!({"PoolName": "other"}));
    let other = other.json()["UserPool"]["Id"].as_str().unwrap().to_owned();
    let fault = Fault::new(Effect::ThrottleRequests {}).pool(UserPoolId::new(other.clone()));
    control.inject(&fault);
    let here = world.admin_get_user("ada").error().0;
    assert_eq!(here, "UserNotFoundException");
    let there = json!({"UserPoolId": other, "Username": "ada"});
    let there = world.call("AdminGetUser", &there).error().0;
    assert_eq!(there, "TooManyRequestsException");
}

#[test]
fn a_user_can_be_meant_by_name_address_or_token() {
    let world = World::standard();
    let control = Controlled::of(&world);
    world.confirmed_ada("ada@example.com");
    let token = world.access_token("ada", "Passw0rd!");
    for address in ["ada", "ada@example.com"] {
        let fault = control.fault(Effect::ThrottleRequests {}, address);
        let replies = [
            world.admin_get_user("ada"),
            world.sign_in("ada", "Passw0rd!"),
            world.call("GetUser", &json!({"AccessToken": token})),
        ];
        for reply in replies {
            assert_eq!(reply.error().0, "TooManyRequestsException", "{address}");
        }
        control.wait(control.client.remove_fault(fault.id)).unwrap();
    }
    assert_eq!(world.sign_in("ada", "Passw0rd!").status, 200);
}

#[test]
fn a_connection_is_cut_before_or_after_the_operation() {
    let world = World::standard();
    let control = Controlled::of(&world);
    for (when, name, exists) in [(Moment::Before, "ada", false), (Moment::After, "bob", true)] {
        let fault = Fault::new(Effect::CutConnection { when }).times(1);
        let fault = fault.operation("SignUp".parse().unwrap());
        control.inject(&fault);
        let body = json!({
            "ClientId": world.client, "Username": name, "Password": "Passw0rd!",
            "UserAttributes": [{"Name": "email", "Value": format!("{name}@example.com")}],
        });
        assert_eq!(answer(&world.emulator.endpoint(), "SignUp", &body), "");
        assert_eq!(world.admin_get_user(name).status == 200, exists, "{when:?}");
    }
}

#[test]
fn an_answer_can_be_slow() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let slow = Fault::new(Effect::SlowAnswer { milliseconds: 80 }).times(1);
    control.inject(&slow);
    let began = Instant::now();
    assert_eq!(world.admin_get_user("ada").status, 400);
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[test]
fn a_deleted_user_is_still_found_for_a_while() {
    let world = World::standard();
    let control = Controlled::of(&world);
    control.fault(Effect::DelayDelete { seconds: 5 }, "ada*");
    for name in ["ada", "bob"] {
        assert_eq!(
            world.sign_up(name, &format!("{name}@example.com")).status,
            200
        );
        let user = json!({"UserPoolId": "POOL", "Username": name});
        let deleted = world.call("AdminDeleteUser", &user);
        assert_eq!((deleted.status, &*deleted.body), (200, ""));
    }
    assert_eq!(
        world.admin_get_user("bob").error().0,
        "UserNotFoundException"
    );
    assert_eq!(world.admin_get_user("ada").status, 200);
    let again = world.sign_up("ada", "ada@example.com").error().0;
    assert_eq!(again, "UsernameExistsException");
    control.advance(Duration::from_secs(5));
    assert_eq!(
        world.admin_get_user("ada").error().0,
        "UserNotFoundException"
    );
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let nobody = json!({"UserPoolId": "POOL", "Username": "ada-nobody"});
    let nobody = world.call("AdminDeleteUser", &nobody).error().0;
    assert_eq!(nobody, "UserNotFoundException");
}

#[test]
fn faults_are_listed_and_what_cannot_be_is_refused() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let one = control.fault(Effect::LoseMail {}, "ada@example.com");
    let other = control.fault(Effect::JunkMail {}, "*@example.org");
    let listed = control.wait(control.client.faults()).unwrap();
    assert_eq!(listed, [one.clone(), other.clone()]);
    control.wait(control.client.remove_fault(one.id)).unwrap();
    let gone = control.wait(control.client.remove_fault(one.id));
    assert!(
        gone.unwrap_err()
            .to_string()
            .contains("there is no fault 1")
    );
    assert_eq!(control.wait(control.client.faults()).unwrap(), [other]);
    control.wait(control.client.clear_faults()).unwrap();
    assert_eq!(control.wait(control.client.faults()).unwrap(), []);
    for (body, expected) in [
        (r#"{"effect":{"kind":"lose_mails"}}"#, "lose_mails"),
        (r#"{"effect":{"kind":"lose_mail"},"adress":"a"}"#, "adress"),
        (
            r#"{"effect":{"kind":"slow_answer","milliseconds":200000}}"#,
            "120000",
        ),
        (
            r#"{"effect":{"kind":"greylist_mail"},"pool":"us-east-1_a"}"#,
            "address",
        ),
        ("[]", "the body"),
    ] {
        let reply = control.raw("POST", "faults", body);
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.body.contains(expected), "{body}: {}", reply.body);
    }
}
