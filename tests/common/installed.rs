//! Programs that some tests need.

use std::path::PathBuf;

use crate::skipped::skipped;

/// Where a program or its packages are, by the environment variable through which `scripts/test.sh`
/// says so; where it is not set, a line says that `what` is not tested.
pub(crate) fn installed(variable: &str, what: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).filter(|path| !path.is_empty());
    if path.is_none() {
        skipped(
            what,
            &format!("{variable} is not set; scripts/test.sh installs what it names"),
        );
    }
    path.map(PathBuf::from)
}
