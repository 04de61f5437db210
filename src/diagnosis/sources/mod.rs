//! Where evidence comes from: the only I/O of the diagnosis.

mod collect;

pub use collect::{LogPlaces, Sources};
