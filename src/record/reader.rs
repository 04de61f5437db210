//! Gets the entries back out of a `run.jsonl`.

use std::io::BufRead;

use serde::Deserialize;

use super::{Entry, FORMAT};

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file could not be read.
    #[error("the record could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// A line in the middle of the file is not an entry.
    #[error("line {line} of the record is not an entry: {reason}")]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    /// A newer version of the tool wrote it.
    #[error(
        "the record has format {found}, this version reads up to {FORMAT}: use a newer reverify"
    )]
    Newer {
        /// The format that the file names.
        found: u32,
    },
}

/// Reads entries; a last line that was cut off by a killed run is left out.
///
/// # Errors
///
/// When the input cannot be read, a line before the last is no entry, or the format is newer.
pub fn read_entries(input: impl BufRead) -> Result<Vec<Entry>, RecordError> {
    let lines: Vec<String> = input.lines().collect::<Result<_, _>>()?;
    if let Some(found) = lines.first().and_then(|line| format_of(line.as_ref()))
        && found > FORMAT
    {
        return Err(RecordError::Newer { found });
    }
    let last = lines.len();
    let mut entries = Vec::with_capacity(last);
    for (number, line) in (1..).zip(&lines) {
        match serde_json::from_str::<Entry>(line) {
            Ok(entry) => entries.push(entry),
            Err(_) if number == last => break,
            Err(error) => {
                return Err(RecordError::Malformed {
                    line: number,
                    reason: error.to_string(),
                });
            }
        }
    }
    Ok(entries)
}

/// The format that a first line names, whatever else a newer version writes into it.
fn format_of(line: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Head {
        event: Start,
    }
    #[derive(Deserialize)]
    struct Start {
        format: u32,
    }
    let head: Head = serde_json::from_slice(line).ok()?;
    Some(head.event.format)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: &str = r#"{"seq":1,"at":"2026-11-21T03:00:00Z","elapsed_ms":0.5,"scenario":"a.feature:3","attempt":1,"event":{"type":"scenario-started"}}"#;

    #[test]
    fn a_cut_last_line_costs_only_itself() {
        let text = format!("{STARTED}\n{STARTED}\n{}", &STARTED[..40]);
        assert_eq!(read_entries(text.as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn a_broken_line_in_the_middle_is_named() {
        let text = format!("{STARTED}\nnonsense\n{STARTED}\n");
        let error = read_entries(text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("line 2 of the record"), "{error}");
    }

    #[test]
    fn a_newer_format_is_refused() {
        let alike = r#"{"seq":1,"at":"2026-11-21T03:00:00Z","elapsed_ms":0,"event":{"type":"run-started","format":99,"run":"7f3c","version":"9.0.0","target":{"name":"x","place":"y","inbox":"z"},"planned":[]}}"#;
        let other = r#"{"number":1,"event":{"type":"begun","format":99,"scenarios":3}}"#;
        for text in [
            alike.to_owned(),
            other.to_owned(),
            format!("{other}\n{other}\n"),
        ] {
            let error = read_entries(text.as_bytes()).unwrap_err();
            assert!(matches!(error, RecordError::Newer { found: 99 }), "{error}");
        }
    }
}
