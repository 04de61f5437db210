//! The direction of knowledge, as a table.

/// Which module may import which: the direction of knowledge.
pub(crate) const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("cli", &ALL),
    (
        "embedded",
        &[
            "cognito",
            "control",
            "diagnosis",
            "emulator",
            "inbox",
            "mail",
            "model",
            "record",
            "steps",
        ],
    ),
    (
        "targets",
        &[
            "cognito",
            "config",
            "diagnosis",
            "embedded",
            "inbox",
            "model",
            "steps",
        ],
    ),
    (
        "suite",
        &[
            "cognito",
            "diagnosis",
            "inbox",
            "mail",
            "model",
            "record",
            "steps",
        ],
    ),
    (
        "steps",
        &[
            "cognito",
            "control",
            "diagnosis",
            "inbox",
            "mail",
            "model",
            "record",
        ],
    ),
    ("cognito", &["mail", "model", "record"]),
    ("inbox", &["mail", "model", "record"]),
    ("diagnosis", &["mail", "model", "record"]),
    ("mail", &["model"]),
    ("mirror", &["model"]),
    ("record", &["model"]),
    ("report", &["model", "record", "shown"]),
    ("history", &["model", "record", "shown"]),
    ("shown", &[]),
    // It is the wire's language: whoever speaks it still meets the emulator on the wire alone.
    ("control", &["model"]),
    ("emulator", &["control", "model"]),
    ("config", &["model"]),
    ("model", &[]),
];

/// Every module; the command line may import them all.
pub(crate) const ALL: [&str; 18] = [
    "cli",
    "cognito",
    "config",
    "control",
    "diagnosis",
    "embedded",
    "emulator",
    "history",
    "inbox",
    "mail",
    "mirror",
    "model",
    "record",
    "report",
    "shown",
    "steps",
    "suite",
    "targets",
];
