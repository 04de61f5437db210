//! `reverify mirror`: what a pool is set to, and an emulator that is set to the same.

use super::command::{Ended, Place, Started, json};

const POOL: &str = "eu-west-1_AbCdEfGhI";

/// A pool with a setting of each kind, and the SES that it mails through.
const SEED: &str = r#"
[ses]
ProductionAccessEnabled = false
Max24HourSend = 200.0
MaxSendRate = 1.0

[[ses_identity]]
EmailIdentity = "shop.example"

[[ses_configuration_set]]
ConfigurationSetName = "verification"
SendingEnabled = false

[[user_pool]]
Id = "eu-west-1_AbCdEfGhI"
PoolName = "shop"
Domain = "shop-login"
AliasAttributes = ["email", "preferred_username"]
AutoVerifiedAttributes = ["email"]
MfaConfiguration = "OPTIONAL"
UserPoolTags = { team = "shop" }
[user_pool.SoftwareTokenMfaConfiguration]
Enabled = true
[user_pool.UsernameConfiguration]
CaseSensitive = true
[user_pool.Policies.PasswordPolicy]
MinimumLength = 14
RequireSymbols = true
TemporaryPasswordValidityDays = 3
[user_pool.VerificationMessageTemplate]
DefaultEmailOption = "CONFIRM_WITH_CODE"
EmailSubject = "Ihr Code von \"shop\""
EmailMessage = "<p>Der Code ist {####}.</p>"
[user_pool.EmailConfiguration]
EmailSendingAccount = "DEVELOPER"
SourceArn = "arn:aws:ses:eu-west-1:123456789012:identity/shop.example"
From = "Shop <code@shop.example>"
ConfigurationSet = "verification"
[user_pool.UserAttributeUpdateSettings]
AttributesRequireVerificationBeforeUpdate = ["email"]
[user_pool.AccountRecoverySetting]
RecoveryMechanisms = [{ Name = "verified_email", Priority = 1 }]
[user_pool.AdminCreateUserConfig]
AllowAdminCreateUserOnly = false
[user_pool.LambdaConfig]
PreSignUp = "arn:aws:lambda:eu-west-1:123456789012:function:check"
[[user_pool.Schema]]
Name = "email"
AttributeDataType = "String"
Required = true
[[user_pool.Schema]]
Name = "nickname_of_pet"
AttributeDataType = "String"
Mutable = false
StringAttributeConstraints = { MinLength = "2", MaxLength = "20" }
[[user_pool.client]]
ClientId = "1example23456789"
ClientName = "web"
GenerateSecret = true
ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
IdTokenValidity = 10
TokenValidityUnits = { IdToken = "minutes" }
PreventUserExistenceErrors = "ENABLED"
[[user_pool.user]]
Username = "ada"
Password = "correct-horse-battery"
UserAttributes = [{ Name = "email", Value = "ada@shop.example" }]
"#;

/// An emulator that was started with a file.
struct Emulator {
    endpoint: String,
    _running: Started,
}

impl Emulator {
    fn with(place: &Place, seed: &str) -> Self {
        let ports = format!("{seed}.json");
        let free = ["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0"];
        let mut arguments = vec!["emulate", "--seed", seed, "--port-file", &ports];
        arguments.extend(free);
        arguments.extend(["--region", "eu-west-1"]);
        let mut running = place.start(&arguments);
        running.until("app client");
        let endpoint = json(&place.path(&ports))["endpoint"]
            .as_str()
            .unwrap()
            .to_owned();
        Self {
            endpoint,
            _running: running,
        }
    }
}

#[test]
fn an_emulator_that_starts_with_a_mirror_is_set_as_its_original() {
    let place = Place::new().with("original.toml", SEED);
    let original = Emulator::with(&place, "original.toml");
    let mirror = |emulator: &Emulator, file: &str| {
        let endpoint = ["--endpoint", &emulator.endpoint];
        let ended = place.run(&[&["mirror", "--pool", POOL, "-o", file][..], &endpoint].concat());
        let said = ["ClientSecret of 1example23456789", "users and groups"];
        ended.assert(0, &said);
        (ended, std::fs::read_to_string(place.path(file)).unwrap())
    };
    let (ended, first) = mirror(&original, "mirror.toml");
    let function = "LambdaConfig.PreSignUp: a function's code is not in its description: \
                    arn:aws:lambda:eu-west-1:123456789012:function:check";
    ended.assert(0, &[function]);
    for kept in [
        "MinimumLength = 14",
        "Name = \"nickname_of_pet\"",
        "SendingEnabled = false",
        "Max24HourSend = 200.0",
        "GenerateSecret = true",
        "IdTokenValidity = 10",
        "Domain = \"shop-login\"",
    ] {
        assert!(first.contains(kept), "{kept}\n{first}");
    }
    for hidden in ["ada", "ClientSecret ="] {
        assert!(!first.contains(hidden), "{hidden}\n{first}");
    }
    // Everything that AWS tells of the settings, asked of both.
    let copy = Emulator::with(&place, "mirror.toml");
    let (_, second) = mirror(&copy, "again.toml");
    let settings = |text: &str| text.parse::<toml::Table>().unwrap();
    assert_eq!(settings(&first), settings(&second));
}

#[test]
fn answers_of_the_aws_cli_are_enough() {
    let pool = r#"{"UserPool": {"Id": "eu-west-1_AbCdEfGhI", "Name": "shop", "Arn": "arn:aws:x",
        "EstimatedNumberOfUsers": 4711, "CreationDate": "2026-01-02T03:04:05.678000+01:00",
        "NewerSetting": {"A": 1}, "AutoVerifiedAttributes": ["email"],
        "SchemaAttributes": [{"Name": "sub", "AttributeDataType": "String"},
                             {"Name": "custom:pet", "AttributeDataType": "String"}]}}"#;
    let client = r#"{"UserPoolClient": {"UserPoolId": "eu-west-1_AbCdEfGhI", "ClientName": "web",
        "ClientId": "1example23456789", "ClientSecret": "do-not-write-me", "CreationDate": 1.5}}"#;
    let place = Place::new()
        .with("pool.json", pool)
        .with("client.json", client);
    let ended = place.run(&[
        "mirror",
        "--from-json",
        "pool.json",
        "client.json",
        "-o",
        "m.toml",
    ]);
    ended.assert(0, &["NewerSetting: this version does not know it"]);
    let text = std::fs::read_to_string(place.path("m.toml")).unwrap();
    assert!(
        text.contains("Name = \"pet\"") && text.contains("GenerateSecret = true"),
        "{text}"
    );
    for absent in ["do-not-write-me", "4711", "CreationDate", "\"sub\"", "Arn"] {
        assert!(!text.contains(absent), "{absent}\n{text}");
    }
    Emulator::with(&place, "m.toml");
}

#[test]
fn what_makes_no_mirror_is_told() {
    let other = r#"{"UserPoolClient": {"UserPoolId": "eu-west-1_Other", "ClientId": "1example"}}"#;
    let pool = r#"{"UserPool": {"Id": "eu-west-1_AbCdEfGhI", "Name": "shop"}}"#;
    let place = Place::new()
        .with("pool.json", pool)
        .with("client.json", other)
        .with("cut.json", &pool[..20])
        .with("there.toml", "");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["--from-json", "client.json"], 96, "has no `UserPool`"),
        (&["--from-json", "cut.json"], 96, "is not JSON"),
        (
            &["--from-json", "gone.json"],
            96,
            "`gone.json` cannot be read",
        ),
        (
            &["--from-json", "pool.json", "client.json"],
            96,
            "belongs to eu-west-1_Other",
        ),
        (
            &["--from-json", "pool.json", "-o", "there.toml"],
            110,
            "nothing is overwritten",
        ),
        (
            &["--pool", POOL, "--endpoint", "http://127.0.0.1:9"],
            105,
            "DescribeUserPool failed",
        ),
    ];
    for (arguments, code, said) in cases {
        place
            .run(&[&["mirror"], arguments].concat())
            .assert(code, &[said]);
    }
    assert_eq!(
        std::fs::read_to_string(place.path("there.toml")).unwrap(),
        ""
    );
}

/// A pool as most scenarios presume one, and the same without the mail.
fn seed(verified: &str) -> String {
    format!(
        "[[user_pool]]\nId = \"eu-west-1_AbCdEfGhI\"\nPoolName = \"shop\"\n\
         AutoVerifiedAttributes = [{verified}]\n[[user_pool.client]]\nClientName = \"web\"\n\
         GenerateSecret = true\nExplicitAuthFlows = [\"ALLOW_USER_PASSWORD_AUTH\", \
         \"ALLOW_REFRESH_TOKEN_AUTH\"]\n"
    )
}

const CONFIGURATION: &str = "\
[target.like]
kind = \"embedded\"
seed = \"like.toml\"

[target.unlike]
kind = \"embedded\"
seed = \"unlike.toml\"

[target.gone]
kind = \"embedded\"
seed = \"gone.toml\"
";

const FEATURE: &str = "\
Feature: Mail
  @mails:1
  Scenario: A mail comes
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 5 seconds
    When Ada confirms with the code of the latest mail
    Then Ada can sign in
";

#[test]
fn a_mirror_is_a_target_and_told_from_another_scenario_by_scenario() {
    let place = Place::new()
        .with("like.toml", &seed("\"email\""))
        .with("unlike.toml", &seed(""))
        .with("reverify.toml", CONFIGURATION)
        .with("mail.feature", FEATURE);
    let run = |targets: &[&str]| place.run(&[&["run", "mail.feature"], targets].concat());
    let alike = "Alike embedded and like: every scenario ended the same way";
    run(&["-T", "embedded", "-T", "like"]).assert(0, &[alike]);
    let differ = [
        "Differ embedded and unlike, in 1 scenario",
        "mail.feature:3  A mail comes",
        "the pools are not set alike",
    ];
    run(&["-T", "embedded", "-T", "unlike"]).assert(4, &differ);
    run(&["-T", "gone"]).assert(96, &["[target.gone] seed", "gone.toml"]);
}

#[test]
fn a_pool_with_more_clients_than_a_page_is_mirrored_whole() {
    const CLIENTS: usize = 65;
    let clients = (1..=CLIENTS)
        .map(|number| format!("[[user_pool.client]]\nClientName = \"client-{number:02}\"\n"));
    let pool = format!("[[user_pool]]\nId = \"{POOL}\"\nPoolName = \"shop\"\n");
    let seed = pool + &clients.collect::<String>();
    let place = Place::new().with("many.toml", &seed);
    let emulator = Emulator::with(&place, "many.toml");
    let ended = place.run(&["mirror", "--pool", POOL, "--endpoint", &emulator.endpoint]);
    ended.assert(0, &[]);
    for number in 1..=CLIENTS {
        let name = format!("ClientName = \"client-{number:02}\"");
        assert!(ended.stdout.contains(&name), "{name}");
    }
    assert!(!ended.stdout.contains("app clients after"));
}

#[test]
fn what_is_in_the_way_is_said_in_words_and_with_its_own_help() {
    let place = Place::new();
    // Nobody listens on a port that was given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let silent = place.run(&["mirror", "--pool", POOL, "--endpoint", &nobody]);
    silent.assert(105, &["Connection refused", "is the endpoint right"]);

    let place = place.with("other.toml", &SEED.replace(POOL, "eu-west-1_Other"));
    let emulator = Emulator::with(&place, "other.toml");
    let refused = place.run(&["mirror", "--pool", POOL, "--endpoint", &emulator.endpoint]);
    refused.assert(105, &["ResourceNotFoundException", "reverify-mirror.json"]);

    let mut unsigned = place.reverify(&["mirror", "--pool", POOL]);
    let unsigned = unsigned
        .env_clear()
        .env("HOME", place.path("."))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output();
    let unsigned = Ended::of(&unsigned.unwrap());
    unsigned.assert(105, &["no credentials", "AWS_PROFILE"]);

    for ended in [silent, refused, unsigned] {
        assert!(
            !ended.stderr.contains("ConnectorError {"),
            "{}",
            ended.stderr
        );
    }
}
