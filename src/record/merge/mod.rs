//! Makes one record of several: of the parts of a run that several machines shared, or of runs one
//! after another.

mod merging;
mod remark;
#[cfg(test)]
mod tests;

pub use merging::{MergeError, Merged, merge};
pub use remark::Remark;
