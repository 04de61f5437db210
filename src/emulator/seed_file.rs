//! Reads a seed file.

use std::fs::File;
use std::io;
use std::path::Path;

use super::seed_tables::InvalidStarting;
use super::starting::Starting;
use crate::model::read_text;

/// Largest seed file: some ten thousand users.
const SEED_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why a seed file does not say what should exist, as what follows its name.
#[derive(Debug, thiserror::Error)]
pub enum SeedFileError {
    /// It could not be read, or is too large.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// What it says makes no sense.
    #[error("is not right: {0}")]
    Invalid(#[from] InvalidStarting),
}

impl Starting {
    /// Reads a seed file of at most 16 MiB.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger, or as [`Starting::from_toml`].
    pub fn read(path: &Path) -> Result<Self, SeedFileError> {
        let text = read_text(File::open(path)?, SEED_BYTES_MAX)?;
        Ok(Self::from_toml(&text)?)
    }
}
