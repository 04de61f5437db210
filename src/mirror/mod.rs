//! A pool's settings as AWS tells them, written down as what an emulator starts with.
//!
//! [`Mirror::of`] is pure: JSON answers in, a seed file out. Members are carried over by name, so that it
//! need not know what each of them means; what an emulator cannot have, or nobody should have in a
//! file, is left out and named.

mod answers;
mod pool;
mod ses;

pub use answers::{MirrorError, PoolAnswers, SesAnswers, SesNames};
pub use pool::{LeftOut, Mirror};
