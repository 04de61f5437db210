//! The clock that the control interface moves, and what follows it.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reverify::control::ClientError;
use serde_json::json;

use crate::controlled::Controlled;
use crate::world::World;

const DAY: Duration = Duration::from_hours(24);

#[test]
fn a_code_that_expires_after_a_day_takes_milliseconds() {
    let world = World::standard();
    let control = Controlled::of(&world);
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let code = world.code("ada@example.com");
    let began = Instant::now();
    control.advance(DAY + Duration::from_secs(1));
    let late = world.confirm("ada", &code);
    assert!(began.elapsed() < Duration::from_secs(5));
    let expected = "Invalid code provided, please request a code again.";
    assert_eq!(
        late.error(),
        ("ExpiredCodeException".into(), expected.into())
    );
    // A new code is good for a new day.
    let ada = json!({"ClientId": "CLIENT", "Username": "ada"});
    assert_eq!(world.call("ResendConfirmationCode", &ada).status, 200);
    control.advance(DAY);
    let in_time = world.confirm("ada", &world.code("ada@example.com"));
    assert_eq!(in_time.status, 200, "{in_time:?}");
}

#[test]
fn tokens_temporary_passwords_and_hourly_limits_follow_the_clock() {
    let world = World::standard();
    let control = Controlled::of(&world);
    world.confirmed_ada("ada@example.com");
    let token = world.access_token("ada", "Passw0rd!");
    let bob = json!({
        "UserPoolId": "POOL", "Username": "bob", "TemporaryPassword": "Temporary1!",
        "MessageAction": "SUPPRESS",
    });
    assert_eq!(world.call("AdminCreateUser", &bob).status, 200);
    assert_eq!(world.sign_up("eve", "eve@example.com").status, 200);
    let eve = json!({"ClientId": "CLIENT", "Username": "eve"});
    let resend = || world.call("ResendConfirmationCode", &eve);
    for _ in 0..5 {
        assert_eq!(resend().status, 200);
    }
    assert_eq!(resend().error().0, "LimitExceededException");
    let get_user = || world.call("GetUser", &json!({"AccessToken": token}));
    assert_eq!(get_user().status, 200);

    control.advance(Duration::from_hours(1) + Duration::from_secs(1));
    assert_eq!(resend().status, 200);
    let expected = "Access Token has expired";
    assert_eq!(
        get_user().error(),
        ("NotAuthorizedException".into(), expected.into())
    );

    control.advance(7 * DAY);
    let late = world.sign_in("bob", "Temporary1!").error().1;
    let expected = "Temporary password has expired and must be reset by an administrator.";
    assert_eq!(late, expected);
}

#[test]
fn the_clock_is_shown_goes_forward_and_is_put_back_by_a_reset() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let start = control.clock();
    assert_eq!(start.ahead_seconds, 0);
    let moved = control.advance(Duration::from_secs(90));
    assert_eq!(moved.ahead_seconds, 90);
    assert_eq!(moved.now, start.now + SignedDuration::from_secs(90));
    let later: Timestamp = "2040-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(control.set_clock(later).unwrap().now, later);
    let reply = world.admin_get_user("nobody");
    let date = reply.header("date").unwrap();
    assert!(date.starts_with("Sun, 01 Jan 2040 00:00:00"), "{date}");

    let back = control.set_clock(start.now).unwrap_err();
    let ClientError::Refused { status, refusal } = back else {
        panic!("{back}")
    };
    assert_eq!(status, 400);
    assert!(refusal.error.contains("only goes forward"), "{refusal:?}");
    assert!(refusal.help.contains("reset"), "{refusal:?}");
    for body in [
        "",
        "{}",
        r#"{"advance_seconds":-1}"#,
        r#"{"now":"tomorrow"}"#,
    ] {
        let reply = control.raw("PUT", "clock", body);
        assert_eq!(reply.status, 400, "{body}: {reply:?}");
    }

    control.reset();
    assert_eq!(control.clock(), start);
}
