//! A pool that stands for a real one: reached as AWS is, by a profile whose endpoint is an emulator in another
//! process, and by its URL.

use std::fs;
use std::process::Command;

use reverify::cognito;
use reverify::control::{Client, Effect, Fault, RefusalMoment};
use reverify::model::{AppClientId, Endpoint, UserPoolId};
use tokio::runtime::Runtime;

use super::command::{Ended, Place, Started, json};

/// A pool that mails through SES, and an account that keeps the logs of it.
const SEED: &str = r#"
[cloudtrail]
log_group = "trail"

[ses]
ProductionAccessEnabled = true

[[ses_identity]]
EmailIdentity = "shop.example"

[[ses_configuration_set]]
ConfigurationSetName = "verification"
[ses_configuration_set.EventDestinations.bus]
Enabled = true
MatchingEventTypes = ["SEND", "DELIVERY", "BOUNCE"]
EventBridgeDestination = { EventBusArn = "arn:aws:events:eu-west-1:123456789012:event-bus/default" }

[[ses_event_rule]]
LogGroupName = "/aws/events/ses"

[[user_pool]]
Id = "eu-west-1_AbCdEfGhI"
PoolName = "shop"
AutoVerifiedAttributes = ["email"]
[user_pool.EmailConfiguration]
EmailSendingAccount = "DEVELOPER"
SourceArn = "arn:aws:ses:eu-west-1:123456789012:identity/shop.example"
From = "Shop <code@shop.example>"
ConfigurationSet = "verification"

[[user_pool.client]]
ClientId = "1another23456789"
ClientName = "app"

[[user_pool.client]]
ClientId = "1example23456789"
ClientName = "web"
GenerateSecret = true
ExplicitAuthFlows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
"#;

const FEATURE: &str = "\
Feature: Mail
  @mails:1
  Scenario: A mail comes
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 20 seconds

  @mails:1
  Scenario: The pool changes
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When the pool stops verifying e-mail addresses

  @mails:1
  Scenario: Cognito is busy
    Given a user pool that verifies e-mail addresses with a code
    When Cognito throttles sign-ups
";

/// Targets that are the pool, one that is no pool, and one that no request reaches.
const CONFIGURATION: &str = r#"
[target.staging]
kind = "aws"
user-pool-id = "eu-west-1_AbCdEfGhI"
client-id = "1example23456789"
client-secret = { file = "secret" }
aws-profile = "staging"
inbox = "filed"
allow = ["sign-up", "delete"]
logs = { trail = "trail", ses-events = "/aws/events/ses" }
budget = { mails-per-run = 1 }

[target.there]
kind = "endpoint"
url = "ENDPOINT"
region = "eu-west-1"
user-pool-id = "eu-west-1_AbCdEfGhI"
client-id = "1example23456789"
client-secret = { file = "secret" }
inbox = "filed"
logs = { trail = "trail", ses-events = "/aws/events/ses" }

[target.pools]
kind = "endpoint"
url = "ENDPOINT"
inbox = "filed"

[target.seeded]
kind = "embedded"
seed = "seed.toml"

[inbox.filed]
kind = "maildir"
path = "mail"
address = "{person}.{run}.{scenario}.{attempt}@mail.test"
"#;

/// A folder with the configuration, in which nothing is reached at `endpoint` unless it is one.
pub(crate) fn folder(endpoint: &str) -> Place {
    let profile = format!(
        "[profile staging]\nendpoint_url = {endpoint}\naws_access_key_id = any\naws_secret_access_key = any\n"
    );
    Place::new()
        .with("seed.toml", SEED)
        .with("mail.feature", FEATURE)
        .with("aws-config", &profile)
        .with(
            "reverify.toml",
            &CONFIGURATION.replace("ENDPOINT", endpoint),
        )
}

/// The command, with the profiles of the folder and nothing of the person who tests.
pub(crate) fn command(place: &Place, arguments: &[&str]) -> Command {
    let mut command = place.reverify(arguments);
    let own = std::env::vars_os().map(|(name, _)| name);
    for name in own.filter(|name| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("AWS_CONFIG_FILE", place.path("aws-config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", place.path("none"));
    command
}

pub(crate) fn run(place: &Place, arguments: &[&str]) -> Ended {
    Ended::of(&command(place, arguments).output().unwrap())
}

/// The pool, and a folder from which it is reached.
struct RealPool {
    place: Place,
    endpoint: String,
    _emulator: Started,
}

impl RealPool {
    fn new() -> Self {
        // Its folder is made first: the emulator files its mails there.
        let place = folder("http://127.0.0.1:9");
        let mut emulator = place.start(&[
            "emulate",
            "--seed",
            "seed.toml",
            "--region",
            "eu-west-1",
            "--listen",
            "127.0.0.1:0",
            "--smtp",
            "127.0.0.1:0",
            "--maildir",
            "mail",
            "--port-file",
            "ports.json",
        ]);
        emulator.until("app client");
        let endpoint = json(&place.path("ports.json"))["endpoint"]
            .as_str()
            .unwrap()
            .to_owned();
        for file in ["reverify.toml", "aws-config"] {
            let text = fs::read_to_string(place.path(file)).unwrap();
            fs::write(
                place.path(file),
                text.replace("http://127.0.0.1:9", &endpoint),
            )
            .unwrap();
        }
        let real = Self {
            place,
            endpoint,
            _emulator: emulator,
        };
        real.keep_secret();
        real
    }

    /// Writes the client's secret where the configuration looks for it.
    fn keep_secret(&self) {
        let endpoint = Endpoint {
            region: "eu-west-1".into(),
            url: self.endpoint.clone(),
        };
        let client = cognito::Client::for_emulator(&endpoint);
        let (pool, id) = (
            UserPoolId::new("eu-west-1_AbCdEfGhI"),
            AppClientId::new("1example23456789"),
        );
        let asked = client.app_client_secret(&pool, &id);
        let secret = Runtime::new()
            .unwrap()
            .block_on(asked)
            .unwrap()
            .answer
            .unwrap();
        let path = self.place.path("secret");
        fs::write(&path, secret.expose()).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }

    /// From now on the receiving server knows nobody.
    fn refuse_mails(&self) {
        let refused = Effect::RefuseMail {
            reply: "550 5.1.1 no such user".parse().unwrap(),
            at: RefusalMoment::default(),
        };
        let control = Client::new(&self.endpoint).unwrap();
        let fault = Fault::new(refused);
        Runtime::new()
            .unwrap()
            .block_on(control.add_fault(&fault))
            .unwrap();
        // What does not come need not be awaited for long; yet longer than the clocks of two machines may
        // differ unnoticed, so that a moment before the wait is not taken for one after it.
        let hasty = FEATURE.replace("within 20 seconds", "within 3 seconds");
        fs::write(self.place.path("mail.feature"), hasty).unwrap();
    }
}

#[test]
fn a_target_is_mirrored_and_told_from_its_mirror() {
    let real = RealPool::new();
    let place = &real.place;
    let mirrored = run(
        place,
        &["mirror", "--target", "staging", "-o", "mirror.toml"],
    );
    let ways = "and run: reverify run --target staging --target mirror";
    mirrored.assert(0, &["ClientSecret of 1example23456789", ways]);
    // The lines are those that make it a target.
    let (_, lines) = mirrored
        .stderr
        .split_once("write into reverify.toml:\n\n")
        .unwrap();
    let (lines, _) = lines.split_once("\n\nand run:").unwrap();
    let own = fs::read_to_string(place.path("reverify.toml")).unwrap();
    fs::write(place.path("reverify.toml"), format!("{own}\n{lines}\n")).unwrap();
    // The client of the target comes first, and so is the one that is tested.
    let seed = fs::read_to_string(place.path("mirror.toml")).unwrap();
    let [tested, other] = ["1example23456789", "1another23456789"].map(|id| seed.find(id).unwrap());
    assert!(tested < other, "{seed}");

    let both = [
        "run",
        "mail.feature:3",
        "--target",
        "staging",
        "--target",
        "mirror",
    ];
    let alike = "Alike staging and mirror: every scenario ended the same way";
    run(place, &both).assert(0, &[alike]);

    real.refuse_mails();
    let differ = [
        "Differ staging and mirror, in 1 scenario",
        "mail.feature:3  A mail comes",
        "staging: failed: ses-hard-bounce",
        "mirror: passed",
        "the settings alone do not explain it: look at what surrounds the pool",
    ];
    run(place, &both).assert(100, &differ);
}

#[test]
fn an_endpoint_is_diagnosed_from_its_own_logs_as_a_pool_of_aws_is() {
    let real = RealPool::new();
    // As a target it is mirrored, too, with the clients that are asked for alone.
    let mirrored = run(
        &real.place,
        &[
            "mirror",
            "-T",
            "there",
            "-o",
            "m.toml",
            "--client",
            "1example23456789",
        ],
    );
    mirrored.assert(0, &["[target.mirror]", "seed = \"m.toml\""]);
    assert!(
        !fs::read_to_string(real.place.path("m.toml"))
            .unwrap()
            .contains("1another")
    );
    real.refuse_mails();
    let said = [
        "why    ses-hard-bounce, certain: the receiving server refused the mail for good",
        "the log of SES events: ",
        "bounced: Permanent, General: smtp; 550 5.1.1 no such user",
    ];
    run(&real.place, &["run", "mail.feature:3", "-T", "there"]).assert(100, &said);
}
