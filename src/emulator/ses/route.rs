//! Which operation a method and a path ask for.

use axum::http::Method;
use percent_encoding::percent_decode_str;

use super::error::SesException;
use super::pages::PageRequest;
use super::suppression::ListFilter;

/// An operation with what the path says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    GetAccount,
    PutAccountDetails,
    PutAccountSendingAttributes,
    PutAccountSuppressionAttributes,
    CreateEmailIdentity,
    ListEmailIdentities,
    GetEmailIdentity(String),
    DeleteEmailIdentity(String),
    PutEmailIdentityMailFromAttributes(String),
    GetEmailIdentityPolicies(String),
    CreateEmailIdentityPolicy(String, String),
    UpdateEmailIdentityPolicy(String, String),
    DeleteEmailIdentityPolicy(String, String),
    PutSuppressedDestination,
    ListSuppressedDestinations,
    GetSuppressedDestination(String),
    DeleteSuppressedDestination(String),
    CreateConfigurationSet,
    ListConfigurationSets,
    GetConfigurationSet(String),
    DeleteConfigurationSet(String),
    PutConfigurationSetSendingOptions(String),
    PutConfigurationSetSuppressionOptions(String),
    CreateConfigurationSetEventDestination(String),
    GetConfigurationSetEventDestinations(String),
    UpdateConfigurationSetEventDestination(String, String),
    DeleteConfigurationSetEventDestination(String, String),
    GetReputationEntity(String, String),
    UpdateReputationEntityCustomerManagedStatus(String, String),
    CreateEmailTemplate,
    GetEmailTemplate(String),
    UpdateEmailTemplate(String),
    DeleteEmailTemplate(String),
    ListEmailTemplates,
    TestRenderEmailTemplate(String),
    SendEmail,
}

/// The thing that the path of an operation names, if IAM knows it.
pub(super) enum About<'a> {
    Identity(&'a str),
    ConfigurationSet(&'a str),
    Template(&'a str),
    Nothing,
}

impl Route {
    /// The operation's name at AWS.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::GetAccount => "GetAccount",
            Self::PutAccountDetails => "PutAccountDetails",
            Self::PutAccountSendingAttributes => "PutAccountSendingAttributes",
            Self::PutAccountSuppressionAttributes => "PutAccountSuppressionAttributes",
            Self::CreateEmailIdentity => "CreateEmailIdentity",
            Self::ListEmailIdentities => "ListEmailIdentities",
            Self::GetEmailIdentity(..) => "GetEmailIdentity",
            Self::DeleteEmailIdentity(..) => "DeleteEmailIdentity",
            Self::PutEmailIdentityMailFromAttributes(..) => "PutEmailIdentityMailFromAttributes",
            Self::GetEmailIdentityPolicies(..) => "GetEmailIdentityPolicies",
            Self::CreateEmailIdentityPolicy(..) => "CreateEmailIdentityPolicy",
            Self::UpdateEmailIdentityPolicy(..) => "UpdateEmailIdentityPolicy",
            Self::DeleteEmailIdentityPolicy(..) => "DeleteEmailIdentityPolicy",
            Self::PutSuppressedDestination => "PutSuppressedDestination",
            Self::ListSuppressedDestinations => "ListSuppressedDestinations",
            Self::GetSuppressedDestination(..) => "GetSuppressedDestination",
            Self::DeleteSuppressedDestination(..) => "DeleteSuppressedDestination",
            Self::CreateConfigurationSet => "CreateConfigurationSet",
            Self::ListConfigurationSets => "ListConfigurationSets",
            Self::GetConfigurationSet(..) => "GetConfigurationSet",
            Self::DeleteConfigurationSet(..) => "DeleteConfigurationSet",
            Self::PutConfigurationSetSendingOptions(..) => "PutConfigurationSetSendingOptions",
            Self::PutConfigurationSetSuppressionOptions(..) => {
                "PutConfigurationSetSuppressionOptions"
            }
            Self::CreateConfigurationSetEventDestination(..) => {
                "CreateConfigurationSetEventDestination"
            }
            Self::GetConfigurationSetEventDestinations(..) => {
                "GetConfigurationSetEventDestinations"
            }
            Self::UpdateConfigurationSetEventDestination(..) => {
                "UpdateConfigurationSetEventDestination"
            }
            Self::DeleteConfigurationSetEventDestination(..) => {
                "DeleteConfigurationSetEventDestination"
            }
            Self::GetReputationEntity(..) => "GetReputationEntity",
            Self::UpdateReputationEntityCustomerManagedStatus(..) => {
                "UpdateReputationEntityCustomerManagedStatus"
            }
            Self::CreateEmailTemplate => "CreateEmailTemplate",
            Self::GetEmailTemplate(..) => "GetEmailTemplate",
            Self::UpdateEmailTemplate(..) => "UpdateEmailTemplate",
            Self::DeleteEmailTemplate(..) => "DeleteEmailTemplate",
            Self::ListEmailTemplates => "ListEmailTemplates",
            Self::TestRenderEmailTemplate(..) => "TestRenderEmailTemplate",
            Self::SendEmail => "SendEmail",
        }
    }

    /// What it is about.
    pub(super) fn about(&self) -> About<'_> {
        match self {
            Self::GetEmailIdentity(name)
            | Self::DeleteEmailIdentity(name)
            | Self::GetEmailIdentityPolicies(name)
            | Self::CreateEmailIdentityPolicy(name, _)
            | Self::UpdateEmailIdentityPolicy(name, _)
            | Self::DeleteEmailIdentityPolicy(name, _) => About::Identity(name),
            Self::GetConfigurationSet(name)
            | Self::DeleteConfigurationSet(name)
            | Self::PutConfigurationSetSendingOptions(name)
            | Self::PutConfigurationSetSuppressionOptions(name)
            | Self::CreateConfigurationSetEventDestination(name)
            | Self::GetConfigurationSetEventDestinations(name)
            | Self::UpdateConfigurationSetEventDestination(name, _)
            | Self::DeleteConfigurationSetEventDestination(name, _) => {
                About::ConfigurationSet(name)
            }
            Self::GetEmailTemplate(name)
            | Self::UpdateEmailTemplate(name)
            | Self::DeleteEmailTemplate(name)
            | Self::TestRenderEmailTemplate(name) => About::Template(name),
            _ => About::Nothing,
        }
    }

    /// Whether CloudTrail records it: a mail that is sent is data and not management,
    /// <https://docs.aws.amazon.com/ses/latest/dg/logging-using-cloudtrail.html>.
    pub(crate) fn is_management(&self) -> bool {
        *self != Self::SendEmail
    }

    /// Reads a request's method and its path below `/v2/email/`.
    ///
    /// # Errors
    /// The explicit refusal of every other operation of SES v2, and of what none is.
    pub(crate) fn read(method: &Method, path: &str) -> Result<Self, SesException> {
        let segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let found = match segments.as_slice() {
            ["account", rest @ ..] => account(method, rest),
            ["identities", rest @ ..] => identities(method, rest),
            ["suppression", "addresses", rest @ ..] => suppression(method, rest),
            ["configuration-sets", rest @ ..] => configuration_sets(method, rest),
            ["reputation", "entities", rest @ ..] => reputation(method, rest),
            ["templates", rest @ ..] => templates(method, rest),
            ["outbound-emails"] if method == Method::POST => Some(Self::SendEmail),
            // Older clients send a GET and a query, see below.
            ["list-identities"] if method == Method::POST => Some(Self::ListEmailIdentities),
            ["list-configuration-sets"] if method == Method::POST => {
                Some(Self::ListConfigurationSets)
            }
            _ => None,
        };
        found.ok_or_else(|| SesException::NotImplemented(format!("{method} /v2/email/{path}")))
    }
}

fn account(method: &Method, rest: &[&str]) -> Option<Route> {
    Some(match (method, rest) {
        (&Method::GET, []) => Route::GetAccount,
        (&Method::POST, ["details"]) => Route::PutAccountDetails,
        (&Method::PUT, ["sending"]) => Route::PutAccountSendingAttributes,
        (&Method::PUT, ["suppression"]) => Route::PutAccountSuppressionAttributes,
        _ => return None,
    })
}

fn identities(method: &Method, rest: &[&str]) -> Option<Route> {
    let owned = |text: &&str| (*text).to_owned();
    Some(match (method, rest) {
        (&Method::POST, []) => Route::CreateEmailIdentity,
        (&Method::GET, []) => Route::ListEmailIdentities,
        (&Method::GET, [name]) => Route::GetEmailIdentity(owned(name)),
        (&Method::DELETE, [name]) => Route::DeleteEmailIdentity(owned(name)),
        (&Method::PUT, [name, "mail-from"]) => {
            Route::PutEmailIdentityMailFromAttributes(owned(name))
        }
        (&Method::GET, [name, "policies"]) => Route::GetEmailIdentityPolicies(owned(name)),
        (method, [name, "policies", policy]) => {
            let (name, policy) = (owned(name), owned(policy));
            match *method {
                Method::POST => Route::CreateEmailIdentityPolicy(name, policy),
                Method::PUT => Route::UpdateEmailIdentityPolicy(name, policy),
                Method::DELETE => Route::DeleteEmailIdentityPolicy(name, policy),
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn reputation(method: &Method, rest: &[&str]) -> Option<Route> {
    let entity = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
    Some(match (method, rest) {
        (&Method::GET, [kind, name]) => {
            let (kind, name) = entity(kind, name);
            Route::GetReputationEntity(kind, name)
        }
        (&Method::PUT, [kind, name, "customer-managed-status"]) => {
            let (kind, name) = entity(kind, name);
            Route::UpdateReputationEntityCustomerManagedStatus(kind, name)
        }
        _ => return None,
    })
}

fn suppression(method: &Method, rest: &[&str]) -> Option<Route> {
    Some(match (method, rest) {
        (&Method::PUT, []) => Route::PutSuppressedDestination,
        (&Method::GET, []) => Route::ListSuppressedDestinations,
        (&Method::GET, [address]) => Route::GetSuppressedDestination((*address).to_owned()),
        (&Method::DELETE, [address]) => Route::DeleteSuppressedDestination((*address).to_owned()),
        _ => return None,
    })
}

fn templates(method: &Method, rest: &[&str]) -> Option<Route> {
    let owned = |text: &&str| (*text).to_owned();
    Some(match (method, rest) {
        (&Method::POST, []) => Route::CreateEmailTemplate,
        (&Method::GET, []) => Route::ListEmailTemplates,
        (&Method::GET, [name]) => Route::GetEmailTemplate(owned(name)),
        (&Method::PUT, [name]) => Route::UpdateEmailTemplate(owned(name)),
        (&Method::DELETE, [name]) => Route::DeleteEmailTemplate(owned(name)),
        (&Method::POST, [name, "render"]) => Route::TestRenderEmailTemplate(owned(name)),
        _ => return None,
    })
}

fn configuration_sets(method: &Method, rest: &[&str]) -> Option<Route> {
    const EVENTS: &str = "event-destinations";
    let owned = |text: &&str| (*text).to_owned();
    Some(match (method, rest) {
        (&Method::POST, []) => Route::CreateConfigurationSet,
        (&Method::GET, []) => Route::ListConfigurationSets,
        (&Method::GET, [set]) => Route::GetConfigurationSet(owned(set)),
        (&Method::DELETE, [set]) => Route::DeleteConfigurationSet(owned(set)),
        (&Method::PUT, [set, "sending"]) => Route::PutConfigurationSetSendingOptions(owned(set)),
        (&Method::PUT, [set, "suppression-options"]) => {
            Route::PutConfigurationSetSuppressionOptions(owned(set))
        }
        (&Method::POST, [set, EVENTS]) => Route::CreateConfigurationSetEventDestination(owned(set)),
        (&Method::GET, [set, EVENTS]) => Route::GetConfigurationSetEventDestinations(owned(set)),
        (&Method::PUT, [set, EVENTS, name]) => {
            Route::UpdateConfigurationSetEventDestination(owned(set), owned(name))
        }
        (&Method::DELETE, [set, EVENTS, name]) => {
            Route::DeleteConfigurationSetEventDestination(owned(set), owned(name))
        }
        _ => return None,
    })
}

/// Reads the query of a list. What is not known is passed over, as a newer client may send it.
pub(super) fn filter(query: Option<&str>) -> ListFilter {
    let mut filter = ListFilter::default();
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let value = value.into_owned();
        match &*name {
            "Reason" => filter.reasons.push(value),
            "StartDate" => filter.start = Some(value),
            "EndDate" => filter.end = Some(value),
            "NextToken" => filter.page.token = Some(value),
            "PageSize" => filter.page.size = Some(value),
            _ => {}
        }
    }
    filter
}

/// Reads the page that a list's query, or else its body asks for.
///
/// # Errors
/// As [`PageRequest::of_body`].
pub(super) fn page_request(query: Option<&str>, body: &[u8]) -> Result<PageRequest, SesException> {
    if body.is_empty() {
        Ok(filter(query).page)
    } else {
        PageRequest::of_body(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths() {
        let ada = || "ada+1@example.com".to_owned();
        let cases = [
            (Method::GET, "account", Some(Route::GetAccount)),
            (
                Method::GET,
                "suppression/addresses/ada%2B1%40example.com",
                Some(Route::GetSuppressedDestination(ada())),
            ),
            (
                Method::DELETE,
                "identities/ada+1@example.com/",
                Some(Route::DeleteEmailIdentity(ada())),
            ),
            (
                Method::PUT,
                "configuration-sets/a/event-destinations/b",
                Some(Route::UpdateConfigurationSetEventDestination(
                    "a".to_owned(),
                    "b".to_owned(),
                )),
            ),
            (Method::POST, "outbound-emails", Some(Route::SendEmail)),
            (
                Method::POST,
                "list-identities",
                Some(Route::ListEmailIdentities),
            ),
            (Method::POST, "outbound-bulk-emails", None),
            (Method::DELETE, "account", None),
            (Method::GET, "identities/a/policies/b", None),
            (Method::GET, "", None),
        ];
        for (method, path, expected) in cases {
            assert_eq!(Route::read(&method, path).ok(), expected, "{method} {path}");
        }
    }

    #[test]
    fn reads_queries() {
        let filter = filter(Some(
            "Reason=BOUNCE&Reason=COMPLAINT&StartDate=2026-11-21T00%3A00%3A00Z&PageSize=2&New=1",
        ));
        assert_eq!(filter.reasons, ["BOUNCE", "COMPLAINT"]);
        assert_eq!(filter.start.as_deref(), Some("2026-11-21T00:00:00Z"));
        assert_eq!(filter.page.size.as_deref(), Some("2"));
    }
}
