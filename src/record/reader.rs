//! Gets the entries back out of a `run.jsonl`.

use std::io::{self, BufRead, Read as _};

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

/// Longest line. The longest is the first one, with a few hundred bytes for each planned scenario.
const LINE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Reads entries; a last line that was cut off by a killed run is left out.
///
/// # Errors
///
/// When the input cannot be read, a line before the last is no entry, or the format is newer.
pub fn read_entries(input: impl BufRead) -> Result<Vec<Entry>, RecordError> {
    read_bounded(input, LINE_BYTES_MAX)
}

/// The first entry alone; none where the input does not begin with one.
pub(crate) fn first_entry(mut input: impl BufRead) -> Option<Entry> {
    let mut line = Vec::new();
    read_line(&mut input, LINE_BYTES_MAX, &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

fn read_bounded(mut input: impl BufRead, line_bytes_max: u64) -> Result<Vec<Entry>, RecordError> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut line = Vec::new();
    // Damage to the last line is what a killed run leaves, so it counts once another line follows.
    let mut damage = None;
    let mut number = 0;
    while read_line(&mut input, line_bytes_max, &mut line)? > 0 {
        if let Some(damage) = damage {
            return Err(damage);
        }
        number += 1;
        let malformed = |reason: String| RecordError::Malformed {
            line: number,
            reason,
        };
        if u64::try_from(line.len()).is_ok_and(|length| length > line_bytes_max) {
            return Err(malformed(format!(
                "it is longer than {line_bytes_max} bytes"
            )));
        }
        if number == 1
            && let Some(found) = format_of(&line)
            && found > FORMAT
        {
            return Err(RecordError::Newer { found });
        }
        match serde_json::from_slice::<Entry>(&line) {
            Ok(entry) => entries.push(entry),
            Err(error) => damage = Some(malformed(error.to_string())),
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

/// Reads one line, and of a longer one no more than shows that it is too long; answers with the bytes
/// that were read. A cut may leave a part of a character, so a line is bytes.
fn read_line(input: &mut impl BufRead, bytes_max: u64, line: &mut Vec<u8>) -> io::Result<usize> {
    line.clear();
    input.take(bytes_max + 1).read_until(b'\n', line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Event;

    const STARTED: &str = r#"{"seq":1,"at":"2026-11-21T03:00:00Z","elapsed_ms":0.5,"scenario":"a.feature:3","attempt":1,"event":{"type":"scenario-started"}}"#;

    #[test]
    fn a_cut_last_line_costs_only_itself() {
        let text = format!("{STARTED}\n{STARTED}\n{}", &STARTED[..40]);
        assert_eq!(read_entries(text.as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn a_cut_inside_a_character_is_a_cut_like_any_other() {
        let what = "code ••••28".to_owned();
        let entry = Entry {
            event: Event::LeftBehind { what },
            ..serde_json::from_str(STARTED).unwrap()
        };
        let mut record = format!("{STARTED}\n{STARTED}\n").into_bytes();
        let line = serde_json::to_vec(&entry).unwrap();
        let bullet = line.iter().position(|byte| !byte.is_ascii()).unwrap();
        record.extend(&line[..=bullet]);
        assert!(str::from_utf8(&record).is_err());
        assert_eq!(read_entries(&*record).unwrap().len(), 2);
        assert!(first_entry(&*record).is_some());
        record.extend(format!("\n{STARTED}\n").bytes());
        let error = read_entries(&*record).unwrap_err().to_string();
        assert!(error.starts_with("line 3 of the record"), "{error}");
    }

    #[test]
    fn a_line_has_a_longest_length() {
        let (short, long) = (STARTED.len() as u64, STARTED.len() as u64 + 1);
        let record = format!("{STARTED}\n{STARTED}\n");
        assert_eq!(read_bounded(record.as_bytes(), long).unwrap().len(), 2);
        let error = read_bounded(record.as_bytes(), short).unwrap_err();
        let said = format!("line 1 of the record is not an entry: it is longer than {short} bytes");
        assert_eq!(error.to_string(), said);
        let endless = std::io::BufReader::new(std::io::repeat(b'x'));
        assert!(read_bounded(endless, short).is_err());
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
