//! Cognito's confirmation links.

use std::fmt;

use url::Url;

use crate::model::{AppClientId, ConfirmationCode};

/// How often a wrapped link is unwrapped: a gateway may wrap what SES has wrapped already.
const WRAPPINGS_MAX: usize = 3;

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
        let mut address = href.trim().to_owned();
        for wrappings in 0..=WRAPPINGS_MAX {
            let url = Url::parse(&address).ok()?;
            if let Some(mut link) = Self::of(&url) {
                link.tracked = wrappings > 0;
                return Some(link);
            }
            address = wrapped(&url)?;
        }
        None
    }

    /// The whole address, unwrapped. The name is long so that a reader sees where it leaves.
    pub fn expose_url(&self) -> &str {
        &self.url
    }

    fn of(url: &Url) -> Option<Self> {
        let path = url.path().trim_end_matches('/');
        if !(matches!(url.scheme(), "http" | "https") && path.ends_with("/confirmUser")) {
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

/// The address inside a tracking link: a whole URL, percent-encoded, as a segment of the path (SES)
/// or as a query parameter (most others).
fn wrapped(url: &Url) -> Option<String> {
    let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let decode = |text: &str| -> Option<String> {
        let pair = format!("a={}", text.replace('+', "%2B"));
        let decoded = url::form_urlencoded::parse(pair.as_bytes())
            .next()?
            .1
            .into_owned();
        is_address(&decoded).then_some(decoded)
    };
    let in_path = url.path_segments()?.find_map(decode);
    in_path.or_else(|| {
        let mut values = url.query_pairs().map(|(_, value)| value);
        values
            .find(|value| is_address(value))
            .map(std::borrow::Cow::into_owned)
    })
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
