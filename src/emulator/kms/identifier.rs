//! The four ways to name a key:
//! <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>.

use uuid::Uuid;

use super::exception::Exception;

/// What an alias's name begins with.
pub(super) const ALIAS_PREFIX: &str = "alias/";
/// Aliases of AWS's own keys.
const RESERVED_PREFIX: &str = "alias/aws/";

/// A key by its id or by an alias, in a key's or an alias's ARN or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyIdentifier {
    /// The key's own id.
    Id(Uuid),
    /// An alias, with `alias/`.
    Alias(String),
}

impl KeyIdentifier {
    /// Reads an id, a key's ARN, an alias's name or an alias's ARN. ARNs of another account or
    /// Region than `prefix` says (`arn:aws:kms:REGION:ACCOUNT:`) name no key of this one.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub(super) fn parse(text: &str, prefix: &str) -> Result<Self, Exception> {
        let resource = match text.strip_prefix(prefix) {
            Some(resource) => resource,
            None if text.starts_with("arn:") => {
                return Err(Exception::KeyNotFound {
                    arn: text.to_owned(),
                });
            }
            None => text,
        };
        if resource.starts_with(ALIAS_PREFIX) {
            return Ok(Self::Alias(resource.to_owned()));
        }
        // Only a key's ARN has `key/` before the id.
        let id = match (resource.strip_prefix("key/"), resource == text) {
            (Some(id), false) => id,
            _ => resource,
        };
        let id = Uuid::try_parse(id).map_err(|_| Exception::InvalidKeyId(text.to_owned()))?;
        Ok(Self::Id(id))
    }
}

/// Checks the name of an alias that is to be made:
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>.
///
/// # Errors
/// `ValidationException`; `NotAuthorizedException` for a name that AWS keeps for itself.
pub(super) fn check_alias(name: &str) -> Result<(), Exception> {
    if name.starts_with(RESERVED_PREFIX) {
        return Err(Exception::AliasReserved);
    }
    let Some(rest) = name.strip_prefix(ALIAS_PREFIX) else {
        return Err(Exception::AliasPrefix);
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
    if rest.is_empty() || name.len() > ALIAS_CHARS_MAX || !rest.chars().all(allowed) {
        let rule = "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$";
        return Err(Exception::constraint("aliasName", rule));
    }
    Ok(())
}

/// Longest name of an alias, in characters, by the service model.
const ALIAS_CHARS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = "arn:aws:kms:us-east-1:123456789012:";
    const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn a_key_has_four_names() {
        let id = KeyIdentifier::Id(ID.parse().unwrap());
        let alias = KeyIdentifier::Alias("alias/shop".to_owned());
        for (text, expected) in [
            (ID.to_owned(), Some(&id)),
            (format!("{PREFIX}key/{ID}"), Some(&id)),
            ("alias/shop".to_owned(), Some(&alias)),
            (format!("{PREFIX}alias/shop"), Some(&alias)),
            (format!("key/{ID}"), None),
            (format!("arn:aws:kms:eu-west-1:123456789012:key/{ID}"), None),
            ("shop".to_owned(), None),
            (String::new(), None),
        ] {
            let read = KeyIdentifier::parse(&text, PREFIX);
            assert_eq!(read.as_ref().ok(), expected, "{text}: {read:?}");
        }
    }

    #[test]
    fn an_alias_has_its_prefix_and_is_not_one_of_aws() {
        for (name, exception) in [
            ("alias/shop/mail_1-a", None),
            ("shop", Some("ValidationException")),
            ("alias/", Some("ValidationException")),
            ("alias/a b", Some("ValidationException")),
            ("alias/aws/cognito", Some("NotAuthorizedException")),
        ] {
            let refused = check_alias(name).err();
            assert_eq!(refused.map(|refused| refused.name()), exception, "{name}");
        }
    }
}
