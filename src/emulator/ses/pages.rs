//! Lists that are given out page by page.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::error::SesException;
use super::wire::{Unsupported, typed, unsupported};

/// Items on a page, at most and by default (`ListSuppressedDestinations` and its like).
const PAGE_ITEMS_MAX: usize = 1_000;

/// What a request asks of a list: `NextToken` and `PageSize` of its query or body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PageRequest {
    pub(super) token: Option<String>,
    pub(super) size: Option<String>,
}

/// A list's request in the newer form, a POST with a body.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListRequest {
    filter: Option<Unsupported>,
    next_token: Option<String>,
    page_size: Option<i64>,
}

impl PageRequest {
    /// Reads the body of a list's request.
    ///
    /// # Errors
    /// `BadRequestException`, and the explicit refusal of filters.
    pub(super) fn of_body(body: &[u8]) -> Result<Self, SesException> {
        let request: ListRequest = typed(body)?;
        unsupported(&[("Filter", request.filter)])?;
        Ok(Self {
            token: request.next_token,
            size: request.page_size.map(|size| size.to_string()),
        })
    }
}

/// One page of a list, and the token of the next one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next_token: Option<String>,
}

/// Cuts a page from a list that is sorted by `key`.
///
/// A token names the last item of its page, so that a chain of pages shows nothing twice and
/// skips nothing, whatever is added or removed meanwhile.
///
/// # Errors
/// `InvalidNextTokenException` for a token that was not given out here, `BadRequestException` for a
/// size that is none (the text is a guess). A size of 0 is taken as none, which is a guess too.
pub(super) fn page<T>(
    sorted: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> &str,
    request: &PageRequest,
) -> Result<Page<T>, SesException> {
    let last = request.token.as_deref().map(last_of_page).transpose()?;
    let size = request.size.as_deref().map(page_size).transpose()?;
    let after = |item: &T| last.as_deref().is_none_or(|last| key(item) > last);
    let mut rest = sorted.into_iter().filter(after);
    let items: Vec<T> = rest
        .by_ref()
        .take(size.filter(|size| *size > 0).unwrap_or(PAGE_ITEMS_MAX))
        .collect();
    let more = rest.next().is_some();
    let next = items.last().filter(|_| more).map(&key);
    let next_token = next.map(|last| BASE64_URL_SAFE_NO_PAD.encode(last));
    Ok(Page { items, next_token })
}

fn page_size(text: &str) -> Result<usize, SesException> {
    let size = text.parse().ok();
    size.filter(|size| (0..=PAGE_ITEMS_MAX).contains(size))
        .ok_or_else(|| {
            SesException::bad_request(format!("PageSize must be between 0 and {PAGE_ITEMS_MAX}"))
        })
}

fn last_of_page(token: &str) -> Result<String, SesException> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok();
    let name = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    name.ok_or(SesException::InvalidNextToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(token: Option<&str>, size: &str) -> PageRequest {
        PageRequest {
            token: token.map(str::to_owned),
            size: Some(size.to_owned()),
        }
    }

    #[test]
    fn a_chain_of_pages_survives_changes() {
        let first = page(["a", "b", "c", "d"], |item| item, &request(None, "2")).unwrap();
        assert_eq!(first.items, ["a", "b"]);
        let token = first.next_token.as_deref();
        let second = page(["a", "bb", "c", "d"], |item| item, &request(token, "3")).unwrap();
        assert_eq!(
            (second.items, second.next_token),
            (vec!["bb", "c", "d"], None)
        );
        let refused = |request| page(["a"], |item| item, &request).unwrap_err().name();
        assert_eq!(
            refused(request(Some("{"), "1")),
            "InvalidNextTokenException"
        );
        for size in ["-1", "1001", "many"] {
            assert_eq!(
                refused(request(None, size)),
                "BadRequestException",
                "{size}"
            );
        }
    }
}
