//! SES's requests and answers as bytes.

use super::fixture::{Account, PRODUCTION};
use crate::wire::{Reply, SIGNED, send};

fn ask(account: &Account, method: &str, path: &str, headers: &str, body: &str) -> Reply {
    let endpoint = account.world.emulator.endpoint();
    send(&endpoint, method, path, headers, body.as_bytes())
}

#[test]
fn errors_are_told_as_rest_json_tells_them() {
    let account = Account::of(PRODUCTION);
    let cases = [
        (
            "GET",
            "/v2/email/identities/no%40where.org",
            "",
            404,
            "NotFoundException",
        ),
        (
            "POST",
            "/v2/email/outbound-emails",
            "{\"Content\":",
            400,
            "SerializationException",
        ),
        (
            "PUT",
            "/v2/email/suppression/addresses",
            "{\"EmailAddress\":\"a@b.c\",\"Reason\":\"SPAM\"}",
            400,
            "BadRequestException",
        ),
        (
            "PUT",
            "/v2/email/suppression/addresses",
            "",
            400,
            "BadRequestException",
        ),
        (
            "POST",
            "/v2/email/contact-lists",
            "{}",
            501,
            "NotImplementedException",
        ),
        (
            "GET",
            "/v2/email/nothing",
            "",
            501,
            "NotImplementedException",
        ),
    ];
    for (method, path, body, status, name) in cases {
        let reply = ask(&account, method, path, SIGNED, body);
        assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
        assert_eq!(reply.header("x-amzn-errortype"), Some(name), "{path}");
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert!(reply.json()["message"].is_string(), "{reply:?}");
        assert!(reply.header("x-amzn-requestid").is_some());
    }
}

#[test]
fn unsigned_requests_are_refused() {
    let account = Account::sandbox();
    let reply = ask(&account, "GET", "/v2/email/account", "", "");
    assert_eq!(reply.status, 403);
    assert_eq!(
        reply.header("x-amzn-errortype"),
        Some("MissingAuthenticationTokenException")
    );
    assert_eq!(reply.body, "{\"message\":\"Missing Authentication Token\"}");
    let reply = ask(&account, "GET", "/v2/email/account", SIGNED, "");
    assert_eq!(reply.status, 200);
}

#[test]
fn a_reset_leaves_nothing() {
    let account = Account::of(PRODUCTION);
    let put = "{\"EmailAddress\":\"a@b.cd\",\"Reason\":\"BOUNCE\"}";
    let path = "/v2/email/suppression/addresses";
    assert_eq!(ask(&account, "PUT", path, SIGNED, put).status, 200);
    account.control("PUT", "account", "{\"ProductionAccessEnabled\":false}");
    let set = "{\"ConfigurationSetName\":\"set\"}";
    ask(
        &account,
        "POST",
        "/v2/email/configuration-sets",
        SIGNED,
        set,
    );
    let reset = ask(&account, "POST", "/_reverify/v1/reset", "", "");
    assert_eq!(reset.status, 200);
    let shown = ask(&account, "GET", path, SIGNED, "").json();
    assert_eq!(
        shown["SuppressedDestinationSummaries"],
        serde_json::json!([])
    );
    let shown = ask(&account, "GET", "/v2/email/configuration-sets", SIGNED, "");
    assert_eq!(shown.json()["ConfigurationSets"], serde_json::json!([]));
    let shown = ask(&account, "GET", "/v2/email/account", SIGNED, "").json();
    assert_eq!(shown["ProductionAccessEnabled"], true);
    let shown = ask(&account, "GET", "/v2/email/identities", SIGNED, "").json();
    assert_eq!(shown["EmailIdentities"][0]["IdentityName"], "example.com");
}
