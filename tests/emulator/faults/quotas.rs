//! The account's quotas, and what a seed file says of them.

use std::time::Duration;

use jiff::Timestamp;
use reverify::control::{Effect, Quotas, RequestRates};
use reverify::emulator::Starting;
use serde_json::json;

use crate::controlled::Controlled;
use crate::world::World;

const DAILY: &str = "Exceeded daily email limit for the operation or the account. If a higher limit \
                     is required, please configure your user pool to use your own Amazon SES \
                     configuration for sending email.";

#[test]
fn the_default_senders_day_has_so_many_mails_and_ends_at_nine() {
    let seed = "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
                [[user_pool.client]]\nClientName = \"c\"\n\
                [quotas]\ndefault_sender_mails_per_day = 2\n";
    let world = World::of(Starting::from_toml(seed).unwrap());
    let control = Controlled::of(&world);
    let noon: Timestamp = "2040-01-01T12:00:00Z".parse().unwrap();
    control.set_clock(noon).unwrap();
    for name in ["ada", "bob"] {
        assert_eq!(
            world.sign_up(name, &format!("{name}@example.com")).status,
            200
        );
    }
    let over = world.sign_up("eve", "eve@example.com");
    assert_eq!(
        over.error(),
        ("LimitExceededException".into(), DAILY.into())
    );
    // The user is created all the same (COGNITO.md 2.7 [M]).
    assert_eq!(
        world.admin_get_user("eve").json()["UserStatus"],
        "UNCONFIRMED"
    );
    control.advance(Duration::from_hours(20));
    let still = world.sign_up("fay", "fay@example.com").error().0;
    assert_eq!(still, "LimitExceededException");
    control.advance(Duration::from_hours(1));
    assert_eq!(world.sign_up("gil", "gil@example.com").status, 200);

    control.set_quotas(&Quotas::aws());
    for number in 0..49 {
        let name = format!("user{number}");
        let reply = world.sign_up(&name, &format!("{name}@example.com"));
        assert_eq!(reply.status, 200, "{number}: {reply:?}");
    }
    let over = world.sign_up("hal", "hal@example.com").error().0;
    assert_eq!(
        over, "LimitExceededException",
        "the fifty-first mail of the day"
    );
    control.reset();
    assert_eq!(
        control.wait(control.client.quotas()).unwrap(),
        Quotas {
            default_sender_mails_per_day: Some(2),
            ..Quotas::default()
        }
    );
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
}

#[test]
fn one_address_alone_can_find_the_day_used_up() {
    let world = World::standard();
    let control = Controlled::of(&world);
    control.fault(Effect::ExceedMailQuota {}, "ada@example.com");
    let over = world.sign_up("ada", "ada@example.com");
    assert_eq!(
        over.error(),
        ("LimitExceededException".into(), DAILY.into())
    );
    assert_eq!(world.admin_get_user("ada").status, 200);
    assert_eq!(world.sign_up("bob", "bob@example.com").status, 200);
}

#[test]
fn a_category_has_so_many_calls_in_a_second() {
    let world = World::standard();
    let control = Controlled::of(&world);
    control.set_quotas(&Quotas {
        request_rates: RequestRates::PerSecond(2),
        ..Quotas::default()
    });
    let nobody = || world.admin_get_user("nobody").error();
    for _ in 0..2 {
        assert_eq!(nobody().0, "UserNotFoundException");
    }
    let over = ("TooManyRequestsException".into(), "Rate exceeded".into());
    assert_eq!(nobody(), over);
    let other = world.call("ListUsers", &json!({"UserPoolId": "POOL"}));
    assert_eq!(other.status, 200, "another category");
    control.advance(Duration::from_secs(1));
    assert_eq!(nobody().0, "UserNotFoundException");
}
