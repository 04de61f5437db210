//! The run against a real pool, as a person starts it, on an emulator that is a process of its own.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::embedded::create;
use super::exchange::{self, Request};
use super::table::Table;
use crate::world::{World, sdk};

const START_DEADLINE: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Ends with the test.
struct Emulate(Child);

impl Drop for Emulate {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `reverify emulate`, and gives its endpoint.
fn emulate(folder: &Path) -> (Emulate, String) {
    let ports = folder.join("ports.json");
    let child = Command::new(env!("CARGO_BIN_EXE_reverify"))
        .args([
            "emulate",
            "--listen",
            "127.0.0.1:0",
            "--smtp",
            "127.0.0.1:0",
            "--port-file",
        ])
        .arg(&ports)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let emulate = Emulate(child);
    let deadline = Instant::now() + START_DEADLINE;
    loop {
        let written = std::fs::read(&ports).unwrap_or_default();
        if let Ok(written) = serde_json::from_slice::<Value>(&written) {
            return (emulate, written["endpoint"].as_str().unwrap().to_owned());
        }
        assert!(Instant::now() < deadline, "no ports");
        std::thread::sleep(POLL_INTERVAL);
    }
}

async fn usernames(sdk: &aws_sdk_cognitoidentityprovider::Client, pool: &str) -> Vec<String> {
    let body = json!({"UserPoolId": pool}).to_string();
    let request = Request {
        operation: "ListUsers".to_owned(),
        body,
        unsigned: false,
    };
    let answered = exchange::send(sdk, request).await.unwrap();
    let users = answered.body["Users"].as_array().unwrap().iter();
    users
        .map(|user| user["Username"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_run_against_somebodys_pool_reports_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (_emulate, endpoint) = emulate(folder.path());
    let sdk = sdk(&endpoint);
    let table = Table::read();
    // Only `create` wants surroundings; nothing of this world is asked.
    let world = World::standard();
    let target = create(&sdk, &table.pools[0], &world).await;
    let owner = json!({"UserPoolId": target.pool_id, "Username": "owner"}).to_string();
    let request = Request {
        operation: "AdminCreateUser".to_owned(),
        body: owner,
        unsigned: false,
    };
    assert_eq!(exchange::send(&sdk, request).await.unwrap().status, 200);

    let run = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "behaviour::live::a_real_pool_answers_as_the_table_says",
        ])
        .env("REVERIFY_LIVE", "1")
        .env("REVERIFY_LIVE_USER_POOL_ID", &target.pool_id)
        .env("REVERIFY_LIVE_CLIENT_ID", &target.client_id)
        .env("REVERIFY_LIVE_ADDRESS", "tester@example.com")
        .env("REVERIFY_LIVE_ENDPOINT", &endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .kill_on_drop(true)
        .output();
    let run = run.await.unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&run.stdout)
    );
    let count = |word: &str| said.lines().filter(|line| line.starts_with(word)).count();
    assert_eq!(count("DIFFERENT"), 0, "{said}");
    assert!(said.contains("0 wrong"), "{said}");
    // Whatever this pool is not, and whatever needs a code, is named and not hidden.
    let plain = table.cases_of(&table.pools[0]).count();
    let not_run = count("NOT RUN");
    assert!(
        not_run >= table.cases.len() - plain,
        "{not_run} not run:\n{said}"
    );
    let run_of_plain = table.cases.len() - not_run;
    assert!(
        run_of_plain >= plain / 2,
        "{run_of_plain} of {plain} run:\n{said}"
    );
    assert!(count("SETTLED") > 0, "{said}");
    assert_eq!(usernames(&sdk, &target.pool_id).await, ["owner"]);
}
