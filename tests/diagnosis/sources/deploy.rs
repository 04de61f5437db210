//! What a person deploys: the policy is exactly what is needed, and AWS would take both files.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use reverify::diagnosis::PERMISSIONS;
use serde_json::{Value, json};

/// Actions for which IAM knows no resource (Service Authorization Reference).
const WITHOUT_RESOURCE: [&str; 5] = [
    "cloudtrail:LookupEvents",
    "logs:GetQueryResults",
    "logs:StopQuery",
    "ses:GetAccount",
    "ses:GetSuppressedDestination",
];

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn policy() -> String {
    policy_of("target")
}

fn policy_of(purpose: &str) -> String {
    let path = format!("deploy/iam/reverify-{purpose}.json");
    std::fs::read_to_string(file(&path)).unwrap()
}

/// A member that is one text or a list of them.
fn texts(member: &Value) -> Vec<String> {
    match member {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        other => panic!("{other}"),
    }
}

/// Calls of scenarios for which AWS asks who calls: those on users by an administrator. A user's own
/// calls need no credentials, and pools that a scenario makes for itself are made on emulators.
fn calls_of_scenarios() -> BTreeSet<String> {
    let sources = std::fs::read_dir(file("src/cognito")).unwrap();
    let paths = sources.map(|entry| entry.unwrap().path());
    let texts = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| std::fs::read_to_string(path).unwrap());
    texts.flat_map(|text| admin_calls(&text)).collect()
}

/// `cognito-idp:AdminGetUser` for `.admin_get_user()`: the SDK's builders begin without an argument.
fn admin_calls(source: &str) -> Vec<String> {
    let calls = source.split(".admin_").skip(1);
    let named = calls.filter_map(|call| call.split_once("()").map(|(name, _)| name));
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    named
        .filter(is_name)
        // A member of a pool's settings, and of a design of ours.
        .filter(|name| *name != "create_user_config")
        .map(|name| {
            let words = name.split('_').map(|word| {
                let (first, rest) = word.split_at(1);
                first.to_uppercase() + rest
            });
            format!("cognito-idp:Admin{}", words.collect::<String>())
        })
        .collect()
}

#[test]
fn the_policy_allows_what_is_called_and_nothing_else() {
    let policy: Value = serde_json::from_str(&policy()).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let mut allowed = BTreeSet::new();
    for statement in statements {
        assert_eq!(statement["Effect"], "Allow");
        let actions = texts(&statement["Action"]);
        for resource in texts(&statement["Resource"]) {
            if resource == "*" {
                let known = actions
                    .iter()
                    .all(|action| WITHOUT_RESOURCE.contains(&&**action));
                assert!(known, "{actions:?} have resources");
            } else {
                assert!(resource.contains("REGION:ACCOUNT:"), "{resource}");
            }
        }
        for action in actions {
            assert!(!action.contains('*'), "{action}");
            assert!(allowed.insert(action), "an action is allowed twice");
        }
    }
    let named = PERMISSIONS.iter().map(|action| (*action).to_owned());
    let mut needed: BTreeSet<String> = named.collect();
    let calls = calls_of_scenarios();
    assert!(calls.contains("cognito-idp:AdminDeleteUser"), "{calls:?}");
    assert!(
        calls.contains("cognito-idp:AdminSetUserPassword"),
        "{calls:?}"
    );
    needed.extend(calls);
    assert_eq!(allowed, needed);
}

/// The lines in which cfn-lint objects to a file; nothing if there is no cfn-lint.
fn lint(template: &Path) -> Option<Vec<String>> {
    let python = std::env::var("REVERIFY_PYTHON").unwrap_or_default();
    let has_lint = |python: &str| {
        let mut import = Command::new(python);
        let import = import.args(["-c", "import cfnlint"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    if !has_lint(&python) {
        // `println!` is held back unless the test fails.
        let why = b"SKIPPED: cfn-lint: REVERIFY_PYTHON does not name a Python that has cfnlint\n";
        std::io::stderr().write_all(why).unwrap();
        return None;
    }
    let main = "import sys; from cfnlint.runner import main; sys.exit(main())";
    let mut lint = Command::new(python);
    let lint = lint
        .args(["-c", main, "--format", "parseable"])
        .arg(template);
    let output = lint.output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found = String::from_utf8(output.stdout).unwrap();
    Some(found.lines().map(str::to_owned).collect())
}

/// A policy in a template, since cfn-lint reads no other files.
fn in_template(policy: &str) -> Vec<u8> {
    let filled = policy
        .replace("SES_REGION", "eu-west-1")
        .replace("REGION", "eu-west-1")
        .replace("ACCOUNT", "123456789012");
    let policy: Value = serde_json::from_str(&filled).unwrap();
    let resource = json!({
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": policy},
    });
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Policy": resource},
    });
    template.to_string().into_bytes()
}

#[test]
fn the_policy_and_the_template_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.json");
    std::fs::write(&good, in_template(&policy())).unwrap();
    let bad = folder.path().join("bad.json");
    let misspelt = policy().replace("AdminGetUser", "AdminGetUsr");
    std::fs::write(&bad, in_template(&misspelt)).unwrap();
    let Some(objections) = lint(&good) else {
        return;
    };
    assert_eq!(objections, [] as [String; 0]);
    std::fs::write(&good, in_template(&policy_of("mirror"))).unwrap();
    assert_eq!(lint(&good).unwrap(), [] as [String; 0]);
    let objections = lint(&bad).unwrap();
    assert!(
        objections.iter().any(|line| line.contains("W3037")),
        "{objections:?}"
    );
    let objections = lint(&file("deploy/evidence.yaml")).unwrap();
    assert_eq!(objections, [] as [String; 0]);
}
