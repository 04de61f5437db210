//! Evidence in files, as a run keeps it: of causes that an emulator does not bring about, because
//! AWS's own lists and people, its firewall or a foreign mail server do.

use std::path::{Path, PathBuf};

use reverify::diagnosis::{Evidence, Verdict};

use super::catalogue::produced;
use super::scene::{Produced, evidence_of};

/// Writes the files in place of comparing them.
const WRITE: &str = "REVERIFY_WRITE_DOCS";

const CAUSES: [&str; 8] = [
    "cognito-default-suppressed",
    "gateway-quarantine",
    "link-consumed-by-scanner",
    "ses-auto-validation",
    "ses-global-suppressed",
    "ses-reputation-entity-disabled",
    "ses-wrong-region",
    "waf-block",
];

fn file(id: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/diagnosis");
    folder.join(format!("{id}.json"))
}

fn story_of(id: &str) -> Produced {
    let mut all = produced().into_iter();
    all.find(|one| one.id == id)
        .unwrap_or_else(|| panic!("{id} has no story"))
}

#[test]
fn evidence_is_read_back_and_judged_as_before() {
    for id in CAUSES {
        let story = story_of(id);
        let evidence = evidence_of(&story);
        let path = file(id);
        if std::env::var_os(WRITE).is_some() {
            let text = serde_json::to_string_pretty(&evidence).unwrap();
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text + "\n").unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let read: Evidence = serde_json::from_str(&text).unwrap();
        assert_eq!(read, evidence, "{id}");
        let verdict = Verdict::of(&read);
        let mut findings = verdict.findings.iter();
        let finding = findings.find(|found| found.cause.id == id).unwrap();
        assert_eq!(finding.opinion.confidence, story.confidence, "{id}");
    }
}
