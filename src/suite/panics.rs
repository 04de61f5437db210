//! Panics in the steps and hooks of the user's own, which are failures and no noise.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::Once;

use futures::FutureExt as _;

use crate::record::Failure;
use crate::steps::StepFailure;

thread_local! {
    /// Whether a panic on this thread is caught and told of by us.
    static CAUGHT_HERE: Cell<bool> = const { Cell::new(false) };
    /// Where the latest of these panics was.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Awaits a step or a hook, and makes a failure of its panic.
///
/// The panic is not printed: the report says it, with its place. Panics elsewhere in the process,
/// also at the same time, go on to whatever hook there was.
pub(super) async fn caught(future: impl Future<Output = ()>) -> Result<(), Failure> {
    be_told_of_panics();
    let mut future = pin!(AssertUnwindSafe(future).catch_unwind());
    let ended = poll_fn(|context| {
        // Only while this future runs: others share the thread.
        let _here = Here::begin();
        future.as_mut().poll(context)
    });
    ended.await.map_err(|thrown| failure_of(thrown.as_ref()))
}

/// Our steps throw a [`StepFailure`]; the user's own panic with a text.
fn failure_of(thrown: &(dyn Any + Send)) -> Failure {
    // It is thrown past the panic hook.
    if let Some(StepFailure(failure)) = thrown.downcast_ref() {
        return failure.clone();
    }
    let text = thrown.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| thrown.downcast_ref::<&str>().copied());
    let failure = Failure::failed(text.unwrap_or("a step panicked without a message"));
    match PLACE.take() {
        Some(place) => failure.seen(format!("it panicked at {place}")),
        None => failure,
    }
}

/// Puts our panic hook before the one there is, once in a process: to take it away again would race
/// with whoever else sets one.
fn be_told_of_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if CAUGHT_HERE.get() {
                PLACE.set(panic.location().map(ToString::to_string));
            } else {
                others(panic);
            }
        }));
    });
}

/// Marks this thread until it is dropped.
struct Here {
    before: bool,
}

impl Here {
    fn begin() -> Self {
        Self {
            before: CAUGHT_HERE.replace(true),
        }
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        CAUGHT_HERE.set(self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_with_its_place() {
        let count = 3;
        let failure = caught(async { assert_eq!(count, 2, "articles") })
            .await
            .unwrap_err();
        assert!(failure.message.contains("articles"), "{failure:?}");
        assert!(
            failure.seen[0].starts_with(concat!("it panicked at ", file!(), ":")),
            "{failure:?}"
        );
        assert!(!CAUGHT_HERE.get());
        let thrown = Failure::broken("no pool");
        let same = thrown.clone();
        let ours = caught(async { panic::resume_unwind(Box::new(StepFailure(thrown))) });
        assert_eq!(ours.await, Err(same));
        assert_eq!(caught(async {}).await, Ok(()));
    }
}
