//! Every operation that sends a code has the function send it (COGNITO.md 6.3), and the code works.

use serde_json::{Value, json};

use super::fixture::Senders;

const EMAIL: &str = "AutoVerifiedAttributes = [\"email\"]";
const PHONE: &str = "AutoVerifiedAttributes = [\"phone_number\"]\n\
                     SmsConfiguration = { SnsCallerArn = \"arn:aws:iam::1:role/r\" }";
const PASSWORD: &str = "Passw0rd!";

/// A pool that reaches its users by one medium.
struct Medium {
    settings: &'static str,
    trigger: &'static str,
    kind: &'static str,
    attribute: &'static str,
    address: &'static str,
    other_address: &'static str,
    destination: &'static str,
}

const MEDIA: [Medium; 2] = [
    Medium {
        settings: EMAIL,
        trigger: "CustomEmailSender",
        kind: "customEmailSenderRequestV1",
        attribute: "email",
        address: "ada@example.com",
        other_address: "lovelace@example.com",
        destination: "a***@e***",
    },
    Medium {
        settings: PHONE,
        trigger: "CustomSMSSender",
        kind: "customSMSSenderRequestV1",
        attribute: "phone_number",
        address: "+12025559934",
        other_address: "+12025559935",
        destination: "+*******9934",
    },
];

impl Medium {
    fn attributes(&self) -> Value {
        json!([{"Name": self.attribute, "Value": self.address}])
    }

    /// The next code, whose event has this source.
    fn code(&self, senders: &Senders, source: &str) -> String {
        let event = senders.event();
        let expected = format!("{}_{source}", self.trigger);
        assert_eq!(event["triggerSource"], expected, "{event}");
        assert_eq!(event["request"]["type"], self.kind, "{event}");
        let code = senders.secret(&event);
        assert!(
            code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()),
            "{code}"
        );
        code
    }
}

fn ada(more: &Value) -> Value {
    let mut body = json!({"ClientId": "CLIENT", "Username": "ada"});
    let members = body.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    body
}

#[test]
fn a_user_signs_up_and_has_a_new_password_by_codes_of_a_function() {
    for medium in &MEDIA {
        let senders = Senders::new(medium.settings);
        let new = json!({"Password": PASSWORD, "UserAttributes": medium.attributes()});
        let signed_up = senders.call("SignUp", &ada(&new));
        assert_eq!(
            signed_up["CodeDeliveryDetails"]["Destination"],
            medium.destination
        );
        let old = medium.code(&senders, "SignUp");
        senders.call("ResendConfirmationCode", &ada(&json!({})));
        let code = medium.code(&senders, "ResendCode");
        if old != code {
            let refused = senders.world.confirm("ada", &old);
            assert_eq!(refused.error().0, "CodeMismatchException");
        }
        assert_eq!(senders.world.confirm("ada", &code).status, 200);

        senders.call("ForgotPassword", &ada(&json!({})));
        let code = medium.code(&senders, "ForgotPassword");
        let new = json!({"ConfirmationCode": code, "Password": "N3w-Passw0rd"});
        senders.call("ConfirmForgotPassword", &ada(&new));
        let user = json!({"UserPoolId": "POOL", "Username": "ada"});
        senders.call("AdminResetUserPassword", &user);
        let code = medium.code(&senders, "ForgotPassword");
        let new = json!({"ConfirmationCode": code, "Password": PASSWORD});
        senders.call("ConfirmForgotPassword", &ada(&new));
        senders.assert_no_event();
        senders.assert_nothing_sent();
    }
}

#[test]
fn a_user_verifies_an_address_by_codes_of_a_function() {
    for medium in &MEDIA {
        let senders = Senders::new(medium.settings);
        create_ada(&senders, &medium.attributes());
        let token = senders.world.access_token("ada", PASSWORD);
        let verify = |code: &str| {
            let body = json!({
                "AccessToken": token, "AttributeName": medium.attribute, "Code": code,
            });
            senders.call("VerifyUserAttribute", &body);
        };
        let ask = json!({"AccessToken": token, "AttributeName": medium.attribute});
        senders.call("GetUserAttributeVerificationCode", &ask);
        verify(&medium.code(&senders, "VerifyUserAttribute"));

        let changes = json!([{"Name": medium.attribute, "Value": medium.other_address}]);
        let update = json!({"AccessToken": token, "UserAttributes": changes});
        senders.call("UpdateUserAttributes", &update);
        verify(&medium.code(&senders, "UpdateUserAttribute"));
        let update = json!({
            "UserPoolId": "POOL", "Username": "ada", "UserAttributes": medium.attributes(),
        });
        senders.call("AdminUpdateUserAttributes", &update);
        verify(&medium.code(&senders, "UpdateUserAttribute"));
        let verified = format!("{}_verified", medium.attribute);
        assert_eq!(
            senders.world.attribute("ada", &verified).as_deref(),
            Some("true")
        );
        senders.assert_no_event();
        senders.assert_nothing_sent();
    }
}

/// COGNITO.md 6.5 \[D\]: a temporary password is written as HTML before it is encrypted.
#[test]
fn an_invitation_has_an_escaped_password() {
    for medium in &MEDIA {
        let senders = Senders::new(medium.settings);
        let channel = if medium.attribute == "email" {
            "EMAIL"
        } else {
            "SMS"
        };
        let user = json!({
            "UserPoolId": "POOL", "Username": "ada", "TemporaryPassword": "<Passw0rd>!",
            "UserAttributes": medium.attributes(), "DesiredDeliveryMediums": [channel],
        });
        senders.call("AdminCreateUser", &user);
        let expected = format!("{}_AdminCreateUser", medium.trigger);
        assert_eq!(
            senders.next(),
            (expected.clone(), "&lt;Passw0rd&gt;!".to_owned())
        );
        let mut again = user.clone();
        again["MessageAction"] = json!("RESEND");
        senders.call("AdminCreateUser", &again);
        assert_eq!(senders.next().0, expected);
        let answer = senders.world.sign_in("ada", "<Passw0rd>!").json();
        assert_eq!(answer["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        senders.assert_nothing_sent();
    }
}

/// Ada, confirmed and able to sign in, with both addresses.
fn create_ada(senders: &Senders, attributes: &Value) {
    let user = json!({
        "UserPoolId": "POOL", "Username": "ada", "MessageAction": "SUPPRESS",
        "UserAttributes": attributes,
    });
    senders.call("AdminCreateUser", &user);
    let password = json!({
        "UserPoolId": "POOL", "Username": "ada", "Password": PASSWORD, "Permanent": true,
    });
    senders.call("AdminSetUserPassword", &password);
}

/// A one-time code as first factor, and one as second factor.
#[test]
fn a_sign_in_has_codes_of_a_function() {
    let first = "Policies = { SignInPolicy = { AllowedFirstAuthFactors = [\"PASSWORD\", \
                 \"EMAIL_OTP\", \"SMS_OTP\"] } }";
    let second = "MfaConfiguration = \"ON\"\nEmailMfaConfiguration = {}";
    let second_sms = "MfaConfiguration = \"ON\"\n\
                      SmsConfiguration = { SnsCallerArn = \"arn:aws:iam::1:role/r\" }";
    let cases = [
        (first, "USER_AUTH", "EMAIL_OTP", "CustomEmailSender", 8),
        (first, "USER_AUTH", "SMS_OTP", "CustomSMSSender", 8),
        (
            second,
            "USER_PASSWORD_AUTH",
            "EMAIL_OTP",
            "CustomEmailSender",
            6,
        ),
        (
            second_sms,
            "USER_PASSWORD_AUTH",
            "SMS_MFA",
            "CustomSMSSender",
            6,
        ),
    ];
    for (settings, flow, challenge, trigger, digits) in cases {
        let senders = Senders::new(settings);
        let attributes = json!([
            {"Name": "email", "Value": "ada@example.com"},
            {"Name": "phone_number", "Value": "+12025559934"},
        ]);
        create_ada(&senders, &attributes);
        let parameters = json!({
            "USERNAME": "ada", "PASSWORD": PASSWORD, "PREFERRED_CHALLENGE": challenge,
        });
        let begin = json!({
            "AuthFlow": flow, "ClientId": "CLIENT", "AuthParameters": parameters,
        });
        let asked = senders.call("InitiateAuth", &begin);
        assert_eq!(asked["ChallengeName"], challenge, "{settings}: {asked}");
        let (source, code) = senders.next();
        assert_eq!(source, format!("{trigger}_Authentication"));
        assert_eq!(code.len(), digits);
        let response = format!("{challenge}_CODE");
        let answer = json!({
            "ClientId": "CLIENT", "ChallengeName": challenge, "Session": asked["Session"],
            "ChallengeResponses": {"USERNAME": "ada", response: code},
        });
        let signed_in = senders.call("RespondToAuthChallenge", &answer);
        assert!(signed_in["AuthenticationResult"]["AccessToken"].is_string());
        senders.assert_nothing_sent();
    }
}
