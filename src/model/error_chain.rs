//! Errors in a person's words.

use std::error::Error;

/// What an error says, then what each of its causes says, joined with `: `.
///
/// The outermost alone may say little: an SDK's says "dispatch failure". A cause in the words of what
/// it caused is not repeated.
///
/// ```
/// use reverify::model::error_chain;
///
/// #[derive(Debug, thiserror::Error)]
/// #[error("dispatch failure")]
/// struct Dispatch(#[source] std::io::Error);
///
/// let error = Dispatch(std::io::Error::other("connection refused"));
/// assert_eq!(error_chain(&error), "dispatch failure: connection refused");
/// ```
pub fn error_chain(error: &dyn Error) -> String {
    let mut words = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        words.push(inner.to_string());
        source = inner.source();
    }
    words.dedup();
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Layer {
        words: &'static str,
        source: Option<Box<Layer>>,
    }

    fn layers(words: &[&'static str]) -> Layer {
        let (first, rest) = words.split_first().unwrap();
        Layer {
            words: first,
            source: (!rest.is_empty()).then(|| Box::new(layers(rest))),
        }
    }

    #[test]
    fn causes_follow_what_they_caused_without_repetition() {
        let cases: [(&[&str], &str); 3] = [
            (&["alone"], "alone"),
            (
                &["dispatch failure", "io error", "connection refused"],
                "dispatch failure: io error: connection refused",
            ),
            (&["outer", "same", "same"], "outer: same"),
        ];
        for (words, expected) in cases {
            assert_eq!(error_chain(&layers(words)), expected);
        }
    }
}
