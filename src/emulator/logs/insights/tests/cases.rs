//! Queries and their rows.

use super::super::{Progress, Stopped};
use super::world::{outcome, rows};

const EVENTS: [&str; 5] = [
    r#"{"eventName":"SignUp","n":5,"ok":true,"a":{"b":[{"c":"x"}]},"detail-type":"Sent"}"#,
    r#"{"eventName":"AdminDeleteUser","n":"12","ok":false,"errorCode":""}"#,
    r#"{"eventName":"SignUp","n":3.25,"errorCode":"NotAuthorizedException"}"#,
    "user=ada, ip=10.0.0.1 GET /index.html",
    r#"{"eventName":"ConfirmSignUp","n":null,"big":9007199254740993}"#,
];

/// One query, its rows as `name=value` with `|` between, newest first where nothing else is asked.
fn holds(query: &str, expected: &[&str]) {
    let rows = rows("trail", &EVENTS, query);
    let rows: Vec<String> = rows.into_iter().map(|row| row.join("|")).collect();
    assert_eq!(rows, expected, "{query}");
}

#[test]
fn fields_and_display_choose_columns() {
    holds(
        "fields @timestamp, eventName | limit 1",
        &["@timestamp=2026-11-21 09:00:04.000|eventName=ConfirmSignUp"],
    );
    holds(
        "fields eventName as e, n * 2 as twice, n | filter e = 'SignUp' | display e, twice",
        &["e=SignUp|twice=6.5", "e=SignUp|twice=10"],
    );
    holds(
        "fields a.b.0.c as c, `detail-type` | filter ispresent(c)",
        &["c=x|detail-type=Sent"],
    );
    holds(
        "fields big, ok | filter big = 9007199254740993 or ok = true",
        &["big=9007199254740993", "ok=1"],
    );
    holds(
        "filter @message like 'user='",
        &["@timestamp=2026-11-21 09:00:03.000|@message=user=ada, ip=10.0.0.1 GET /index.html"],
    );
    holds(
        "fields @logStream, @log, @ingestionTime - @timestamp as lag | limit 1",
        &["@logStream=stream|@log=123456789012:trail|lag=250"],
    );
    holds(
        "fields abs(-3), 2 + 3 * 2 ^ 2 % 5 as x, -(1 - 2) | limit 1",
        &["abs(-3)=3|x=4|-(1 - 2)=1"],
    );
    holds("fields unknown, @unknown | limit 1", &[""]);
    holds(
        "fields eventName # | limit 5\n| limit 1",
        &["eventName=ConfirmSignUp"],
    );
}

#[test]
fn filters() {
    let names = |query: &str, expected: &[&str]| {
        let query = format!("fields n | {query} | sort @timestamp asc");
        let expected: Vec<String> = expected.iter().map(|n| format!("n={n}")).collect();
        holds(
            &query,
            &expected.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    };
    names("filter n > 4", &["5", "12"]);
    names("filter n >= 3.25 and n <= 5", &["5", "3.25"]);
    names("filter eventName in ['SignUp', \"x\"]", &["5", "3.25"]);
    names(
        "filter eventName not in ['SignUp'] and ispresent(n)",
        &["12"],
    );
    names("filter eventName like /^Sign/", &["5", "3.25"]);
    names("filter eventName =~ 'Sign' and n < 4", &["3.25"]);
    names("filter not (eventName like 'Sign') and n = 12", &["12"]);
    names("filter eventName not like /(?i)SIGNUP/ and n = 12", &["12"]);
    names("filter ok = 1", &["5"]);
    names("filter ok = false", &["12"]);
    names("filter n = '5' or n in [12]", &["5", "12"]);
    names("filter n > 4 | filter n < 6", &["5"]);
    names("FILTER n > 4 AND NOT n = 5", &["12"]);
    names("filter errorCode != '' and ispresent(errorCode)", &["3.25"]);
    names("filter isempty(errorCode) and ispresent(n)", &["5", "12"]);
    names(
        "filter isIpInSubnet('10.1.1.1', '10.0.0.0/8') and n = 5",
        &["5"],
    );
}

#[test]
fn parse_takes_texts_apart() {
    holds(
        "parse @message 'user=*, ip=* *' as user, ip, rest | filter user = 'ada' | display user, ip, rest",
        &["user=ada|ip=10.0.0.1|rest=GET /index.html"],
    );
    holds(
        r"parse @message /user=(?<who>\w+), ip=(?<where>[\d.]+)/ | filter who = 'ada' | display who, where",
        &["who=ada|where=10.0.0.1"],
    );
    holds(
        r"parse /ip=([\d.]+)\s(GET|POST)/ as ip, verb | filter ispresent(verb) | display verb, ip",
        &["verb=GET|ip=10.0.0.1"],
    );
    holds(
        "fields concat(eventName, '-', n) as both | parse both '*-5' as name | filter ispresent(name) | display name",
        &["name=SignUp"],
    );
    holds(
        "parse 'user=*,' as user | filter ispresent(user)",
        &[
            "@timestamp=2026-11-21 09:00:03.000|@message=user=ada, ip=10.0.0.1 GET /index.html|user=ada",
        ],
    );
}

#[test]
fn sort_dedup_and_limit() {
    holds(
        "fields n | filter ispresent(n) | sort n",
        &["n=3.25", "n=5", "n=12"],
    );
    holds("fields n | sort n desc | limit 2", &["n=12", "n=5"]);
    holds(
        "fields eventName, n | filter ispresent(n) | sort eventName desc, n asc",
        &[
            "eventName=SignUp|n=3.25",
            "eventName=SignUp|n=5",
            "eventName=AdminDeleteUser|n=12",
        ],
    );
    holds(
        "fields eventName | sort @timestamp asc | dedup eventName | limit 3",
        &["eventName=SignUp", "eventName=AdminDeleteUser", ""],
    );
    holds("fields n | sort n desc | filter n < 12 | limit 1", &["n=5"]);
    holds(
        "fields eventName | dedup errorCode | limit 9",
        &[
            "eventName=ConfirmSignUp",
            "",
            "eventName=SignUp",
            "eventName=AdminDeleteUser",
            "eventName=SignUp",
        ],
    );
}

#[test]
fn stats_group_and_count() {
    holds("stats count(*)", &["count(*)=5"]);
    holds(
        "stats count(*) as c, sum(n), max(n) - min(n) as spread by eventName | sort c desc, eventName asc",
        &[
            "eventName=SignUp|c=2|sum(n)=8.25|spread=1.75",
            "c=1",
            "eventName=AdminDeleteUser|c=1|sum(n)=12|spread=0",
            "eventName=ConfirmSignUp|c=1",
        ],
    );
    holds(
        "stats count() by bin(2s) | sort bin(2s) asc | limit 1",
        &["bin(2s)=2026-11-21 09:00:00.000|count()=2"],
    );
    holds(
        "stats count(*) as c by bin(2s) as t | sort t asc | limit 2",
        &[
            "t=2026-11-21 09:00:00.000|c=2",
            "t=2026-11-21 09:00:02.000|c=2",
        ],
    );
    holds("filter n > 100 | stats count(*)", &[]);
    holds(
        "stats count_distinct(eventName), pct(n, 50), earliest(n), latest(n), avg(n), stddev(n)",
        &[
            "count_distinct(eventName)=3|pct(n, 50)=5|earliest(n)=5|latest(n)=3.25|avg(n)=6.75|stddev(n)=3.7804",
        ],
    );
    holds(
        "stats count(*) as c by eventName | stats sum(c) as all, count(*) as groups",
        &["all=5|groups=4"],
    );
    holds(
        "stats max(@timestamp) as t | fields fromMillis(t) as shown",
        &["t=1795251604000|shown=2026-11-21 09:00:04.000"],
    );
}

#[test]
fn lines_of_functions() {
    let id = "8f507cfc-5f1a-4a2a-9d5d-0123456789ab";
    let lines = [
        format!("START RequestId: {id} Version: $LATEST\n"),
        format!(
            "2026-11-21T09:00:01.000Z\t{id}\tERROR\tInvoke Error {{\"errorType\":\"Error\",\"n\":{{\"m\":1}}}} {{\"x\":2}}\n"
        ),
        format!(
            "REPORT RequestId: {id}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 47 MB\t\n"
        ),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let one = |group: &str, query: &str| rows(group, &lines, query)[0].join("|");
    assert_eq!(
        one(
            "/aws/lambda/f",
            "filter @type = 'REPORT' | stats max(@memorySize / 1000 / 1000) as mb, max(@duration), sum(@billedDuration) by @requestId"
        ),
        format!("@requestId={id}|mb=128|max(@duration)=3000|sum(@billedDuration)=3000")
    );
    let fragment = "fields errorType, n.m, x | filter ispresent(errorType)";
    assert_eq!(one("/aws/lambda/f", fragment), "errorType=Error|n.m=1");
    assert!(
        rows("other", &lines, fragment).is_empty(),
        "no JSON in the middle of other lines"
    );
}

#[test]
fn stops_when_told_to_and_before_it_needs_too_much() {
    let stopped = Progress::default();
    stopped.stop();
    assert_eq!(
        outcome(&EVENTS, "stats count(*)", &stopped),
        Err(Stopped::OnRequest)
    );

    let large = "x".repeat(900_000);
    let lines = vec![large.as_str(); 19];
    let outcome = |query: &str| outcome(&lines, query, &Progress::default());
    assert_eq!(outcome("fields @message"), Err(Stopped::TooLarge));
    assert_eq!(outcome("fields strlen(@message)"), Ok(19));
    assert_eq!(
        outcome(
            "fields concat(@message, @timestamp, @message, @message, @message, @message, @message, @message, @message, @message) as x | sort x"
        ),
        Err(Stopped::TooLarge)
    );
}

#[test]
fn statistics_count_what_was_read() {
    let progress = Progress::default();
    outcome(&EVENTS, "filter n > 4 | limit 1", &progress).unwrap();
    let seen = progress.statistics();
    let bytes: usize = EVENTS.iter().map(|line| line.len()).sum();
    assert_eq!(
        (seen.matched, seen.scanned, seen.bytes),
        (2, 5, bytes as u64)
    );
}
