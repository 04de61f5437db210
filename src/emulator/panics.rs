//! What panicked while the emulator ran.

use std::any::Any;
use std::sync::{Mutex, PoisonError};

/// The panics of requests, kept until the emulator stops.
#[derive(Debug, Default)]
pub(super) struct Panics(Mutex<Option<String>>);

impl Panics {
    /// Keeps a panic's message, unless another came first.
    pub(super) fn record(&self, panic: &(dyn Any + Send)) {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        let text = text.unwrap_or_else(|| "a panic without a message".to_owned());
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(text);
    }

    /// The first panic's message.
    pub(super) fn first(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
