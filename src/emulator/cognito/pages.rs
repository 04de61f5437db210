//! Lists that are given out page by page.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::Exception;

/// Items on a page, at most and by default (`QueryLimitType`, COGNITO.md 1.5 \[M\]).
const PAGE_ITEMS_MAX: usize = 60;

/// One page of a list, and the token of the next one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

/// Cuts a page from a list that is sorted by `key`.
///
/// A token names the last item of its page, so that a chain of pages shows nothing twice and
/// skips nothing, whatever is added or removed meanwhile. A limit of 0, which the model allows, is
/// taken as none, which is a guess.
///
/// # Errors
/// `InvalidParameterException` for a token that was not given out here.
pub(crate) fn page<T>(
    sorted: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> &str,
    token: Option<&str>,
    limit: Option<usize>,
) -> Result<Page<T>, Exception> {
    let last = token.map(last_of_page).transpose()?;
    let size = limit
        .filter(|limit| *limit > 0)
        .unwrap_or(PAGE_ITEMS_MAX)
        .min(PAGE_ITEMS_MAX);
    let after = |item: &T| last.as_deref().is_none_or(|last| key(item) > last);
    let mut rest = sorted.into_iter().filter(after);
    let items: Vec<T> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let next = items.last().filter(|_| more).map(&key);
    let next_token = next.map(|last| BASE64_URL_SAFE_NO_PAD.encode(last));
    Ok(Page { items, next_token })
}

fn last_of_page(token: &str) -> Result<String, Exception> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok();
    let name = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    name.ok_or_else(|| Exception::invalid_parameter("Invalid pagination token."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_pages_survives_changes() {
        let all = ["a", "b", "c", "d"];
        let first = page(all, |item| item, None, Some(2)).unwrap();
        assert_eq!(first.items, ["a", "b"]);
        let changed = ["a", "bb", "c", "d"];
        let token = first.next_token.as_deref();
        let second = page(changed, |item| item, token, Some(3)).unwrap();
        assert_eq!(
            (second.items, second.next_token),
            (vec!["bb", "c", "d"], None)
        );
        assert!(page(all, |item| item, Some("{"), None).is_err());
        assert_eq!(
            page(all, |item| item, None, Some(0)).unwrap().items.len(),
            4
        );
    }
}
