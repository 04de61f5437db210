//! What holds, and who says so: `reverify config show`.

use std::collections::BTreeMap;

use super::configuration::Configuration;
use super::node::{Node, Table};
use super::origin::Origin;
use super::target::TargetKind;

/// A setting that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownSetting {
    /// The header of its table, such as `[profile.nightly]`.
    pub table: String,
    /// Its key, with dots before those of tables inside.
    pub key: String,
    /// Its value as TOML has it; of a secret, the reference.
    pub value: String,
    /// Who says so.
    pub origin: Origin,
}

impl Configuration {
    /// What holds for a profile and some targets, with the inboxes and groups that they name.
    ///
    /// A name that nothing has shows nothing.
    pub fn settings(&self, profile: &str, targets: &[String]) -> Vec<ShownSetting> {
        let mut all = Vec::new();
        if let Some(table) = self.merged.get(profile) {
            flatten(&format!("[profile.{profile}]"), "", table, &mut all);
        }
        let mut inboxes = BTreeMap::new();
        for name in targets {
            let Some(table) = self.tables.targets.get(name) else {
                continue;
            };
            let header = format!("[target.{name}]");
            // The keys are in the order of the alphabet, and this is the first.
            all.extend(self.allowed(name, table, &header));
            flatten(&header, "", table, &mut all);
            if let Some(Node::Text(inbox)) =
                table.entries.get("inbox").map(|entry| &entry.value.value)
                && let Some(table) = self.tables.inboxes.get(inbox)
            {
                inboxes.insert(inbox, table);
            }
        }
        for (name, table) in inboxes {
            flatten(&format!("[inbox.{name}]"), "", table, &mut all);
        }
        for (name, table) in &self.tables.groups {
            flatten(&format!("[group.{name}]"), "", table, &mut all);
        }
        all
    }

    /// What a target allows that says nothing of it: that depends on where it is.
    fn allowed(&self, name: &str, table: &Table, header: &str) -> Option<ShownSetting> {
        let target = self.target(name).ok()?;
        let is_embedded = matches!(target.kind, TargetKind::Embedded { .. });
        if is_embedded || table.entries.contains_key("allow") {
            return None;
        }
        let words = target.allow.words().map(|word| format!("\"{word}\""));
        Some(ShownSetting {
            table: header.to_owned(),
            key: "allow".to_owned(),
            value: format!("[{}]", words.collect::<Vec<_>>().join(", ")),
            origin: Origin::Default,
        })
    }
}

/// The settings of a table, those of tables inside by their path.
fn flatten(header: &str, prefix: &str, table: &Table, all: &mut Vec<ShownSetting>) {
    for (name, entry) in &table.entries {
        let key = format!("{prefix}{name}");
        match &entry.value.value {
            Node::Table(inner) if !is_secret(inner) => {
                flatten(header, &format!("{key}."), inner, all);
            }
            value => all.push(ShownSetting {
                table: header.to_owned(),
                key,
                value: value.to_string(),
                origin: entry.value.origin.clone(),
            }),
        }
    }
}

/// A reference to a secret is one value.
fn is_secret(table: &Table) -> bool {
    let keys = ["env", "command", "file"];
    table.entries.keys().any(|key| keys.contains(&key.as_str()))
}
