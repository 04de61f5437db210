//! What a test says that cannot do its work here.

use std::io::Write as _;

/// Says on standard error that something was not tested, and why; `scripts/test.sh` gathers these
/// lines.
///
/// Written past the test harness, which keeps the output of a passing test to itself, and on a line of
/// its own, whatever the harness was writing.
pub(crate) fn skipped(what: &str, why: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = std::io::stderr().write_all(format!("\nSKIPPED: {what}: {why}\n").as_bytes());
}
