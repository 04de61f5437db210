//! Cognito's confirmation links.

use std::fmt;

use url::Url;

use crate::model::{AppClientId, ConfirmationCode};

/// How often a wrapped link is unwrapped: a gateway may wrap what SES has wrapped already.
const WRAPPINGS_MAX: usize = 3;

/// How many digits Cognito's verification codes have (COGNITO.md 4).
const CODE_DIGITS: usize = 6;

/// The last part of the path of every such link (COGNITO.md 5.3).
pub(super) const PATH: &str = "confirmUser";

/// The link of a mail in link mode, taken apart (COGNITO.md 5.3).
///
/// A link confirms the user who opens it, so its `Debug` hides the code and nothing shows the
/// whole address but [`ConfirmLink::expose_url`].
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmLink {
    /// The pool's domain that the link leads to.
    pub host: String,
    /// The app client that the user signed up with.
    pub client_id: AppClientId,
    /// The user's name in the pool; a UUID where users sign in with an address.
    pub user_name: String,
    /// The code, which `ConfirmSignUp` takes as well.
    pub code: ConfirmationCode,
    /// Whether it stood inside another link that counts clicks, as SES wraps them.
    pub tracked: bool,
    url: String,
}

impl ConfirmLink {
    /// Reads a link's `href`, unwrapping the tracking links of SES (`awstrack.me`).
    ///
    /// ```
    /// use reverify::mail::ConfirmLink;
    ///
    /// let link = ConfirmLink::parse(
    ///     "https://ada.auth.us-east-1.amazoncognito.com/confirmUser/\
    ///      ?client_id=1example23456789&user_name=ada&confirmation_code=123456",
    /// ).unwrap();
    /// assert_eq!((link.user_name.as_str(), link.code.expose()), ("ada", "123456"));
    /// ```
    pub fn parse(href: &str) -> Option<Self> {
        // Letters stay as they are however often a link is wrapped.
        memchr::memmem::find(href.as_bytes(), PATH.as_bytes())?;
        let mut layers = layers(href).into_iter().enumerate();
        layers.find_map(|(wrappings, address)| {
            let mut link = Self::of(&Url::parse(&address).ok()?)?;
            link.tracked = wrappings > 0;
            Some(link)
        })
    }

    /// The whole address, unwrapped. The name is long so that a reader sees where it leaves.
    pub fn expose_url(&self) -> &str {
        &self.url
    }

    fn of(url: &Url) -> Option<Self> {
        let path = url.path().trim_end_matches('/').strip_suffix(PATH);
        let is_ours = path.is_some_and(|before| before.ends_with('/'));
        if !(is_ours && matches!(url.scheme(), "http" | "https")) {
            return None;
        }
        Some(Self {
            host: url.host_str()?.to_owned(),
            client_id: AppClientId::new(parameter(url, "client_id")?),
            user_name: parameter(url, "user_name")?,
            code: parameter(url, "confirmation_code")?.parse().ok()?,
            tracked: false,
            url: url.as_str().to_owned(),
        })
    }
}

impl fmt::Debug for ConfirmLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmLink")
            .field("host", &self.host)
            .field("client_id", &self.client_id)
            .field("user_name", &self.user_name)
            .field("code", &self.code)
            .field("tracked", &self.tracked)
            .finish_non_exhaustive()
    }
}

/// A query parameter. A plus sign stays one: user names hold no space, but tagged addresses do
/// hold a plus.
fn parameter(url: &Url, name: &str) -> Option<String> {
    let query = url.query()?.replace('+', "%2B");
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(key, _)| key == name)?;
    (!value.is_empty()).then(|| value.into_owned())
}

/// A link's address and the addresses inside it, each in the one before.
pub(super) fn layers(href: &str) -> Vec<String> {
    let mut layers = vec![href.trim().to_owned()];
    while layers.len() <= WRAPPINGS_MAX
        && let Some(inner) = layers.last().and_then(|address| wrapped(address))
    {
        layers.push(inner);
    }
    layers
}

/// The address inside a link that counts clicks or checks its target: a whole URL,
/// percent-encoded, as a segment of the path (SES) or as a query parameter (most others), or as
/// Proofpoint writes it.
fn wrapped(address: &str) -> Option<String> {
    let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let url = Url::parse(address).ok()?;
    let decode = |text: &str| -> Option<String> {
        let pair = format!("a={}", text.replace('+', "%2B"));
        let decoded = url::form_urlencoded::parse(pair.as_bytes())
            .next()?
            .1
            .into_owned();
        is_address(&decoded).then_some(decoded)
    };
    if url.host_str()?.ends_with("urldefense.com") {
        // Version 3 keeps the address as it is between two marks.
        let (_, rest) = address.split_once("/v3/__")?;
        return rest.split_once("__;").map(|(inner, _)| inner.to_owned());
    }
    if url.host_str()?.ends_with("urldefense.proofpoint.com") {
        // Version 2 has hyphens for percent signs, and underscores for slashes.
        let (_, inner) = url.query_pairs().find(|(name, _)| name == "u")?;
        return decode(&inner.replace('-', "%").replace('_', "/"));
    }
    let in_path = url.path_segments()?.find_map(decode);
    in_path.or_else(|| {
        let mut values = url.query_pairs().map(|(_, value)| value);
        values
            .find(|value| is_address(value))
            .map(std::borrow::Cow::into_owned)
    })
}

/// The code that a link hands over to an application of its own, as a custom message function
/// writes them: `https://app.example/confirm?user=ada&code=123456`.
pub(super) fn code_parameter(href: &str) -> Option<ConfirmationCode> {
    const NAMES: [&str; 7] = [
        "code",
        "confirmation_code",
        "confirmationcode",
        "verification_code",
        "verificationcode",
        "verify_code",
        "otp",
    ];
    const PURPOSES: [&str; 5] = ["confirm", "verif", "activat", "signup", "sign-up"];
    let address = layers(href).pop()?;
    let url = Url::parse(&address).ok()?;
    let path = url.path().to_ascii_lowercase();
    if !PURPOSES.iter().any(|purpose| path.contains(purpose)) {
        return None;
    }
    let mut pairs = url.query_pairs();
    let (_, value) = pairs.find(|(name, _)| NAMES.iter().any(|n| name.eq_ignore_ascii_case(n)))?;
    (value.len() == CODE_DIGITS).then(|| value.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "https://d.example/confirmUser/?client_id=c1&user_name=ada%2Bx%40e.example\
                         &confirmation_code=123456";

    #[test]
    fn takes_a_link_apart() {
        let link = ConfirmLink::parse(PLAIN).unwrap();
        assert_eq!(
            (link.host.as_str(), link.client_id.as_str()),
            ("d.example", "c1")
        );
        assert_eq!(
            (link.user_name.as_str(), link.tracked),
            ("ada+x@e.example", false)
        );
        assert!(!format!("{link:?}").contains("123456"));
        let raw_plus = PLAIN
            .replace("%2B", "+")
            .replace("confirmUser/?", "confirmUser?");
        assert_eq!(
            ConfirmLink::parse(&raw_plus).unwrap().user_name,
            "ada+x@e.example"
        );
    }

    #[test]
    fn unwraps_tracking_links() {
        let encoded: String = url::form_urlencoded::byte_serialize(PLAIN.as_bytes()).collect();
        for tracked in [
            format!("https://x1.r.us-east-1.awstrack.me/L0/{encoded}/1/0100/abc=1"),
            format!("https://click.example/go?id=7&url={encoded}"),
            format!("https://nam02.safelinks.protection.outlook.com/?url={encoded}&data=05"),
            format!("https://urldefense.com/v3/__{PLAIN}__;!!abc!def$"),
            format!(
                "https://urldefense.proofpoint.com/v2/url?u={}&d=DwMF",
                encoded
                    .replace("%2F", "_")
                    .replace('%', "-")
                    .replace("client_id", "client-5Fid")
                    .replace("user_name", "user-5Fname")
                    .replace("confirmation_code", "confirmation-5Fcode")
            ),
        ] {
            let link = ConfirmLink::parse(&tracked).unwrap();
            assert_eq!(
                (link.code.expose(), link.tracked),
                ("123456", true),
                "{tracked}"
            );
            assert_eq!(link.user_name, "ada+x@e.example");
        }
    }

    #[test]
    fn finds_codes_in_links_to_applications() {
        let code = |href| code_parameter(href).map(|code| code.expose().to_owned());
        assert_eq!(
            code("https://app.example/confirm?user=ada&code=123456").as_deref(),
            Some("123456")
        );
        for other in [
            "https://app.example/shop?code=200300",
            "https://app.example/verify?code=abc123",
            "https://app.example/verify?order=123456",
        ] {
            assert_eq!(code(other), None, "{other}");
        }
    }

    #[test]
    fn other_links_are_not_taken() {
        for other in [
            "",
            "confirmUser",
            "mailto:ada@e.example",
            "https://d.example/",
            "https://d.example/confirmUser",
            "https://d.example/confirmUser?client_id=c&user_name=u&confirmation_code=abc",
            "https://d.example/xconfirmUser?client_id=c&user_name=u&confirmation_code=123456",
            "ftp://d.example/confirmUser?client_id=c&user_name=u&confirmation_code=123456",
        ] {
            assert_eq!(ConfirmLink::parse(other), None, "{other}");
        }
    }
}
