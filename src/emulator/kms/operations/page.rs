//! Lists in parts: `Limit` and `Marker` in the request, `NextMarker` and `Truncated` in the answer.

use super::super::exception::Exception;

/// Most items of an answer.
const LIMIT_MAX: usize = 1000;
/// Items of an answer to a request without `Limit`, as AWS documents.
const LIMIT_DEFAULT: usize = 100;

/// One part of a list.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next_marker: Option<String>,
}

/// Takes the part of a sorted list that comes after the marker, which is the name of the last item
/// of the part before.
///
/// # Errors
/// `ValidationException` for the limit.
pub(super) fn page<T>(
    items: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
    limit: Option<i64>,
    marker: Option<&str>,
) -> Result<Page<T>, Exception> {
    let limit = match limit.map(usize::try_from) {
        None => LIMIT_DEFAULT,
        Some(Ok(limit)) if (1..=LIMIT_MAX).contains(&limit) => limit,
        Some(Ok(limit)) if limit > LIMIT_MAX => {
            let rule = format!("have value less than or equal to {LIMIT_MAX}");
            return Err(Exception::constraint("limit", &rule));
        }
        Some(_) => {
            let rule = "have value greater than or equal to 1";
            return Err(Exception::constraint("limit", rule));
        }
    };
    let is_after = |item: &T| marker.is_none_or(|marker| name(item).as_str() > marker);
    let mut items: Vec<T> = items.filter(is_after).take(limit + 1).collect();
    let next_marker = if items.len() > limit {
        items.truncate(limit);
        items.last().map(name)
    } else {
        None
    };
    Ok(Page { items, next_marker })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_on_one_page() {
        let list = ["a", "b", "c", "d", "e"];
        let mut marker: Option<String> = None;
        let mut seen = Vec::new();
        loop {
            let part = page(list.iter(), ToString::to_string, Some(2), marker.as_deref()).unwrap();
            seen.push(part.items.len());
            marker = part.next_marker;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(seen, [2, 2, 1]);
        for limit in [0, 1001, -1] {
            let refused = page(list.iter(), ToString::to_string, Some(limit), None);
            assert_eq!(refused.unwrap_err().name(), "ValidationException");
        }
    }
}
