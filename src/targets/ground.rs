//! What a configured target lets scenarios do.

use crate::config::{Target, TargetKind};
use crate::steps::Ground;

/// What a target lets scenarios do, without a network: the same as of the target once it is open, but for the
/// name of a pool that stands in a seed file.
///
/// ```
/// use std::path::Path;
/// use reverify::config::{Configuration, Reading};
/// use reverify::targets::ground;
///
/// let reading = Reading { folder: Path::new("."), file: None, variable: &|_| None };
/// let embedded = ground(Configuration::load(&reading)?.target("embedded")?);
/// assert!(embedded.is_changeable && embedded.existing_pool.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn ground(target: &Target) -> Ground {
    let (existing_pool, is_changeable) = match &target.kind {
        TargetKind::Embedded { seed } => {
            let pool = seed.as_ref();
            let pool = pool.map(|path| format!("the first pool of `{}`", path.display()));
            (pool, true)
        }
        // An endpoint may be an emulator, and then other people's too: a clock that is moved there is
        // moved for all of them.
        TargetKind::Endpoint { pool, .. } => (pool.as_ref().map(|pool| pool.id.to_string()), false),
        TargetKind::Aws { pool, .. } => (Some(pool.id.to_string()), false),
    };
    Ground {
        target: target.name.clone(),
        existing_pool,
        is_changeable,
    }
}
