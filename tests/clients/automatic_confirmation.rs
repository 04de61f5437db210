//! The published way to confirm users automatically: its function, its commands and its script for
//! the secret hash, as they are printed, with nothing but ids and values of this run filled in.
//!
//! One value of the document is no real one. Its phone number has no `+`, and AWS takes numbers in
//! E.164 form only: COGNITO.md 8 \[D\] for the form and 2.1 row 7 \[C\] for the refusal. So the command
//! as printed has to be refused, and is run again with the sign that the number lacks.

use aws_sdk_cognitoidentityprovider::types::LambdaConfigType;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::pool::Pool;
use crate::published::{self, excerpt, fill_in};
use crate::script::{self, Runner};

const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:confirm";

/// The user's name and the phone number, as the document has them.
const USERNAME: &str = "example_user_name";
const PHONE_NUMBER: &str = "5550100";

/// Version 1 of the AWS CLI shows dates as numbers, unless told to show them as version 2 does.
const DATES_AS_PRINTED: &str = r"printf '[default]\ncli_timestamp_format = iso8601\n' >config
export AWS_CONFIG_FILE=$PWD/config";

/// Where in the document the commands with their outputs begin.
const EXAMPLE: &str = "An automatically confirmed user example";

#[tokio::test]
async fn the_published_function_confirms_users() {
    let what = "published function for automatic confirmation";
    if !Runner::Python.is_installed(what) || !Runner::AwsCli.is_installed(what) {
        return;
    }
    let Some(document) = published::document("001", what) else {
        return;
    };
    let shell = Shell::open(&document).await;
    shell.try_function(&document);

    let example = &document[position(&document, EXAMPLE)..];
    let hash = shell.secret_hash(example);
    let sign_up = command(example, "aws cognito-idp sign-up");
    let sign_up = fill_in(&sign_up, "7morqrabcdEXAMPLE_ID", &shell.pool.client_id);
    let sign_up = fill_in(
        &sign_up,
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY =",
        &hash,
    );

    let refused = shell.run(&format!("{sign_up} || true"));
    let expected = "(InvalidParameterException) when calling the SignUp operation: \
                    Invalid phone number format.";
    assert!(refused.contains(expected), "{refused}");

    let international = format!("+1{PHONE_NUMBER}");
    let sign_up = fill_in(&sign_up, PHONE_NUMBER, &international);
    let signed_up: Value = parse(&shell.run(&sign_up));
    let sub = &signed_up["UserSub"];
    assert_eq!(signed_up, json!({"UserConfirmed": true, "UserSub": sub}));

    let look_up = command(example, "aws cognito-idp admin-get-user");
    let look_up = fill_in(&look_up, "us-east-1_I 111122223333", &shell.pool.id);
    let user = sorted(parse(&shell.run(&look_up)));
    let mut expected = output(example, "$ aws cognito-idp admin-get-user");
    for attribute in expected["UserAttributes"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        if attribute["Name"] == "sub" {
            attribute["Value"] = sub.clone();
        } else if attribute["Name"] == "phone_number" {
            attribute["Value"] = json!(international);
        }
    }
    for date in ["UserCreateDate", "UserLastModifiedDate"] {
        // As the document's `2022-12-12T11:54:12.988000+00:00`, but for the zone of this machine.
        let shown = user[date].as_str().unwrap_or_default();
        assert!(
            shown.parse::<jiff::Timestamp>().is_ok(),
            "{date}: {shown:?}"
        );
        expected[date] = json!(shown);
    }
    assert_eq!(user, sorted(expected));
    assert_eq!(shell.emulator.count_mails(), 0, "a mail was sent");
}

/// A shell with the AWS CLI and Python in its path, beside an emulator with the function deployed.
struct Shell {
    emulator: Emulator,
    pool: Pool,
}

impl Shell {
    async fn open(document: &str) -> Self {
        let emulator = Emulator::start();
        let function = excerpt(document, "import json", "  return event");
        let script = excerpt(
            document,
            "import base64",
            "print('SecretHash: {}'.format(secret_hash))",
        );
        for (name, text) in [("lambda_function.py", function), ("secret_hash.py", script)] {
            let path = emulator.folder().join(name);
            std::fs::write(path, text).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        emulator.deploy(
            "confirm",
            emulator.folder(),
            "lambda_function.lambda_handler",
        );
        let triggers = LambdaConfigType::builder()
            .pre_sign_up(FUNCTION_ARN)
            .build();
        let pool = Pool::create_with(&emulator, triggers, true).await;
        Self { emulator, pool }
    }

    /// What a command writes.
    fn run(&self, command: &str) -> String {
        let path = self.emulator.folder().join("command.sh");
        let text =
            format!("set -e\nPATH=${{REVERIFY_AWS_CLI%/*}}:$PATH\n{DATES_AS_PRINTED}\n{command}\n");
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        script::run(Runner::AwsCli, &path, &self.emulator, &self.pool, USERNAME)
    }

    /// Gives the function the document's test event, whose answer the document shows. This also
    /// starts the interpreter, which a sign-up would wait for no longer than five seconds.
    fn try_function(&self, document: &str) {
        let event = json_after(document, "Example JSON test event:");
        let answer = self.emulator.folder().join("answer.json");
        self.run(&format!(
            "aws lambda invoke --function-name confirm \
             --payload '{event}' answer.json"
        ));
        let answer = std::fs::read_to_string(&answer).unwrap_or_default();
        let expected = json_after(document, "Example JSON test event response:");
        assert_eq!(parse(&answer), expected);
    }

    /// Runs the document's script.
    fn secret_hash(&self, example: &str) -> String {
        let hash = command(example, "python3 secret_hash.py");
        let hash = fill_in(&hash, "11122223333", &self.pool.client_id);
        let secret = &self.pool.client_secret;
        let hash = fill_in(&hash, "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY", secret);
        let said = self.run(&hash);
        let hash = said.trim().strip_prefix("SecretHash: ");
        hash.unwrap_or_else(|| panic!("no hash: {said}")).to_owned()
    }
}

#[track_caller]
fn position(text: &str, what: &str) -> usize {
    text.find(what).unwrap_or_else(|| panic!("no {what:?}"))
}

/// The command after the prompt on the first line that starts with it.
#[track_caller]
fn command(text: &str, start: &str) -> String {
    let prompted = format!("$ {start}");
    let line = text.lines().find(|line| line.starts_with(&prompted));
    let line = line.unwrap_or_else(|| panic!("no line {prompted:?}"));
    line.trim_start_matches("$ ").to_owned()
}

/// The JSON that the document shows as the output of a command.
#[track_caller]
fn output(text: &str, command: &str) -> Value {
    json_after(&text[position(text, command)..], "Output:")
}

/// The first JSON object behind some words.
#[track_caller]
fn json_after(text: &str, words: &str) -> Value {
    let rest = &text[position(text, words)..];
    let rest = &rest[position(rest, "{")..];
    let mut values = serde_json::Deserializer::from_str(rest).into_iter();
    let first = values
        .next()
        .unwrap_or_else(|| panic!("no JSON after {words:?}"));
    first.unwrap_or_else(|e| panic!("after {words:?}: {e}"))
}

#[track_caller]
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e} in {text:?}"))
}

/// A user whose attributes are in the order of their names: AWS promises none.
fn sorted(mut user: Value) -> Value {
    if let Some(attributes) = user["UserAttributes"].as_array_mut() {
        attributes.sort_by_key(|attribute| attribute["Name"].to_string());
    }
    user
}
