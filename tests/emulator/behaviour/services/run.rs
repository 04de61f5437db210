//! The tables against the emulator in this process.

use reverify::emulator::{MailView as _, Starting};
use reverify::model::Clock as _;
use serde_json::{Value, json};

use super::super::exchange::Answered;
use super::call::Clients;
use super::case::{Case, Step, Table};
use super::compare::difference;
use super::table::tables;
use super::values::Values;
use crate::wire::send;
use crate::world::World;

/// The seed file of a case that names none.
const STANDARD: &str = "standard";
/// Where the seed files have SES's events written.
const EVENTS: &str = "/aws/events/ses";
/// How often the results of a query are asked for: enough for a machine that is busy.
const ASKED_MAX: usize = 3_000;

struct Run<'a> {
    table: &'a Table,
    world: World,
    clients: Clients,
    values: Values,
}

impl<'a> Run<'a> {
    fn start(table: &'a Table, case: &Case) -> Self {
        let name = case.seed.as_deref().unwrap_or(STANDARD);
        let world = if let Some(seed) = table.seeds.get(name) {
            World::of(Starting::from_toml(seed).unwrap())
        } else {
            assert_eq!(name, STANDARD, "no such seed: {case}");
            World::standard()
        };
        let mut values = Values::at(world.clock.now().as_millisecond());
        values.remember(&json!({"pool": world.pool, "client": world.client}));
        Self {
            table,
            clients: Clients::of(&world),
            values,
            world,
        }
    }

    /// Tries a case; a text says why it does not hold.
    async fn case(mut self, case: &Case) -> Result<(), String> {
        let given = case.given.iter().flat_map(|name| {
            let given = self.table.given.get(name);
            given.unwrap_or_else(|| panic!("no such state: {name}"))
        });
        for step in given.chain(&case.before) {
            self.step(step).await?;
        }
        let answered = self
            .call(&case.call, &json!(case.with), case.unsigned)
            .await;
        if let Some(difference) = difference(case, &self.values, &answered) {
            return Err(difference);
        }
        if let Some(expected) = &case.mails {
            let mails = self.world.smtp.mails(None, false).into_iter();
            let found: Vec<String> = mails.map(|mail| mail.to).collect();
            if found != *expected {
                return Err(format!("mails to {found:?}"));
            }
        }
        if let Some(expected) = &case.events {
            let kind = |message: &String| {
                let event: Value = serde_json::from_str(message).unwrap();
                event["detail-type"].as_str().unwrap_or_default().to_owned()
            };
            let messages = self.world.log_messages(EVENTS);
            let found: Vec<String> = messages.iter().map(kind).collect();
            if found != *expected {
                return Err(format!("events {found:?}"));
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(later) = step.later {
            let seconds = json!({"advance_seconds": later.as_secs()});
            self.control("PUT clock", &seconds)?;
            let now = self.world.clock.now() + later;
            // The control interface's clock runs ahead of the one that a world starts with.
            self.values.set_now(now.as_millisecond());
        }
        if let Some(control) = &step.control {
            self.control(control, &json!(step.with))?;
        }
        if let Some(call) = &step.call {
            let answered = self.call(call, &json!(step.with), false).await;
            if (answered.status == 200) == step.refused {
                return Err(format!("{call}: {answered}"));
            }
            self.values.remember(&answered.body);
        }
        Ok(())
    }

    /// Calls an operation, and one that reports progress until it reports the end.
    async fn call(&self, call: &str, with: &Value, unsigned: bool) -> Answered {
        let (service, operation) = self.table.service.of(call);
        let with = self.values.fill(with);
        let with = with.as_object().cloned().unwrap_or_default();
        for _ in 0..ASKED_MAX {
            let answered = self.clients.call(service, operation, &with, unsigned).await;
            let status = answered.body["status"].as_str().unwrap_or_default();
            if operation == "GetQueryResults" && matches!(status, "Scheduled" | "Running") {
                tokio::task::yield_now().await;
                continue;
            }
            return answered;
        }
        panic!("{call} does not end");
    }

    fn control(&self, control: &str, body: &Value) -> Result<(), String> {
        let (method, path) = control.split_once(' ').unwrap();
        let path = format!("/_reverify/v1/{path}");
        let body = self.values.fill(body).to_string();
        let endpoint = self.world.emulator.endpoint();
        let reply = send(&endpoint, method, &path, "", body.as_bytes());
        let is_done = (200..300).contains(&reply.status);
        is_done
            .then_some(())
            .ok_or_else(|| format!("{control}: {reply:?}"))
    }
}

#[tokio::test]
async fn the_services_answer_as_the_tables_say() {
    let mut wrong = Vec::new();
    for table in &tables() {
        for case in &table.cases {
            if let Err(why) = Run::start(table, case).case(case).await {
                wrong.push(format!("{}, {case}\n  {why}", table.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
