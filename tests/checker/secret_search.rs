//! Secrets, searched for as they are and as encodings would hide them.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What is searched for: the secret as it is, and as encodings would hide it.
fn forms(secret: &str) -> Vec<String> {
    let escaped = |escape: char| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        let bytes = secret.bytes();
        bytes
            .map(|byte| {
                if plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("{escape}{byte:02X}")
                }
            })
            .collect()
    };
    let mut forms = vec![secret.to_owned(), escaped('%'), escaped('=')];
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let bytes = [&b"\0\0"[..before], secret.as_bytes()].concat();
            let encoded = engine.encode(&bytes);
            // The characters that no neighbour of the secret has a part in.
            let from = (before * 8).div_ceil(6);
            let until = bytes.len() * 8 / 6;
            forms.push(encoded[from..until].to_owned());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Bytes of the shortest secret that is searched for. Every form is at least that long.
pub(crate) const SHORTEST: usize = 6;

/// All forms of all secrets, by their first bytes: one pass over a text finds any of them.
pub(crate) struct Search<'a> {
    by_start: HashMap<[u8; SHORTEST], Vec<(String, &'a str)>>,
}

impl<'a> Search<'a> {
    /// For these secrets, each with what it is.
    pub(crate) fn of(secrets: &'a BTreeMap<String, String>) -> Self {
        let mut by_start: HashMap<_, Vec<_>> = HashMap::new();
        for (secret, kind) in secrets {
            for form in forms(secret) {
                let start = form.as_bytes()[..SHORTEST].try_into().unwrap();
                by_start
                    .entry(start)
                    .or_default()
                    .push((form, kind.as_str()));
            }
        }
        Self { by_start }
    }

    /// The first secret in a text: what it is, and as which form it stands there.
    pub(crate) fn first_in(&self, text: &[u8]) -> Option<(&'a str, &str)> {
        text.windows(SHORTEST).enumerate().find_map(|(at, start)| {
            let forms = self.by_start.get(start)?;
            let found = forms.iter().find(|(form, _)| stands_at(text, at, form));
            found.map(|(form, kind)| (*kind, form.as_str()))
        })
    }
}

/// Whether a form stands at a place of a text. Digits alone count only where no digit, letter or dot
/// is beside them: the fraction of a second is no code.
fn stands_at(text: &[u8], at: usize, form: &str) -> bool {
    if !text[at..].starts_with(form.as_bytes()) {
        return false;
    }
    let joins = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.');
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let after = text.get(at + form.len());
    let is_digits = form.bytes().all(|byte| byte.is_ascii_digit());
    !is_digits || !(joins(before) || joins(after))
}

#[test]
fn the_search_finds_what_is_there() {
    let secret = "s3cret/Value+1!";
    let secrets = [(secret, "password"), ("123456", "code")];
    let secrets = secrets.map(|(secret, kind)| (secret.to_owned(), kind.to_owned()));
    let secrets = BTreeMap::from(secrets);
    let search = Search::of(&secrets);
    let kind_in = |text: &str| search.first_in(text.as_bytes()).map(|(kind, _)| kind);
    for text in [
        secret.to_owned(),
        "s3cret%2FValue%2B1%21".to_owned(),
        "s3cret=2FValue=2B1=21".to_owned(),
        STANDARD_NO_PAD.encode(format!("{secret} after")),
        STANDARD_NO_PAD.encode(format!("a{secret} after")),
        URL_SAFE_NO_PAD.encode(format!("ab{secret} after")),
    ] {
        assert_eq!(kind_in(&format!("text {text}")), Some("password"), "{text}");
    }
    assert_eq!(kind_in("the code 123456, then"), Some("code"));
    assert_eq!(kind_in("at 12:00:00.123456Z, of 41234567"), None);
}
