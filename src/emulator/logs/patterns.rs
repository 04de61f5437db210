//! Regular expressions that strangers write: bounded, so that none can stall the emulator.

use regex::{Regex, RegexBuilder};

/// Memory of one compiled expression, in bytes: enough for a few hundred characters with Unicode
/// classes. Together with the engine's linear search it bounds what a match can cost.
const COMPILED_BYTES_MAX: usize = 256 * 1024;
/// Memory of the tables that the search makes as it goes, in bytes.
const CACHE_BYTES_MAX: usize = 1024 * 1024;
/// How deep groups and repetitions may be nested.
const NESTING_MAX: u32 = 50;

/// Compiles an expression.
///
/// The engine knows no look-around and no back-references, because they cannot be searched for in
/// linear time.
///
/// # Errors
/// What is wrong, in one line.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern)
        .size_limit(COMPILED_BYTES_MAX)
        .dfa_size_limit(CACHE_BYTES_MAX)
        .nest_limit(NESTING_MAX)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            format!("the regular expression needs more than {COMPILED_BYTES_MAX} bytes")
        }
        // The last line of the engine's message says what; those before it draw where.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_costs_too_much() {
        let nested = format!("{}a{}", "(".repeat(60), ")".repeat(60));
        for pattern in [
            "a{1000}{1000}{1000}",
            "(((\\p{L}{50}){50}){50})",
            &nested,
            "(?=a)",
            "(a)\\1",
            "(",
        ] {
            let error = compile(pattern).unwrap_err();
            assert!(
                !error.contains('\n') && !error.is_empty(),
                "{pattern}: {error}"
            );
        }
        for pattern in [r"^(a+)+$", r"(?<user>\S+)@\w+", r"(?i)ERROR|warn"] {
            compile(pattern).unwrap();
        }
    }
}
