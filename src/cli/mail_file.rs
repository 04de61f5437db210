//! Mails in files.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::mail::MESSAGE_BYTES_MAX;

/// Reads a mail, and of a larger file no more than is parsed; `-` is standard input.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(MESSAGE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
