//! One case: the steps before it, its call, and what was made for it deleted again.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::case::{Case, Step};
use super::compare::{Outcome, compare};
use super::exchange::{self, Answered, Request};
use super::person::{Person, masked, secret_hash};
use super::table::Table;
use super::target::Target;

/// Passes the policy of every pool of the table.
const PASSWORD: &str = "Passw0rd!";

/// The operations that make a user.
const MAKES_A_USER: [&str; 2] = ["SignUp", "AdminCreateUser"];

/// The members of requests, as the emulator itself knows them.
static MODEL: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../fixtures/cognito/service-model.json")).unwrap()
});

struct Run<'a> {
    table: &'a Table,
    target: &'a Target<'a>,
    person: Person,
    /// The names of the users that may be there now.
    tried: Vec<Value>,
}

/// Tries a case; `number` is no other's in this run.
pub(super) async fn run(table: &Table, target: &Target<'_>, case: &Case, number: usize) -> Outcome {
    if let Some(reason) = target.surroundings.refuses(case) {
        return Outcome::NotRun(reason);
    }
    let person = person(target, number);
    let mut run = Run {
        table,
        target,
        person,
        tried: Vec::new(),
    };
    let outcome = run.all(case).await;
    let left = run.clean_up().await;
    let failed = |reason| Outcome::NotRun(format!("not done: {reason}"));
    match left {
        Err(reason) => Outcome::NotRun(format!("a user was left behind: {reason}")),
        Ok(()) => outcome.unwrap_or_else(failed),
    }
}

fn person(target: &Target<'_>, number: usize) -> Person {
    let user = target.surroundings.username(number);
    let other = format!("{user}-other");
    let email = target.surroundings.address(&user);
    let mut person = Person::new([
        ("$MASKED", masked(&email)),
        ("$OTHER_EMAIL", target.surroundings.address(&other)),
        ("$OTHER_USER", other),
        ("$NUMBER", format!("+1206{:07}", 5_550_000 + number)),
        ("$PASSWORD", PASSWORD.to_owned()),
        ("$POOL", target.pool_id.clone()),
        ("$CLIENT", target.client_id.clone()),
        (
            "$REGION",
            target
                .pool_id
                .split('_')
                .next()
                .unwrap_or_default()
                .to_owned(),
        ),
        ("$EMAIL", email),
        ("$USER", user),
    ]);
    let login = person.fill_text(&target.pool.username);
    let hash = secret_hash(&target.client_secret, &login, &target.client_id);
    person.set("$LOGIN", login);
    person.set("$SECRET_HASH", hash);
    person
}

impl Run<'_> {
    async fn all(&mut self, case: &Case) -> Result<Outcome, String> {
        let states = case
            .given
            .iter()
            .flat_map(|name| &self.table.state(name).steps);
        for step in states.chain(&case.before) {
            let answered = self.step(step).await?;
            if (answered.status == 200) == step.refused {
                return Ok(Outcome::stuck(&step.call, &answered));
            }
        }
        let answered = self.step(&case.last()).await?;
        let outcome = compare(case, &self.person, &answered);
        Ok(match outcome {
            Outcome::Same => self.messages(case),
            different => different,
        })
    }

    /// Compares the messages that the case caused.
    fn messages(&mut self, case: &Case) -> Outcome {
        let surroundings = self.target.surroundings;
        let (email, number) = (self.person.value("$EMAIL"), self.person.value("$NUMBER"));
        let looked_at = [
            case.mail
                .as_ref()
                .map(|mail| (mail, surroundings.mail(email))),
            case.sms
                .as_ref()
                .map(|sms| (sms, surroundings.text_message(number))),
        ];
        for (expected, found) in looked_at.into_iter().flatten() {
            if let Some(code) = found.as_ref().and_then(|found| found.code.clone()) {
                self.person.set("$CODE", code);
            }
            if !expected.fits(&self.person, found.as_ref()) {
                return Outcome::message(expected, found.as_ref());
            }
        }
        Outcome::Same
    }

    async fn step(&mut self, step: &Step) -> Result<Answered, String> {
        if let Some(duration) = step.later {
            self.target.surroundings.wait(duration);
        }
        let request = self.request(step)?;
        if MAKES_A_USER.contains(&&*step.call) {
            let sent: Value = serde_json::from_str(&request.body).unwrap_or_default();
            // Whatever the answer will be: a user is there also after a message that failed
            // (COGNITO.md 2.7), and nobody else has this name.
            self.tried.push(sent["Username"].clone());
        }
        let answered = exchange::send(self.target.sdk, request).await?;
        if answered.status == 200 {
            self.person.remember(&answered.body);
        }
        Ok(answered)
    }

    fn request(&mut self, step: &Step) -> Result<Request, String> {
        let body = if let Some(body) = &step.body {
            self.person.fill_text(body)
        } else {
            let members = self.members(step);
            if mentions_code(&members.to_string()) {
                self.read_code()?;
            }
            self.person.fill(&members).to_string()
        };
        Ok(Request {
            operation: step.call.clone(),
            body,
            unsigned: step.unsigned,
        })
    }

    /// The members of a request: those of every request, of the operation's, and the step's own.
    fn members(&self, step: &Step) -> Value {
        let input = MODEL["operations"][&step.call]["input"]
            .as_str()
            .unwrap_or_default();
        let mut members = self.table.default_of(&step.call);
        for (member, value) in self.everywhere() {
            if !MODEL["shapes"][input]["members"][member].is_null() && !value.is_empty() {
                members.entry(member).or_insert_with(|| json!(value));
            }
        }
        members.extend(step.with.clone());
        members.retain(|name, _| !step.without.contains(name));
        Value::Object(members)
    }

    /// What every request has that can have it.
    fn everywhere(&self) -> [(&'static str, &str); 5] {
        let has_secret = !self.target.client_secret.is_empty();
        [
            ("UserPoolId", "$POOL"),
            ("ClientId", "$CLIENT"),
            ("Username", &self.target.pool.username),
            ("AccessToken", self.person.value("$TOKEN")),
            ("SecretHash", if has_secret { "$SECRET_HASH" } else { "" }),
        ]
    }

    /// Reads the code of the newest mail, and keeps the first one too.
    fn read_code(&mut self) -> Result<(), String> {
        let mail = self.target.surroundings.mail(self.person.value("$EMAIL"));
        let code = mail.and_then(|mail| mail.code);
        let code = code.ok_or("there is no mail with a code")?;
        if self.person.value("$FIRST_CODE").is_empty() {
            self.person.set("$FIRST_CODE", code.clone());
        }
        self.person.set("$CODE", code);
        Ok(())
    }

    async fn clean_up(&mut self) -> Result<(), String> {
        if !self.target.surroundings.cleans_up() {
            return Ok(());
        }
        for username in std::mem::take(&mut self.tried) {
            let body = json!({"UserPoolId": self.target.pool_id, "Username": username});
            let request = Request {
                operation: "AdminDeleteUser".to_owned(),
                body: body.to_string(),
                unsigned: false,
            };
            let answered = exchange::send(self.target.sdk, request).await?;
            // A name that is refused is nobody's.
            let nobody = ["UserNotFoundException", "InvalidParameterException"];
            let is_gone = nobody.iter().any(|name| answered.body["__type"] == *name);
            if answered.status != 200 && !is_gone {
                return Err(format!("{username}: {answered}"));
            }
        }
        Ok(())
    }
}

/// Whether a request needs the code of a mail.
pub(super) fn mentions_code(members: &str) -> bool {
    ["\"$CODE\"", "\"$FIRST_CODE\""]
        .iter()
        .any(|name| members.contains(name))
}
