//! What one line of a function's log says about its invocation.

use serde::Deserialize;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The invocation ended.
    Ended,
    /// It failed.
    Failed,
    /// It was stopped at its limit.
    TimedOut,
    /// Nothing of that kind.
    Nothing,
}

/// A line of Lambda's JSON format, by the platform or by the function.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonLine<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a str>,
    #[serde(borrow)]
    record: Option<PlatformRecord<'a>>,
    #[serde(borrow)]
    request_id: Option<&'a str>,
    /// Python's name for the same.
    #[serde(borrow, rename = "AWSRequestId")]
    aws_request_id: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlatformRecord<'a> {
    #[serde(borrow)]
    request_id: Option<&'a str>,
    #[serde(borrow)]
    status: Option<&'a str>,
}

/// How many bytes a request id has, which is a UUID.
const ID_BYTES: usize = 36;

/// The request id that a line carries: after `RequestId: `, as a column of its own, or in JSON.
pub(super) fn request_id(line: &str) -> Option<&str> {
    if line.starts_with('{') {
        let line: JsonLine<'_> = serde_json::from_str(line).ok()?;
        let of_platform = line.record.and_then(|record| record.request_id);
        return of_platform.or(line.request_id).or(line.aws_request_id);
    }
    if let Some((_, rest)) = line.split_once("RequestId: ") {
        return rest.get(..ID_BYTES).filter(|id| is_id(id));
    }
    let columns = line.split(['\t', ' ']).take(COLUMNS_MAX);
    columns.into_iter().find(|column| is_id(column))
}

/// Columns before the text in which runtimes write the id: time and id, or level, time and id.
const COLUMNS_MAX: usize = 3;

fn is_id(text: &str) -> bool {
    let is_part = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == ID_BYTES && text.bytes().enumerate().all(is_part)
}

/// What a line says about its invocation.
///
/// An error that a function logs and goes on from is no failure: only what the runtime or the
/// platform writes counts.
pub(super) fn mark(line: &str) -> Mark {
    if line.starts_with('{') {
        return serde_json::from_str(line).map_or(Mark::Nothing, |line| mark_of_json(&line));
    }
    if line.contains(" Task timed out after ") || line.contains("\tStatus: timeout") {
        Mark::TimedOut
    } else if line.contains("\tStatus: error") || is_uncaught(line) {
        Mark::Failed
    } else if line.starts_with("REPORT RequestId: ") || line.starts_with("END RequestId: ") {
        Mark::Ended
    } else {
        Mark::Nothing
    }
}

fn mark_of_json(line: &JsonLine<'_>) -> Mark {
    let status = line.record.as_ref().and_then(|record| record.status);
    match (line.kind, status) {
        (Some("platform.runtimeDone" | "platform.report"), Some("timeout")) => Mark::TimedOut,
        (Some("platform.runtimeDone" | "platform.report"), Some("error" | "failure")) => {
            Mark::Failed
        }
        (Some("platform.runtimeDone" | "platform.report"), _) => Mark::Ended,
        _ => Mark::Nothing,
    }
}

/// Whether a runtime says that the function's error was not caught: Node.js in a column, Python with
/// a space where its logger has a tab, and the platform of a process that ended.
fn is_uncaught(line: &str) -> bool {
    const NODE: [&str; 3] = [
        "\tERROR\tInvoke Error",
        "\tERROR\tUncaught Exception",
        "\tERROR\tUnhandled Promise Rejection",
    ];
    const PLATFORM: [&str; 3] = [
        "Error: Runtime exited",
        "Runtime.ExitError",
        "Process exited before completing request",
    ];
    line.starts_with("[ERROR] ")
        || NODE.iter().any(|words| line.contains(words))
        || PLATFORM.iter().any(|words| line.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "8f507cfc-5f1a-4a2a-9d5d-0123456789ab";

    #[test]
    fn lines_are_told_apart() {
        let cases = [
            ("START RequestId: ID Version: $LATEST", Mark::Nothing),
            ("END RequestId: ID", Mark::Ended),
            ("REPORT RequestId: ID\tDuration: 1 ms\t", Mark::Ended),
            (
                "REPORT RequestId: ID\tDuration: 1 ms\tStatus: timeout\t",
                Mark::TimedOut,
            ),
            (
                "REPORT RequestId: ID\tDuration: 1 ms\tStatus: error\tError Type: X\t",
                Mark::Failed,
            ),
            (
                "2026-03-01T12:00:00.000Z ID Task timed out after 5.00 seconds",
                Mark::TimedOut,
            ),
            (
                "2026-03-01T12:00:00.000Z\tID\tERROR\tInvoke Error \t{}",
                Mark::Failed,
            ),
            (
                "2026-03-01T12:00:00.000Z\tID\tERROR\ttrying again",
                Mark::Nothing,
            ),
            (
                "[ERROR]\t2026-03-01T12:00:00.000Z\tID\ttrying again",
                Mark::Nothing,
            ),
            (
                "RequestId: ID Error: Runtime exited with error: exit status 1",
                Mark::Failed,
            ),
            (
                r#"{"type":"platform.start","record":{"requestId":"ID"}}"#,
                Mark::Nothing,
            ),
            (
                r#"{"type":"platform.runtimeDone","record":{"requestId":"ID","status":"error"}}"#,
                Mark::Failed,
            ),
            (
                r#"{"type":"platform.report","record":{"requestId":"ID","status":"timeout","metrics":{"durationMs":9.5}}}"#,
                Mark::TimedOut,
            ),
            (
                r#"{"type":"platform.report","record":{"requestId":"ID","status":"success"}}"#,
                Mark::Ended,
            ),
            (
                r#"{"timestamp":"t","level":"ERROR","requestId":"ID","message":"trying again"}"#,
                Mark::Nothing,
            ),
            (
                r#"{"level":"ERROR","AWSRequestId":"ID","message":"a \"quoted\" text"}"#,
                Mark::Nothing,
            ),
        ];
        for (line, expected) in cases {
            let line = line.replace("ID", ID);
            assert_eq!(
                (mark(&line), request_id(&line)),
                (expected, Some(ID)),
                "{line}"
            );
        }
    }

    #[test]
    fn a_line_without_an_id_is_nobodys() {
        for line in [
            "",
            "[ERROR] ValueError: no",
            "{\"requestId\":",
            "{\"requestId\":null}",
            "START RequestId: short",
            "INIT_START Runtime Version: nodejs:22",
            "a b c 8f507cfc-5f1a-4a2a-9d5d-0123456789ab",
        ] {
            assert_eq!(request_id(line), None, "{line}");
        }
    }
}
