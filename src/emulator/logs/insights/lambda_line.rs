//! What Logs Insights discovers in the lines of Lambda functions:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html>.

use super::value::Value;

/// Insights counts memory in bytes, and a megabyte of Lambda as a million (AWS's sample queries divide
/// by 1000 twice).
const BYTES_OF_MEGABYTE: f64 = 1_000_000.0;
const UUID_CHARS: usize = 36;

/// A field of such a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LambdaField {
    BilledDuration,
    Duration,
    InitDuration,
    MaxMemoryUsed,
    MemorySize,
    RequestId,
    Type,
}

impl LambdaField {
    /// The field of this name, with its `@`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "@billedDuration" => Self::BilledDuration,
            "@duration" => Self::Duration,
            "@initDuration" => Self::InitDuration,
            "@maxMemoryUsed" => Self::MaxMemoryUsed,
            "@memorySize" => Self::MemorySize,
            "@requestId" => Self::RequestId,
            "@type" => Self::Type,
            _ => return None,
        })
    }

    /// Its value in a line, if the line has it.
    pub(super) fn of(self, line: &str) -> Option<Value<'_>> {
        match self {
            Self::Type => kind(line).map(Value::text),
            Self::RequestId => request_id(line).map(Value::text),
            _ => {
                let (label, unit) = self.label();
                let report = line.strip_prefix("REPORT ")?;
                let value = report
                    .split('\t')
                    .find_map(|part| part.strip_prefix(label)?.split(' ').next())?;
                Value::number(value.parse::<f64>().ok()? * unit)
            }
        }
    }

    /// What stands before it in a `REPORT` line, and how much its unit is.
    fn label(self) -> (&'static str, f64) {
        match self {
            Self::BilledDuration => ("Billed Duration: ", 1.0),
            Self::InitDuration => ("Init Duration: ", 1.0),
            Self::MaxMemoryUsed => ("Max Memory Used: ", BYTES_OF_MEGABYTE),
            Self::MemorySize => ("Memory Size: ", BYTES_OF_MEGABYTE),
            Self::Duration | Self::RequestId | Self::Type => ("Duration: ", 1.0),
        }
    }
}

/// `START`, `END` or `REPORT`.
fn kind(line: &str) -> Option<&'static str> {
    ["START", "END", "REPORT"].into_iter().find(|kind| {
        line.strip_prefix(kind)
            .is_some_and(|rest| rest.starts_with(" RequestId: "))
    })
}

/// The invocation: after `RequestId: `, or as the second word of what a runtime logs
/// (`TIME<tab>ID<tab>LEVEL<tab>TEXT`, `TIME ID Task timed out`), or in the third of Python's
/// (`[LEVEL]<tab>TIME<tab>ID<tab>TEXT`).
fn request_id(line: &str) -> Option<&str> {
    if let Some((_, rest)) = line.split_once("RequestId: ") {
        return uuid(rest);
    }
    let words = line.split(['\t', ' ']).take(3);
    words.filter(|word| word.len() == UUID_CHARS).find_map(uuid)
}

/// The UUID with which a text begins.
fn uuid(text: &str) -> Option<&str> {
    let id = text.get(..UUID_CHARS)?;
    uuid::Uuid::try_parse(id).is_ok().then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "8f507cfc-5f1a-4a2a-9d5d-0123456789ab";

    #[test]
    fn reads_what_the_platform_writes() {
        let report = format!(
            "REPORT RequestId: {ID}\tDuration: 1.23 ms\tBilled Duration: 100 ms\tMemory Size: 128 MB\tMax Memory Used: 31 MB\tInit Duration: 98.77 ms\t\n"
        );
        let start = format!("START RequestId: {ID} Version: $LATEST\n");
        let cases = [
            ("@type", &*report, Some("REPORT")),
            ("@requestId", &report, Some(ID)),
            ("@duration", &report, Some("1.23")),
            ("@billedDuration", &report, Some("100")),
            ("@memorySize", &report, Some("128000000")),
            ("@maxMemoryUsed", &report, Some("31000000")),
            ("@initDuration", &report, Some("98.77")),
            ("@type", &start, Some("START")),
            ("@duration", &start, None),
            ("@type", "STARTED RequestId: x", None),
        ];
        for (name, line, expected) in cases {
            let value = LambdaField::named(name).unwrap().of(line);
            let text = value.map(|value| value.as_text().into_owned());
            assert_eq!(text.as_deref(), expected, "{name} of {line}");
        }
    }

    #[test]
    fn finds_the_invocation_in_the_lines_of_runtimes() {
        for line in [
            format!("2026-11-21T09:00:00.500Z\t{ID}\tINFO\thello"),
            format!("2026-11-21T09:00:00.500Z {ID} Task timed out after 3.00 seconds"),
            format!("[ERROR]\t2026-11-21T09:00:00.500Z\t{ID}\thello"),
            format!("RequestId: {ID} Error: Runtime exited"),
        ] {
            assert_eq!(request_id(&line), Some(ID), "{line}");
        }
        for line in [
            "",
            "RequestId: x",
            "a b c",
            "RequestId: üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü",
        ] {
            assert_eq!(request_id(line), None, "{line}");
        }
    }
}
