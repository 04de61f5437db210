//! `docs/control.md` and the list of routes: what is documented works, and what works is documented.

use reverify::control::{
    ClientError, FunctionDefinition, FunctionScript, ROUTES, ScriptValue, SesEventRule,
};
use reverify::emulator::Starting;
use serde_json::json;

use crate::controlled::Controlled;
use crate::wire::{SIGNED, send};
use crate::world::World;

/// The pool of the examples, and an SES that may send.
const SEED: &str = r#"
    [[user_pool]]
    PoolName = "p"
    AutoVerifiedAttributes = ["email"]
    [[user_pool.client]]
    ClientName = "c"
    [ses]
    ProductionAccessEnabled = true
    [[ses_identity]]
    EmailIdentity = "sender@example.com"
"#;

const DOCUMENT: &str = include_str!("../../docs/control.md");

/// A `curl` line of the document.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    method: String,
    /// Below the version, with the query.
    path: String,
    body: String,
}

/// The document's sections that are about a route, by their titles.
fn sections() -> Vec<(&'static str, &'static str)> {
    let sections = DOCUMENT.split("\n### ").skip(1);
    sections
        .map(|section| section.split_once('\n').unwrap())
        .collect()
}

/// The `curl` commands of a section, read as a shell would.
fn examples(section: &str) -> Vec<Example> {
    let blocks = section.split("```sh\n").skip(1);
    let commands = blocks.flat_map(|block| {
        let block = block.split("\n```").next().unwrap();
        block.split("curl ").skip(1)
    });
    commands.map(example).collect()
}

fn example(command: &str) -> Example {
    let after = |flag: &str| command.split_once(flag).map(|(_, rest)| rest);
    let url = after("\"$CONTROL/").unwrap().split('"').next().unwrap();
    let body = after("-d '").map(|rest| rest.split('\'').next().unwrap());
    let method = after("-X ").map(|rest| rest.split(' ').next().unwrap());
    Example {
        method: method.unwrap_or("GET").to_owned(),
        path: url.to_owned(),
        body: body.unwrap_or_default().to_owned(),
    }
}

#[test]
fn every_route_is_documented_and_no_other() {
    let mut documented: Vec<_> = sections().into_iter().map(|(title, _)| title).collect();
    let mut routes: Vec<_> = ROUTES
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    documented.sort_unstable();
    routes.sort_unstable();
    assert_eq!(documented, routes);
}

/// Lets SES deliver the mail that the document's feedback is about.
fn mail_through_ses(world: &World) {
    let mail = json!({
        "FromEmailAddress": "sender@example.com",
        "Destination": {"ToAddresses": ["ses@example.com"]},
        "Content": {"Simple": {
            "Subject": {"Data": "hi"}, "Body": {"Text": {"Data": "there"}},
        }},
    });
    let endpoint = world.emulator.endpoint();
    let path = "/v2/email/outbound-emails";
    let sent = send(&endpoint, "POST", path, SIGNED, mail.to_string().as_bytes());
    assert_eq!(sent.status, 200, "{sent:?}");
}

#[test]
fn every_example_works() {
    let world = World::of(Starting::from_toml(SEED).unwrap());
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    mail_through_ses(&world);
    for (title, section) in sections() {
        let examples = examples(section);
        assert!(!examples.is_empty(), "{title} has no example");
        for example in examples {
            let path = format!("/_reverify/v1/{}", example.path);
            let method = title.split(' ').next().unwrap();
            assert_eq!(example.method, method, "{title}");
            let endpoint = world.emulator.endpoint();
            let reply = send(&endpoint, method, &path, "", example.body.as_bytes());
            assert_eq!(reply.status, 200, "{example:?}: {}", reply.body);
        }
    }
}

/// What the client does not need itself: the examples above ask in its place.
#[test]
fn the_client_reads_logs_and_rules_and_removes_functions() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:confirms";
    let world = World::with_pool(&format!("LambdaConfig.PreSignUp = \"{arn}\""));
    let control = Controlled::of(&world);
    let client = &control.client;
    let script = FunctionScript {
        response: [("autoConfirmUser".to_owned(), ScriptValue::Flag(true))].into(),
        ..FunctionScript::default()
    };
    let function = FunctionDefinition {
        script: Some(script),
        ..FunctionDefinition::default()
    };
    let deployed = control.wait(client.deploy_function("confirms", &function));
    let deployed = deployed.unwrap();
    assert_eq!(control.wait(client.functions()).unwrap(), [deployed]);
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let log = control.wait(client.function_log("confirms")).unwrap();
    assert!(log.contains("END RequestId"), "{log}");
    let unknown = control.wait(client.function_log("nobody"));
    assert!(
        matches!(unknown, Err(ClientError::Refused { .. })),
        "{unknown:?}"
    );

    control.wait(client.remove_function("confirms")).unwrap();
    assert_eq!(control.wait(client.functions()).unwrap(), []);
    assert_eq!(world.sign_up("bob", "bob@example.com").status, 400);
    assert!(control.wait(client.remove_function("confirms")).is_err());

    assert_eq!(control.wait(client.ses_event_rules()).unwrap(), []);
    let rules = [SesEventRule {
        log_group_name: "/aws/events/ses".to_owned(),
        detail_type: vec!["Email Bounced".to_owned()],
    }];
    control.wait(client.set_ses_event_rules(&rules)).unwrap();
    assert_eq!(control.wait(client.ses_event_rules()).unwrap(), rules);
}

#[test]
fn an_unknown_path_is_answered_with_all_that_there_are() {
    let world = World::standard();
    let endpoint = world.emulator.endpoint();
    let reply = send(&endpoint, "GET", "/_reverify/v1/nothing", "", b"");
    assert_eq!(reply.status, 404);
    let help = reply.json()["help"].as_str().unwrap().to_owned();
    for route in &ROUTES {
        let shown = format!("{} /_reverify/v1/{}", route.method, route.path);
        assert!(help.contains(&shown), "{shown} is not in {help}");
    }
}

#[test]
fn nothing_is_changed_for_a_page_of_another_machine() {
    let world = World::standard();
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let endpoint = world.emulator.endpoint();
    let reset = |origin: &str| {
        let origin = format!("Origin: {origin}\r\n");
        send(&endpoint, "POST", "/_reverify/v1/reset", &origin, b"").status
    };
    assert_eq!(reset("https://example.com"), 403);
    assert_eq!(world.admin_get_user("ada").status, 200);
    assert_eq!(reset("http://localhost:3000"), 200);
    assert_eq!(world.admin_get_user("ada").status, 400);
}
