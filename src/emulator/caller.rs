//! Who asks: whether a request is signed, and what may be changed for whom.

use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};

use super::control::Refused;

/// What a caller is called whose signature names no key in the header.
pub(super) const UNNAMED: &str = "unknown";

/// Whether the request carries a `SigV4` signature, in the header or in the query; any credential is
/// taken, as COGNITO.md 1.4 recommends for tests.
pub(super) fn is_signed(headers: &HeaderMap, query: Option<&str>) -> bool {
    let authorization = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    authorization.is_some_and(|value| value.starts_with("AWS4-"))
        || query.is_some_and(|query| query.contains("X-Amz-Signature="))
}

/// The access key in `AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/cognito-idp/aws4_request`.
pub(crate) fn access_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = value.strip_prefix("AWS4-")?.split_once("Credential=")?;
    let end = credential.find(['/', ',', ' ']).unwrap_or(credential.len());
    Some(&credential[..end]).filter(|key| !key.is_empty())
}

/// The ARN of the IAM user who signed a request. There are no IAM users here, so that the access key's
/// name is the user's.
pub(super) fn user_arn(account_id: &str, headers: &HeaderMap) -> String {
    arn_of_key(account_id, access_key(headers).unwrap_or(UNNAMED))
}

/// The same for this access key.
pub(crate) fn arn_of_key(account_id: &str, access_key: &str) -> String {
    format!("arn:aws:iam::{account_id}:user/{access_key}")
}

/// The access key of such a user; none where nobody signed.
pub(crate) fn access_key_of(arn: &str) -> Option<&str> {
    let (_, access_key) = arn.rsplit_once('/')?;
    Some(access_key).filter(|key| *key != UNNAMED)
}

/// Refuses what a browser sends for a web page of another machine: such a page must not reset an
/// emulator, or inject faults into it, only because somebody looks at it.
pub(super) fn check_page(headers: &HeaderMap) -> Result<(), Refused> {
    match headers.get(ORIGIN) {
        Some(origin) if !is_page_of_this_machine(origin) => Err(forbidden(
            "nothing is changed for a web page of another machine",
        )),
        _ => Ok(()),
    }
}

/// Refuses whoever is not a program of this machine, for what could run anything on it.
pub(super) fn check_program(is_local: bool, headers: &HeaderMap) -> Result<(), Refused> {
    let why = if !is_local {
        "functions are deployed at an emulator that listens on loopback alone"
    } else if headers.contains_key(ORIGIN) {
        "functions are not deployed from a web page"
    } else if !headers.get(HOST).is_some_and(is_loopback) {
        "functions are deployed by a URL with localhost or a loopback address"
    } else {
        return Ok(());
    };
    Err(forbidden(why))
}

fn forbidden(why: &str) -> Refused {
    let help = "ask from a program on the emulator's machine";
    Refused::new(StatusCode::FORBIDDEN, why.to_owned(), help)
}

fn is_page_of_this_machine(origin: &HeaderValue) -> bool {
    let uri = origin
        .to_str()
        .ok()
        .and_then(|text| text.parse::<Uri>().ok());
    uri.is_some_and(|uri| uri.authority().is_some_and(names_loopback))
}

fn is_loopback(host: &HeaderValue) -> bool {
    let authority = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| names_loopback(&authority))
}

fn names_loopback(authority: &Authority) -> bool {
    let host = authority.host().trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &'static [(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = name.parse::<axum::http::HeaderName>().unwrap();
            (name, HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn finds_the_access_key() {
        let cases = [
            (
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/ses/aws4_request, \
                 SignedHeaders=host",
                Some("AKIDEXAMPLE"),
            ),
            ("AWS4-HMAC-SHA256 Credential=test", Some("test")),
            ("AWS4-HMAC-SHA256 Credential=, Signature=0", None),
            ("Basic dGVzdA==", None),
        ];
        for (value, expected) in cases {
            let value = HeaderValue::from_static(value);
            let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
            assert_eq!(access_key(&headers), expected);
        }
    }

    #[test]
    fn a_user_is_known_by_the_access_key() {
        let key = |arn: &str| access_key_of(arn).map(str::to_owned);
        assert_eq!(
            key(&arn_of_key("000000000000", "ci")).as_deref(),
            Some("ci")
        );
        assert_eq!(key(&arn_of_key("000000000000", UNNAMED)), None);
    }

    #[test]
    fn only_programs_of_this_machine_deploy() {
        type Headers = &'static [(&'static str, &'static str)];
        let cases: [(bool, Headers, bool); 8] = [
            (true, &[("host", "127.0.0.1:4000")], true),
            (true, &[("host", "localhost:4000")], true),
            (true, &[("host", "[::1]:4000")], true),
            (false, &[("host", "127.0.0.1:4000")], false),
            (
                true,
                &[
                    ("host", "127.0.0.1:4000"),
                    ("origin", "https://example.com"),
                ],
                false,
            ),
            (true, &[("host", "rebound.example.com:4000")], false),
            (true, &[("host", "127.0.0.1.example.com")], false),
            (true, &[], false),
        ];
        for (is_local, pairs, allowed) in cases {
            let checked = check_program(is_local, &headers(pairs));
            assert_eq!(checked.is_ok(), allowed, "{is_local} {pairs:?}");
        }
    }

    #[test]
    fn no_foreign_page_changes_anything() {
        type Headers = &'static [(&'static str, &'static str)];
        let cases: [(Headers, bool); 6] = [
            (&[], true),
            (&[("origin", "http://localhost:3000")], true),
            (&[("origin", "http://[::1]:3000")], true),
            (&[("origin", "https://example.com")], false),
            (&[("origin", "null")], false),
            (&[("origin", "http://localhost.example.com")], false),
        ];
        for (pairs, allowed) in cases {
            assert_eq!(check_page(&headers(pairs)).is_ok(), allowed, "{pairs:?}");
        }
    }
}
