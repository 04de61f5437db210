//! The table against a real pool, for whoever has one: which guesses are right, and what is wrong.
//!
//! ```console
//! $ REVERIFY_LIVE=1 REVERIFY_LIVE_USER_POOL_ID=eu-west-1_AbCdEfGhI REVERIFY_LIVE_CLIENT_ID=... \
//!   REVERIFY_LIVE_ADDRESS=me@example.com cargo test --test emulator behaviour::live
//! ```
//!
//! Credentials come from where the SDK finds them. Cases are run whose kind of pool this one is;
//! for the others the report says what the pool would need. Users are made with names and
//! plus-addresses of this run only and deleted again; no pool, app client or group is touched. Mails
//! are sent and not read, so that cases that need a code are not run.
//!
//! `REVERIFY_LIVE_ENDPOINT` names another endpoint than AWS's, such as that of an emulator.

use aws_sdk_cognitoidentityprovider::Client;
use serde_json::{Value, json};

use super::case::{Case, Step};
use super::exchange::{self, Request};
use super::fit::unfit;
use super::live_settings::{LiveSettings, run_name};
use super::message::Message;
use super::report::Report;
use super::run::{mentions_code, run};
use super::table::Table;
use super::target::{Surroundings, Target};

/// Operations on the users of this run; anything else would change what belongs to somebody.
const OPERATIONS: [&str; 37] = [
    "AdminConfirmSignUp",
    "AdminCreateUser",
    "AdminDeleteUser",
    "AdminDeleteUserAttributes",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminGetUser",
    "AdminInitiateAuth",
    "AdminListGroupsForUser",
    "AdminResetUserPassword",
    "AdminRespondToAuthChallenge",
    "AdminSetUserMFAPreference",
    "AdminSetUserPassword",
    "AdminUpdateUserAttributes",
    "AdminUserGlobalSignOut",
    "AssociateSoftwareToken",
    "ChangePassword",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "ForgotPassword",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GetUserAuthFactors",
    "GlobalSignOut",
    "InitiateAuth",
    "ListUsers",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SignUp",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
];

struct Account {
    settings: LiveSettings,
    /// What the pool is not, by the name of the kind.
    unfit: Option<String>,
    states: Vec<(String, Vec<Step>)>,
}

impl Surroundings for Account {
    fn username(&self, number: usize) -> String {
        format!("reverify-{}-{number}", self.settings.run)
    }

    fn address(&self, username: &str) -> String {
        format!(
            "{}+{username}@{}",
            self.settings.local, self.settings.domain
        )
    }

    fn refuses(&self, case: &Case) -> Option<String> {
        if case.mail.is_some() || case.sms.is_some() {
            return Some("it looks at a message, and none is read here".to_owned());
        }
        let known = self
            .states
            .iter()
            .filter(|(name, _)| case.given.contains(name));
        let last = case.last();
        let mut steps: Vec<&Step> = known.flat_map(|(_, steps)| steps).collect();
        steps.extend(case.before.iter().chain([&last]));
        let reason = steps.into_iter().find_map(refuses_step);
        reason.or_else(|| self.unfit.clone())
    }

    fn wait(&self, _: jiff::SignedDuration) {}

    fn mail(&self, _: &str) -> Option<Message> {
        None
    }

    fn text_message(&self, _: &str) -> Option<Message> {
        None
    }

    fn cleans_up(&self) -> bool {
        true
    }
}

fn refuses_step(step: &Step) -> Option<String> {
    let text = json!(step.with).to_string();
    let is_made_up = !step.call.chars().all(char::is_alphabetic) || step.call.starts_with("NoSuch");
    if !is_made_up && !OPERATIONS.contains(&&*step.call) {
        return Some(format!(
            "{} is about more than a user of this run",
            step.call
        ));
    }
    if step
        .with
        .get("Username")
        .is_some_and(|name| !name.to_string().contains('$'))
    {
        return Some("it names a user who is not of this run".to_owned());
    }
    if mentions_code(&text) {
        return Some("it needs the code of a mail, which is not read here".to_owned());
    }
    if text.contains("$NUMBER") || text.contains("\"+1") {
        return Some("it could send text messages to a number that is somebody's".to_owned());
    }
    step.later
        .map(|_| "it needs time to pass, which takes too long here".to_owned())
}

async fn connect(settings: &LiveSettings) -> Client {
    use aws_config::{BehaviorVersion, Region, retry::RetryConfig};
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(settings.region().to_owned()))
        .retry_config(RetryConfig::disabled());
    let loader = match &settings.endpoint {
        Some(endpoint) => loader.endpoint_url(endpoint),
        None => loader,
    };
    Client::new(&loader.load().await)
}

async fn describe(sdk: &Client, operation: &str, body: Value) -> Result<Value, String> {
    let request = Request {
        operation: operation.to_owned(),
        body: body.to_string(),
        unsigned: false,
    };
    let answered = exchange::send(sdk, request).await?;
    if answered.status == 200 {
        Ok(answered.body)
    } else {
        Err(format!("{operation}: {answered}"))
    }
}

async fn run_all(table: &Table, settings: LiveSettings) -> Result<Report<'_>, String> {
    let sdk = connect(&settings).await;
    let (pool_id, client_id) = (settings.user_pool_id.clone(), settings.client_id.clone());
    let of_pool = json!({"UserPoolId": pool_id});
    let of_client = json!({"UserPoolId": pool_id, "ClientId": client_id});
    let pool = describe(&sdk, "DescribeUserPool", of_pool).await?;
    let client = describe(&sdk, "DescribeUserPoolClient", of_client).await?;
    let client = &client["UserPoolClient"];
    let mut report = Report::default();
    let mut number = 0;
    for kind in &table.pools {
        let account = Account {
            settings: settings.clone(),
            unfit: unfit(kind, &pool["UserPool"], client),
            states: table.states_by_name(),
        };
        let target = Target {
            sdk: &sdk,
            pool: kind,
            pool_id: pool_id.clone(),
            client_id: client_id.clone(),
            client_secret: client["ClientSecret"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            surroundings: &account,
        };
        for case in table.cases_of(kind) {
            number += 1;
            report.add(case, run(table, &target, case, number).await);
        }
    }
    Ok(report)
}

#[tokio::test]
async fn a_real_pool_answers_as_the_table_says() {
    use std::io::Write;
    let settings = LiveSettings::read(|name| std::env::var(name).ok(), run_name()).unwrap();
    let Some(settings) = settings else { return };
    let table = Table::read();
    let report = run_all(&table, settings).await.unwrap();
    // Written past the test harness, which shows no output of tests that pass.
    writeln!(std::io::stderr(), "\n{report}").unwrap();
    assert!(
        !report.contradicts_what_is_known(),
        "a real pool answered otherwise, see above"
    );
}
