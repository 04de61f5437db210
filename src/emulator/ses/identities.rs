//! Identities: the addresses and domains that mail may come from, and in the sandbox go to.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lettre::Address;
use serde::Serialize;

use super::error::SesException;
use super::mail_from::MailFrom;
use super::policy::Policy;
use super::wire::Tag;
pub(super) use crate::control::VerificationStatus;

/// How long the link of a verification mail works (SES's page on verifying an address).
const VERIFICATION_LINK: SignedDuration = SignedDuration::from_hours(24);

/// All identities by name: an address with its domain in small letters, or a domain in small letters.
#[derive(Debug, Default)]
pub(super) struct Identities(pub(super) BTreeMap<String, Identity>);

/// An address or a domain.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) kind: IdentityType,
    pub(super) status: VerificationStatus,
    /// When the status was last looked at, and when it was last good.
    pub(super) checked: Timestamp,
    pub(super) succeeded: Option<Timestamp>,
    pub(super) policies: BTreeMap<String, Policy>,
    /// The configuration set of mails that name none.
    pub(super) configuration_set: Option<String>,
    /// The domain of its mails' envelope sender, if it is not one of SES.
    pub(super) mail_from: Option<MailFrom>,
    /// The account's owner stopped it.
    pub(super) disabled: bool,
    pub(super) tags: Vec<Tag>,
    /// A domain's DNS names, by which AWS verifies it.
    pub(super) dkim_tokens: Vec<String>,
    /// What the link in an address's mail carries, and until when.
    pub(super) link: Option<Link>,
}

/// The proof that somebody reads an address's mail.
#[derive(Debug, Clone)]
pub(super) struct Link {
    token: String,
    until: Timestamp,
}

impl Link {
    pub(super) fn new(token: String, now: Timestamp) -> Self {
        let until = now + VERIFICATION_LINK;
        Self { token, until }
    }
}

/// `IdentityType`, without the kind that AWS manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum IdentityType {
    EmailAddress,
    Domain,
}

impl Identity {
    /// A new identity that nothing is known of.
    pub(super) fn new(kind: IdentityType, now: Timestamp) -> Self {
        Self {
            kind,
            status: VerificationStatus::Pending,
            checked: now,
            succeeded: None,
            policies: BTreeMap::new(),
            configuration_set: None,
            mail_from: None,
            disabled: false,
            tags: Vec::new(),
            dkim_tokens: Vec::new(),
            link: None,
        }
    }

    /// Whether mail may come from it.
    pub(super) fn is_verified(&self) -> bool {
        self.status == VerificationStatus::Success
    }

    /// Whether mail from it goes out, once it is verified.
    ///
    /// # Errors
    /// `SendingPausedException` for one that was stopped, in words that are a guess, and as
    /// [`MailFrom::check_sending`].
    pub(super) fn check_sending(&self, name: &str) -> Result<(), SesException> {
        if self.disabled {
            let text = format!("Sending is disabled for the identity <{name}>.");
            return Err(SesException::SendingPaused(text));
        }
        self.mail_from
            .as_ref()
            .map_or(Ok(()), MailFrom::check_sending)
    }

    /// Sets what a check of DNS, or an opened link, found out.
    pub(super) fn set_status(&mut self, status: VerificationStatus, now: Timestamp) {
        self.status = status;
        self.checked = now;
        if status == VerificationStatus::Success {
            self.succeeded = Some(now);
        }
    }
}

impl Identities {
    /// The identity of this name.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn find(&self, name: &str) -> Result<&Identity, SesException> {
        let found = parse_name(name).and_then(|(key, _)| self.0.get(&key));
        found.ok_or_else(|| SesException::no_identity(name))
    }

    /// The identity of this name, to be changed.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn find_mut(&mut self, name: &str) -> Result<&mut Identity, SesException> {
        let found = parse_name(name).and_then(|(key, _)| self.0.get_mut(&key));
        found.ok_or_else(|| SesException::no_identity(name))
    }

    /// Marks an address as verified if the token is that of its mail; whether it was.
    pub(super) fn open_link(&mut self, name: &str, token: &str, now: Timestamp) -> bool {
        let Some(identity) = self.0.get_mut(name) else {
            return false;
        };
        let fits = |link: &Link| link.token == token && now < link.until;
        let opened = identity.link.as_ref().is_some_and(fits);
        if opened {
            identity.link = None;
            identity.set_status(VerificationStatus::Success, now);
        }
        opened
    }

    /// Whether the address is verified by itself, by its domain or by a domain above
    /// (<https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html>). That a pending
    /// address in a verified domain is verified is a guess.
    pub(super) fn is_verified(&self, address: &Address) -> bool {
        let mut covering = self.covering(address);
        covering.any(|(_, identity)| identity.is_verified())
    }

    /// The identities that an address belongs to, the closest first: itself, its domain, the
    /// domains above.
    pub(super) fn covering(&self, address: &Address) -> impl Iterator<Item = (&str, &Identity)> {
        let domain = address.domain().to_lowercase();
        let own = format!("{}@{domain}", address.user());
        let domains = std::iter::successors(Some(domain), |domain| {
            domain.split_once('.').map(|(_, above)| above.to_owned())
        });
        std::iter::once(own).chain(domains).filter_map(|name| {
            let found = self.0.get_key_value(&name);
            found.map(|(name, identity)| (name.as_str(), identity))
        })
    }
}

/// An identity's name as it is kept, and its kind; none for a text that is neither an address nor a
/// domain.
pub(super) fn parse_name(text: &str) -> Option<(String, IdentityType)> {
    if text.contains('@') {
        let address: Address = text.parse().ok()?;
        let name = format!("{}@{}", address.user(), address.domain().to_lowercase());
        return Some((name, IdentityType::EmailAddress));
    }
    let label = |label: &str| {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (1..=63).contains(&label.len()) && label.chars().all(word)
    };
    let valid = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    valid.then(|| (text.to_lowercase(), IdentityType::Domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identities(names: &[(&str, VerificationStatus)]) -> Identities {
        let identity = |(name, status): &(&str, VerificationStatus)| {
            let (name, kind) = parse_name(name).unwrap();
            let mut identity = Identity::new(kind, Timestamp::UNIX_EPOCH);
            identity.set_status(*status, Timestamp::UNIX_EPOCH);
            (name, identity)
        };
        Identities(names.iter().map(identity).collect())
    }

    #[test]
    fn an_address_is_verified_by_itself_or_by_a_domain_above() {
        use VerificationStatus::{Pending, Success};
        let all = identities(&[
            ("example.com", Success),
            ("pending.net", Pending),
            ("ada@pending.net", Success),
            ("bob@example.com", Pending),
        ]);
        let cases = [
            ("anyone@example.com", true),
            ("anyone@Mail.EXAMPLE.com", true),
            ("bob@example.com", true),
            ("ada@pending.net", true),
            ("Ada@pending.net", false),
            ("eve@pending.net", false),
            ("eve@notexample.com", false),
            ("eve@com", false),
        ];
        for (address, expected) in cases {
            assert_eq!(
                all.is_verified(&address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
        let closest = all
            .covering(&"bob@example.com".parse().unwrap())
            .map(|(name, _)| name.to_owned())
            .collect::<Vec<_>>();
        assert_eq!(closest, ["bob@example.com", "example.com"]);
    }

    #[test]
    fn names_are_addresses_or_domains() {
        let cases = [
            ("Example.COM", Some("example.com")),
            ("Ada@Example.com", Some("Ada@example.com")),
            ("localhost", None),
            ("exa mple.com", None),
            ("a..b", None),
            ("ada@", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let name = parse_name(text).map(|(name, _)| name);
            assert_eq!(name.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_link_verifies_once_and_for_a_day() {
        let now = Timestamp::UNIX_EPOCH;
        let mut all = identities(&[("ada@example.com", VerificationStatus::Pending)]);
        let (name, day) = ("ada@example.com", SignedDuration::from_hours(24));
        let send = |all: &mut Identities| {
            all.0.get_mut(name).unwrap().link = Some(Link::new("t".to_owned(), now));
        };
        send(&mut all);
        assert!(!all.open_link(name, "other", now));
        assert!(!all.open_link(name, "t", now + day));
        assert!(all.open_link(name, "t", now));
        assert!(!all.open_link(name, "t", now));
        assert!(all.is_verified(&name.parse().unwrap()));
    }
}
