//! Faults on the way of a mail.

use std::time::Duration;

use reverify::control::{Effect, Fault};
use reverify::emulator::MailView as _;
use serde_json::json;

use crate::controlled::Controlled;
use crate::smtp::GREYLISTED;
use crate::world::World;

/// How many mails arrived for this address.
fn arrived(world: &World, address: &str) -> usize {
    world
        .smtp
        .mails(Some(&address.parse().unwrap()), false)
        .len()
}

/// Signs up, and expects the answer that AWS gives whatever becomes of the mail.
fn sign_up(world: &World, name: &str) -> String {
    let address = format!("{name}@example.com");
    let reply = world.sign_up(name, &address);
    assert_eq!(reply.status, 200, "{reply:?}");
    let details = reply.json()["CodeDeliveryDetails"]["DeliveryMedium"].clone();
    assert_eq!(details, "EMAIL");
    address
}

#[test]
fn a_mail_is_lost_bounced_doubled_or_marked() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let cases = [
        ("lost", Effect::LoseMail {}, 0),
        ("bounced", Effect::BounceMail {}, 0),
        ("doubled", Effect::DuplicateMail { copies: 2 }, 3),
        ("junk", Effect::JunkMail {}, 1),
    ];
    for (name, effect, mails) in cases {
        let fault = control.fault(effect, &format!("{name}@example.com"));
        let address = sign_up(&world, name);
        assert_eq!(arrived(&world, &address), mails, "{name}");
        assert_eq!(control.hits(&fault), 1, "{name}");
    }
    let other = sign_up(&world, "other");
    assert_eq!(arrived(&world, &other), 1);
    let raw = |address: &str| {
        let mails = world.smtp.mails(Some(&address.parse().unwrap()), true);
        String::from_utf8(world.smtp.raw(&mails[0].id).unwrap().to_vec()).unwrap()
    };
    assert!(raw("junk@example.com").contains("X-Spam-Flag: YES\r\n"));
    assert!(!raw("other@example.com").contains("X-Spam-Flag"));
    let doubled = world
        .smtp
        .mails(Some(&"doubled@example.com".parse().unwrap()), false);
    assert!(doubled.iter().all(|mail| mail.code == doubled[0].code));
}

#[test]
fn a_delayed_mail_leaves_when_its_time_has_come() {
    let world = World::standard();
    let control = Controlled::of(&world);
    control.fault(Effect::DelayMail { seconds: 600 }, "ada@example.com");
    let ada = sign_up(&world, "ada");
    control.advance(Duration::from_secs(599));
    assert_eq!(arrived(&world, &ada), 0);
    control.advance(Duration::from_secs(1));
    assert_eq!(arrived(&world, &ada), 1);
    assert_eq!(world.confirm("ada", &world.code(&ada)).status, 200);
}

#[test]
fn mails_change_their_order() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let ada = "ada@example.com";
    control.fault(Effect::ReorderMail {}, ada);
    sign_up(&world, "ada");
    assert_eq!(arrived(&world, ada), 0);
    let resend = json!({"ClientId": "CLIENT", "Username": "ada"});
    assert_eq!(world.call("ResendConfirmationCode", &resend).status, 200);
    let mails = world.smtp.mails(Some(&ada.parse().unwrap()), false);
    let codes: Vec<_> = mails
        .iter()
        .map(|mail| mail.code.clone().unwrap())
        .collect();
    // The code that works is that of the later mail, which came first.
    assert_eq!(codes.len(), 2);
    assert_eq!(
        world.confirm("ada", &codes[1]).error().0,
        "CodeMismatchException"
    );
    assert_eq!(world.confirm("ada", &codes[0]).status, 200);
    // One that no other follows is not kept for good.
    sign_up(&world, "bob");
    control.fault(Effect::ReorderMail {}, "eve@example.com");
    let eve = sign_up(&world, "eve");
    assert_eq!(arrived(&world, &eve), 0);
    control.advance(Duration::from_mins(1));
    assert_eq!(arrived(&world, &eve), 1);
}

#[test]
fn a_destination_with_too_many_mails_gets_no_more() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let effect = Effect::ThrottleDestination {
        mails: 2,
        per_seconds: 300,
    };
    let fault = control.inject(&Fault::new(effect));
    let ada = sign_up(&world, "ada");
    let resend = || {
        let ada = json!({"ClientId": "CLIENT", "Username": "ada"});
        assert_eq!(world.call("ResendConfirmationCode", &ada).status, 200);
    };
    resend();
    resend();
    assert_eq!((arrived(&world, &ada), control.hits(&fault)), (2, 1));
    let bob = sign_up(&world, "bob");
    assert_eq!(arrived(&world, &bob), 1, "another destination");
    control.advance(Duration::from_mins(5));
    resend();
    assert_eq!(arrived(&world, &ada), 3);
}

#[test]
fn mails_of_one_operation_alone() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let fault =
        Fault::new(Effect::LoseMail {}).operation("ResendConfirmationCode".parse().unwrap());
    control.inject(&fault);
    let ada = sign_up(&world, "ada");
    let resend = json!({"ClientId": "CLIENT", "Username": "ada"});
    assert_eq!(world.call("ResendConfirmationCode", &resend).status, 200);
    assert_eq!(arrived(&world, &ada), 1);
}

#[test]
fn a_server_that_puts_a_mail_off_is_asked_again() {
    let world = World::standard();
    let control = Controlled::of(&world);
    // The test's own server answers 451 to the first attempt.
    let reply = world.sign_up("ada", GREYLISTED);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(arrived(&world, GREYLISTED), 0);
    control.advance(Duration::from_mins(1));
    assert_eq!(arrived(&world, GREYLISTED), 1);
}

#[test]
fn what_the_service_drops_or_the_receiver_bounces_is_in_the_logs() {
    let seed = r#"
        [[user_pool]]
        PoolName = "p"
        AutoVerifiedAttributes = ["email"]
        [user_pool.EmailConfiguration]
        EmailSendingAccount = "DEVELOPER"
        SourceArn = "arn:aws:ses:us-east-1:123456789012:identity/sender@example.com"
        ConfigurationSet = "set"
        [[user_pool.client]]
        ClientName = "c"
        [ses]
        ProductionAccessEnabled = true
        [[ses_identity]]
        EmailIdentity = "sender@example.com"
        [[ses_configuration_set]]
        ConfigurationSetName = "set"
        [ses_configuration_set.EventDestinations.bus]
        Enabled = true
        MatchingEventTypes = ["SEND", "BOUNCE"]
        EventBridgeDestination = { EventBusArn = "arn:aws:events:us-east-1:123456789012:event-bus/default" }
        [[ses_event_rule]]
        LogGroupName = "/aws/events/ses"
        "#;
    let world = World::of(reverify::emulator::Starting::from_toml(seed).unwrap());
    let control = Controlled::of(&world);
    let delivery = json!({
        "UserPoolId": "POOL",
        "LogConfigurations": [{
            "LogLevel": "ERROR", "EventSource": "userNotification",
            "CloudWatchLogsConfiguration":
                {"LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:exported"},
        }],
    });
    assert_eq!(
        world.call("SetLogDeliveryConfiguration", &delivery).status,
        200
    );
    control.fault(Effect::BounceMail {}, "bounced@example.com");
    let throttle = Effect::ThrottleDestination {
        mails: 0,
        per_seconds: 60,
    };
    control.fault(throttle, "throttled@example.com");
    for name in ["bounced", "throttled"] {
        let address = sign_up(&world, name);
        assert_eq!(arrived(&world, &address), 0, "{name}");
    }
    let dropped = world.log_messages("exported");
    assert_eq!(dropped.len(), 1, "{dropped:?}");
    assert!(dropped[0].contains("throttled"), "{dropped:?}");
    let events = world.log_messages("/aws/events/ses");
    let bounces = events.iter().filter(|event| event.contains("\"Bounce\""));
    assert_eq!(bounces.count(), 1, "{events:?}");
}
