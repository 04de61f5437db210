//! Flows with a password, and who may use which (COGNITO.md 3.10).

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::requests::{
    PASSWORD, assert_signed_in, incorrect, invalid_parameter, not_authorized, refused, secret_hash,
    user, world, world_of,
};

/// COGNITO.md 3.10 rows 1 and 2 \[T, U\]: what the operation does not take, and the client does not
/// allow.
#[test]
fn a_flow_must_be_the_operations_and_the_clients() {
    let unsupported = "Initiate Auth method not supported.";
    let disabled = "Auth flow not enabled for this client";
    let cases = [
        ("InitiateAuth", "ADMIN_USER_PASSWORD_AUTH", unsupported),
        ("InitiateAuth", "ADMIN_NO_SRP_AUTH", unsupported),
        ("AdminInitiateAuth", "USER_PASSWORD_AUTH", unsupported),
        (
            "InitiateAuth",
            "USER_PASSWORD_AUTH",
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ),
        ("AdminInitiateAuth", "ADMIN_NO_SRP_AUTH", disabled),
        ("AdminInitiateAuth", "ADMIN_USER_PASSWORD_AUTH", disabled),
        (
            "InitiateAuth",
            "USER_SRP_AUTH",
            "USER_SRP_AUTH is not enabled for the client.",
        ),
        (
            "InitiateAuth",
            "CUSTOM_AUTH",
            "CUSTOM_AUTH is not enabled for the client.",
        ),
        (
            "InitiateAuth",
            "USER_AUTH",
            "USER_AUTH is not enabled for the client.",
        ),
        ("InitiateAuth", "REFRESH_TOKEN_AUTH", disabled),
    ];
    let world = world("", "ExplicitAuthFlows = []");
    for (operation, flow, message) in cases {
        let body = json!({
            "AuthFlow": flow, "ClientId": "CLIENT", "UserPoolId": "POOL",
            "AuthParameters": {"USERNAME": "ada", "PASSWORD": PASSWORD},
        });
        let error = world.call(operation, &body).error();
        assert_eq!(error, invalid_parameter(message), "{operation} {flow}");
    }
}

/// COGNITO.md 3.10 \[U\]: parameters are looked at before the user.
#[test]
fn missing_parameters_are_named() {
    let named = json!({"USERNAME": "eve"});
    let cases = [
        ("USER_PASSWORD_AUTH", json!({"PASSWORD": "x"}), "USERNAME"),
        ("USER_PASSWORD_AUTH", named.clone(), "PASSWORD"),
        ("USER_SRP_AUTH", json!({"SRP_A": "1"}), "USERNAME"),
        ("USER_SRP_AUTH", named, "SRP_A"),
        ("REFRESH_TOKEN_AUTH", json!({}), "REFRESH_TOKEN"),
        ("REFRESH_TOKEN", json!({}), "REFRESH_TOKEN"),
        ("CUSTOM_AUTH", json!({}), "USERNAME"),
        ("USER_AUTH", json!({}), "USERNAME"),
    ];
    let world = world("", "");
    for (flow, parameters, missing) in cases {
        let message = format!("Missing required parameter {missing}");
        let error = world.initiate(flow, &parameters).error();
        assert_eq!(error, invalid_parameter(&message), "{flow}");
    }
}

/// COGNITO.md 3.10: status decides before the password does \[R\]; each has its words.
#[test]
fn a_status_refuses_whatever_the_password_is() {
    let users = [
        user(
            "new",
            "UNCONFIRMED",
            "{ Name = \"email\", Value = \"ada@example.com\" }",
        ),
        user("reset", "RESET_REQUIRED", ""),
    ];
    let unconfirmed = refused("UserNotConfirmedException", "User is not confirmed.");
    let reset = refused(
        "PasswordResetRequiredException",
        "Password reset required for the user",
    );
    let unknown = refused("UserNotFoundException", "User does not exist.");
    let expired =
        not_authorized("Temporary password has expired and must be reset by an administrator.");
    let cases = [
        ("new", PASSWORD, "[R]", unconfirmed.clone()),
        ("new", "wrong", "[R]", unconfirmed),
        // Not verified, so it does not stand for the user [R].
        ("ada@example.com", PASSWORD, "[R]", unknown.clone()),
        ("reset", PASSWORD, "[U]", reset.clone()),
        ("reset", "wrong", "[U]", reset),
        ("eve", PASSWORD, "[R]", unknown),
        ("temporary", "wrong", "[R]", incorrect()),
        ("temporary", PASSWORD, "[C]", expired),
    ];
    let world = world_of("AliasAttributes = [\"email\"]", "", &users.concat());
    let temporary = json!({
        "UserPoolId": "POOL", "Username": "temporary", "TemporaryPassword": PASSWORD,
        "MessageAction": "SUPPRESS",
    });
    assert_eq!(world.call("AdminCreateUser", &temporary).status, 200);
    world.clock.advance(SignedDuration::from_hours(24 * 8));
    for (username, password, tag, expected) in cases {
        let case = format!("COGNITO.md 3.10 {tag}: {username} {password}");
        assert_eq!(
            world.sign_in(username, password).error(),
            expected,
            "{case}"
        );
        let parameters = json!({"USERNAME": username, "PASSWORD": password});
        let by_admin = world.admin_initiate("ADMIN_USER_PASSWORD_AUTH", &parameters);
        assert_eq!(by_admin.error(), expected, "{case}");
    }
}

/// COGNITO.md 3.10 \[D, R\]: the fifth failure locks for a second, the next for two, four, eight.
#[test]
fn failures_lock_for_a_doubling_time() {
    let world = world("", "");
    let locked = not_authorized("Password attempts exceeded");
    for _ in 0..5 {
        assert_eq!(world.sign_in("ada", "wrong").error(), incorrect());
    }
    for seconds in [1, 2, 4, 8] {
        assert_eq!(
            world.sign_in("ada", PASSWORD).error(),
            locked,
            "{seconds} s"
        );
        world.clock.advance(SignedDuration::from_secs(seconds));
        assert_eq!(
            world.sign_in("ada", "wrong").error(),
            incorrect(),
            "{seconds} s"
        );
    }
    world.clock.advance(SignedDuration::from_mins(15));
    assert_signed_in(&world.sign_in("ada", PASSWORD));
    // A right password forgets the failures.
    assert_eq!(world.sign_in("ada", "wrong").error(), incorrect());
    assert_signed_in(&world.sign_in("ada", PASSWORD));
}

/// COGNITO.md 3.10 \[D\]: the flows of administrators, the old name included.
#[test]
fn an_administrator_signs_a_user_in() {
    let world = world("", "");
    let parameters = json!({"USERNAME": "ada", "PASSWORD": PASSWORD});
    for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
        assert_signed_in(&world.admin_initiate(flow, &parameters));
    }
    let body = json!({
        "AuthFlow": "ADMIN_NO_SRP_AUTH", "ClientId": "CLIENT", "UserPoolId": "us-east-1_Nowhere12",
        "AuthParameters": parameters,
    });
    let error = world.call("AdminInitiateAuth", &body).error();
    assert_eq!(error.0, "ResourceNotFoundException");
}

/// COGNITO.md 2.4 \[C, R\]: the hash is asked for in every flow, and before the user is looked up.
#[test]
fn a_client_with_a_secret_wants_its_hash_in_every_flow() {
    let world = world("", "ClientSecret = \"s3cret-s3cret-s3cret-s3cret\"");
    let id = &world.client;
    let missing = format!("Client {id} is configured with secret but SECRET_HASH was not received");
    let wrong = format!("Unable to verify secret hash for client {id}");
    let flows = [
        "USER_PASSWORD_AUTH",
        "USER_SRP_AUTH",
        "CUSTOM_AUTH",
        "USER_AUTH",
    ];
    for flow in flows {
        let with = |hash: Option<&str>| {
            let mut parameters = json!({"USERNAME": "eve", "PASSWORD": "x", "SRP_A": "2"});
            if let Some(hash) = hash {
                parameters["SECRET_HASH"] = json!(hash);
            }
            world.initiate(flow, &parameters).error()
        };
        assert_eq!(with(None), not_authorized(&missing), "{flow}");
        assert_eq!(with(Some("AAAA")), not_authorized(&wrong), "{flow}");
        let right = secret_hash("s3cret-s3cret-s3cret-s3cret", "eve", id);
        assert_eq!(with(Some(&right)).0, "UserNotFoundException", "{flow}");
    }
    let hash = secret_hash("s3cret-s3cret-s3cret-s3cret", "ada", id);
    let parameters = json!({"USERNAME": "ada", "PASSWORD": PASSWORD, "SECRET_HASH": hash});
    let signed_in = world.initiate("USER_PASSWORD_AUTH", &parameters);
    assert_signed_in(&signed_in);
    let token = &signed_in.json()["AuthenticationResult"]["RefreshToken"];
    let refresh = |hash: Value| {
        let parameters = json!({"REFRESH_TOKEN": token, "SECRET_HASH": hash});
        world.initiate("REFRESH_TOKEN_AUTH", &parameters)
    };
    assert_signed_in(&refresh(json!(hash)));
    assert_eq!(refresh(json!("AAAA")).error(), not_authorized(&wrong));
}

/// COGNITO.md 3.10 \[D\]: with `ENABLED`, an unknown name is a wrong password.
#[test]
fn an_unknown_user_can_be_hidden() {
    let world = world("", "PreventUserExistenceErrors = \"ENABLED\"");
    assert_eq!(world.sign_in("eve", PASSWORD).error(), incorrect());
    let parameters = json!({"USERNAME": "eve", "PASSWORD": PASSWORD});
    let by_admin = world.admin_initiate("ADMIN_NO_SRP_AUTH", &parameters);
    assert_eq!(by_admin.error(), incorrect());
}

/// COGNITO.md 3.8 and 3.10 \[T\]: whoever is disabled is refused by every flow, token and challenge.
#[test]
fn a_disabled_user_is_refused_everywhere() {
    let world = world("MfaConfiguration = \"ON\"\nEmailMfaConfiguration = {}", "");
    let challenge = world.sign_in("ada", PASSWORD).json();
    let code = json!({"USERNAME": "ada", "EMAIL_OTP_CODE": world.mailed_digits()});
    let disabling = json!({"UserPoolId": "POOL", "Username": "ada"});
    assert_eq!(world.call("AdminDisableUser", &disabling).status, 200);
    let disabled = not_authorized("User is disabled.");
    assert_eq!(world.respond(&challenge, &code).error(), disabled);
    for password in [PASSWORD, "wrong"] {
        assert_eq!(world.sign_in("ada", password).error(), disabled);
    }
    let custom = world.initiate("CUSTOM_AUTH", &json!({"USERNAME": "ada"}));
    let choice = world.initiate("USER_AUTH", &json!({"USERNAME": "ada"}));
    assert_eq!(
        [custom.error(), choice.error()],
        [disabled.clone(), disabled.clone()]
    );
    world.call("AdminEnableUser", &disabling);
    let tokens = world.respond(&challenge, &code).json()["AuthenticationResult"].clone();
    world.call("AdminDisableUser", &disabling);
    let refresh = json!({"REFRESH_TOKEN": tokens["RefreshToken"]});
    assert_eq!(
        world.initiate("REFRESH_TOKEN_AUTH", &refresh).error(),
        disabled
    );
    let by_token = json!({"AccessToken": tokens["AccessToken"]});
    assert_eq!(world.call("GetUser", &by_token).error(), disabled);
}
