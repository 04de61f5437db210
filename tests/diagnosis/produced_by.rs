//! Which scenario brings each cause about, and why some have none.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reverify::diagnosis;

const FEATURE: &str = include_str!("../../features/no_second_mail.feature");

/// Causes that no scenario brings about on the embedded target, with the reason. Their rules are
/// tested on evidence that is written by hand.
const NOT_PRODUCED: [(&str, &str); 13] = [
    (
        "federated-user",
        "the emulator has no identity providers, so that nobody can sign in by one",
    ),
    (
        "duplicate-signup-race",
        "the emulator takes sign-ups one after the other; that AWS makes both users is a report",
    ),
    (
        "custom-message-silent-fallback",
        "the emulator refuses a text that cannot be used, as AWS's guide has it; that AWS sends its \
         own text instead is an old report",
    ),
    (
        "wrong-inbox",
        "the embedded inbox takes the mail of every address",
    ),
    (
        "search-too-narrow",
        "the checker looks by position and recipient alone, so that it leaves nothing out",
    ),
    (
        "imap-staleness",
        "the embedded inbox is not read over IMAP; the reader's tests have stale connections",
    ),
    (
        "log-lag-misread",
        "the emulator's logs are read at once, and a delay of them cannot be told from silence",
    ),
    (
        "emulator-divergence",
        "it stands beside every verdict on the embedded target, merely possible",
    ),
    (
        "ses-wrong-region",
        "the emulator has one SES for all regions",
    ),
    (
        "ses-auto-validation",
        "AWS does not say what becomes of a mail that Auto Validation stops, so that the emulator \
         refuses the setting",
    ),
    (
        "ses-rendering-failure",
        "no function of a scenario mails through SES, and Cognito uses no templates",
    ),
    (
        "link-consumed-by-scanner",
        "the emulator's trail has no events of opened links",
    ),
    (
        "filter-moved-or-deleted",
        "nobody but the checker reads the embedded mailbox; the tests of the IMAP reader take mails away",
    ),
];

/// The scenarios that demand each cause, by its name.
pub(crate) fn scenarios() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut scenario = "";
    for line in FEATURE.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("Scenario: ") {
            scenario = name;
        }
        if !line.contains("the diagnosis ") {
            continue;
        }
        let words = line.split([' ', ',']);
        for cause in words.filter_map(diagnosis::by_id) {
            all.entry(cause.id).or_default().push(scenario);
        }
    }
    all
}

/// The table for the document.
pub(crate) fn table() -> String {
    let scenarios = scenarios();
    let mut text = "\n## How each is brought about\n\nBy a scenario of \
                    `features/no_second_mail.feature`, on the embedded target.\n\n\
                    | cause | scenario |\n| --- | --- |\n"
        .to_owned();
    for cause in diagnosis::all() {
        let not = NOT_PRODUCED.iter().find(|(id, _)| *id == cause.id);
        let by = match (scenarios.get(cause.id), not) {
            (Some(names), _) => names.join("; "),
            (None, Some((_, why))) => format!("none: {why}"),
            (None, None) => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {} | {by} |", cause.id);
    }
    text
}

#[test]
fn each_cause_has_a_scenario_or_a_reason() {
    let scenarios = scenarios();
    for (id, _) in NOT_PRODUCED {
        assert!(!scenarios.contains_key(id), "{id} is produced");
        assert!(diagnosis::by_id(id).is_some(), "{id} is no cause");
    }
    for cause in diagnosis::all() {
        let excused = NOT_PRODUCED.iter().any(|(id, _)| *id == cause.id);
        assert!(
            excused || scenarios.contains_key(cause.id),
            "{} has neither a scenario nor a reason",
            cause.id
        );
    }
}
