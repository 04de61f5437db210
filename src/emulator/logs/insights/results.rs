//! What a query yields.

/// Bytes of the values of one query's results: ten thousand rows of a kilobyte and a half.
pub(super) const RESULT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where an event is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator::logs) struct Pointer {
    /// The group's place among those of the query.
    pub(in crate::emulator::logs) group: usize,
    /// The event's time in milliseconds.
    pub(in crate::emulator::logs) at: i64,
    /// The event's order of arrival.
    pub(in crate::emulator::logs) id: u64,
}

/// The rows of a query, and what it read for them.
#[derive(Debug, Default)]
pub(in crate::emulator::logs) struct Results {
    pub(in crate::emulator::logs) columns: Vec<String>,
    pub(in crate::emulator::logs) rows: Vec<ResultRow>,
    /// Bytes of the rows' values.
    pub(in crate::emulator::logs) bytes: usize,
}

/// One row: a value for each column, and the event that it is.
#[derive(Debug)]
pub(in crate::emulator::logs) struct ResultRow {
    pub(in crate::emulator::logs) values: Vec<Option<Box<str>>>,
    pub(in crate::emulator::logs) event: Option<Pointer>,
}

/// Why a query that could be read did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::emulator::logs) enum Stopped {
    /// Whoever started it stopped it, or its time was over.
    #[error("it was stopped")]
    OnRequest,
    /// It needs more memory than a query may have.
    #[error("it needs more memory than a query may have")]
    TooLarge,
}
