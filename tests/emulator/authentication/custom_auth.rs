//! `CUSTOM_AUTH` in a pool without its triggers (COGNITO.md 6.5).

use serde_json::json;

use super::requests::{ADA, invalid_parameter, refused, user, world, world_of};
use super::srp_client::SrpClient;

/// The text is quoted in public by users of AWS's own client libraries.
#[test]
fn without_its_triggers_there_is_no_custom_challenge() {
    let missing = "Custom auth lambda trigger is not configured for the user pool.";
    let world = world("", "");
    let srp_a = SrpClient::new().public();
    let cases = [
        json!({"USERNAME": "ada"}),
        json!({"USERNAME": "ada", "CHALLENGE_NAME": "SRP_A", "SRP_A": srp_a}),
    ];
    for parameters in cases {
        let app = world.initiate("CUSTOM_AUTH", &parameters).error();
        let admin = world.admin_initiate("CUSTOM_AUTH", &parameters).error();
        assert_eq!(
            [app, admin],
            [invalid_parameter(missing), invalid_parameter(missing)]
        );
    }
    let parameters = json!({"USERNAME": "ada", "CHALLENGE_NAME": "SRP_A"});
    let error = world.initiate("CUSTOM_AUTH", &parameters).error();
    assert_eq!(error, invalid_parameter("Missing required parameter SRP_A"));
}

/// COGNITO.md 3.10 \[R\]: users who may not sign in are told before any trigger is called.
#[test]
fn a_status_refuses_before_the_triggers() {
    let world = world_of("", "", &user("new", "UNCONFIRMED", ADA));
    let cases = [
        (
            "new",
            refused("UserNotConfirmedException", "User is not confirmed."),
        ),
        (
            "eve",
            refused("UserNotFoundException", "User does not exist."),
        ),
    ];
    for (name, expected) in cases {
        let error = world
            .initiate("CUSTOM_AUTH", &json!({"USERNAME": name}))
            .error();
        assert_eq!(error, expected);
    }
}
