//! The lines that Lambda itself writes into a function's log, in the text format.
//!
//! Formats: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html>, and
//! CAUSES.md, evidence sources, 3.

use std::time::Duration;

use jiff::Timestamp;

use super::outcome::RequestId;

/// How an invocation or an initialisation ended, where the log says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// It did what it should, or failed in the function's own code.
    Ok,
    /// Its time was over.
    Timeout,
    /// The runtime failed, by this type of error.
    Error(String),
}

impl Status {
    fn suffix(&self) -> String {
        match self {
            Self::Ok => String::new(),
            Self::Timeout => "\tStatus: timeout".to_owned(),
            Self::Error(error_type) => format!("\tStatus: error\tError Type: {error_type}"),
        }
    }
}

/// The figures of a `REPORT` line.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub(super) duration: Duration,
    /// Only for the first invocation of an environment.
    pub(super) init: Option<Duration>,
    pub(super) memory_mb: u32,
    /// Left out of the line where it cannot be measured.
    pub(super) memory_used_mb: Option<u64>,
    pub(super) status: Status,
}

/// The line with which an environment begins. Functions run as on the OS-only runtime `provided.al2023`;
/// version and hash are zero, because no runtime of AWS's is here.
pub(super) fn init_start(region: &str) -> String {
    format!(
        "INIT_START Runtime Version: provided:al2023.v0\tRuntime Version ARN: \
         arn:aws:lambda:{region}::runtime:{:064}",
        0
    )
}

pub(super) fn start(id: RequestId) -> String {
    format!("START RequestId: {id} Version: $LATEST")
}

pub(super) fn end(id: RequestId) -> String {
    format!("END RequestId: {id}")
}

/// The `REPORT` line. The initialisation is billed like the rest, in full milliseconds, as by AWS
/// since August 2025.
pub(super) fn report(id: RequestId, report: &Report) -> String {
    let billed = report.duration + report.init.unwrap_or_default();
    let billed_ms = billed.as_micros().div_ceil(1000);
    let used = report
        .memory_used_mb
        .map(|used| format!("\tMax Memory Used: {used} MB"));
    let init = report
        .init
        .map(|init| format!("\tInit Duration: {:.2} ms", milliseconds(init)));
    format!(
        "REPORT RequestId: {id}\tDuration: {:.2} ms\tBilled Duration: {billed_ms} ms\tMemory Size: {} MB{}{}{}\t",
        milliseconds(report.duration),
        report.memory_mb,
        used.unwrap_or_default(),
        init.unwrap_or_default(),
        report.status.suffix(),
    )
}

/// The line of an initialisation that failed.
pub(super) fn init_report(init: Duration, status: &Status) -> String {
    format!(
        "INIT_REPORT Init Duration: {:.2} ms\tPhase: init{}",
        milliseconds(init),
        status.suffix()
    )
}

/// The line of a function that was killed at its time limit.
pub(super) fn timed_out(now: Timestamp, id: RequestId, after: Duration) -> String {
    // The event ends with an empty line on AWS.
    format!(
        "{now:.3} {id} Task timed out after {:.2} seconds\n",
        after.as_secs_f64()
    )
}

/// The line of a process that ended without an answer, from the error that Invoke answers with.
pub(super) fn runtime_error(error_message: &str, error_type: &str) -> String {
    format!("{error_message}\n{error_type}")
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> RequestId {
        RequestId::parse("8f507cfc-5f1a-4a2a-9d5d-0123456789ab").unwrap()
    }

    #[test]
    fn every_line_of_the_platform() {
        let warm = Report {
            duration: Duration::from_micros(1_234),
            init: None,
            memory_mb: 128,
            memory_used_mb: Some(31),
            status: Status::Ok,
        };
        let cold = Report {
            init: Some(Duration::from_micros(98_765)),
            status: Status::Timeout,
            memory_used_mb: None,
            ..warm.clone()
        };
        let now: Timestamp = "2026-11-21T09:00:00.5Z".parse().unwrap();
        let exit = Status::Error("Runtime.ExitError".to_owned());
        let lines = [
            start(id()),
            end(id()),
            report(id(), &warm),
            report(id(), &cold),
            init_report(Duration::from_secs(10), &exit),
            timed_out(now, id(), Duration::from_secs(5)),
        ];
        let expected = [
            "START RequestId: <id> Version: $LATEST",
            "END RequestId: <id>",
            "REPORT RequestId: <id>\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 31 MB\t",
            "REPORT RequestId: <id>\tDuration: 1.23 ms\tBilled Duration: 100 ms\tMemory Size: 128 MB\tInit Duration: 98.77 ms\tStatus: timeout\t",
            "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError",
            "2026-11-21T09:00:00.500Z <id> Task timed out after 5.00 seconds\n",
        ];
        for (line, expected) in lines.iter().zip(expected) {
            assert_eq!(line.replace(&id().to_string(), "<id>"), expected);
        }
    }
}
