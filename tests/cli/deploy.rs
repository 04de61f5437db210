//! The files of `deploy/` for many machines, read by the tools that know what may stand in them.

use std::path::Path;
use std::process::{Command, Output};

use crate::installed::installed;
use crate::skipped::skipped;

/// Runs a module of the Python that `scripts/test.sh` installs; nothing where it has none.
fn python(module: &str, arguments: &[&str]) -> Option<Output> {
    let python = installed("REVERIFY_PYTHON", module)?;
    let import = format!("import {module}");
    let imported = Command::new(&python).args(["-c", &import]).output();
    if !imported.is_ok_and(|output| output.status.success()) {
        skipped(module, "the Python of REVERIFY_PYTHON does not have it");
        return None;
    }
    let mut command = Command::new(python);
    Some(
        command
            .args(["-m", module])
            .args(arguments)
            .output()
            .unwrap(),
    )
}

/// A file is accepted, and refused once this key has another name.
fn check(file: &str, key: &str, accepts: impl Fn(&str) -> Option<Output>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let Some(accepted) = accepts(path.to_str().unwrap()) else {
        return;
    };
    assert!(accepted.status.success(), "{accepted:?}");
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.yaml");
    assert!(text.contains(key), "{key}");
    std::fs::write(&bad, text.replace(key, &format!("not-{key}"))).unwrap();
    let refused = accepts(bad.to_str().unwrap()).unwrap();
    assert!(!refused.status.success(), "{refused:?}");
}

#[test]
fn kubernetes_takes_the_job() {
    check(
        "deploy/kubernetes-indexed-job.yaml",
        "completionMode:",
        |file| python("kubernetes_validate", &["--strict", file]),
    );
}

#[test]
fn github_takes_the_workflow() {
    check("deploy/github-matrix.yml", "fail-fast:", |file| {
        let schema = ["--builtin-schema", "vendor.github-workflows", file];
        python("check_jsonschema", &schema)
    });
}
