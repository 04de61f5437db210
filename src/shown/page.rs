//! What every HTML page of this tool carries.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The Content-Security-Policy of a page that carries this style and this script, and loads nothing
/// from anywhere.
pub(crate) fn policy(style: &str, script: &str) -> String {
    let (style, script) = (source_hash(style), source_hash(script));
    format!(
        "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; \
         form-action 'none'"
    )
}

/// `'sha256-…'`, as Content Security Policy Level 3 (2.3.1) has it.
fn source_hash(text: &str) -> String {
    let hash = digest(&SHA256, text.as_bytes());
    format!("'sha256-{}'", STANDARD.encode(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_both_by_their_hashes() {
        let policy = policy("", "alert(1)");
        // SHA-256 of nothing.
        let nothing = "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';";
        assert!(policy.contains(nothing), "{policy}");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    }
}
