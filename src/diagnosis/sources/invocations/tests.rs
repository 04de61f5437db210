//! Logs of functions, line by line.

use super::*;

const A: &str = "aaaaaaaa-0000-4000-8000-000000000000";
const B: &str = "bbbbbbbb-0000-4000-8000-000000000000";

fn at(milliseconds: i64) -> Timestamp {
    let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    noon + jiff::SignedDuration::from_millis(milliseconds)
}

/// Lines as `milliseconds stream text`, with `A` and `B` for the ids.
fn read(log: &[(i64, &str, &str)]) -> Vec<Invocation> {
    let lines: Vec<Line> = log
        .iter()
        .map(|(milliseconds, stream, text)| Line {
            at: at(*milliseconds),
            stream: (*stream).to_owned(),
            message: text.replace("<A>", A).replace("<B>", B),
        })
        .collect();
    invocations(&lines, at(0), &Person::default())
}

#[test]
fn two_environments_at_once_are_kept_apart() {
    let read = read(&[
        (1, "one", "INIT_START Runtime Version: python:3.13"),
        (1, "one", "START RequestId: <A> Version: $LATEST\n"),
        (2, "two", "START RequestId: <B> Version: $LATEST\n"),
        (3, "one", "[ERROR] ValueError: no\n"),
        (3, "two", "an Exception that was caught\n"),
        (4, "two", "END RequestId: <B>\n"),
        (5, "one", "END RequestId: <A>\n"),
        (5, "one", "REPORT RequestId: <A>\tDuration: 4 ms\t\n"),
    ]);
    let expected = [
        Invocation {
            at: at(1),
            request_id: A.to_owned(),
            end: InvocationEnd::Error {
                line: "[ERROR] ValueError: no".to_owned(),
            },
            lines: vec!["[ERROR] ValueError: no".to_owned()],
        },
        Invocation {
            at: at(2),
            request_id: B.to_owned(),
            end: InvocationEnd::Clean,
            lines: vec!["an Exception that was caught".to_owned()],
        },
    ];
    assert_eq!(read, expected);
}

#[test]
fn lines_of_one_millisecond_may_come_in_any_order() {
    let read = read(&[
        (7, "s", "REPORT RequestId: <A>\tDuration: 0 ms\t"),
        (7, "s", "an Error"),
        (7, "s", "END RequestId: <A>"),
        (7, "s", "START RequestId: <A> Version: 1"),
    ]);
    assert_eq!(read.len(), 1);
    assert_eq!(
        (&read[0].end, &*read[0].lines),
        (&InvocationEnd::Clean, &["an Error".to_owned()][..])
    );
}

#[test]
fn the_worst_that_was_said_stays() {
    let timeout = "2026-03-01T12:00:05Z <A> Task timed out after 5.00 seconds";
    for (lines, expected) in [
        (vec!["START RequestId: <A>"], "unfinished"),
        (vec!["START RequestId: <A>", "END RequestId: <A>"], "clean"),
        (
            vec!["[ERROR] E: x", "START RequestId: <A>", "END RequestId: <A>"],
            "error",
        ),
        (
            vec![
                timeout,
                "END RequestId: <A>",
                "REPORT RequestId: <A>\tStatus: error",
            ],
            "timed out",
        ),
        (vec!["END RequestId: <A>", timeout], "timed out"),
    ] {
        let log: Vec<_> = lines.iter().map(|line| (9, "s", *line)).collect();
        let read = read(&log);
        let end = match read[0].end {
            InvocationEnd::Clean => "clean",
            InvocationEnd::Error { .. } => "error",
            InvocationEnd::TimedOut { .. } => "timed out",
            InvocationEnd::Unfinished => "unfinished",
        };
        assert_eq!(end, expected, "{lines:?}");
    }
}

#[test]
fn of_two_lines_that_say_the_same_the_one_with_the_reason_stays() {
    let report = "REPORT RequestId: <A>\tDuration: 2 ms\tStatus: error\tError Type: X";
    let reason = "RequestId: <A> Error: Runtime exited with error: exit status 3";
    let init = "INIT_REPORT Init Duration: 2 ms\tPhase: init\tStatus: error";
    for lines in [[report, reason, init], [init, reason, report]] {
        let log: Vec<_> = lines.iter().map(|line| (9, "s", *line)).collect();
        let read = read(&log);
        let said = reason.replace("<A>", A);
        assert_eq!(read[0].end, InvocationEnd::Error { line: said.clone() });
        assert_eq!(read[0].lines, [said]);
    }
}

#[test]
fn json_logs_are_read_too() {
    let read = read(&[
        (
            1,
            "s",
            r#"{"time":"t","type":"platform.start","record":{"requestId":"<A>"}}"#,
        ),
        (
            2,
            "s",
            r#"{"level":"ERROR","requestId":"<A>","message":"Error in 123456"}"#,
        ),
        (
            3,
            "s",
            r#"{"time":"t","type":"platform.report","record":{"requestId":"<A>","status":"error"}}"#,
        ),
    ]);
    assert!(
        matches!(read[0].end, InvocationEnd::Error { .. }),
        "{read:?}"
    );
    assert_eq!(
        read[0].lines,
        [format!(
            r#"{{"level":"ERROR","requestId":"{A}","message":"Error in ******"}}"#
        )]
    );
}

#[test]
fn what_began_before_or_belongs_to_nobody_is_left_out() {
    assert_eq!(
        read(&[
            (-1, "s", "START RequestId: <A>"),
            (5, "s", "END RequestId: <A>")
        ]),
        []
    );
    assert_eq!(
        read(&[
            (1, "s", "[ERROR] x"),
            (2, "s", "{\"requestId\":"),
            (3, "s", "")
        ]),
        []
    );
}
