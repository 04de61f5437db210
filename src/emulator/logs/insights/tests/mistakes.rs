//! Queries that cannot be read, and where they say so.

use super::super::Plan;
use super::world::rows;

fn mistake(query: &str) -> (String, std::ops::Range<usize>, bool) {
    let error = Plan::compile(query, 1_000).unwrap_err();
    (error.message, error.location, error.is_missing_here)
}

/// A query, the words about it, and the characters that are meant.
type Mistake = (&'static str, &'static str, std::ops::Range<usize>);

const MISTAKES: &[Mistake] = &[
    (
        "",
        "unexpected symbol found <EOF> at line 1 and position 0",
        0..0,
    ),
    (
        "fields a |",
        "unexpected symbol found <EOF> at line 1 and position 10",
        10..10,
    ),
    (
        "fields @timestamp | count()",
        "mismatched input 'count' expecting {K_PARSE,",
        20..25,
    ),
    ("fields a,", "unexpected symbol found <EOF>", 9..9),
    (
        "fields a b",
        "unexpected symbol found b at line 1 and position 9",
        9..10,
    ),
    ("filter a = ", "unexpected symbol found <EOF>", 11..11),
    ("filter (a = 1", "unexpected symbol found <EOF>", 13..13),
    ("filter a like b", "unexpected symbol found b", 14..15),
    ("filter a like /(/", "invalid regular expression:", 14..17),
    (
        "filter a like /a{1000}{1000}{1000}/",
        "invalid regular expression:",
        14..35,
    ),
    ("filter a like /x", "unexpected symbol found /x", 14..16),
    ("filter a not b", "unexpected symbol found b", 13..14),
    (
        "filter count(*) > 1",
        "unexpected symbol found count",
        7..12,
    ),
    ("fields nosuch(a)", "unexpected symbol found nosuch", 7..13),
    (
        "fields strlen(a, b)",
        "invalid number of arguments (2) for strlen",
        7..13,
    ),
    (
        "stats sum(count(a))",
        "unexpected symbol found count",
        10..15,
    ),
    ("stats pct(a, 101)", "unexpected symbol found 101", 13..16),
    (
        "stats count(*) by bin(x)",
        "unexpected symbol found x",
        22..23,
    ),
    (
        "limit 10001",
        "limit must be a whole number from 1 to 10000",
        6..11,
    ),
    ("limit 0", "limit must be a whole number", 6..7),
    ("limit 1.5", "limit must be a whole number", 6..9),
    (
        "parse @message 'a*b*' as x",
        "the pattern has 2 fields and there are 1 names for them",
        15..21,
    ),
    ("parse @message /x/", "the pattern has 0 fields", 15..18),
    (
        "fields a as x | fields b as x",
        "Ephemeral field is already defined: x",
        23..24,
    ),
    (
        "stats count(*) as c | sort d",
        "Unknown symbols found in or after stats: d",
        27..28,
    ),
    (
        "fields ü\n| filter ;",
        "unexpected symbol found ; at line 2 and position 9",
        18..19,
    ),
];

#[test]
fn syntax_errors_have_a_position() {
    for (query, message, location) in MISTAKES.iter().cloned() {
        let (seen, place, is_missing_here) = mistake(query);
        assert!(seen.starts_with(message), "{query}: {seen}");
        assert_eq!(
            (place, is_missing_here),
            (location, false),
            "{query}: {seen}"
        );
    }
}

#[test]
fn commands_that_are_missing_here_say_so() {
    for command in [
        "pattern @message",
        "diff",
        "anomaly",
        "unnest a into b",
        "SOURCE logGroups()",
    ] {
        let (message, _, is_missing_here) = mistake(&format!("fields a | {command}"));
        assert!(
            is_missing_here && message.starts_with("Logs Insights' `"),
            "{message}"
        );
    }
}

#[test]
fn hostile_queries_cannot_exhaust_the_stack() {
    let deep = format!("filter {}a{}", "(".repeat(4_000), ")".repeat(4_000));
    let signs = format!("fields {}1 as x", "-".repeat(9_000));
    let nots = format!("filter {} a", "not ".repeat(2_000));
    let long = format!("fields 1{} as x", "+1".repeat(4_000));
    let powers = format!("fields 1{} as x", "^1".repeat(4_000));
    for query in [deep, signs, nots, long, powers] {
        let (message, ..) = mistake(&query);
        assert!(
            message.contains("levels deep") || message.contains("operators"),
            "{message}"
        );
    }
    // What is just within the bounds runs.
    let chain = format!("filter a{}", " or a".repeat(1_900));
    let sum = format!(
        "fields {}1{}{} as x",
        "(".repeat(60),
        ")".repeat(60),
        "+1".repeat(128)
    );
    for query in [chain, sum] {
        rows("g", &["x"], &query);
    }
}
