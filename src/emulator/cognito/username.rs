//! How the users of a pool are named (COGNITO.md 2.3).

use super::error::Exception;
use super::pool_members::{AliasAttribute, VerifiedAttribute};
use super::pool_settings::PoolSettings;
use crate::model::EmailAddress;

/// A pool's rule for usernames, fixed at its creation.
#[derive(Debug, Clone)]
pub(crate) struct Naming {
    mode: Mode,
    case_sensitive: bool,
}

#[derive(Debug, Clone)]
enum Mode {
    /// Any name; these attributes, once verified, stand for it.
    Names { aliases: Vec<AliasAttribute> },
    /// An attribute is the name; what is stored as username is the `sub`.
    Attributes(Vec<VerifiedAttribute>),
}

impl Naming {
    /// Reads the rule out of a pool's settings.
    pub(crate) fn of(settings: &PoolSettings) -> Self {
        let mode = if settings.username_attributes.is_empty() {
            Mode::Names {
                aliases: settings.alias_attributes.clone(),
            }
        } else {
            Mode::Attributes(settings.username_attributes.clone())
        };
        Self {
            mode,
            case_sensitive: settings.username_configuration.case_sensitive != Some(false),
        }
    }

    /// Whether an attribute stands in for the username, and the stored name is the `sub`.
    pub(crate) fn uses_attributes(&self) -> bool {
        matches!(self.mode, Mode::Attributes(_))
    }

    /// Whether this attribute, once verified, may be used in place of the username.
    pub(crate) fn has_alias(&self, alias: AliasAttribute) -> bool {
        matches!(&self.mode, Mode::Names { aliases } if aliases.contains(&alias))
    }

    /// The key under which a username or an alias is filed: small letters unless case matters.
    ///
    /// A case-insensitive pool ignores case in the username, `preferred_username` and the e-mail
    /// alias \[M, D\].
    pub(crate) fn key(&self, name: &str) -> Box<str> {
        if self.case_sensitive {
            name.into()
        } else {
            name.to_lowercase().into()
        }
    }

    /// Checks a new username's form and says which attribute it is, if it is one.
    ///
    /// # Errors
    /// `InvalidParameterException` in the words of the pool's mode.
    pub(crate) fn check(&self, username: &str) -> Result<Option<VerifiedAttribute>, Exception> {
        let kind = kind_of(username);
        match &self.mode {
            Mode::Attributes(accepted) => match kind {
                Some(kind) if accepted.contains(&kind) => Ok(Some(kind)),
                _ => Err(Exception::invalid_parameter(match accepted.as_slice() {
                    [VerifiedAttribute::Email] => "Username should be an email.",
                    [VerifiedAttribute::PhoneNumber] => "Username should be a phone number.",
                    _ => "Username should be either an email or a phone number.",
                })),
            },
            Mode::Names { aliases } => match kind {
                Some(VerifiedAttribute::Email) if aliases.contains(&AliasAttribute::Email) => {
                    Err(Exception::invalid_parameter(
                        "Username cannot be of email format, since user pool is configured for \
                         email alias.",
                    ))
                }
                Some(VerifiedAttribute::PhoneNumber)
                    if aliases.contains(&AliasAttribute::PhoneNumber) =>
                {
                    Err(Exception::invalid_parameter(
                        "Username cannot be of phone number format, since user pool is configured \
                         for phone number alias.",
                    ))
                }
                _ => Ok(None),
            },
        }
    }
}

/// Whether a text has the form of an e-mail address or of a phone number.
pub(crate) fn kind_of(text: &str) -> Option<VerifiedAttribute> {
    if is_email(text) {
        Some(VerifiedAttribute::Email)
    } else if is_phone_number(text) {
        Some(VerifiedAttribute::PhoneNumber)
    } else {
        None
    }
}

/// Whether a text is an e-mail address to the service; its exact rule is not known \[I\].
pub(crate) fn is_email(text: &str) -> bool {
    text.parse::<EmailAddress>().is_ok()
}

/// Whether a text is `+` and 1 to 15 digits (E.164; COGNITO.md 8 \[D\]).
pub(crate) fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(json: &str) -> Naming {
        Naming::of(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn each_mode_has_its_words() {
        let email = r#"{"PoolName":"p","UsernameAttributes":["email"]}"#;
        let phone = r#"{"PoolName":"p","UsernameAttributes":["phone_number"]}"#;
        let either = r#"{"PoolName":"p","UsernameAttributes":["email","phone_number"]}"#;
        let alias = r#"{"PoolName":"p","AliasAttributes":["email","phone_number"]}"#;
        let cases = [
            (email, "ada", Err("Username should be an email.")),
            (email, "ada@example.com", Ok(Some(VerifiedAttribute::Email))),
            (email, "+14325551212", Err("Username should be an email.")),
            (phone, "ada", Err("Username should be a phone number.")),
            (
                either,
                "ada",
                Err("Username should be either an email or a phone number."),
            ),
            (
                either,
                "+14325551212",
                Ok(Some(VerifiedAttribute::PhoneNumber)),
            ),
            (alias, "ada", Ok(None)),
            (
                alias,
                "ada@example.com",
                Err(
                    "Username cannot be of email format, since user pool is configured for email \
                     alias.",
                ),
            ),
            (
                alias,
                "+14325551212",
                Err(
                    "Username cannot be of phone number format, since user pool is configured for \
                     phone number alias.",
                ),
            ),
            (r#"{"PoolName":"p"}"#, "ada@example.com", Ok(None)),
        ];
        for (settings, username, expected) in cases {
            let checked = naming(settings)
                .check(username)
                .map_err(|error| error.to_string());
            assert_eq!(
                checked,
                expected.map_err(str::to_owned),
                "{username} in {settings}"
            );
        }
    }

    #[test]
    fn case_matters_unless_the_pool_says_otherwise() {
        let insensitive = r#"{"PoolName":"p","UsernameConfiguration":{"CaseSensitive":false}}"#;
        assert_eq!(&*naming(insensitive).key("Ada"), "ada");
        assert_eq!(&*naming(r#"{"PoolName":"p"}"#).key("Ada"), "Ada");
    }
}
