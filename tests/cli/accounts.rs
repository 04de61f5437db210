//! Whose credentials sign what is asked of AWS.

use std::process::Command;

use tokio::runtime::Runtime;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::command::{Ended, Place};

const CONFIGURATION: &str = "\
[target.staging]
kind = \"aws\"
user-pool-id = \"eu-west-1_Ab3dEfGhI\"
client-id = \"5k3example\"
aws-profile = \"qa\"
inbox = \"filed\"
allow = [\"sign-up\", \"delete\"]

[inbox.filed]
kind = \"maildir\"
path = \"mail\"
address = \"{person}.{run}.{scenario}.{attempt}@mail.test\"
";

const CREDENTIALS: &str = "\
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = none

[qa]
aws_access_key_id = AKIAPROFILE
aws_secret_access_key = none
";

const LARGE: &str = "\
Feature: A
  @mails:60
  Scenario: B
    Given a user pool that verifies e-mail addresses with a code
";

/// A command with keys in its environment, for which AWS is at this URL.
fn with_keys(mut command: Command, place: &Place, url: &str) -> Command {
    command
        .env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .env("AWS_SHARED_CREDENTIALS_FILE", place.path("credentials"))
        .env("AWS_CONFIG_FILE", place.path("none"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", url);
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"] {
        command.env_remove(name);
    }
    command
}

/// The keys that signed what was asked.
fn signers(runtime: &Runtime, server: &MockServer) -> Vec<String> {
    let requests = runtime.block_on(server.received_requests()).unwrap();
    let keys = requests.iter().map(|request| {
        let signed = request.headers["authorization"].to_str().unwrap();
        let key = signed.split("Credential=").nth(1).unwrap();
        key.split('/').next().unwrap().to_owned()
    });
    let mut keys: Vec<_> = keys.collect();
    keys.dedup();
    keys
}

#[test]
fn a_profile_that_is_named_goes_before_keys_of_the_environment() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(MockServer::start());
    let denied = ResponseTemplate::new(400)
        .insert_header("x-amzn-errortype", "AccessDeniedException")
        .set_body_raw(
            "{\"__type\":\"AccessDeniedException\",\"message\":\"not for you\"}",
            "application/x-amz-json-1.1",
        );
    let any = Mock::given(method("POST")).respond_with(denied);
    runtime.block_on(any.mount(&server));
    let place = Place::new()
        .with("reverify.toml", CONFIGURATION)
        .with("credentials", CREDENTIALS)
        .with("large.feature", LARGE);
    for folder in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(place.path("mail").join(folder)).unwrap();
    }
    let command = place.reverify(&["run", "large.feature", "-T", "staging"]);
    let output = with_keys(command, &place, &server.uri()).output().unwrap();
    // Nobody may look at the pool, and that is why its budget is so small.
    Ended::of(&output).assert(
        105,
        &[
            "this run needs 60 mails, 50 are left today",
            "Cognito's own sender is assumed: DescribeUserPool was refused with",
            "not for you",
        ],
    );
    assert_eq!(signers(&runtime, &server), ["AKIAPROFILE"]);

    // So it is for the sources of a diagnosis.
    runtime.block_on(server.reset());
    let command = place.reverify(&["doctor", "-T", "staging"]);
    let output = with_keys(command, &place, &server.uri()).output().unwrap();
    assert_eq!(signers(&runtime, &server), ["AKIAPROFILE"], "{output:?}");
}
