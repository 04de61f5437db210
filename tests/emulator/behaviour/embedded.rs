//! The table against the emulator in this process.

use aws_sdk_cognitoidentityprovider::Client;
use reverify::emulator::{MailView, Starting};
use serde_json::{Value, json};

use super::case::{Case, Members, Pool};
use super::compare::Outcome;
use super::exchange::{self, Request};
use super::message::{Message, text_message};
use super::report::Report;
use super::run::run;
use super::table::Table;
use super::target::{Surroundings, Target};
use super::triggers;
use crate::world::World;

impl Surroundings for World {
    fn username(&self, number: usize) -> String {
        format!("ada{number}")
    }

    fn address(&self, username: &str) -> String {
        format!("{username}@example.com")
    }

    fn refuses(&self, _: &Case) -> Option<String> {
        None
    }

    fn wait(&self, duration: jiff::SignedDuration) {
        self.clock.advance(duration);
    }

    fn mail(&self, address: &str) -> Option<Message> {
        let mails = self.smtp.mails(Some(&address.parse().unwrap()), true);
        mails.into_iter().next().map(|mail| Message {
            from: mail.from,
            subject: mail.subject,
            body: mail.html.unwrap_or_default(),
            code: mail.code,
        })
    }

    fn text_message(&self, number: &str) -> Option<Message> {
        self.sms(number).last().map(text_message)
    }

    fn cleans_up(&self) -> bool {
        false
    }
}

/// What pools of the table need besides functions.
const STARTING: &str = r#"
[ses]
ProductionAccessEnabled = true

[[ses_identity]]
EmailIdentity = "shop@example.com"
Policies.cognito = '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "email.cognito-idp.amazonaws.com"}, "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": "*"}]}'

[[kms_key]]
KeyId = "1234abcd-12ab-34cd-56ef-1234567890ab"
"#;

/// A pool of this kind and its app client, made for the purpose.
pub(super) async fn create<'a>(
    sdk: &'a Client,
    pool: &'a Pool,
    surroundings: &'a dyn Surroundings,
) -> Target<'a> {
    let named = |name: &str, settings: &Members| {
        let mut members = settings.clone();
        members.insert(name.to_owned(), json!(pool.name));
        members
    };
    let created = call(sdk, "CreateUserPool", &named("PoolName", &pool.settings)).await;
    let pool_id = text(&created["UserPool"]["Id"]);
    let mut client = named("ClientName", &pool.client);
    client.insert("UserPoolId".to_owned(), json!(pool_id));
    let created = call(sdk, "CreateUserPoolClient", &client).await;
    if let Some(mfa) = &pool.mfa {
        let mut mfa = mfa.clone();
        mfa.insert("UserPoolId".to_owned(), json!(pool_id));
        call(sdk, "SetUserPoolMfaConfig", &mfa).await;
    }
    Target {
        sdk,
        pool,
        pool_id,
        client_id: text(&created["UserPoolClient"]["ClientId"]),
        client_secret: text(&created["UserPoolClient"]["ClientSecret"]),
        surroundings,
    }
}

/// An answer that has to be a success.
async fn call(sdk: &Client, operation: &str, members: &Members) -> Value {
    let body = json!(members).to_string();
    let request = Request {
        operation: operation.to_owned(),
        body,
        unsigned: false,
    };
    let answered = exchange::send(sdk, request).await.unwrap();
    assert_eq!(answered.status, 200, "{operation} {members:?}: {answered}");
    answered.body
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_emulator_answers_as_the_table_says() {
    let table = Table::read();
    let world = World::with(Starting::from_toml(STARTING).unwrap(), |settings| {
        settings.functions = triggers::functions();
    });
    let mut report = Report::default();
    let mut number = 0;
    for pool in &table.pools {
        let target = create(&world.sdk, pool, &world).await;
        for case in table.cases_of(pool) {
            number += 1;
            report.add(case, run(&table, &target, case, number).await);
        }
    }
    // Here a guess is what the emulator was made to do, so that it counts as everything else.
    assert!(report.all_same(), "{report}");
    assert_eq!(number, table.cases.len());
}

#[test]
fn a_case_that_is_not_run_does_not_pass() {
    let table = Table::read();
    let mut report = Report::default();
    report.add(
        &table.cases[0],
        Outcome::NotRun("nobody is there".to_owned()),
    );
    assert!(!report.all_same());
}
