//! A reset leaves nothing of the former state.

use std::collections::BTreeMap;
use std::time::Duration;

use reverify::control::{Effect, FunctionDefinition, Query, Quotas, TrailSettings};
use serde_json::json;

use crate::controlled::Controlled;
use crate::world::World;

/// What can be seen of the emulator, by name.
fn snapshot(world: &World, control: &Controlled) -> BTreeMap<&'static str, String> {
    let client = &control.client;
    let debug = |shown: &dyn std::fmt::Debug| format!("{shown:?}");
    let sms = control.wait(client.sms(Query::all())).unwrap();
    let mut seen = BTreeMap::from([
        ("mails", debug(&control.wait(client.mails(Query::all())))),
        ("text messages", sms.len().to_string()),
        ("clock", control.clock().ahead_seconds.to_string()),
        ("faults", debug(&control.wait(client.faults()))),
        ("quotas", debug(&control.wait(client.quotas()))),
        ("trail", debug(&control.wait(client.trail()))),
        ("functions", debug(&control.wait(client.functions()))),
    ]);
    let pool = json!({"UserPoolId": "POOL"});
    let group = json!({"UserPoolId": "POOL", "GroupName": "admins"});
    let user = json!({"UserPoolId": "POOL", "Username": "planted"});
    let client = json!({"UserPoolId": "POOL", "ClientId": "CLIENT"});
    let page = json!({"UserPoolId": "POOL", "MaxResults": 10});
    for (operation, body) in [
        ("ListUserPools", &json!({"MaxResults": 10})),
        ("ListUserPoolClients", &page),
        ("ListUsers", &pool),
        ("ListGroups", &pool),
        ("GetGroup", &group),
        ("AdminGetUser", &user),
        ("DescribeUserPool", &pool),
        ("DescribeUserPoolClient", &client),
        ("GetUserPoolMfaConfig", &pool),
        ("GetLogDeliveryConfiguration", &pool),
    ] {
        seen.insert(operation, undated(&world.call(operation, body).body));
    }
    seen
}

/// The same without the moments at which things were made, which are later after a reset, and the
/// `sub`, which is drawn anew.
fn undated(body: &str) -> String {
    let mut json: serde_json::Value = serde_json::from_str(body).unwrap();
    strip(&mut json);
    json.to_string()
}

fn strip(json: &mut serde_json::Value) {
    match json {
        serde_json::Value::Object(members) => {
            members.retain(|name, _| !name.ends_with("Date"));
            if members.get("Name").is_some_and(|name| name == "sub") {
                members.remove("Value");
            }
            members.values_mut().for_each(strip);
        }
        serde_json::Value::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Leaves a trace in everything that a snapshot sees, and mails that are still to come.
fn fill(world: &World, control: &Controlled) {
    let done = |operation: &str, body: &serde_json::Value| {
        let reply = world.call(operation, body);
        assert_eq!(reply.status, 200, "{operation}: {reply:?}");
    };
    done("CreateUserPool", &json!({"PoolName": "other"}));
    let client = json!({"UserPoolId": "POOL", "ClientName": "other"});
    done("CreateUserPoolClient", &client);
    done(
        "CreateGroup",
        &json!({"UserPoolId": "POOL", "GroupName": "admins"}),
    );
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let phone = json!({
        "UserPoolId": "POOL", "Username": "bob", "DesiredDeliveryMediums": ["SMS"],
        "UserAttributes": [{"Name": "phone_number", "Value": "+15555550100"}],
    });
    done("AdminCreateUser", &phone);
    done(
        "AdminDeleteUser",
        &json!({"UserPoolId": "POOL", "Username": "planted"}),
    );
    done(
        "SetLogDeliveryConfiguration",
        &json!({
            "UserPoolId": "POOL",
            "LogConfigurations": [{
                "LogLevel": "ERROR", "EventSource": "userNotification",
                "CloudWatchLogsConfiguration":
                    {"LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:exported"},
            }],
        }),
    );
    done(
        "SetUserPoolMfaConfig",
        &json!({
            "UserPoolId": "POOL", "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": {"Enabled": true},
        }),
    );
    let client = json!({"UserPoolId": "POOL", "ClientId": "CLIENT", "ClientName": "changed"});
    done("UpdateUserPoolClient", &client);

    let client = &control.client;
    control.advance(Duration::from_mins(1));
    control.set_quotas(&Quotas::aws());
    let trail = TrailSettings {
        log_group: Some("aws-cloudtrail-logs".to_owned()),
        delay_seconds: 60,
    };
    control.wait(client.set_trail(&trail)).unwrap();
    let function = FunctionDefinition {
        url: Some("http://127.0.0.1:9000".to_owned()),
        ..FunctionDefinition::default()
    };
    control
        .wait(client.deploy_function("welcome", &function))
        .unwrap();
    control.fault(Effect::DelayMail { seconds: 600 }, "later@example.com");
    control.fault(Effect::ReorderMail {}, "held@example.com");
    control.fault(Effect::DelayDelete { seconds: 600 }, "later@example.com");
    for name in ["later", "held"] {
        assert_eq!(
            world.sign_up(name, &format!("{name}@example.com")).status,
            200
        );
    }
    done(
        "AdminDeleteUser",
        &json!({"UserPoolId": "POOL", "Username": "later"}),
    );
}

#[test]
fn nothing_is_left() {
    let seed = "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
                [[user_pool.client]]\nClientName = \"c\"\n\
                [[user_pool.user]]\nUsername = \"planted\"\nPassword = \"Passw0rd!\"\n";
    let world = World::of(reverify::emulator::Starting::from_toml(seed).unwrap());
    let control = Controlled::of(&world);
    let start = snapshot(&world, &control);
    fill(&world, &control);
    let filled = snapshot(&world, &control);
    for (name, seen) in &filled {
        assert_ne!(&start[name], seen, "{name} was not filled");
    }
    control.reset();
    assert_eq!(snapshot(&world, &control), start);
    // Nor does anything come later: no delayed mail, no deletion of a user of the same name.
    for name in ["later", "held"] {
        assert_eq!(
            world.sign_up(name, &format!("{name}@example.com")).status,
            200
        );
    }
    control.advance(Duration::from_hours(1));
    assert_eq!(world.smtp.mails_count(), 2);
    assert_eq!(world.admin_get_user("later").status, 200);
}
