//! For which domains a sink takes mail.

use std::fmt;
use std::str::FromStr;

use url::Host;

use crate::model::EmailAddress;

/// For whom a sink takes mail; all other mail it refuses with `550 5.7.1 relay denied`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AcceptedDomains {
    /// For everybody: right on loopback, where only this machine's programs send.
    #[default]
    Every,
    /// For these domains, without those below them, as the mail exchanger of a staging domain.
    Listed(Vec<MailDomain>),
}

impl AcceptedDomains {
    pub(super) fn accepts(&self, recipient: &EmailAddress) -> bool {
        match self {
            Self::Every => true,
            Self::Listed(domains) => domains.iter().any(|own| own.is_of(recipient)),
        }
    }
}

/// The domain of mail addresses, in the form that the DNS has it: small letters, ASCII.
///
/// ```
/// use reverify::inbox::sink::MailDomain;
///
/// let domain: MailDomain = "Bücher.Example".parse()?;
/// assert_eq!(domain.to_string(), "xn--bcher-kva.example");
/// # Ok::<(), reverify::inbox::sink::InvalidDomain>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailDomain(String);

/// A text that is no domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a domain such as `staging.example.com`")]
pub struct InvalidDomain(String);

impl MailDomain {
    pub(super) fn is_of(&self, address: &EmailAddress) -> bool {
        ascii(address.domain()).is_some_and(|domain| domain == self.0)
    }
}

impl FromStr for MailDomain {
    type Err = InvalidDomain;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A pattern would be taken for a name that nobody has.
        let domain = if text.contains('*') {
            None
        } else {
            ascii(text)
        };
        domain
            .map(Self)
            .ok_or_else(|| InvalidDomain(text.to_owned()))
    }
}

impl fmt::Display for MailDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name as the DNS has it, so that the two ways to write an international one are the same.
fn ascii(domain: &str) -> Option<String> {
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) if !domain.split('.').any(str::is_empty) => Some(domain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_domains() {
        for good in ["localhost", "Example.COM", "a.b.c.example", "grüße.example"] {
            assert!(good.parse::<MailDomain>().is_ok(), "{good}");
        }
        for bad in [
            "",
            ".",
            "a..b",
            "example.com.",
            "*.example.com",
            "ada@example.com",
            "10.0.0.1",
            "[::1]",
            "a b",
        ] {
            assert!(bad.parse::<MailDomain>().is_err(), "{bad}");
        }
    }
}
