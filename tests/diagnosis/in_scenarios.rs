//! Which scenario produces which cause, and why some have none.

use std::collections::BTreeMap;

use reverify::diagnosis::{self, Cause, Stage};

use super::catalogue::produced;

/// The scenarios that make a mail go missing in each way.
const FEATURE: &str = include_str!("../../features/no_second_mail.feature");

/// Causes that the embedded target cannot bring about; their rules are tested on evidence alone.
pub(crate) const NOT_PRODUCED: [(&str, &str); 5] = [
    (
        "ses-wrong-region",
        "the emulator has one SES for all regions",
    ),
    (
        "ses-auto-validation",
        "AWS does not say what becomes of a mail that Auto Validation stops, so the emulator refuses \
         the setting",
    ),
    (
        "ses-rendering-failure",
        "the emulator has no templates, and says so when they are used",
    ),
    (
        "link-consumed-by-scanner",
        "the emulator's trail has no events of opened links",
    ),
    (
        "filter-moved-or-deleted",
        "nobody but the checker reads the embedded mailbox",
    ),
];

/// Stages whose causes all have a scenario or a reason.
const COMPLETE: [Stage; 3] = [Stage::NotHandedOver, Stage::NotSent, Stage::NotSeen];

/// For each cause the names of the scenarios that demand it of the diagnosis, in their order.
pub(crate) fn scenarios() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut scenario = "";
    for line in FEATURE.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("Scenario: ") {
            scenario = name;
        }
        let Some((_, demanded)) = line.split_once("the diagnosis ") else {
            continue;
        };
        let words = demanded.split([' ', ',']);
        for cause in words.filter_map(diagnosis::by_id) {
            found.entry(cause.id).or_default().push(scenario);
        }
    }
    found
}

/// What brings a cause about, in a few words.
pub(crate) fn produced_by(cause: &Cause) -> String {
    if let Some(names) = scenarios().get(cause.id) {
        return names.join("; ");
    }
    let reason = NOT_PRODUCED.iter().find(|(id, _)| *id == cause.id);
    reason.map_or_else(String::new, |(_, reason)| {
        format!("no scenario: {reason}")
    })
}

#[test]
fn each_cause_has_a_scenario_or_a_reason() {
    let (scenarios, stories) = (scenarios(), produced());
    for cause in diagnosis::all() {
        let in_scenario = scenarios.contains_key(cause.id);
        let excused = NOT_PRODUCED.iter().any(|(id, _)| *id == cause.id);
        assert!(!(in_scenario && excused), "{} is excused in vain", cause.id);
        if COMPLETE.contains(&cause.stage) {
            assert!(in_scenario || excused, "{} is forgotten", cause.id);
        }
        let has_story = stories.iter().any(|story| story.id == cause.id);
        assert!(has_story || !excused, "{} is tested nowhere", cause.id);
    }
    for (id, _) in NOT_PRODUCED {
        assert!(diagnosis::by_id(id).is_some(), "{id} is no cause");
    }
}
